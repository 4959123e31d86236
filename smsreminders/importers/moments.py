"""Moments: what the times of FHIR and HL7 say, and whether an appointment can start then. An error is a CellError."""

import re
from datetime import UTC, datetime

from smsreminders.domain.appointments import check_times
from smsreminders.domain.local_time import is_without_time
from smsreminders.errors import UsageError
from smsreminders.importers.cells import CellError
from smsreminders.importers.records import Layout

_INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?(?:\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_DAY = re.compile(r"\d{4}(-\d\d){0,2}", re.ASCII)
WITHOUT_TIME = "is a date without a time of day"


def read_instant(text: str) -> datetime:
    """Read an instant of FHIR into UTC: its offset counts, also one that the place has not at that time of the year."""
    if _DAY.fullmatch(text):
        raise CellError(WITHOUT_TIME, text)
    written = _INSTANT.fullmatch(text)
    if not written:
        raise CellError("can't be read as an instant: it is written like 2026-11-24T10:30:00+01:00")
    if not written[3]:
        raise CellError(
            "has no offset from UTC, so the moment isn't sure: it is written like 2026-11-24T10:30:00+01:00"
        )
    try:
        return datetime.fromisoformat("".join(filter(None, written.groups()))).astimezone(UTC)
    except (ValueError, OverflowError):
        raise CellError("is no time that there is") from None


def check_start(starts_at: datetime, layout: Layout) -> datetime:
    """Refuse a start that can't be meant: of another age, or at midnight as a date without its time of day."""
    try:
        check_times(starts_at, None, layout.now)
    except UsageError as error:
        raise CellError(str(error)) from None
    if not layout.midnight and is_without_time(starts_at, layout.zone):
        raise CellError(
            "is midnight, as a date without its time of day is written: set midnight in [import] if you work then"
        )
    return starts_at


def check_end(starts_at: datetime, ends_at: datetime) -> datetime:
    """Refuse an end before the start."""
    if ends_at < starts_at:
        raise CellError("the end is before the start")
    return ends_at
