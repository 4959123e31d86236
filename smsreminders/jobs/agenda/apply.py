"""A staged file into the store: what is new goes in as a whole, what differs is decided batch by batch."""

from datetime import datetime

from smsreminders.domain.consent import FutureConsent
from smsreminders.errors import UsageError
from smsreminders.importers.records import Kind, RowError
from smsreminders.jobs.agenda.records import Change, revise_appointments, save_consents, save_patients
from smsreminders.jobs.agenda.stage import Staged
from smsreminders.jobs.agenda.understood import appointment_record, consent_record, patient_record
from smsreminders.store import changes, staging
from smsreminders.store.database import Database


def apply_file(db: Database, practice_id: int, kind: Kind, file: Staged, *, now: datetime) -> dict[Change, int]:
    """Write what a file changes, within a transaction of the caller; returns how many rows did what.

    Rows that can't be saved join the file's errors.
    """
    counts = dict.fromkeys(Change, 0)
    if kind is Kind.CONSENTS:
        _apply_consents(db, practice_id, file, counts, now=now)
    elif kind is Kind.PATIENTS:
        unknown = _apply_patients(db, practice_id, kind, file, counts, now=now)
        file.errors += [RowError(line, "patient_id", reason, id_) for id_, (line, reason) in unknown.items()]
        _count_unchanged(counts, staging.count_staged(db, kind, file.number) - len(unknown))
    else:
        _apply_appointments(db, practice_id, file, counts, now=now)
        _count_unchanged(counts, staging.count_staged(db, kind, file.number))
    return counts


def _count_unchanged(counts: dict[Change, int], rows: int) -> None:
    counts[Change.UNCHANGED] = rows - sum(counts[change] for change in Change if change is not Change.UNCHANGED)


def _apply_patients(
    db: Database, practice_id: int, kind: Kind, file: Staged, counts: dict[Change, int], *, now: datetime
) -> dict[str, tuple[int, str]]:
    """Write the patients; returns those that can't be: by source id the line and the reason."""
    unknown = {}
    changes.find_changed_patients(db, practice_id, file.number, kind)
    for rows in changes.changed_patients(db):
        records = [patient_record(*row) for row in rows]
        outcomes = save_patients(db, practice_id, records, kind=kind, file=file.source.file, now=now)
        for record, outcome in zip(records, outcomes, strict=True):
            if isinstance(outcome, UsageError):
                unknown[record.source_id] = record.line, str(outcome)
            else:
                counts[outcome] += 1
    return unknown


def _apply_appointments(
    db: Database, practice_id: int, file: Staged, counts: dict[Change, int], *, now: datetime
) -> None:
    unknown = _apply_patients(db, practice_id, Kind.APPOINTMENTS, file, dict.fromkeys(Change, 0), now=now)
    changes.know_patients(db, practice_id, file.number)
    if unknown:
        of_nobody = changes.appointments_of_nobody(db, file.number)
        staging.remove(db, Kind.APPOINTMENTS, [id_ for id_, *_ in of_nobody])
        file.errors += [RowError(line, "patient_id", unknown[who][1], what) for _, line, what, who in of_nobody]
    if file.look is None or not file.look.holds():
        changes.find_changed_appointments(db, practice_id, file.number)
    counts[Change.ADDED] = changes.add_new_appointments(db, practice_id)
    for rows in changes.changed_appointments(db):
        told = [(appointment_record(*row), patient_id) for patient_id, *row in rows]
        for change in revise_appointments(db, practice_id, told):
            counts[change] += 1


def _apply_consents(db: Database, practice_id: int, file: Staged, counts: dict[Change, int], *, now: datetime) -> None:
    for rows in changes.staged_consents(db, file.number):
        records = [consent_record(*row) for row in rows]
        outcomes = save_consents(db, practice_id, records, file=file.source.file, now=now)
        for record, outcome in zip(records, outcomes, strict=True):
            if isinstance(outcome, UsageError):
                field = "at" if isinstance(outcome, FutureConsent) else "patient_id"
                file.errors.append(RowError(record.line, field, str(outcome), record.source_id))
            else:
                counts[outcome] += 1
