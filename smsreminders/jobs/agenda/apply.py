"""Applying: a staged file into the store. What is new goes in as a whole, what is news is decided batch by batch."""

from datetime import datetime

from smsreminders.domain.agenda.source_ids import is_one_person
from smsreminders.domain.consent import FutureConsent
from smsreminders.errors import UsageError
from smsreminders.importers.records import Kind, Trouble
from smsreminders.jobs.agenda.bookings import ToldAppointment, save_appointments
from smsreminders.jobs.agenda.consents import Heard, ToldConsent, save_consents, settle_unclear
from smsreminders.jobs.agenda.erased import leave_erased_out
from smsreminders.jobs.agenda.people import Told, save_patients
from smsreminders.jobs.agenda.rows import consent_of, patient_of, said_of
from smsreminders.jobs.agenda.stage import Staged
from smsreminders.jobs.agenda.tally import Change, Tally
from smsreminders.store.agenda import changes, doubles, staged_records, staging
from smsreminders.store.agenda.said import SourceRow
from smsreminders.store.database import Database
from smsreminders.store.keep.erasing import stop_again
from smsreminders.store.times import maybe_time


def apply_file(db: Database, source: SourceRow, kind: Kind, file: Staged, *, now: datetime) -> Tally:
    """Write what a file changes, within a transaction of the caller; returns how many records did what.

    Records that can't be saved join the file's errors.
    """
    tally = Tally()
    erased = leave_erased_out(db, source, kind, file)
    if kind is Kind.CONSENTS:
        _apply_consents(db, source, file, tally, now=now)
        tally.changes[Change.IGNORED] += erased + file.source.left_out.total()
        return tally
    older = _set_older_aside(db, source, file) if file.dated else 0
    _apply_patients(db, source, kind, file, tally, now=now)
    if kind is Kind.APPOINTMENTS:
        _apply_appointments(db, source, file, tally)
        tally.changes[Change.IGNORED] = staged_records.count_ignored(db, file.number)
    tally.changes[Change.UNCHANGED] = 0
    good = staged_records.count_staged(db, kind, file.number) - file.count(Trouble.UNCLEAR)
    tally.changes[Change.UNCHANGED] = good - sum(tally.changes.values())
    tally.changes[Change.IGNORED] += erased + older + file.source.left_out.total()
    return tally


def _set_older_aside(db: Database, source: SourceRow, file: Staged) -> int:
    """Leave out the appointments' records that were written before what their source has said already."""
    older = changes.older_appointments(db, source, file.number)
    staging.set_aside(db, older)
    file.forget(older)
    return len(older)


def _apply_patients(db: Database, source: SourceRow, kind: Kind, file: Staged, tally: Tally, *, now: datetime) -> None:
    """Write the patients; what is about one that can't be written is rejected."""
    changes.find_changed_patients(db, source, file.number)
    unknown = _leave_doubles_out(db, source)
    for source_id, name in changes.new_patients(db):
        tally.check_name(source_id, name)
    added = changes.add_new_patients(db, source, file=file.source.file, now=now)
    stop_again(db, source.practice_id)
    if kind is Kind.PATIENTS:
        tally.changes[Change.ADDED] += added
    for rows in changes.changed_patients(db):
        patients = [Told(patient_of(row[:-1]), row[-2], maybe_time(row[-1])) for row in rows]
        outcomes = save_patients(db, source, patients, file=file, tally=tally, now=now)
        for row, outcome in zip(rows, outcomes, strict=True):
            if isinstance(outcome, UsageError):
                unknown[row[3]] = str(outcome)
            elif kind is Kind.PATIENTS and row[0] not in file.errors:
                tally.changes[outcome] += 1
    if unknown:
        rejected = list(changes.of_patients(db, kind, file.number, unknown))
        for number, place, source_id, patient in rejected:
            file.reject(number, place, "patient_id", unknown[patient], source_id)
        staging.reject(db, kind, [number for number, *_ in rejected])


def _leave_doubles_out(db: Database, source: SourceRow) -> dict[str, str]:
    """Leave out who is new only because an id lost its zeros, or got them: why, by the id.

    What was told at the desk of the one, a withdrawal for instance, would not hold for the other.
    """
    known_as = {
        double.source_id: (double.number, double.known_id)
        for double in doubles.new_but_for_zeros(db, source)
        if is_one_person(double.name, double.phone, double.known_name, double.known_phone)
    }
    doubles.leave_out(db, [number for number, _ in known_as.values()])
    return {
        source_id: f'the patient is "{known}" here: a spreadsheet may have taken zeros of the id, or put .0 behind it; '
        "if it is another one, add them with `smsreminders patient add`"
        for source_id, (_, known) in known_as.items()
    }


def _apply_appointments(db: Database, source: SourceRow, file: Staged, tally: Tally) -> None:
    changes.find_changed_appointments(db, source, file.number)
    tally.changes[Change.ADDED] = changes.add_new_appointments(db, source)
    for rows in changes.changed_appointments(db):
        appointments = []
        for *row, _ in rows:
            number, source_id, says = row[0], row[3], said_of(row)
            bad = number in file.errors
            reason = file.reason(number) if bad else None
            counts = not bad and says.status != "ignored"
            appointments.append(ToldAppointment(source_id, says, reason, counts))
        save_appointments(db, source, appointments, tally=tally)


def _apply_consents(db: Database, source: SourceRow, file: Staged, tally: Tally, *, now: datetime) -> None:
    heard = Heard({}, set(), set())
    reasons: dict[str, str] = {}
    name = file.source.file
    for rows in changes.staged_consents(db, file.number):
        consents = [ToldConsent(consent_of(row), row[-1]) for row in rows]
        outcomes = save_consents(db, source, consents, file=name, heard=heard, tally=tally, now=now)
        for (number, _, place, source_id, *_), outcome in zip(rows, outcomes, strict=True):
            if isinstance(outcome, UsageError):
                field = "at" if isinstance(outcome, FutureConsent) else "patient_id"
                file.reject(number, place, field, str(outcome), source_id)
            elif number not in file.errors:
                tally.changes[outcome] += 1
            if number in file.errors:
                reasons[source_id] = file.reason(number)
    settle_unclear(db, source, heard, reasons, now=now)
