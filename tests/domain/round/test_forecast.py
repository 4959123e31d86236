"""How far a round gets at the gateway's rate: what leaves before the hours or the run end, and who waits."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.round.forecast import End, Forecast, forecast, together
from smsreminders.domain.round.guards import AgendaAges
from smsreminders.domain.round.window import Schedule, within_sending_hours
from smsreminders.domain.round.workdays import Region

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SCHEDULE = Schedule(
    zone=AMSTERDAM,
    region=Region("NL", "nl"),
    weekdays=frozenset(range(5)),
    minimum_notice=timedelta(hours=2),
    sending_hours=(time(8), time(20)),
    daily_limit=500,
    longest_run=timedelta(hours=24),
    agenda_ages=AgendaAges(timedelta(days=4), timedelta(days=10)),
)
TWO_HOURS = timedelta(hours=2)
SHORT = replace(SCHEDULE, longest_run=timedelta(seconds=5))
MOMENTS = st.integers(0, 2 * 365 * 86_400).map(lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(0, seconds))
QUEUES = st.lists(st.sampled_from(["linde", "eik", "duin"]), max_size=60)
RATES = st.integers(1, 12) | st.integers(1, 10_000)


def at(local: str) -> datetime:
    return datetime.fromisoformat(f"2026-{local}").replace(tzinfo=AMSTERDAM).astimezone(UTC)


def round_at(local: str, queue: list[str], per_second: float = 1, schedule: Schedule = SCHEDULE) -> Forecast:
    return forecast(queue, now=at(local), schedule=schedule, per_second=per_second)


@pytest.mark.parametrize(
    ("now", "per_second", "count", "leaving"),
    [
        pytest.param("11-24T19:59:00", 1, 60, 60, id="just-in-time"),
        pytest.param("11-24T19:59:00", 1, 61, 60, id="one-too-many"),
        pytest.param("11-24T19:59:00", 50, 3_001, 3_000, id="at-the-usual-rate"),
        pytest.param("11-24T19:59:00", 0.25, 20, 15, id="one-in-four-seconds"),
        pytest.param("11-24T19:59:59.900", 50, 9, 5, id="in-the-last-tenth-of-a-second"),
        pytest.param("11-24T19:59:59.999", 1, 9, 1, id="the-first-leaves-at-once"),
        pytest.param("11-24T09:00:00", 50, 0, 0, id="nothing-to-send"),
    ],
)
def test_so_many_leave_before_the_sending_hours_end(now: str, per_second: float, count: int, leaving: int) -> None:
    foreseen = round_at(now, ["linde"] * count, per_second)
    assert (foreseen.leaving, foreseen.waiting) == (leaving, {"linde": count - leaving} if count > leaving else {})
    assert (foreseen.until, foreseen.end) == (at("11-24T20:00"), End.SENDING_HOURS)


@pytest.mark.parametrize(
    ("now", "begins_at", "until", "end"),
    [
        pytest.param("11-24T09:00", "11-24T09:00", "11-24T11:00", End.LONGEST_RUN, id="morning"),
        pytest.param("11-24T18:00", "11-24T18:00", "11-24T20:00", End.SENDING_HOURS, id="both-at-once"),
        pytest.param("11-24T19:00", "11-24T19:00", "11-24T20:00", End.SENDING_HOURS, id="evening"),
        pytest.param("11-24T06:00", "11-24T08:00", "11-24T10:00", End.LONGEST_RUN, id="before-the-hours"),
        pytest.param("11-24T20:00", "11-25T08:00", "11-25T10:00", End.LONGEST_RUN, id="after-the-hours"),
        pytest.param("03-28T23:00", "03-29T08:00", "03-29T10:00", End.LONGEST_RUN, id="the-clock-goes-forward"),
        pytest.param("10-24T23:00", "10-25T08:00", "10-25T10:00", End.LONGEST_RUN, id="the-clock-goes-back"),
    ],
)
def test_a_round_ends_with_the_sending_hours_or_the_longest_run(now: str, begins_at: str, until: str, end: End) -> None:
    foreseen = round_at(now, [], schedule=replace(SCHEDULE, longest_run=TWO_HOURS))
    assert (foreseen.begins_at, foreseen.until, foreseen.end) == (at(begins_at), at(until), end)


def test_sending_hours_that_begin_where_the_clock_skips_or_repeats_an_hour_stop_no_round() -> None:
    by_night = replace(SCHEDULE, sending_hours=(time(2, 30), time(20)))
    assert round_at("03-29T01:00", [], schedule=by_night).until == at("03-29T20:00")
    assert round_at("10-25T01:00", [], schedule=by_night).until == at("10-25T20:00")


@pytest.mark.parametrize(
    ("count", "ends_at"), [(0, "11-24T19:00"), (1, "11-24T19:00"), (9_001, "11-24T20:15"), (90_001, "11-25T07:30")]
)
def test_the_last_of_the_queue_would_leave_then(count: int, ends_at: str) -> None:
    assert round_at("11-24T19:00", ["linde"] * count, 2).ends_at == at(ends_at)


def test_the_practices_that_wait_are_in_the_order_of_the_queue() -> None:
    foreseen = round_at("11-24T19:59:58", ["linde", "eik", "zee", "duin", "zee", "linde"])
    assert list(foreseen.waiting.items()) == [("zee", 2), ("duin", 1), ("linde", 1)]


@given(MOMENTS, QUEUES, RATES)
def test_each_leaves_or_waits(now: datetime, queue: list[str], per_second: int) -> None:
    foreseen = forecast(queue, now=now, schedule=SHORT, per_second=per_second)
    assert Counter(queue[: foreseen.leaving]) + Counter(foreseen.waiting) == Counter(queue)


@given(MOMENTS, QUEUES, RATES)
def test_somebody_waits_if_and_only_if_the_round_would_end_too_late(
    now: datetime, queue: list[str], per_second: int
) -> None:
    foreseen = forecast(queue, now=now, schedule=SHORT, per_second=per_second)
    assert (foreseen.ends_at >= foreseen.until) is bool(foreseen.waiting)


@given(MOMENTS, QUEUES, RATES, st.integers(0, 10_000))
def test_a_higher_rate_lets_no_fewer_leave(now: datetime, queue: list[str], per_second: int, more: int) -> None:
    slow, fast = (forecast(queue, now=now, schedule=SHORT, per_second=per_second + extra) for extra in (0, more))
    assert slow.leaving <= fast.leaving
    assert slow.ends_at >= fast.ends_at


@given(MOMENTS, st.timedeltas(timedelta(seconds=1), timedelta(days=1)))
def test_texts_may_leave_from_the_beginning_up_to_the_end(now: datetime, longest_run: timedelta) -> None:
    foreseen = forecast([], now=now, schedule=replace(SCHEDULE, longest_run=longest_run), per_second=1)
    hours = SCHEDULE.sending_hours, AMSTERDAM
    last = foreseen.until - timedelta(microseconds=1)
    assert now <= foreseen.begins_at < foreseen.until
    assert [within_sending_hours(moment, *hours) for moment in (foreseen.begins_at, last)] == [True, True]
    assert foreseen.until == foreseen.begins_at + longest_run or not within_sending_hours(foreseen.until, *hours)


def test_what_ends_a_round_is_named_as_its_setting() -> None:
    assert list(End) == ["schedule.sending_hours", "schedule.longest_run"]


def test_a_round_of_several_accounts_ends_with_the_last_of_them() -> None:
    now = at("11-23 19:59:50")
    slow = forecast(["a"] * 30, now=now, schedule=SCHEDULE, per_second=1, account="noord")
    fast = forecast(["a", "b"], now=now, schedule=SCHEDULE, per_second=50)
    both = together([fast, slow])
    assert (both.account, both.per_second, both.ends_at) == ("noord", 1, slow.ends_at)
    assert (both.leaving, both.waiting) == (slow.leaving + 2, slow.waiting)
