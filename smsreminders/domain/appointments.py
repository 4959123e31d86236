"""An appointment as the practice's record has it, and its revision: what counts as a change for the patient."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from smsreminders.errors import UsageError

_OLDEST = timedelta(days=20 * 366)  # a start outside these bounds is a slip of the pen: 0026 or 2062 for 2026
_FURTHEST = timedelta(days=5 * 366)


class Booking(StrEnum):
    """Whether an appointment stands."""

    BOOKED = "booked"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """What became of an appointment: the patient came, or didn't and hadn't cancelled."""

    ATTENDED = "attended"
    NO_SHOW = "no-show"


@dataclass(frozen=True, slots=True)
class Appointment:
    """An appointment; `source_id` and `patient` are the record's own ids, times are UTC.

    `revision` counts the changes that the patient must know; each revision gets a reminder of its own. `unclear` tells
    why nobody is texted from it, where what was told last of it or of its patient's consent could not be understood.
    `missing` tells which complete file lacks it: nobody is texted of it, or that file cancelled it.
    """

    source_id: str
    patient: str
    starts_at: datetime
    ends_at: datetime | None = None
    location: str = ""
    practitioner: str = ""
    booking: Booking = Booking.BOOKED
    revision: int = 1
    unclear: str | None = None
    type: str = ""
    outcome: Outcome | None = None
    missing: str | None = None


def revised(stored: Appointment, record: Appointment) -> Appointment:
    """Bring a stored appointment up to date with what the practice's record says of it now.

    Another patient, start or place, or being booked again after a cancellation, is a new revision; another end,
    another practitioner or type, an outcome or a cancellation, is not.
    """
    booked_again = stored.booking is Booking.CANCELLED and record.booking is Booking.BOOKED
    moved = (stored.patient, stored.starts_at, stored.location) != (record.patient, record.starts_at, record.location)
    return replace(record, revision=stored.revision + (booked_again or moved))


def moved(stored: Appointment, starts_at: datetime) -> Appointment:
    """Move an appointment and keep its length; a cancelled one is booked again, and an outcome is of the old start."""
    ends_at = stored.ends_at and starts_at + (stored.ends_at - stored.starts_at)
    return revised(stored, replace(stored, starts_at=starts_at, ends_at=ends_at, booking=Booking.BOOKED, outcome=None))


def cancelled(stored: Appointment) -> Appointment:
    """Cancel an appointment; its revision stays."""
    return replace(stored, booking=Booking.CANCELLED)


def check_times(starts_at: datetime, ends_at: datetime | None, now: datetime) -> None:
    """Refuse a start that can't be meant and an end before the start. Raises UsageError."""
    if not now - _OLDEST < starts_at < now + _FURTHEST:
        raise UsageError(f"the year {starts_at.year} can't be meant")
    if ends_at is not None and ends_at < starts_at:
        raise UsageError("the end is before the start")
