"""A run ends in time and when it is told to, whatever it is at: asking, sending, sending again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import Outgoing, Uncertain
from smsreminders.errors import Interrupted, TryAgainLater
from tests.features import FINDS_NONE
from tests.jobs.bench import Bench
from tests.jobs.builders import SCHEDULE, a_patient, an_appointment

LOST = Uncertain("read time-out")
LONGEST = SCHEDULE.longest_run.total_seconds()


class SlowToTell:
    """Reports that never come, and take long."""

    def __init__(self, bench: Bench, seconds: float) -> None:
        self._bench, self._seconds = bench, seconds

    def __iter__(self) -> "SlowToTell":
        return self

    def __next__(self) -> Exception:
        self._bench.clock.pause(self._seconds)
        raise StopIteration


def booked(bench: Bench, practice: Practice, *numbers: int) -> None:
    for number in numbers:
        a_patient(bench.db, practice, f"P{number}")
        an_appointment(bench.db, practice, f"A{number}", f"P{number}")


def at_request(bench: Bench, number: int, happens: Callable[[], object]) -> None:
    """Something happens during the n-th request of the journal."""

    def at_send(_: Outgoing) -> None:
        if len(bench.gateway.journal) == number:
            happens()

    bench.gateway.at_send = at_send


def test_what_it_asks_for_counts_to_the_duration_of_a_run(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 1)
    bench.gateway.in_order.append(LOST)
    bench.round()
    booked(bench, linde, 2)
    bench.gateway.reports = SlowToTell(bench, LONGEST + 1)
    result = bench.round()
    assert isinstance(result.sent.stopped, TryAgainLater)
    assert (bench.status("A2"), len(bench.gateway.journal)) == (Status.QUEUED, 1)


def test_it_does_not_go_on_asking_when_its_time_is_over(bench: Bench, linde: Practice) -> None:
    for some in (range(1, 5), range(5, 9), range(9, 13), range(13, 17), range(17, 21), range(21, 25)):
        booked(bench, linde, *some)  # of five in a row a run would end
        bench.gateway.in_order.extend([LOST] * 4)
        bench.round()
    before = len(bench.gateway.asked)
    bench.gateway.reports = SlowToTell(bench, LONGEST + 1)
    bench.round()
    assert [len(asked) for asked in bench.gateway.asked[before:]] == [20]


@pytest.fixture
def repeating(bench: Bench, linde: Practice) -> Bench:
    """Two requests are lost, and the gateway may be asked again under the same reference."""
    bench.gateway.features = replace(FINDS_NONE, repeats_for=timedelta(hours=3))
    booked(bench, linde, 1, 2)
    bench.gateway.in_order.extend([LOST, LOST])
    return bench


def test_it_does_not_send_again_when_its_time_is_over(repeating: Bench) -> None:
    at_request(repeating, 3, lambda: repeating.clock.pause(LONGEST + 1))
    result = repeating.round()
    assert ([repeating.status(one) for one in ("A1", "A2")], result.uncertain) == ([Status.SENT, Status.UNCERTAIN], 1)


def test_what_it_sent_counts_to_the_time_in_which_it_may_send_again(repeating: Bench) -> None:
    at_request(repeating, 2, lambda: repeating.clock.pause(LONGEST + 1))
    repeating.round()
    assert len(repeating.gateway.journal) == 2


def test_a_run_that_is_told_to_stop_while_it_sends_again_says_so(repeating: Bench) -> None:
    told: list[bool] = []
    at_request(repeating, 3, lambda: told.append(True))
    result = repeating.round(interrupted=lambda: bool(told))
    assert [repeating.status(one) for one in ("A1", "A2")] == [Status.SENT, Status.UNCERTAIN]
    assert isinstance(result.sent.stopped, Interrupted)
