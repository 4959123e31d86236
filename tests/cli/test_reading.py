"""Days, times, months and amounts as people write them: what is read, and what is told of all else."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.cli.reading import is_named_day, read_day, read_month, read_time, with_point
from smsreminders.domain.bill.billing import Period
from smsreminders.errors import UsageError

TODAY = date(2026, 11, 30)


def today() -> date:
    return TODAY


def never() -> date:
    raise AssertionError("the clock is asked only where a day is named")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-24", date(2026, 11, 24)),
        ("24-11-2026", date(2026, 11, 24)),
        ("1-2-2026", date(2026, 2, 1)),
        ("01-02-2026", date(2026, 2, 1)),
        ("29-02-2028", date(2028, 2, 29)),
    ],
)
def test_a_day_is_read_as_iso_or_the_dutch_write_it(text: str, expected: date) -> None:
    assert read_day(text, never) == expected


@pytest.mark.parametrize(
    ("text", "days"), [("today", 0), ("vandaag", 0), ("tomorrow", 1), ("morgen", 1), ("Morgen", 1), ("TODAY", 0)]
)
def test_a_day_may_be_named(text: str, days: int) -> None:
    assert read_day(text, today) == TODAY + timedelta(days=days)
    assert is_named_day(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "yesterday",
            "gisteren",
            "overmorgen",
            "24-11",
            "24-11-26",
            "11-24-2026",
            "2026-11",
            "2026-1-2",
            "20261124",
        ),
        *("2026-W48-2", "30-02-2026", "2026-13-01", "0-1-2026", "24/11/2026", "1899-12-31", "31-12-3000", "٢٤-١١-٢٠٢٦"),
        *("2026-11-24 ", "2026-11-24 10:30"),
    ],
)
def test_what_is_no_day_is_told_with_how_to_write_one(text: str) -> None:
    with pytest.raises(UsageError, match="is no date: write it like 2026-11-24, 24-11-2026, today or tomorrow"):
        read_day(text, today)


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)))
def test_each_day_is_the_same_however_it_is_written(day: date) -> None:
    written = [day.isoformat(), f"{day:%d-%m-}{day.year}", f"{day.day}-{day.month}-{day.year}"]
    assert [read_day(text, never) for text in written] == [day, day, day]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-24 10:30", "2026-11-24T10:30:00"),
        ("2026-11-24T10:30", "2026-11-24T10:30:00"),
        ("24-11-2026 10:30", "2026-11-24T10:30:00"),
        ("24-11-2026 9:05", "2026-11-24T09:05:00"),
        ("24-11-2026 10.30", "2026-11-24T10:30:00"),
        ("morgen 9.05", "2026-12-01T09:05:00"),
        ("2026-11-24 10:30:15", "2026-11-24T10:30:15"),
        ("today 10:30", "2026-11-30T10:30:00"),
        ("morgen 08:00", "2026-12-01T08:00:00"),
        ("2026-11-24T10:30Z", "2026-11-24T10:30:00+00:00"),
        ("2026-11-24 10:30+01:00", "2026-11-24T10:30:00+01:00"),
    ],
)
def test_a_time_is_a_day_with_its_time_of_day(text: str, expected: str) -> None:
    assert read_time(text, today).isoformat() == expected


@pytest.mark.parametrize("text", ["2026-11-24", "24-11-2026", "today"])
def test_a_day_alone_is_no_time(text: str) -> None:
    with pytest.raises(UsageError, match='has no time of day: write it like "2026-11-24 10:30"'):
        read_time(text, today)


@pytest.mark.parametrize(
    "text",
    ["", "10:30", "gisteren 10:30", "2026-11-24 24:00", "2026-11-24 10", "2026-11-24 1030", "x y",
     "2026-11-24 10.5", "2026-11-24 24.00", "10.30",
     "2026-11-24  10:30", "24-13-2026 10:30", "1899-12-31 10:30", "2026-11-24 10:3"],
)  # fmt: skip
def test_what_is_no_time_is_told_with_how_to_write_one(text: str) -> None:
    with pytest.raises(UsageError, match='is no time: write it like "2026-11-24 10:30" or "24-11-2026 10:30"'):
        read_time(text, today)


@pytest.mark.parametrize("text", ["2026-11", "11-2026"])
def test_a_month_is_read_as_iso_or_the_dutch_write_it(text: str) -> None:
    assert read_month(text) == Period(2026, 11)
    assert read_month("1-2026") == Period(2026, 1)


@pytest.mark.parametrize("text", ["", "2026", "13-2026", "2026-13", "11-26", "november", "0-2026", "24-11-2026"])
def test_what_is_no_month_is_told(text: str) -> None:
    with pytest.raises(UsageError, match=f'^"{text}" is no month: write it like 2026-10 or 10-2026$'):
        read_month(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0,10", "0.10"),
        ("0.10", "0.10"),
        ("21", "21"),
        ("9,5", "9.5"),
        *((word, word) for word in ("", ",5", "5,", "1.000,50", "0,1,0", "-0,10", "ten")),  # told by who reads numbers
    ],
)
def test_a_decimal_comma_is_a_point(text: str, expected: str) -> None:
    assert with_point(text) == expected


@pytest.mark.parametrize(("read", "text"), [(read_day, "2026-11-24"), (read_time, "2026-11-24 10:30")])
def test_the_clock_is_not_asked_for_a_day_that_is_written(read: Callable[..., date], text: str) -> None:
    assert read(text, never).year == 2026
