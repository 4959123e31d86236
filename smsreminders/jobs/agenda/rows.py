"""Staged rows: a record as the staging table of its kind has it, and the record again."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from smsreminders.domain.agenda.believed import SaidAppointment, Status
from smsreminders.domain.appointments import Booking, Outcome
from smsreminders.domain.consent import How
from smsreminders.importers.records import AppointmentRecord, ConsentRecord, Kind, PatientRecord, Record, Unread
from smsreminders.store.times import maybe_text, maybe_time, to_text

StagedRow = Sequence[Any]  # of SQLite: number, file and place, then as store/agenda/staging.py has it


def row_of(number: int, file: int, record: Record) -> StagedRow:
    """Turn a record into its row."""
    if isinstance(record, AppointmentRecord):
        place, source_id, patient, starts_at, ends_at, booking, location, practitioner, unread, *_ = record
        starts, ends = starts_at and _text(starts_at), ends_at and _text(ends_at)
        status = Status.IGNORED.value if record.ignored else booking and str(booking)
        outcome = record.outcome and record.outcome.value
        says = *_told_of(patient), starts, ends, status, location, practitioner, record.type, outcome
        marks = (unread and _marks(unread)) or None
        return number, file, place, source_id, *says, marks, None, maybe_text(record.as_of)
    if isinstance(record, ConsentRecord):
        place, source_id, given, at, how, by, wording, unread = record
        marks = (unread and _marks(unread)) or None
        return number, file, place, source_id, given, maybe_text(at), how.value, by, wording, marks
    return number, file, record.place, *_told_of(record)


def patient_of(row: StagedRow) -> PatientRecord:
    """Turn the row of a patient into the record."""
    _, _, place, source_id, name, phone, language, consent, _ = row
    return _patient(place, source_id, name, phone, language, consent)


def appointment_of(row: StagedRow) -> AppointmentRecord:
    """Turn the row of an appointment into the record."""
    _, _, place, source_id, *patient, _, starts_at, ends_at, status, location, practitioner, kind, became, _, _, _ = row
    booking = Booking(status) if status and status != Status.IGNORED else None
    times = maybe_time(starts_at), maybe_time(ends_at)
    ignored = status == Status.IGNORED
    owner, outcome = _patient("", *patient), Outcome(became) if became else None
    return AppointmentRecord(
        place, source_id, owner, *times, booking, location, practitioner, ignored=ignored, type=kind, outcome=outcome
    )


def consent_of(row: StagedRow) -> ConsentRecord:
    """Turn the row of a consent into the record."""
    _, _, place, source_id, given, at, how, by, wording, _ = row
    return ConsentRecord(place, source_id, _maybe(given), maybe_time(at), How(how), by, wording)


def said_of(row: StagedRow) -> SaidAppointment:
    """Turn the row of an appointment into what its source says of it."""
    _, _, _, _, patient, *_, starts_at, ends_at, status, location, practitioner, kind, became, unread, _, as_of = row
    times = maybe_time(starts_at), maybe_time(ends_at)
    standing = Status(status) if status else None
    marks = json.loads(unread) if unread else {}
    outcome = Outcome(became) if became else None
    return SaidAppointment(
        patient or None, *times, standing, location, practitioner, marks, kind, maybe_time(as_of), outcome
    )


RECORD_OF: dict[Kind, Callable[[StagedRow], Record]] = {
    Kind.PATIENTS: patient_of,
    Kind.APPOINTMENTS: appointment_of,
    Kind.CONSENTS: consent_of,
}


@lru_cache(1024)  # the end of one appointment is the start of another
def _text(moment: datetime) -> str:
    return to_text(moment)


def _told_of(patient: PatientRecord) -> tuple[object, ...]:
    unheard = next((cell.mark for cell in patient.unread if cell.field == "consent"), None) if patient.unread else None
    return *patient[1:6], unheard


def _marks(unread: Sequence[Unread]) -> str:
    return json.dumps({cell.field: cell.mark for cell in unread}, sort_keys=True)


def _maybe(given: int | None) -> bool | None:
    return None if given is None else bool(given)


def _patient(
    place: str, source_id: str, name: str | None, phone: str | None, language: str | None, consent: int | None
) -> PatientRecord:
    return PatientRecord(place, source_id, name, phone, language, _maybe(consent))
