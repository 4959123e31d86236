"""Staged rows as the records that they were."""

from collections.abc import Callable, Iterator
from typing import Any

from smsreminders.domain.appointments import Booking
from smsreminders.domain.consent import How
from smsreminders.importers.records import AppointmentRecord, ConsentRecord, Kind, PatientRecord, Record
from smsreminders.jobs.agenda.stage import Staged
from smsreminders.store.changes import staged_rows
from smsreminders.store.database import Database
from smsreminders.store.times import from_text, maybe_time


def understood(db: Database, kind: Kind, file: Staged) -> Iterator[Record]:
    """The records of a file in their order, without those that were rejected."""
    bad = {error.line for error in file.errors}
    return (_RECORDS[kind](*row) for row in staged_rows(db, kind, file.number) if row[0] not in bad)


def patient_record(
    line: int, source_id: str, name: str | None, phone: str | None, language: str | None, consent: int | None
) -> PatientRecord:
    """A patient's row as it was staged."""
    return PatientRecord(line, source_id, name, phone, language, None if consent is None else bool(consent))


def appointment_record(line: int, source_id: str, *told: Any) -> AppointmentRecord:  # noqa: ANN401 - a row of SQLite
    """An appointment's row as it was staged."""
    *patient, starts_at, ends_at, status, location, practitioner = told
    return AppointmentRecord(
        line,
        source_id,
        patient_record(0, *patient),
        from_text(starts_at),
        maybe_time(ends_at),
        Booking(status),
        location,
        practitioner,
    )


def consent_record(line: int, source_id: str, given: int, at: str | None, how: str, *rest: str) -> ConsentRecord:
    """A row of a list of consents as it was staged."""
    return ConsentRecord(line, source_id, bool(given), maybe_time(at), How(how), *rest)


_RECORDS: dict[Kind, Callable[..., Record]] = {
    Kind.PATIENTS: patient_record,
    Kind.APPOINTMENTS: appointment_record,
    Kind.CONSENTS: consent_record,
}
