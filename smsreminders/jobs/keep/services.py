"""The service of a practice, looked at: without one nobody is reminded of the appointments that come."""

from datetime import datetime, timedelta

from smsreminders.domain.appointments import Booking
from smsreminders.domain.keep.health import Trouble, without_service
from smsreminders.domain.practices import Practice
from smsreminders.store.appointments import appointments_between
from smsreminders.store.database import Database
from smsreminders.store.services import services_of

_COMING = timedelta(days=7)


def coming(db: Database, practice: Practice, now: datetime) -> int:
    """Count the booked appointments of the coming week."""
    booked = appointments_between(db, practice.id, now, now + _COMING)
    return sum(appointment.booking is Booking.BOOKED for _, appointment in booked)


def service_trouble(db: Database, practice: Practice, now: datetime) -> Trouble | None:
    """Tell that a practice has no enabled service for reminders by SMS, and how many appointments come."""
    return without_service(practice.code, services_of(db, practice.id), coming(db, practice, now))
