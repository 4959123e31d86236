"""What a complete file lacks is missing, so that nobody is texted of it; a later file without it cancels it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from smsreminders.domain.agenda.believed import Status

# So long people can see that something is missing before a file cancels it: hourly exports may all have the same fault.
SEEN = timedelta(hours=12)


class Fate(StrEnum):
    """What becomes of an appointment that a complete file lacks."""

    STAYS = "stays"
    MISSING = "missing"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Absent:
    """A booked appointment that the complete files of a source don't have.

    `told`: the source has told of it, `said` its last word on the status. `is_missing`: no file and no person has said
    since that it stands. `lacked_by` is the content of the first files that lacked it, `lacked_at` when they came.
    """

    id: int
    source_id: str
    starts_at: datetime
    told: bool
    said: Status | None
    is_missing: bool
    lacked_by: str
    lacked_at: datetime | None = None


def end_of_window(now: datetime, span: timedelta, zone: tzinfo) -> datetime:
    """Find until when files are complete that are so from now on: by the clock on the wall there, whatever it does."""
    return (now.astimezone(zone) + span).astimezone(UTC)


def fate_of(absent: Absent, content: str, now: datetime) -> Fate:
    """Decide what a complete file, known by its content, makes of an appointment that it lacks.

    Only of what its source said itself, and has not cancelled or ignored, it is news. The same file again is no second
    one, nor is one that comes soon after the first. Where somebody had their say since it was missing, that stands.
    """
    if absent.said is Status.MISSING:
        was_seen = absent.lacked_at is not None and now - absent.lacked_at >= SEEN
        return Fate.CANCELLED if absent.is_missing and was_seen and content != absent.lacked_by else Fate.STAYS
    return Fate.MISSING if absent.told and absent.said in {None, Status.BOOKED} else Fate.STAYS


def fate_by_hand(absent: Absent) -> Fate:
    """Decide by the word of a person that files are complete: it cancels at once, but for what stands by another's."""
    overruled = absent.said is Status.MISSING and not absent.is_missing
    return Fate.STAYS if overruled else Fate.CANCELLED
