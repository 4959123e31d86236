"""Applying: a staged file into the store. What is new goes in as a whole, what differs is decided batch by batch."""

from datetime import datetime

from smsreminders.domain.consent import FutureConsent
from smsreminders.domain.names import name_problem
from smsreminders.errors import UsageError
from smsreminders.importers.records import Kind
from smsreminders.jobs.agenda.records import Change, revise_appointments, save_consents, save_patients
from smsreminders.jobs.agenda.rows import appointment_of, consent_of, patient_of
from smsreminders.jobs.agenda.stage import Staged
from smsreminders.store import changes, staging
from smsreminders.store.database import Database


def apply_file(db: Database, practice_id: int, kind: Kind, file: Staged, *, now: datetime) -> dict[Change, int]:
    """Write what a file changes, within a transaction of the caller; returns how many records did what.

    Records that can't be saved join the file's errors.
    """
    counts = dict.fromkeys(Change, 0)
    if kind is Kind.CONSENTS:
        _apply_consents(db, practice_id, file, counts, now=now)
        return counts
    patients = _apply_patients(db, practice_id, kind, file, now=now)
    if kind is Kind.PATIENTS:
        counts |= patients
    else:
        _apply_appointments(db, practice_id, file, counts)
    counts[Change.UNCHANGED] = 0
    counts[Change.UNCHANGED] = staging.count_staged(db, kind, file.number) - sum(counts.values())
    return counts


def _apply_patients(db: Database, practice_id: int, kind: Kind, file: Staged, *, now: datetime) -> dict[Change, int]:
    """Write the patients; what is about one that can't be written is rejected."""
    counts = dict.fromkeys(Change, 0)
    unknown: dict[str, str] = {}
    changes.find_changed_patients(db, practice_id, file.number, kind)
    for rows in changes.changed_patients(db):
        records = list(map(patient_of, rows))
        outcomes = save_patients(db, practice_id, records, kind=kind, file=file.source.file, now=now)
        for record, outcome in zip(records, outcomes, strict=True):
            if isinstance(outcome, UsageError):
                unknown[record.source_id] = str(outcome)
            else:
                counts[outcome] += 1
                if record.name and (problem := name_problem(record.name)):
                    file.unaddressed.setdefault(problem, []).append(record.source_id)
    if unknown:
        rejected = list(changes.of_patients(db, kind, file.number, unknown))
        for number, place, source_id, patient in rejected:
            file.reject(number, place, "patient_id", unknown[patient], source_id)
        staging.reject(db, kind, [number for number, *_ in rejected])
    return counts


def _apply_appointments(db: Database, practice_id: int, file: Staged, counts: dict[Change, int]) -> None:
    changes.find_changed_appointments(db, practice_id, file.number)
    counts[Change.ADDED] = changes.add_new_appointments(db, practice_id)
    for rows in changes.changed_appointments(db):
        for change in revise_appointments(db, practice_id, [(appointment_of(row), id_) for *row, id_ in rows]):
            counts[change] += 1


def _apply_consents(db: Database, practice_id: int, file: Staged, counts: dict[Change, int], *, now: datetime) -> None:
    for rows in changes.staged_consents(db, file.number):
        outcomes = save_consents(db, practice_id, list(map(consent_of, rows)), file=file.source.file, now=now)
        for (number, _, place, source_id, *_), outcome in zip(rows, outcomes, strict=True):
            if isinstance(outcome, UsageError):
                field = "at" if isinstance(outcome, FutureConsent) else "patient_id"
                file.reject(number, place, field, str(outcome), source_id)
            else:
                counts[outcome] += 1
