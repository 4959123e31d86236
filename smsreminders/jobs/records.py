"""What a row says, into the store: patients, consents and appointments, from a file or from one command.

Each function works within a transaction of the caller and says what it changed; said again, the same changes nothing.
"""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from smsreminders.domain.appointments import Appointment, Booking, revised
from smsreminders.domain.consent import ConsentEvent, How, check_time, column_event
from smsreminders.errors import UsageError
from smsreminders.importers import Kind
from smsreminders.importers.records import AppointmentRecord, ConsentRecord, PatientRecord
from smsreminders.store import appointments, patients
from smsreminders.store.database import Database
from smsreminders.store.patients import Patient


class Change(StrEnum):
    """What a record changed."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    CANCELLED = "cancelled"


def save_patient(
    db: Database, practice_id: int, record: PatientRecord, *, kind: Kind, file: str, now: datetime
) -> tuple[Patient, Change]:
    """Add or change a patient; the consent column makes an event if it says another thing than last time.

    What the record doesn't say stays. Raises UsageError for a new patient without a name.
    """
    stored = patients.patients_among(db, practice_id, [record.source_id]).get(record.source_id)
    told = _merged(stored, record)
    change = Change.UNCHANGED if told == stored else Change.CHANGED if stored else Change.ADDED
    if change is not Change.UNCHANGED:
        told = replace(told, id=patients.save_patient(db, practice_id, told))
    if _column_says(db, told.id, record.consent, kind=kind, file=file, now=now) and change is Change.UNCHANGED:
        change = Change.CHANGED
    return told, change


def save_consent(db: Database, practice_id: int, record: ConsentRecord, *, file: str, now: datetime) -> Change:
    """Add a consent to a patient's events, unless it is there; without a time it counts as a column does.

    Raises UsageError for an unknown patient and a time in the future.
    """
    patient = patients.patient_by_id(db, practice_id, record.source_id)
    if record.at is None:
        said = _column_says(db, patient.id, record.given, kind=Kind.CONSENTS, file=record.by or file, now=now)
        return Change.ADDED if said else Change.UNCHANGED
    check_time(record.at, now)
    event = ConsentEvent(record.given, record.at, record.how, record.by, record.wording)
    if event in patients.consent_history(db, patient.id):
        return Change.UNCHANGED
    patients.add_consent(db, patient.id, event, now)
    return Change.ADDED


def save_appointment(db: Database, practice_id: int, record: AppointmentRecord, *, file: str, now: datetime) -> Change:
    """Add or change an appointment and what the record says of its patient; a change that matters is a new revision.

    Raises UsageError for a patient who is unknown and whose name isn't told.
    """
    patient, _ = save_patient(db, practice_id, record.patient, kind=Kind.APPOINTMENTS, file=file, now=now)
    _, stored = appointments.appointments_among(db, practice_id, [record.source_id]).get(record.source_id, (0, None))
    told = Appointment(
        source_id=record.source_id,
        patient=patient.source_id,
        starts_at=record.starts_at,
        ends_at=record.ends_at or (stored.ends_at if stored and stored.starts_at == record.starts_at else None),
        location=_or(record.location, stored.location if stored else ""),
        practitioner=_or(record.practitioner, stored.practitioner if stored else ""),
        booking=record.booking,
    )
    if stored is not None:
        told = revised(stored, told)
    if told == stored:
        return Change.UNCHANGED
    appointments.save_appointment(db, practice_id, told, patient.id)
    if stored is None:
        return Change.ADDED
    newly_cancelled = told.booking is Booking.CANCELLED and stored.booking is Booking.BOOKED
    return Change.CANCELLED if newly_cancelled else Change.CHANGED


def _merged(stored: Patient | None, record: PatientRecord) -> Patient:
    if stored is None:
        if not record.name:
            raise UsageError(f'there is no patient "{record.source_id}", and the row has no name to add one')
        return Patient(0, record.source_id, record.name, record.phone or "", record.language or None, consent=None)
    return replace(
        stored,
        name=record.name or stored.name,
        phone=_or(record.phone, stored.phone),
        language=stored.language if record.language is None else record.language or None,
    )


def _column_says(db: Database, patient_id: int, says: bool | None, *, kind: Kind, file: str, now: datetime) -> bool:
    said = patients.said_before(db, [patient_id], kind.value).get(patient_id)
    given = None if says is None else column_event(said, says)
    if given is None:
        return False
    patients.remember_said(db, patient_id, kind.value, said=given)
    patients.add_consent(db, patient_id, ConsentEvent(given, now, How.IMPORT, file), now)
    return True


def _or(told: str | None, stored: str) -> str:
    return stored if told is None else told
