"""Days, times, months and amounts as people write them on the command line, in the Dutch manner too.

Everything here raises UsageError with an example of how to write it.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from smsreminders.errors import UsageError

if TYPE_CHECKING:
    from smsreminders.domain.bill.billing import Period

_YEARS = range(1900, 3000)  # further off nothing can be meant, and the ends of the calendar have no next day
_NAMED = {"today": 0, "vandaag": 0, "tomorrow": 1, "morgen": 1}
_ISO_DAY = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)", re.ASCII)
_DUTCH_DAY = re.compile(r"(?P<day>\d\d?)-(?P<month>\d\d?)-(?P<year>\d{4})", re.ASCII)
_TIME_OF_DAY = re.compile(r"\d\d?:\d\d", re.ASCII)
_DUTCH_CLOCK = re.compile(r"(\d\d?)\.(\d\d)", re.ASCII)
_DUTCH_MONTH = re.compile(r"(\d\d?)-(\d{4})", re.ASCII)
_DECIMAL_COMMA = re.compile(r"(\d+),(\d+)", re.ASCII)

Today = Callable[[], date]


def is_named_day(text: str) -> bool:
    """Tell whether a word is a day's own: today or tomorrow (vandaag, morgen)."""
    return text.strip().lower() in _NAMED


def read_day(text: str, today: Today) -> date:
    """Read a day: 2026-11-24, 24-11-2026, today or tomorrow (vandaag, morgen)."""
    days = _NAMED.get(text.strip().lower())
    if days is not None:
        return today() + timedelta(days=days)
    written = _ISO_DAY.fullmatch(text) or _DUTCH_DAY.fullmatch(text)
    try:
        day = date(*(int(written[part]) for part in ("year", "month", "day"))) if written else None
    except ValueError:
        day = None
    if day is None or day.year not in _YEARS:
        raise UsageError(f'"{text}" is no date: write it like 2026-11-24, 24-11-2026, today or tomorrow')
    return day


def read_time(text: str, today: Today) -> datetime:
    """Read a day with its time of day: local unless it has an offset, as in 2026-11-24T10:30+01:00; 10.30 is 10:30."""
    day, separator, clock = re.sub("[Tt](?=[0-9])", " ", text, count=1).partition(" ")
    if not separator and _is_day(day, today):
        raise UsageError(f'"{text}" has no time of day: write it like "2026-11-24 10:30"')
    if dutch := _DUTCH_CLOCK.fullmatch(clock):
        clock = f"{dutch[1]}:{dutch[2]}"
    if not _TIME_OF_DAY.match(clock):
        raise _no_time(text)
    try:
        at = time.fromisoformat(clock if clock[2] == ":" else f"0{clock}")
        return datetime.combine(read_day(day, today), at)
    except (ValueError, UsageError) as error:
        raise _no_time(text) from error


def read_month(text: str) -> "Period":
    """Read a month: 2026-11 or 11-2026."""
    from smsreminders.domain.bill.billing import Period

    written = _DUTCH_MONTH.fullmatch(text)
    try:
        return Period.parse(f"{written[2]}-{int(written[1]):02}" if written else text)
    except UsageError as error:
        raise UsageError(f'"{text}" is no month: write it like 2026-10 or 10-2026') from error


def with_point(number: str) -> str:
    """Write a number with a decimal comma as one with a point: 0,10 is 0.10; all else stays as it is."""
    return _DECIMAL_COMMA.sub(r"\1.\2", number) if _DECIMAL_COMMA.fullmatch(number) else number


def _is_day(text: str, today: Today) -> bool:
    try:
        return bool(read_day(text, today))
    except UsageError:
        return False


def _no_time(text: str) -> UsageError:
    return UsageError(f'"{text}" is no time: write it like "2026-11-24 10:30" or "24-11-2026 10:30"')
