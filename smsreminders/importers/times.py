"""Times of a table: as ISO 8601, by the layout's pattern, or as a spreadsheet has them; never guessed row by row."""

import re
from datetime import datetime, timedelta, timezone
from functools import lru_cache

from smsreminders.domain.local_time import LocalTimeError, to_utc
from smsreminders.errors import UsageError
from smsreminders.importers.cells import CellError
from smsreminders.importers.records import Layout
from smsreminders.importers.spellings import IDLE_DATE, plain_time

_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d|[01]\d|2[0-3]):(\d\d)(:\d\d)?(?:\.\d{1,9})?(?: ?(Z|UTC|[+-]\d\d(?::?\d\d)?))?", re.ASCII
)
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_IDLE_CLOCK = re.compile(r"[T ]0?0:00(?::00(?:\.0+)?)?(?= \d\d?[:.]\d\d)", re.ASCII)  # before a time of day
_SERIAL = re.compile(  # the days since then, with the time as a fraction
    r"(\d{5}(?:[.,]\d+)?)(?: (0[.,]\d+))?", re.ASCII
)
_SERIAL_BEGIN = datetime(1899, 12, 30)  # noqa: DTZ001 - on the local clock
_SERIAL_DAYS = 36_526, 73_051  # from the year 2000 to 2099
_WEEKDAYS = (  # of a date that is written behind it; one that isn't on that day is no date
    *("ma|maandag|mon|monday", "di|dinsdag|tue|tuesday", "wo|woensdag|wed|wednesday", "do|donderdag|thu|thursday"),
    *("vr|vrijdag|fri|friday", "za|zaterdag|sat|saturday", "zo|zondag|sun|sunday"),
)
_ON_A_WEEKDAY = re.compile(rf"(?:({')|('.join(_WEEKDAYS)}))[.,]* (?=\d)", re.ASCII | re.IGNORECASE)
_LIKE_A_TIME = re.compile(  # and like no phone number: it is shown to the user
    r"((00|19|20)\d\d[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.](00|19|20)?\d\d)"
    r"([T ]\d\d?:\d\d?(:\d\d?)?( ?[AaPp][Mm])?)?",
    re.ASCII,
)
_CLOCK = re.compile(r"\d\d?[:.]\d\d(:\d\d)?", re.ASCII)
_EXAMPLE = datetime(2026, 11, 24, 14, 30, tzinfo=timezone(timedelta(hours=1)))


def check_time_format(pattern: str | None) -> None:
    """Refuse a pattern of strptime that loses the date or the time of day. Raises UsageError."""
    if pattern is None:
        return
    try:
        example: datetime | None = _by_pattern(_EXAMPLE.strftime(pattern), pattern).replace(tzinfo=None)
    except (ValueError, re.error):  # re.error: the same field twice
        example = None
    if example != _EXAMPLE.replace(tzinfo=None):
        raise UsageError(
            f'the time format "{pattern}" tells no date with a time of day: write it like "%d-%m-%Y %H:%M" '
            'or "%m/%d/%Y %I:%M %p"'
        )


@lru_cache(maxsize=1024)  # the end of one appointment is the start of another
def read_time(cell: str, layout: Layout) -> datetime:
    """Read a time into UTC, written as the layout says, or as ISO 8601 with a time of day. Raises CellError.

    A time of day that ends the cell may be written 10.30, 10u30 or 10:30-11:00 for 10:30; what stands idle beside it is
    left out: midnight at the date, and the date from which spreadsheets count.
    """
    try:
        return to_utc(local_time(cell, layout.time_format, spreadsheet=layout.spreadsheet), layout.zone)
    except LocalTimeError as error:
        raise CellError(str(error)) from None
    except (ValueError, OverflowError):
        raise _unreadable(cell, layout) from None


def is_date(cell: str) -> bool:
    """Whether a cell is a date of ISO 8601 without a time of day."""
    return bool(_ISO_DATE.fullmatch(cell))


def _unreadable(cell: str, layout: Layout) -> CellError:
    what = "is the number of a day in a spreadsheet and " if _SERIAL.fullmatch(cell) else ""
    what = "is a time of day without a date and " if _CLOCK.fullmatch(cell) else what
    example = _EXAMPLE.strftime(layout.time_format or "%Y-%m-%d %H:%M")
    word = cell if _LIKE_A_TIME.fullmatch(cell) else ""
    return CellError(f"{what}can't be read as a time: write it like {example}", word)


def fits(cell: str, time_format: str | None, *, spreadsheet: bool = False) -> bool:
    """Whether a cell is written as a pattern says (None: ISO 8601), be it a time that the clock change leaves out."""
    try:
        return bool(local_time(cell, time_format, spreadsheet=spreadsheet))
    except (ValueError, OverflowError):
        return False


def local_time(cell: str, time_format: str | None, *, spreadsheet: bool = False) -> datetime:
    """Read a time as it is written, by a pattern or (None) as ISO 8601, also behind the name of its weekday.

    Raises ValueError, OverflowError.
    """
    named = _ON_A_WEEKDAY.match(cell) if cell[:1].isalpha() else None
    if named and "%a" not in (time_format or "").lower():
        read = local_time(cell[named.end() :], time_format, spreadsheet=spreadsheet)
        if read.isoweekday() != named.lastindex:
            raise ValueError
        return read
    if " " in cell and ("T" in cell or cell.count(" ") > 1):
        cell = _IDLE_CLOCK.sub("", IDLE_DATE.sub("", cell), count=1)
    cell = plain_time(cell, time_format)
    if spreadsheet and _SERIAL.fullmatch(cell):
        return _serial(cell)
    if time_format is None or (spreadsheet and _ISO.fullmatch(cell)):
        return _iso(cell)
    return _by_pattern(cell, time_format)


def _iso(cell: str) -> datetime:
    written = _ISO.fullmatch(cell)
    if not written:
        raise ValueError
    day, hour, minute, second, offset = written.groups()
    return datetime.fromisoformat(f"{day}T{hour:0>2}:{minute}{second or ''}{'Z' if offset == 'UTC' else offset or ''}")


def _serial(cell: str) -> datetime:
    """Turn days since the end of 1899 into a time, rounded to the second. Raises ValueError."""
    days = sum(float(part.replace(",", ".")) for part in cell.split())
    if not _SERIAL_DAYS[0] <= days < _SERIAL_DAYS[1]:
        raise ValueError
    return _SERIAL_BEGIN + timedelta(seconds=round(days * 86_400))


def _by_pattern(cell: str, pattern: str) -> datetime:
    return datetime.strptime(cell, pattern)  # noqa: DTZ007 - without an offset it is local in the layout's zone
