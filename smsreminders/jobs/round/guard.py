"""The guards of a run: nothing is sent from a damaged or an old database, by a wrong clock, or from an old agenda."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from smsreminders.domain.answering import check_promises
from smsreminders.domain.clock import Clock
from smsreminders.domain.closing import LATE_WITHIN
from smsreminders.domain.guards import (
    LONGEST_CHECK,
    LONGEST_PAUSE,
    Age,
    FileCheck,
    after_check,
    age_of_agenda,
    check_clock,
    check_runs,
    is_check_due,
    parts_to_check,
)
from smsreminders.domain.message import Wording
from smsreminders.domain.months import check_last_close
from smsreminders.domain.practices import Practice
from smsreminders.domain.sending import AccountName
from smsreminders.domain.window import Schedule
from smsreminders.errors import AdministratorNeeded
from smsreminders.gateways.features import Features
from smsreminders.store.closed import closed_periods
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.imports import last_import
from smsreminders.store.installation import count_run, last_check, note_check, note_time, runs_seen
from smsreminders.store.last_close import close_beside, path_of
from smsreminders.store.lock import RunLock, runs_beside
from smsreminders.store.soundness import sound_parts, tables_of, time_limit

_LONGEST_WITHOUT = LATE_WITHIN - timedelta(
    days=1
)  # so that no leap of the clock makes a delivery too late to be billed


def begin_run(db: Database, lock: RunLock, *, clock: Clock) -> None:
    """Check the database and the clock, then count this run in the database and beside its lock.

    Raises AdministratorNeeded; then nothing was counted and nothing may be sent.
    """
    now = clock.now()
    checked = check_file(db, now) if is_check_due(last_check(db), now, crashed=lock.last_died) else None
    runs = check_run(db, lock.runs(), now)
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


def check_run(db: Database, beside_lock: int | None, now: datetime) -> int:
    """Refuse an older database and a clock in doubt; the number of the last run. Nothing is written.

    `beside_lock` is that number as it stands beside the lock. Raises AdministratorNeeded.
    """
    runs, last_run_at = runs_seen(db)
    check_runs(runs, beside_lock)  # first: who says that the clock is right says nothing of an older database
    check_clock(now, last_run_at)
    return runs


def begin_poll(db: Database, *, clock: Clock) -> None:
    """Look at the database and the clock before what they say is written down for good; no run is counted.

    Raises AdministratorNeeded; then the gateway may not be asked.
    """
    _check_past(db, clock=clock, longest_pause=_LONGEST_WITHOUT)


def begin_close(db: Database, *, clock: Clock) -> None:
    """Look at the database, the clock and the last close before a month is closed; no run is counted.

    Raises AdministratorNeeded.
    """
    check_last_close({month.period: month.csv_sha256 for month in closed_periods(db)}, close_beside(db))
    _check_past(db, clock=clock, longest_pause=LONGEST_PAUSE)


def _check_past(db: Database, *, clock: Clock, longest_pause: timedelta) -> None:
    beside_lock = runs_beside(path_of(db))  # first: a run that begins meanwhile is ahead in the database
    with write_transaction(db):
        now = clock.now()
        runs, last_run_at = runs_seen(db)
        check_runs(runs, beside_lock)
        check_clock(now, last_run_at, longest_pause=longest_pause)
        note_time(db, now)


def check_agenda(db: Database, practice: Practice, *, schedule: Schedule, now: datetime) -> str | None:
    """Return a warning where the export of an agenda seems to have stopped; refuse one that stopped long ago.

    Raises AdministratorNeeded for that one: nobody is reminded from it.
    """
    imported_at = last_import(db, practice.id, "appointments")
    age = age_of_agenda(imported_at, now, schedule.agenda_ages)
    if age is Age.FRESH or imported_at is None:
        return None
    trouble = f"the agenda of {practice.code} has brought nothing new since {imported_at:%Y-%m-%d}"
    if age is Age.OLD:
        return f"{trouble}: look whether its export still runs"
    raise AdministratorNeeded(
        f"{trouble}: nobody is reminded from it; look why its export has stopped, "
        "or if nothing has changed in it, raise schedule.agenda_too_old"
    )


def check_account(practice: Practice, account: AccountName, uncertain: Mapping[AccountName, int]) -> None:
    """Refuse to send by another account than the one that must say what became of uncertain texts.

    `uncertain` counts those of the practice by account. Raises AdministratorNeeded.
    """
    for other, count in uncertain.items():
        if other != account:
            raise AdministratorNeeded(
                f"{practice.code} goes by {account} now, and {count} of its texts are uncertain at {other}: put its "
                "account back until `smsreminders poll` has asked for them, or say what became of them with "
                "`smsreminders notifications settle`"
            )


def check_sender(practice: Practice, features: Features) -> None:
    """Refuse a sender ID that the gateway doesn't take, before anything is sent. Raises AdministratorNeeded."""
    takes = features.sender_ids
    if takes is not None and not takes.form.fullmatch(practice.sender_id):
        raise AdministratorNeeded(
            f'{features.title} doesn\'t take "{practice.sender_id}", the sender ID of {practice.code}, '
            f"but {takes.words}: run `smsreminders practice edit {practice.code} --sender-id ID`"
        )


def check_answers(practice: Practice, wording: Wording, features: Features) -> None:
    """Refuse texts that ask for an answer which nobody can give; a gateway with a number of its own can be answered.

    Raises ConfigError.
    """
    if features.sender_ids is not None:
        check_promises(wording, practice)


def end_run(lock: RunLock, *, clock: Clock) -> None:
    """Write beside the lock when this run ended: `reconcile` waits for so long as the gateway's list may lag."""
    with suppress(OSError):  # then it is the time of its start
        lock.write_runs(lock.runs() or 0, clock.now())


def count(db: Database, lock: RunLock, runs: int, *, clock: Clock) -> None:
    """Count a run in the database, then beside its lock.

    A process that dies between the two leaves the database ahead, which is in order.
    """
    now = clock.now()
    with write_transaction(db):
        count_run(db, runs, now)
    lock.write_runs(runs, now)
