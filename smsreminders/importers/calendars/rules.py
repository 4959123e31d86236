"""Rules of recurrence (RFC 5545, 3.3.10): on which days a series has an occurrence, looking only at the days asked for.

A library walks from the first occurrence on, for ever where a rule has none ("30 February"). Here each period costs
the days that it has, so any rule ends within a bound. What no agenda of appointments needs is refused.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

_WEEKDAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_CLOCK = {"BYHOUR": "hour", "BYMINUTE": "minute", "BYSECOND": "second"}
_PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", *_CLOCK}
_LONGEST_COUNT = timedelta(days=6 * 366)  # over which occurrences are counted


class RuleError(ValueError):
    """A rule that can't be understood, and why."""


class Weekday(NamedTuple):
    """A day of the week, 0 for Monday; `ordinal` is which of them in the month or year, -1 the last, 0 each."""

    day: int
    ordinal: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: every `interval` days, weeks, months or years, on which days of these; an empty choice is any.

    `until` is the text of UNTIL, for what it means hangs on the series. `clock` is the hour, minute and
    second that the rule sets, each with its one value.
    """

    frequency: str
    interval: int = 1
    count: int | None = None
    until: str = ""
    week_start: int = 0
    months: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    week_days: frozenset[Weekday] = frozenset()
    positions: frozenset[int] = frozenset()
    clock: tuple[tuple[str, int], ...] = ()


def read_rule(text: str) -> Rule:
    """Read the value of RRULE. Raises RuleError."""
    parts: dict[str, str] = {}
    for part in filter(None, text.strip().upper().split(";")):
        name, equals, value = part.partition("=")
        if not (equals and value) or name not in _PARTS or name in parts:
            raise RuleError("isn't read: it has a part that no agenda of appointments needs, or twice")
        parts[name] = value
    if parts.get("FREQ") not in _FREQUENCIES:
        raise RuleError("isn't read: appointments recur by days, weeks, months or years")
    try:
        return _rule(parts)
    except (ValueError, KeyError):
        raise RuleError("can't be read as a rule of recurrence") from None


def _rule(parts: Mapping[str, str]) -> Rule:
    frequency = parts["FREQ"]
    week_days = frozenset(map(_weekday, _list(parts, "BYDAY")))
    if any(day.ordinal for day in week_days) and frequency in {"DAILY", "WEEKLY"}:
        raise ValueError
    return Rule(
        frequency,
        interval=_number(parts.get("INTERVAL", "1"), 1, 1_000),
        count=_number(parts["COUNT"], 1, 1_000_000) if "COUNT" in parts else None,
        until=parts.get("UNTIL", ""),
        week_start=_WEEKDAYS[parts.get("WKST", "MO")],
        months=frozenset(_number(word, 1, 12) for word in _list(parts, "BYMONTH")),
        month_days=frozenset(_number(word, -31, 31) for word in _list(parts, "BYMONTHDAY")),
        week_days=week_days,
        positions=frozenset(_number(word, -366, 366) for word in _list(parts, "BYSETPOS")),
        clock=tuple((name, _number(parts[part], 0, 59)) for part, name in _CLOCK.items() if part in parts),
    )


def _list(parts: Mapping[str, str], name: str) -> list[str]:
    return parts[name].split(",") if name in parts else []


def _number(word: str, least: int, most: int) -> int:
    number = int(word)
    if not least <= number <= most:
        raise ValueError
    return number


def _weekday(word: str) -> Weekday:
    return Weekday(_WEEKDAYS[word[-2:]], _number(word[:-2], -53, 53) if word[:-2] else 0)


def days_of(rule: Rule, start: date, first: date, last: date) -> Iterator[date]:
    """Give the days from `first` to `last` on which a rule has an occurrence, in their order; `until` isn't looked at.

    The day of `start` is always the first occurrence. Raises RuleError where counting takes too long.
    """
    if start > last:
        return
    if rule.count is None:
        yield from (day for day in _after(rule, start, first, last) if day >= first)
        return
    counted_to = start + _LONGEST_COUNT
    left = rule.count
    for day in _after(rule, start, start, min(last, counted_to)):
        if day >= first:
            yield day
        left -= 1
        if not left:
            return
    if counted_to < last:
        raise RuleError("counts its occurrences from too long ago")


def _after(rule: Rule, start: date, first: date, last: date) -> Iterator[date]:
    """Give the days of a rule up to `last`, from somewhere before `first` on, the start before all others."""
    yield start
    for period in _PERIODS[rule.frequency](rule, start, max(first, start)):
        if not period or period[0] > last:
            return
        for day in _chosen(rule, start, period):
            if start < day <= last:
                yield day


def _chosen(rule: Rule, start: date, period: list[date]) -> list[date]:
    """Choose the days of a period, and of these the ones in the positions that are asked for."""
    days = [day for day in period if _fits(rule, start, day)]
    if not rule.positions:
        return days
    places = {place - 1 if place > 0 else len(days) + place for place in rule.positions if place}
    return [days[place] for place in sorted(places) if 0 <= place < len(days)]


def _fits(rule: Rule, start: date, day: date) -> bool:
    if rule.months and day.month not in rule.months:
        return False
    if rule.month_days and rule.month_days.isdisjoint((day.day, day.day - monthrange(day.year, day.month)[1] - 1)):
        return False
    if rule.week_days:
        return any(_is_weekday(rule, weekday, day) for weekday in rule.week_days)
    if rule.month_days or rule.frequency == "DAILY":
        return True
    if rule.frequency == "WEEKLY":
        return day.weekday() == start.weekday()
    return day.day == start.day and (rule.frequency == "MONTHLY" or bool(rule.months) or day.month == start.month)


def _is_weekday(rule: Rule, weekday: Weekday, day: date) -> bool:
    """Tell whether a day is the weekday, in a month or in a year the one with the ordinal."""
    if day.weekday() != weekday.day:
        return False
    if not weekday.ordinal:
        return True
    if rule.frequency == "MONTHLY" or rule.months:
        number, length = day.day, monthrange(day.year, day.month)[1]
    else:
        number, length = day.timetuple().tm_yday, date(day.year, 12, 31).timetuple().tm_yday
    return weekday.ordinal in {(number - 1) // 7 + 1, -((length - number) // 7) - 1}


def _days(rule: Rule, start: date, first: date) -> Iterator[list[date]]:
    step = timedelta(days=rule.interval)
    day = start + (first - start) // step * step
    while True:
        yield [day]
        day += step


def _weeks(rule: Rule, start: date, first: date) -> Iterator[list[date]]:
    step = timedelta(weeks=rule.interval)
    week = start - timedelta(days=(start.weekday() - rule.week_start) % 7)
    week += (first - week) // step * step
    while True:
        yield [week + timedelta(days=number) for number in range(7)]
        week += step


def _months(rule: Rule, start: date, first: date) -> Iterator[list[date]]:
    month = start.year * 12 + start.month - 1
    month += (first.year * 12 + first.month - 1 - month) // rule.interval * rule.interval
    while True:
        yield _month(month // 12, month % 12 + 1)
        month += rule.interval


def _years(rule: Rule, start: date, first: date) -> Iterator[list[date]]:
    year = start.year + (first.year - start.year) // rule.interval * rule.interval
    while True:
        yield [day for month in range(1, 13) for day in _month(year, month)]
        year += rule.interval


def _month(year: int, month: int) -> list[date]:
    return [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]


_PERIODS: dict[str, Callable[[Rule, date, date], Iterator[list[date]]]] = {
    "DAILY": _days,
    "WEEKLY": _weeks,
    "MONTHLY": _months,
    "YEARLY": _years,
}
