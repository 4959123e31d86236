"""When a month may be closed, and in which order."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from smsreminders.domain.bill.billing import Period
from smsreminders.domain.bill.months import (
    LastClose,
    check_last_close,
    check_order,
    check_rate_from,
    check_taken_back,
    check_time,
    earliest_close,
    is_forgotten,
    is_over,
)
from smsreminders.domain.local_time import day_start
from smsreminders.errors import AdministratorNeeded, InputFileError, SmsremindersError, TryAgainLater, UsageError

ZONE = ZoneInfo("Europe/Amsterdam")
VECTORS = json.loads((Path(__file__).parents[2] / "data" / "billing-vectors.json").read_text(encoding="utf-8"))
OCTOBER, NOVEMBER, DECEMBER = Period(2026, 10), Period(2026, 11), Period(2026, 12)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("bounds", VECTORS["periods"], ids=lambda bounds: str(bounds["period"]))
def test_a_month_lasts_from_its_first_to_the_next_ones_first_moment(bounds: dict[str, Any]) -> None:
    period = Period.parse(bounds["period"])
    start, end = (day_start(day, ZONE) for day in (period.first, period.end))
    assert (start, end) == (at(bounds["start_utc"]), at(bounds["end_utc_exclusive"]))
    assert (end - start) / timedelta(hours=1) == bounds["hours"]
    assert [Period.of(moment.astimezone(ZONE).date()) for moment in (start, end - timedelta.resolution)] == [period] * 2


@pytest.mark.parametrize("bounds", VECTORS["periods"], ids=lambda bounds: str(bounds["period"]))
def test_a_month_can_be_closed_from_the_fifth_at_six_local(bounds: dict[str, Any]) -> None:
    period = Period.parse(bounds["period"])
    first = at(bounds["earliest_close_utc"])
    assert earliest_close(period, ZONE).astimezone(UTC) == first
    check_time(period, first, ZONE, force=False)
    check_time(period, first + timedelta(days=40), ZONE, force=False)
    with pytest.raises(
        TryAgainLater, match=rf"^{period} can be closed from .* on: reports may still come \(--force\)$"
    ):
        check_time(period, first - timedelta(seconds=1), ZONE, force=False)
    check_time(period, at(bounds["end_utc_exclusive"]), ZONE, force=True)
    with pytest.raises(TryAgainLater, match=f"^{period} isn't over: it can't be closed$"):
        check_time(period, at(bounds["end_utc_exclusive"]) - timedelta(seconds=1), ZONE, force=True)


def test_months_are_closed_one_after_the_other() -> None:
    check_order(NOVEMBER, OCTOBER, None)
    check_order(NOVEMBER, None, None)
    with pytest.raises(UsageError, match="close 2026-10 first"):
        check_order(NOVEMBER, None, OCTOBER)
    with pytest.raises(UsageError, match=r"^2026-12 is closed already, so 2026-11 can't be closed any more$"):
        check_order(NOVEMBER, DECEMBER, None)


def test_a_month_that_was_passed_by_counts_as_closed() -> None:
    assert [is_over(month, NOVEMBER) for month in (OCTOBER, NOVEMBER, DECEMBER)] == [True, True, False]
    assert is_over(OCTOBER, None) is False


@pytest.mark.parametrize(
    ("day", "allowed"), [(date(2026, 10, 31), False), (date(2026, 11, 1), True), (date(2026, 12, 9), True)]
)
def test_a_rate_begins_after_the_last_closed_month(day: date, allowed: bool) -> None:
    check_rate_from(day, None)
    if allowed:
        check_rate_from(day, OCTOBER)
        return
    with pytest.raises(UsageError) as raised:
        check_rate_from(day, OCTOBER)
    expected = "2026-10 is closed: a rate can be added, replaced or removed from 2026-11-01 at the earliest"
    assert str(raised.value) == expected


@pytest.mark.parametrize(
    ("closed", "beside", "message"),
    [
        ({}, None, None),
        ({OCTOBER: "a"}, None, None),
        ({OCTOBER: "a"}, LastClose(OCTOBER, "a"), None),
        ({OCTOBER: "a", NOVEMBER: "b"}, LastClose(OCTOBER, "a"), None),
        ({}, LastClose(OCTOBER, "a"), "2026-10 was closed already, and this database doesn't know it"),
        ({OCTOBER: "a"}, LastClose(NOVEMBER, "b"), "2026-11 was closed already, and this database doesn't know it"),
        ({OCTOBER: "x"}, LastClose(OCTOBER, "a"), "2026-10 was closed otherwise"),
    ],
)
def test_a_database_that_does_not_know_the_last_close_is_told(
    closed: dict[Period, str], beside: LastClose | None, message: str | None
) -> None:
    if message is None:
        check_last_close(closed, beside)
        return
    assert beside is not None
    with pytest.raises(AdministratorNeeded) as raised:
        check_last_close(closed, beside)
    assert str(raised.value) == (
        f"{message}: an older or another database was put in its place. Run `smsreminders reconcile --bill FILE` with "
        "the CSV of that month, or if its bill never went to anybody `smsreminders reconcile --never-sent "
        f"{beside.period}`; nothing was closed"
    )


@pytest.mark.parametrize(
    ("digest", "last_closed", "beside"),
    [
        ("a", None, None),
        ("a", OCTOBER, None),
        ("a", None, LastClose(NOVEMBER, "a")),
        ("b", OCTOBER, LastClose(OCTOBER, "a")),
    ],
)
def test_the_bill_that_was_closed_last_may_be_taken_back(
    digest: str, last_closed: Period | None, beside: LastClose | None
) -> None:
    check_taken_back(NOVEMBER, digest, last_closed, None, beside)


@pytest.mark.parametrize(
    ("last_closed", "waiting", "beside", "error"),
    [
        (
            None,
            None,
            LastClose(NOVEMBER, "b"),
            InputFileError(
                "this is not the CSV with which 2026-11 was closed (its SHA-256 differs): nothing was changed"
            ),
        ),
        (DECEMBER, None, None, UsageError("2026-12 is closed here already, so 2026-11 can't be taken back any more")),
        (NOVEMBER, None, None, UsageError("2026-11 is closed here already, so 2026-11 can't be taken back any more")),
        (
            None,
            OCTOBER,
            None,
            UsageError("2026-10 comes first: take its bill back, or close it if it never was"),
        ),
    ],
)
def test_a_bill_is_taken_back_only_by_its_own_csv_and_in_the_order_of_the_months(
    last_closed: Period | None, waiting: Period | None, beside: LastClose | None, error: SmsremindersError
) -> None:
    with pytest.raises(type(error)) as raised:
        check_taken_back(NOVEMBER, "a", last_closed, waiting, beside)
    assert str(raised.value) == str(error)


@pytest.mark.parametrize(
    ("waiting", "now", "expected"),
    [
        (None, "2026-12-31T06:00:00+01:00", False),
        (NOVEMBER, "2026-12-06T05:59:59+01:00", False),
        (NOVEMBER, "2026-12-06T06:00:00+01:00", True),
        (NOVEMBER, "2026-12-09T12:00:00+01:00", True),
        (DECEMBER, "2026-12-31T06:00:00+01:00", False),
    ],
)
def test_a_month_is_forgotten_a_day_after_it_could_be_closed(waiting: Period | None, now: str, expected: bool) -> None:
    assert is_forgotten(waiting, at(now), ZONE, patience=timedelta(days=1)) is expected
