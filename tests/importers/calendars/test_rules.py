"""The days of a rule, beside those that python-dateutil gives, and within a bound for rules that never end."""

from datetime import date, datetime, timedelta
from itertools import takewhile

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.importers.calendars.rules import RuleError, days_of, read_rule

FIRST, LAST = date(2026, 10, 23), date(2027, 1, 22)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def days(text: str, start: date) -> list[date]:
    return list(days_of(read_rule(text), start, FIRST, LAST))


def days_of_dateutil(text: str, start: date) -> list[date]:
    """The days of a rule as python-dateutil gives them, the start always among them."""
    first = datetime.combine(start, datetime.min.time())
    every = takewhile(lambda moment: moment.date() <= LAST, rrulestr(text, dtstart=first))
    return sorted({moment.date() for moment in every} | {start})


def a_list(items: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(items, min_size=1, max_size=3, unique=True).map(",".join)


WEEKLY_DAYS = a_list(st.sampled_from(WEEKDAYS))
# python-dateutil takes "MO,1MO" for the Mondays that are the first one, RFC 5545 for all of both
DAYS_WITH_ORDINALS = a_list(
    st.tuples(st.sampled_from(["1", "2", "4", "-1", "-2"]), st.sampled_from(WEEKDAYS)).map("".join)
)
MONTHS = a_list(st.integers(1, 12).map(str))
MONTH_DAYS = a_list(st.one_of(st.integers(1, 28), st.integers(-28, -1)).map(str))


@st.composite
def rules(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 4))}", f"WKST={draw(st.sampled_from(['MO', 'SU']))}"]
    if draw(st.booleans()):
        ordinals = frequency in {"MONTHLY", "YEARLY"} and draw(st.booleans())
        parts.append(f"BYDAY={draw(DAYS_WITH_ORDINALS if ordinals else WEEKLY_DAYS)}")
    elif frequency in {"MONTHLY", "YEARLY"} and draw(st.booleans()):
        parts.append(f"BYMONTHDAY={draw(MONTH_DAYS)}")
    if frequency == "YEARLY" and draw(st.booleans()):
        parts.append(f"BYMONTH={draw(MONTHS)}")
    if frequency in {"MONTHLY", "YEARLY"} and len(parts) > 3 and draw(st.booleans()):
        parts.append(f"BYSETPOS={draw(st.sampled_from(['1', '-1', '1,-1']))}")
    return ";".join(parts)


@given(rules(), st.dates(date(2024, 1, 1), date(2026, 12, 31)))
def test_a_rule_has_the_days_that_another_library_gives(text: str, start: date) -> None:
    expected = [day for day in days_of_dateutil(text, start) if FIRST <= day <= LAST]
    assert days(text, start) == expected


@given(rules(), st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(1, 60))
def test_a_rule_that_counts_has_as_many_occurrences(text: str, start: date, count: int) -> None:
    without_count = days_of(read_rule(text), start, start, start + timedelta(days=400))
    expected = [day for _, day in zip(range(count), without_count, strict=False) if FIRST <= day <= LAST]
    assert days(f"{text};COUNT={count}", start) == expected


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=SU",
        "FREQ=WEEKLY;INTERVAL=1000;BYMONTH=7",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    ],
)
def test_a_rule_without_any_day_ends(text: str) -> None:
    assert days(text, date(2010, 11, 22)) == []


@pytest.mark.parametrize("start", [date(9999, 12, 31), date(2027, 1, 23)])
def test_a_series_that_starts_behind_the_horizon_has_no_days_yet(start: date) -> None:
    assert days("FREQ=WEEKLY", start) == []


@pytest.mark.parametrize("text", ["FREQ=DAILY;COUNT=1000000", "FREQ=DAILY;COUNT=2;BYMONTH=2;BYMONTHDAY=30"])
def test_occurrences_are_not_counted_over_decades(text: str) -> None:
    with pytest.raises(RuleError, match="counts its occurrences from too long ago"):
        days(text, date(1990, 1, 1))


def test_a_series_that_ended_long_ago_has_no_days() -> None:
    assert days("FREQ=WEEKLY;COUNT=20", date(1990, 1, 1)) == []


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=10",
        "FREQ=HOURLY",
        "INTERVAL=2",
        "FREQ=WEEKLY;FREQ=DAILY",
        "FREQ=YEARLY;BYWEEKNO=20",
        "FREQ=YEARLY;BYYEARDAY=100",
        "FREQ=WEEKLY;BYDAY=2TU",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;INTERVAL=1001",
        "FREQ=WEEKLY;COUNT=0",
        "FREQ=WEEKLY;COUNT=x",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=MONTHLY;BYMONTH=13",
        "FREQ=DAILY;BYHOUR=9,10",
        "FREQ=WEEKLY;WKST=XX",
        "FREQ",
        "nonsense",
    ],
)
def test_a_rule_that_no_agenda_needs_is_refused(text: str) -> None:
    with pytest.raises(RuleError):
        read_rule(text)
