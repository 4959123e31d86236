"""What ends a run while it waits for the database: nothing is claimed once the lock is there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.errors import Interrupted, SmsremindersError, TryAgainLater
from tests.jobs.bench import Bench
from tests.jobs.builders import SCHEDULE, a_patient, an_appointment, local


def while_it_waits(bench: Bench, happens: Callable[[], None]) -> None:
    """Something happens when the run asks for the write lock of its first claims, as if it stood in line for it."""
    planned = False

    def look(statement: str) -> None:
        nonlocal planned
        if statement.startswith("insert into round_practices"):
            planned = True
        elif planned and statement == "begin immediate":
            happens()

    bench.db.conn.set_trace_callback(look)


@pytest.fixture
def waiting(bench: Bench, linde: Practice) -> Bench:
    """An appointment whose reminder goes out in the last minute of the sending hours."""
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    bench.clock.go_to(local("2026-11-23 19:59"))
    return bench


def left(bench: Bench, stopped: SmsremindersError | None, error: type[SmsremindersError], words: str) -> bool:
    """Whether nothing was sent or claimed, for this reason."""
    assert (bench.gateway.journal, bench.status(), bench.life()) == ([], Status.QUEUED, [(Status.QUEUED, None)])
    return isinstance(stopped, error) and words in str(stopped)


def test_nothing_is_claimed_after_the_sending_hours_however_long_the_database_was_waited_for(waiting: Bench) -> None:
    while_it_waits(waiting, lambda: waiting.clock.go_to(local("2026-11-23 20:00")))
    assert left(waiting, waiting.round().sent.stopped, TryAgainLater, "the sending hours have ended")


def test_nothing_is_claimed_after_a_signal_however_long_the_database_was_waited_for(waiting: Bench) -> None:
    told: list[bool] = []
    while_it_waits(waiting, lambda: told.append(True))
    assert left(waiting, waiting.round(interrupted=lambda: bool(told)).sent.stopped, Interrupted, "interrupted")


def test_nothing_is_claimed_after_the_longest_run_however_long_the_database_was_waited_for(waiting: Bench) -> None:
    while_it_waits(waiting, lambda: waiting.clock.pause(2))
    result = waiting.round(schedule=replace(SCHEDULE, longest_run=timedelta(seconds=1)))
    assert left(waiting, result.sent.stopped, TryAgainLater, "longer than schedule.longest_run")
