"""Which appointment or notification is meant by the word or the patient that a person gives."""

from typing import TYPE_CHECKING

from smsreminders.cli.context import practice_that_has
from smsreminders.domain.appointments import Booking
from smsreminders.errors import UsageError

if TYPE_CHECKING:
    from smsreminders.domain.clock import Clock
    from smsreminders.domain.practices import Practice
    from smsreminders.store.database import Database


def of_patient(db: "Database", code: str | None, patient: str, *, clock: "Clock") -> "tuple[Practice, str]":
    """Find the next appointment of a patient, a booked one before others, or the last that was. Raises UsageError."""
    from smsreminders.store.appointments import appointments_between
    from smsreminders.store.patients import patient_by_id, patients_among

    owner = practice_that_has(db, code, lambda p: bool(patients_among(db, p.id, [patient])))
    patient_by_id(db, owner.id, patient)
    theirs = [appointment for _, appointment in appointments_between(db, owner.id, None, None, patient=patient)]
    if not theirs:
        raise UsageError(f"patient {patient} has no appointment")
    coming = [appointment for appointment in theirs if appointment.starts_at > clock.now()]
    booked = [appointment for appointment in coming if appointment.booking is Booking.BOOKED]
    return owner, [*booked, *coming, *reversed(theirs)][0].source_id


def appointment_meant(db: "Database", code: str | None, word: str) -> "tuple[Practice, str]":
    """Find an appointment by its id, or by a notification's id or reference; the appointment goes before."""
    from smsreminders.store.appointments import appointments_among
    from smsreminders.store.practices import practice_by_code
    from smsreminders.store.round.notifications import find_notification

    owner = practice_that_has(db, code, lambda p: bool(appointments_among(db, p.id, [word])))
    notification = None if appointments_among(db, owner.id, [word]) else find_notification(db, word)
    if notification is None or code not in {None, notification.practice}:
        return owner, word
    return practice_by_code(db, notification.practice), notification.appointment


def notification_meant(db: "Database", code: str | None, word: str) -> str:
    """Find a notification by its id or reference, or the newest one of an appointment. Raises UsageError."""
    from smsreminders.store.appointments import appointments_among
    from smsreminders.store.round.notifications import find_notification, notifications_of_appointment

    notification = find_notification(db, word)
    if notification is not None and code in {None, notification.practice}:
        return word
    owner = practice_that_has(db, code, lambda p: bool(appointments_among(db, p.id, [word])))
    for id_, _ in appointments_among(db, owner.id, [word]).values():
        ids = [notification.id for notification in notifications_of_appointment(db, id_)]
        if not ids:
            raise UsageError(f"appointment {word} has no notification: `smsreminders notifications explain` says why")
        return str(max(ids))
    raise UsageError(f'there is no notification "{word}"; `smsreminders notifications list` shows them')
