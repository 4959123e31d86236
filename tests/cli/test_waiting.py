"""A round waits for a command that is none, and for no other round."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from smsreminders.cli.waiting import round_lock
from smsreminders.errors import RunIsBusy, TryAgainLater
from smsreminders.store.lock import run_lock
from tests.jobs.builders import MONDAY, local
from tests.jobs.clock import FixedClock


class EndingClock(FixedClock):
    """A clock in whose third pause what holds the lock ends."""

    def __init__(self, holder: ExitStack) -> None:
        super().__init__(local(MONDAY))
        self._holder = holder

    def pause(self, seconds: float) -> None:
        super().pause(seconds)
        if self.elapsed() >= 3 * seconds:
            self._holder.close()


class ImpatientClock(FixedClock):
    """A clock that goes on by ten minutes with each pause."""

    def pause(self, seconds: float) -> None:
        super().pause(max(seconds, 600))


def unsaid(line: str) -> None:
    """Hear nothing."""
    assert line


def test_a_round_begins_when_a_poll_has_ended_and_says_once_that_it_waits(tmp_path: Path) -> None:
    database, said = tmp_path / "smsreminders.db", list[str]()
    with ExitStack() as holder:
        holder.enter_context(run_lock(database, is_round=False)).write_runs(7, local(MONDAY))
        with round_lock(database, EndingClock(holder), said.append) as lock:
            assert (lock.runs(), lock.last_at(), lock.last_died) == (7, local(MONDAY), False)
    assert said == ["another command is busy with this database: the round begins when it has ended"]


def test_a_round_waits_for_no_other_round(tmp_path: Path) -> None:
    database, clock = tmp_path / "smsreminders.db", FixedClock(local(MONDAY))
    with run_lock(database) as first:
        first.write_runs(7, local(MONDAY))
        with pytest.raises(RunIsBusy), round_lock(database, clock, unsaid):
            pass  # pragma: no cover  # never reached
    assert clock.elapsed() == 0


def test_a_round_gives_up_on_a_poll_that_hangs_and_says_so_with_quiet_too(tmp_path: Path) -> None:
    database, clock = tmp_path / "smsreminders.db", ImpatientClock(local(MONDAY))
    with (
        run_lock(database, is_round=False),
        pytest.raises(TryAgainLater, match="busy with this database for 30 minutes") as raised,
        round_lock(database, clock, unsaid),
    ):
        pass  # pragma: no cover  # never reached
    assert not isinstance(raised.value, RunIsBusy)


def test_a_round_waits_for_who_has_just_taken_the_lock_and_has_not_said_yet_what_it_is(tmp_path: Path) -> None:
    database = tmp_path / "smsreminders.db"
    with ExitStack() as holder:
        holder.enter_context(run_lock(database))
        database.with_name("smsreminders.db.lock").write_text("7 2026-11-23T08:00:00Z\n", encoding="ascii")
        with round_lock(database, EndingClock(holder), unsaid) as lock:
            assert lock.runs() == 7


def test_a_round_waits_two_seconds_for_who_says_nothing_of_itself(tmp_path: Path) -> None:
    database, clock = tmp_path / "smsreminders.db", FixedClock(local(MONDAY))
    with run_lock(database):
        database.with_name("smsreminders.db.lock").write_text("", encoding="ascii")
        with pytest.raises(RunIsBusy), round_lock(database, clock, unsaid):
            pass  # pragma: no cover  # never reached
    assert clock.elapsed() == 2.5


def test_what_died_and_was_no_round_is_a_run_that_died(tmp_path: Path) -> None:
    database = tmp_path / "smsreminders.db"
    database.with_name("smsreminders.db.lock").write_text("7 2026-11-23T08:00:00Z other unfinished\n", encoding="ascii")
    with run_lock(database) as lock:
        assert (lock.runs(), lock.last_at(), lock.last_died) == (7, local(MONDAY), True)
