"""Records into the store: patients, consents and appointments, a batch of a file.

Each function works within a transaction of the caller and says what it changed; said again, the same changes nothing.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from smsreminders.domain.appointments import Appointment, Booking, revised
from smsreminders.domain.consent import Consent, ConsentEvent, FutureConsent, How, check_time, column_event
from smsreminders.errors import UsageError
from smsreminders.importers.records import AppointmentRecord, ConsentRecord, Kind, PatientRecord
from smsreminders.store import appointments, patients
from smsreminders.store.database import Database
from smsreminders.store.patients import Patient

_T = TypeVar("_T")


class Change(StrEnum):
    """The change that a record made."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    CANCELLED = "cancelled"


def save_patients(
    db: Database, practice_id: int, records: Sequence[PatientRecord], *, kind: Kind, file: str, now: datetime
) -> list[Change | UsageError]:
    """Add or change patients, each once; a consent column makes an event if it says another thing than last time.

    What a record doesn't say stays. An outcome for each: an error for a new patient without a name.
    """
    stored = patients.patients_among(db, practice_id, [record.source_id for record in records])
    outcomes: list[Change | UsageError] = []
    changed = []
    for record in records:
        before = stored.get(record.source_id)
        try:
            patient = _patient_after(before, record)
        except UsageError as error:
            outcomes.append(error)
            continue
        outcomes.append(Change.UNCHANGED if patient == before else Change.CHANGED if before else Change.ADDED)
        if patient != before:
            changed.append(patient)
    ids = {source_id: patient.id for source_id, patient in stored.items()}
    ids |= patients.save_patients(db, practice_id, changed)
    says = {ids[one.source_id]: one.consent for one in records if one.consent is not None and one.source_id in ids}
    said = patients.said_before(db, says, kind.value)
    heard = {id_: given for id_, word in says.items() if (given := column_event(said.get(id_), word)) is not None}
    patients.remember_said(db, kind.value, heard)
    patients.add_consents(db, [(id_, ConsentEvent(given, now, How.IMPORT, file)) for id_, given in heard.items()], now)
    return [
        Change.CHANGED if outcome is Change.UNCHANGED and ids[record.source_id] in heard else outcome
        for record, outcome in zip(records, outcomes, strict=True)
    ]


def save_consents(
    db: Database, practice_id: int, records: Sequence[ConsentRecord], *, file: str, now: datetime
) -> list[Change | UsageError]:
    """Add consents to their patients' events unless they are there; without a time one counts as a column does.

    An outcome for each: an error for an unknown patient and for a time in the future.
    """
    ids = patients.ids_among(db, practice_id, {record.source_id for record in records})
    known = {id_: set(events) for id_, events in patients.consent_histories(db, ids.values()).items()}
    said = patients.said_before(db, ids.values(), Kind.CONSENTS.value)
    outcomes: list[Change | UsageError] = []
    new: list[tuple[int, ConsentEvent]] = []
    heard: dict[int, bool] = {}
    for record in records:
        try:
            id_ = ids[record.source_id]
            event = _event(record, said.get(id_), file=file, now=now)
        except KeyError:
            outcomes.append(patients.unknown_patient(record.source_id))
            continue
        except FutureConsent as error:
            outcomes.append(error)
            continue
        if event is None or event in known[id_]:
            outcomes.append(Change.UNCHANGED)
            continue
        if record.at is None:
            said[id_] = heard[id_] = record.given
        known[id_].add(event)
        new.append((id_, event))
        outcomes.append(Change.ADDED)
    patients.remember_said(db, Kind.CONSENTS.value, heard)
    patients.add_consents(db, new, now)
    return outcomes


def revise_appointments(db: Database, practice_id: int, rows: Sequence[tuple[AppointmentRecord, int]]) -> list[Change]:
    """Write stored appointments as the records say, each with its patient's id; what matters is a new revision."""
    stored = appointments.appointments_among(db, practice_id, [record.source_id for record, _ in rows])
    rewritten = []
    changes = []
    for record, patient_id in rows:
        _, before = stored[record.source_id]
        after = revised(before, _appointment_after(before, record))
        rewritten.append((after, patient_id))
        newly_cancelled = after.booking is Booking.CANCELLED and before.booking is Booking.BOOKED
        changes.append(Change.CANCELLED if newly_cancelled else Change.CHANGED)
    appointments.save_appointments(db, practice_id, rewritten)
    return changes


def _patient_after(stored: Patient | None, record: PatientRecord) -> Patient:
    if stored is None:
        if not record.name:
            raise UsageError(f'there is no patient "{record.source_id}", and the row has no name to add one')
        return Patient(
            0, record.source_id, record.name, record.phone or "", record.language or None, consent=Consent.NEVER_ASKED
        )
    return replace(
        stored,
        name=_unless_silent(record.name or None, stored.name),
        phone=_unless_silent(record.phone, stored.phone),
        language=_unless_silent(record.language, stored.language) or None,
    )


def _appointment_after(stored: Appointment, record: AppointmentRecord) -> Appointment:
    return Appointment(
        source_id=record.source_id,
        patient=record.patient.source_id,
        starts_at=record.starts_at,
        ends_at=_unless_silent(record.ends_at, stored.ends_at if stored.starts_at == record.starts_at else None),
        location=_unless_silent(record.location, stored.location),
        practitioner=_unless_silent(record.practitioner, stored.practitioner),
        booking=record.booking,
    )


def _unless_silent(says: _T | None, stored: _T) -> _T:
    """Take what a record says; what it doesn't say (None) stays as it is stored."""
    return stored if says is None else says


def _event(record: ConsentRecord, said: bool | None, *, file: str, now: datetime) -> ConsentEvent | None:
    if record.at is None:
        given = column_event(said, record.given)
        return None if given is None else ConsentEvent(given, now, How.IMPORT, record.by or file)
    check_time(record.at, now)
    return ConsentEvent(record.given, record.at, record.how, record.by, record.wording)
