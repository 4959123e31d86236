"""What holds a run back: so many requests a second, pauses that the gateway asks for, failures in a row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.round.sending import Accepted, Outcome, Refused, Rejected, Unavailable, Uncertain
from smsreminders.errors import AdministratorNeeded, SmsremindersError, TryAgainLater
from smsreminders.jobs.round.pace import Breaker, Pace

TAKEN, DOWN, LOST = Accepted("g1"), Unavailable("down"), Uncertain("read time-out")
BUSY, REFUSED, REJECTED = Unavailable("busy", 30.0), Refused("no credit"), Rejected("no such number")


def weighed(*outcomes: Outcome) -> SmsremindersError | None:
    """What stops a run after these outcomes, a minute apart."""
    breaker, pace = Breaker(), Pace(10, 0)
    for number, outcome in enumerate(outcomes):
        breaker.weigh(outcome, pace, 60.0 * number)
    return breaker.stopped


@pytest.mark.parametrize(
    ("per_second", "expected"), [(0.5, 1), (1, 1), (10, 1), (25, 2), (50, 5), (1000, 100)], ids=str
)
def test_a_run_begins_with_a_tenth_of_a_second_and_with_one_at_least(per_second: float, expected: int) -> None:
    assert Pace(per_second, 0).take(1000, 0) == expected


def test_no_more_is_granted_than_is_wanted_and_the_rest_is_kept() -> None:
    pace = Pace(50, 0)
    assert [pace.take(wanted, 0) for wanted in (0, 2, 2, 2, 1)] == [0, 2, 2, 1, 0]


def test_after_a_long_silence_no_more_leave_at_once_than_at_the_beginning() -> None:
    pace = Pace(50, 0)
    pace.take(5, 0)
    assert pace.take(1000, 3600) == 5


@pytest.mark.parametrize(("per_second", "expected"), [(0.5, 2.0), (4, 0.25), (8, 0.125)], ids=str)
def test_the_wait_is_until_the_next_may_leave(per_second: float, expected: float) -> None:
    pace = Pace(per_second, 7)
    before = pace.wait(7)
    pace.take(1, 7)
    assert (before, pace.wait(7)) == (0.0, expected)
    assert [pace.take(1, 7 + expected * 0.9), pace.take(1, 7 + expected)] == [0, 1]


@given(
    st.sampled_from([0.5, 2.0, 8.0, 64.0]),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 20)), min_size=1, max_size=40),
)
def test_never_do_more_leave_in_any_time_than_the_rate_and_one_beginning(
    per_second: float, steps: list[tuple[int, int]]
) -> None:
    pace, now, taken = Pace(per_second, 0), 0.0, []
    for eighths, wanted in steps:
        now += eighths / 8
        taken.append((now, pace.take(wanted, now)))
    at_once = max(1.0, per_second / 10)
    for index, (start, _) in enumerate(taken):
        total = 0
        for end, count in taken[index:]:
            total += count
            assert total <= at_once + (end - start) * per_second


def test_during_a_pause_nothing_leaves_and_after_it_one() -> None:
    pace = Pace(50, 0)
    pace.hold(30, 10)
    assert [pace.take(9, 10), pace.take(9, 39.5), pace.take(9, 40)] == [0, 0, 1]


def test_the_wait_is_as_long_as_the_pause() -> None:
    pace = Pace(50, 0)
    pace.hold(30, 10)
    assert [pace.wait(10), pace.wait(35), pace.on_hold(39.5), pace.on_hold(40)] == [30, 5, True, False]


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        pytest.param([TAKEN] * 50, None, id="taken"),
        pytest.param([REJECTED] * 9, None, id="rejected-nine-times"),
        pytest.param([REJECTED] * 10, AdministratorNeeded, id="rejected-ten-times"),
        pytest.param(([REJECTED] * 9 + [TAKEN]) * 5, None, id="rejected-but-not-in-a-row"),
        pytest.param([DOWN] * 2, None, id="unavailable-twice"),
        pytest.param([DOWN] * 3, TryAgainLater, id="unavailable-three-times"),
        pytest.param([BUSY] * 2, None, id="busy-twice"),
        pytest.param([BUSY] * 3, TryAgainLater, id="busy-three-times"),
        pytest.param([DOWN, BUSY, DOWN], TryAgainLater, id="unavailable-with-and-without-a-time"),
        pytest.param([DOWN, DOWN, TAKEN, DOWN, DOWN], None, id="unavailable-but-not-in-a-row"),
        pytest.param([DOWN, DOWN, REJECTED, DOWN, DOWN], None, id="a-rejection-between"),
        pytest.param([LOST] * 4, None, id="uncertain-four-times"),
        pytest.param([LOST] * 5, TryAgainLater, id="uncertain-five-times"),
        pytest.param([LOST] * 4 + [DOWN] * 2, None, id="two-kinds"),
        pytest.param([REFUSED], AdministratorNeeded, id="refused"),
        pytest.param([REFUSED, TAKEN], AdministratorNeeded, id="refused-stays"),
    ],
)
def test_failures_of_one_kind_in_a_row_end_a_run(
    outcomes: list[Outcome], expected: type[SmsremindersError] | None
) -> None:
    stopped = weighed(*outcomes)
    assert (type(stopped) if stopped else None) == expected


def test_what_stops_a_run_says_the_gateways_reason() -> None:
    assert [str(weighed(*some)) for some in ([REFUSED], [DOWN] * 3, [REJECTED] * 10)] == [
        "the gateway refuses the account: no credit; everything else stays queued",
        "the gateway doesn't work as it should: down; everything else stays queued",
        (
            "the gateway rejects one after the other: no such number; look at the text, the sender ID and the numbers; "
            "everything else stays queued"
        ),
    ]


def test_a_gateway_that_asks_for_a_pause_gets_it() -> None:
    breaker, pace = Breaker(), Pace(50, 0)
    breaker.weigh(BUSY, pace, 10)
    assert [pace.take(9, 39), pace.take(9, 40)] == [0, 1]


def test_answers_that_ask_for_the_same_pause_count_once() -> None:
    breaker, pace = Breaker(), Pace(50, 0)
    for second in range(8):
        breaker.weigh(BUSY, pace, 10 + second)
    assert (breaker.stopped, pace.wait(10)) == (None, 30)


def test_without_a_time_to_wait_there_is_no_pause() -> None:
    breaker, pace = Breaker(), Pace(50, 0)
    breaker.weigh(DOWN, pace, 10)
    assert pace.on_hold(10) is False
