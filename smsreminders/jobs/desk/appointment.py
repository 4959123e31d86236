"""An appointment at the desk: added, moved, cancelled; each returns it with its patient."""

from dataclasses import replace
from datetime import datetime

from smsreminders.domain.agenda.source_ids import check_source_id
from smsreminders.domain.appointments import Appointment, Outcome, cancelled, check_times, moved, revised
from smsreminders.domain.clock import Clock
from smsreminders.domain.keep.access import Access
from smsreminders.domain.keep.erasing import before_erasing
from smsreminders.domain.practices import Practice
from smsreminders.errors import UsageError
from smsreminders.jobs.keep.access import Touched, recorded
from smsreminders.store.agenda.said import hold_appointments
from smsreminders.store.appointments import appointment_by_id, appointments_among, save_appointment
from smsreminders.store.database import Database
from smsreminders.store.keep.erasing import went_with_erased
from smsreminders.store.patients import Patient, patient_by_id


def add_appointment(
    db: Database, practice: Practice, appointment: Appointment, *, access: Access, clock: Clock
) -> tuple[Appointment, Patient]:
    """Add an appointment of a known patient. Raises UsageError if its id is taken or its times can't be meant."""
    check_times(appointment.starts_at, appointment.ends_at, clock.now())
    appointment = replace(appointment, source_id=check_source_id(appointment.source_id))
    with recorded(db, access) as touched:
        known = appointments_among(db, practice.id, [appointment.source_id])
        went = went_with_erased(db, practice.id, [appointment])
        for source_id, (_, stored) in known.items():
            if source_id not in went:
                raise UsageError(f'there is an appointment "{source_id}" already; move or cancel that one')
            appointment = revised(before_erasing(stored, appointment, same=went[source_id]), appointment)
        return _saved(db, practice, touched, appointment)


def move_appointment(
    db: Database, practice: Practice, source_id: str, *, starts_at: datetime, access: Access, clock: Clock
) -> tuple[Appointment, Patient]:
    """Move an appointment; a cancelled one is booked again. Raises UsageError if the start can't be meant."""
    check_times(starts_at, None, clock.now())
    with recorded(db, access) as touched:
        _, stored = appointment_by_id(db, practice.id, source_id)
        return _saved(db, practice, touched, moved(stored, starts_at))


def cancel_appointment(
    db: Database, practice: Practice, source_id: str, *, access: Access
) -> tuple[Appointment, Patient]:
    """Cancel an appointment: no reminder of it leaves any more; of one that is cancelled nothing is written.

    Raises UsageError if there is none.
    """
    with recorded(db, access) as touched:
        _, stored = appointment_by_id(db, practice.id, source_id)
        if stored == cancelled(stored) and not (stored.unclear or stored.missing):
            return stored, patient_by_id(db, practice.id, stored.patient)
        return _saved(db, practice, touched, cancelled(stored))


def confirm_appointment(
    db: Database, practice: Practice, source_id: str, *, access: Access
) -> tuple[Appointment, Patient]:
    """Confirm that an appointment is as it is stored: it is unclear or missing no longer. Raises UsageError."""
    with recorded(db, access) as touched:
        _, stored = appointment_by_id(db, practice.id, source_id)
        return _saved(db, practice, touched, stored)


def keep_outcome(
    db: Database, practice: Practice, source_id: str, outcome: Outcome, *, access: Access, clock: Clock
) -> tuple[Appointment, Patient]:
    """Keep what became of an appointment. Raises UsageError if there is none, or it is still to come."""
    with recorded(db, access) as touched:
        _, stored = appointment_by_id(db, practice.id, source_id)
        if stored.starts_at > clock.now():
            raise UsageError(
                f'the appointment "{source_id}" is still to come: its outcome is known once it has started'
            )
        return _saved(db, practice, touched, replace(stored, outcome=outcome))


def _saved(db: Database, practice: Practice, touched: Touched, appointment: Appointment) -> tuple[Appointment, Patient]:
    """Save an appointment by a person's word, which ends that it is unclear or missing."""
    appointment = replace(appointment, missing=None)
    patient = patient_by_id(db, practice.id, appointment.patient)
    save_appointment(db, practice.id, appointment, patient.id)
    touched.add(practice.id, patient.id)
    hold_appointments(db, practice.id, {appointment.source_id: None})
    return appointment, patient
