"""Moments: what the times of FHIR and HL7 say, and whether an appointment can start then. An error is a CellError."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from smsreminders.domain.appointments import check_times
from smsreminders.domain.local_time import LocalTimeError, is_without_time, to_utc
from smsreminders.errors import UsageError
from smsreminders.importers.cells import CellError
from smsreminders.importers.records import Layout

_INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?(?:\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_DTM = re.compile(r"(\d{8})(\d\d\d\d)?(\d\d)?(?:\.\d{1,9})?([+-]\d{4})?", re.ASCII)
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


def offset_of(text: str) -> tzinfo | None:
    """Read the offset that a time of HL7 ends in; None without one, or with one that there isn't."""
    written = _DTM.fullmatch(text)
    if not (written and written[4]):
        return None
    minutes = int(written[4][1:3]) * 60 + int(written[4][3:])
    offset = timedelta(minutes=minutes if written[4][0] == "+" else -minutes)
    return timezone(offset) if abs(offset) < timedelta(days=1) else None


def read_dtm(text: str, zone: tzinfo, *, fold: bool = False) -> datetime:
    """Read a time of HL7 (YYYYMMDDHHMM[SS][.S][+ZZZZ]) into UTC; without an offset it is local in `zone`.

    Where the clock change leaves two readings it is the first if `fold`, else an error.
    """
    if re.fullmatch(r"\d{4,8}", text, re.ASCII):
        raise CellError(WITHOUT_TIME, text)
    written = _DTM.fullmatch(text)
    if not (written and written[2]):
        raise CellError("is no time of HL7: it is written like 202611241030 or 20261124103000+0100")
    offset = offset_of(text)
    if written[4] and offset is None:
        raise CellError("has an offset from UTC that there isn't")
    try:
        local = datetime.strptime("".join(filter(None, written.group(1, 2))), "%Y%m%d%H%M")  # noqa: DTZ007
        local += timedelta(seconds=int(written[3] or 0))
        zone = offset or zone
        return local.replace(tzinfo=zone).astimezone(UTC) if fold else to_utc(local, zone)
    except LocalTimeError as error:
        raise CellError(str(error)) from None
    except (ValueError, OverflowError):
        raise CellError("is no time that there is") from None


def written_at(moment: datetime | None, now: datetime) -> datetime | None:
    """Take the time at which a record was written, unless it is still to come: then that clock can't be gone by."""
    return None if moment is None or moment > now + timedelta(days=1) else moment


def check_start(starts_at: datetime, layout: Layout) -> datetime:
    """Refuse a start that can't be meant: of another age, or at midnight as a date without its time of day."""
    try:
        check_times(starts_at, None, layout.now)
    except UsageError as error:
        raise CellError(str(error)) from None
    if not layout.midnight and is_without_time(starts_at, layout.zone):
        raise CellError(
            "begins at midnight, as a date without its time is written: set midnight in [import] if you work then"
        )
    return starts_at


def check_end(starts_at: datetime, ends_at: datetime) -> datetime:
    """Refuse an end before the start."""
    if ends_at < starts_at:
        raise CellError("the end is before the start")
    return ends_at
