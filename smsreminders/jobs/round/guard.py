"""The guards of a run: nothing is sent from a damaged or an old database, or by a wrong clock."""

from contextlib import suppress
from datetime import datetime, timedelta

from smsreminders.domain.clock import Clock
from smsreminders.domain.round.guards import (
    LONGEST_CHECK,
    FileCheck,
    after_check,
    check_clock,
    check_runs,
    check_time_of_words,
    is_check_due,
    parts_to_check,
)
from smsreminders.domain.round.notifications import LATE_WITHIN
from smsreminders.errors import AdministratorNeeded
from smsreminders.store.database import Database, path_of, write_transaction
from smsreminders.store.installation import count_run, last_check, last_known, note_check, note_time, runs_seen
from smsreminders.store.lock import RunLock, last_beside
from smsreminders.store.soundness import sound_parts, tables_of, time_limit
from smsreminders.store.sqlite_errors import StoreError

_LONGEST_WITHOUT = LATE_WITHIN - timedelta(
    days=1
)  # so that no leap of the clock makes a delivery too late to be billed


def begin_run(db: Database, lock: RunLock, *, clock: Clock) -> None:
    """Check the database and the clock, then count this run in the database and beside its lock.

    Raises AdministratorNeeded; then nothing was counted and nothing may be sent.
    """
    now = clock.now()
    checked = check_file(db, now) if is_check_due(last_check(db), now, crashed=lock.last_died) else None
    runs = check_run(db, (lock.runs(), lock.last_at()), now)
    if lock.runs() is None:
        lock.write_runs(runs, now)  # so that even a first run that dies between its two counts is in order
    if checked:
        with write_transaction(db):
            note_check(db, checked)
    count(db, lock, runs + 1, clock=clock)


def check_file(db: Database, now: datetime) -> FileCheck:
    """Look for damage in the database file, where the last check stopped; how far this one came. Nothing is written.

    It takes a minute at most. Raises AdministratorNeeded for a damaged file.
    """
    last = last_check(db)
    parts = parts_to_check(tables_of(db), last)
    with time_limit(db, LONGEST_CHECK) as is_over:
        sound = sound_parts(db, parts, is_over)
    if sound is None:
        raise AdministratorNeeded("the database is damaged: stop the cron jobs and put the last backup back")
    return after_check(last, parts, sound, now)


def check_run(db: Database, beside_lock: tuple[int | None, datetime | None], now: datetime) -> int:
    """Refuse an older database and a clock in doubt; the number of the last run. Nothing is written.

    `beside_lock` is that number, with the run's end, as it stands beside the lock. Raises AdministratorNeeded.
    """
    runs, last_run_at = runs_seen(db)
    number, ended_at = beside_lock
    # first: who says that the clock is right says nothing of an older database
    check_runs(runs, number, at=last_run_at, ended_at=ended_at)
    check_clock(now, last_run_at)
    return runs


def begin_poll(db: Database, *, clock: Clock) -> None:
    """Look at the database and the clock before what they say is written down for good; no run is counted.

    Raises AdministratorNeeded; then the gateway may not be asked.
    """
    check_past(db, clock=clock, longest_pause=_LONGEST_WITHOUT)


def check_past(db: Database, *, clock: Clock, longest_pause: timedelta) -> None:
    """Refuse an older database, and a clock that leapt by more than `longest_pause` since the last look; keep its time.

    Raises AdministratorNeeded.
    """
    number, ended_at = last_beside(path_of(db))  # first: a run that begins meanwhile is ahead in the database
    with write_transaction(db):
        now = clock.now()
        runs, last_run_at = runs_seen(db)
        check_runs(runs, number, at=last_run_at, ended_at=ended_at)
        check_clock(now, last_run_at, longest_pause=longest_pause)
        note_time(db, now)


def check_clock_of_words(db: Database, now: datetime, *, nothing: str) -> None:
    """Refuse to write down by a clock in doubt what people say, or to take away what is old. Nothing is written.

    `nothing` says what was not done. Raises AdministratorNeeded.
    """
    _, last_run_at = runs_seen(db)
    check_time_of_words(now, last_run_at, last_known(db), nothing)


def end_run(db: Database, lock: RunLock, *, clock: Clock) -> None:
    """Write when this run ended: in the database, then beside the lock.

    So a copy that was made while it went on is told, and `reconcile` waits for so long as the gateway's list may lag.
    """
    now = clock.now()
    with suppress(OSError, StoreError):  # then it is the time of its start
        with write_transaction(db):
            note_time(db, now)
        lock.write_runs(lock.runs() or 0, now)


def count(db: Database, lock: RunLock, runs: int, *, clock: Clock) -> None:
    """Count a run in the database, then beside its lock.

    A process that dies between the two leaves the database ahead, which is in order.
    """
    now = clock.now()
    with write_transaction(db):
        count_run(db, runs, now)
    lock.write_runs(runs, now)
