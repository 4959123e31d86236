"""Consent at the desk: what a patient said of it, recorded."""

from smsreminders.domain.clock import Clock
from smsreminders.domain.consent import ConsentEvent, check_time
from smsreminders.domain.keep.access import Access
from smsreminders.domain.practices import Practice
from smsreminders.jobs.keep.access import recorded
from smsreminders.jobs.round.guard import check_clock_of_words
from smsreminders.store.agenda.said import hold_patients
from smsreminders.store.database import Database
from smsreminders.store.patients import Patient, add_consent, patient_by_id


def record_consent(
    db: Database, practice: Practice, source_id: str, event: ConsentEvent, *, access: Access, clock: Clock
) -> Patient:
    """Record that a patient gave or withdrew consent, which is unclear no longer; return them as they are then.

    That is another than the event's where a later event is known. Raises UsageError for an unknown patient and for a
    time in the future, AdministratorNeeded by a clock in doubt.
    """
    now = clock.now()
    check_time(event.at, now)
    check_clock_of_words(db, now, nothing="nothing was recorded (but `stopped add NUMBER` stops a phone)")
    with recorded(db, access) as touched:
        patient = patient_by_id(db, practice.id, source_id)
        add_consent(db, patient.id, event, now)
        touched.add(practice.id, patient.id)
        hold_patients(db, practice.id, {patient.source_id: None}, now)
        return patient_by_id(db, practice.id, source_id)
