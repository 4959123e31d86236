"""Staged rows: a record as the staging table of its kind has it, and the record again."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from smsreminders.domain.appointments import Booking
from smsreminders.domain.consent import How
from smsreminders.importers.records import AppointmentRecord, ConsentRecord, Kind, PatientRecord, Record
from smsreminders.store.times import from_text, maybe_text, maybe_time, to_text

StagedRow = Sequence[Any]  # of SQLite: number, file and place, then as store/staging.py has it


def row_of(number: int, file: int, record: Record) -> StagedRow:
    """Turn a record into its row."""
    if isinstance(record, AppointmentRecord):
        place, source_id, patient, starts_at, ends_at, booking, *rest = record
        ends = None if ends_at is None else _text(ends_at)
        return number, file, place, source_id, *patient[1:], _text(starts_at), ends, booking.value, *rest
    if isinstance(record, ConsentRecord):
        place, source_id, given, at, how, *rest = record
        return number, file, place, source_id, given, maybe_text(at), how.value, *rest
    return number, file, *record


def patient_of(row: StagedRow) -> PatientRecord:
    """Turn the row of a patient into the record."""
    _, _, place, source_id, *rest = row
    return _patient(place, source_id, *rest)


def appointment_of(row: StagedRow) -> AppointmentRecord:
    """Turn the row of an appointment into the record."""
    _, _, place, source_id, *patient, starts_at, ends_at, status, location, practitioner = row
    times = from_text(starts_at), maybe_time(ends_at)
    return AppointmentRecord(place, source_id, _patient("", *patient), *times, Booking(status), location, practitioner)


def consent_of(row: StagedRow) -> ConsentRecord:
    """Turn the row of a consent into the record."""
    _, _, place, source_id, given, at, how, by, wording = row
    return ConsentRecord(place, source_id, bool(given), maybe_time(at), How(how), by, wording)


RECORD_OF: dict[Kind, Callable[[StagedRow], Record]] = {
    Kind.PATIENTS: patient_of,
    Kind.APPOINTMENTS: appointment_of,
    Kind.CONSENTS: consent_of,
}


@lru_cache(1024)  # the end of one appointment is the start of another
def _text(moment: datetime) -> str:
    return to_text(moment)


def _patient(
    place: str, source_id: str, name: str | None, phone: str | None, language: str | None, consent: int | None
) -> PatientRecord:
    return PatientRecord(place, source_id, name, phone, language, None if consent is None else bool(consent))
