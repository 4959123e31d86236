"""Questions go out at the gateway's pace, and again after the pause that it asks for; sends are paced elsewhere."""

from datetime import UTC, datetime

import pytest

from smsreminders.domain.round.sending import Unavailable
from smsreminders.errors import TryAgainLater
from tests.gateways.echo import Echo, a_client
from tests.jobs.clock import FixedClock


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 11, 23, 8, tzinfo=UTC))


def waits(clock: FixedClock) -> float:
    return round(clock.elapsed(), 3)


@pytest.mark.parametrize(
    ("retry_after", "times", "expected"),
    [("7", 1, 7.0), ("7", 3, 21.0), ("3600", 1, 60.0), ("", 2, 10.0), ("0", 3, 1.5)],
)
def test_a_question_is_asked_again_after_the_pause_that_the_gateway_asks_for(
    retry_after: str, times: int, expected: float, echo: Echo, clock: FixedClock
) -> None:
    echo.fail_next("429", times=times, headers={"Retry-After": retry_after})
    assert a_client(echo.url, clock=clock, per_second=2).get("/list", {"a": "1"})
    assert (waits(clock), len(echo.requests)) == (expected, times + 1)
    assert {request.path for request in echo.requests} == {"/list"}


def test_it_is_asked_again_three_times_at_the_most(echo: Echo, clock: FixedClock) -> None:
    echo.fail_next("429", times=5, headers={"Retry-After": "3600"})
    with pytest.raises(TryAgainLater, match="asks to wait"):
        a_client(echo.url, clock=clock).get("/list", {})
    assert (waits(clock), len(echo.requests)) == (180.0, 4)


@pytest.mark.parametrize("fault", ["503", "504", "drop-before", "404"])
def test_it_is_not_asked_again_after_anything_else(fault: str, echo: Echo, clock: FixedClock) -> None:
    echo.fail_next(fault)
    with pytest.raises(TryAgainLater):
        a_client(echo.url, clock=clock).get("/list", {})
    assert (waits(clock), len(echo.requests)) == (0.0, 1)


def test_questions_leave_at_the_gateways_pace(echo: Echo, clock: FixedClock) -> None:
    client = a_client(echo.url, clock=clock, per_second=4)
    for _ in range(5):
        client.get("/list", {})
    assert waits(clock) == 1.0
    clock.pause(10)
    client.get("/list", {})
    client.get("/list", {})
    assert waits(clock) == 11.25


def test_a_send_is_never_repeated_and_waits_for_no_turn(echo: Echo, clock: FixedClock) -> None:
    client = a_client(echo.url, clock=clock, per_second=1)
    echo.fail_next("429", headers={"Retry-After": "7"})
    assert client.post("/send", {}) == Unavailable("127.0.0.1 asks to wait (429)", 7.0)
    client.post("/send", {})
    assert (waits(clock), len(echo.requests)) == (0.0, 2)


def test_without_a_clock_nothing_waits(echo: Echo) -> None:
    echo.fail_next("429")
    with pytest.raises(TryAgainLater):
        a_client(echo.url).get("/list", {})
    assert len(echo.requests) == 1
