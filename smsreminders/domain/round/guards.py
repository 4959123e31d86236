"""What must hold before anything is sent: the clock, the database and the agenda are the ones of today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from smsreminders.errors import AdministratorNeeded

A_COPY = -1  # the number of runs that stands in a copy: it can't know how many there will be before it is put back
_CLOCKS_APART = timedelta(minutes=5)  # a clock that is set may go back a little
LONGEST_PAUSE = timedelta(days=40)
LONGEST_CHECK = timedelta(minutes=1)  # of the database file before a round: nobody may wait longer for a text
WHOLE = ""  # the part of a database file that is all of it


class Age(StrEnum):
    """How long ago an import of the agenda last brought something new."""

    FRESH = "fresh"  # a round sends
    OLD = "old"  # a round sends and warns
    TOO_OLD = "too-old"  # a round sends nothing


@dataclass(frozen=True, slots=True)
class AgendaAges:
    """How long after the last news an agenda counts as old, and when it is too old to send from."""

    old: timedelta
    too_old: timedelta


@dataclass(frozen=True, slots=True)
class FileCheck:
    """How far the checks of the database file have come.

    `at` is when a run last checked the file or parts of it, `to` the part behind which the next check goes on (None:
    it begins anew), `whole_at` when the last part was reached.
    """

    at: datetime | None = None
    to: str | None = None
    whole_at: datetime | None = None


def is_check_due(last: FileCheck, now: datetime, *, crashed: bool) -> bool:
    """Tell whether a run checks the database file: the first one of a day (UTC), and one after a run that died."""
    return crashed or last.at is None or last.at.date() != now.astimezone(UTC).date()


def is_check_overdue(last: FileCheck, now: datetime) -> bool:
    """Tell whether no run has checked the database file for a day, as when the file is damaged and each is refused."""
    return last.at is None or now - last.at > timedelta(days=1)


def parts_to_check(tables: Sequence[str], last: FileCheck) -> Sequence[str]:
    """Choose what to check of a database file: the whole at once, or the tables to which no earlier check came.

    A file that can't be checked whole in time is checked by its tables, over as many days as that takes.
    """
    if last.to is None:
        return [WHOLE]
    left = tables[tables.index(last.to) + 1 :] if last.to in tables else tables
    return left or [WHOLE]


def after_check(last: FileCheck, parts: Sequence[str], sound: int, now: datetime) -> FileCheck:
    """Say how far a check has come that found the first `sound` of these parts to be sound before its time was over.

    A table that takes longer alone counts as checked: SQLite looks at all of its pages before it looks at its rows.
    """
    if parts == [WHOLE] and not sound:
        return FileCheck(now, WHOLE, last.whole_at)
    reached = max(sound, 1)
    return FileCheck(now, None, now) if reached == len(parts) else FileCheck(now, parts[reached - 1], last.whole_at)


def check_clock(now: datetime, last_run: datetime | None, *, longest_pause: timedelta = LONGEST_PAUSE) -> None:
    """Refuse a clock that shows a time before the last run, or one so long after it that it may have leapt.

    Where it is right (it was wrong then, or nothing ran for so long) a person says so. Raises AdministratorNeeded.
    """
    if last_run is not None and not last_run - _CLOCKS_APART <= now <= last_run + longest_pause:
        raise AdministratorNeeded(
            f"the clock shows {now:%Y-%m-%d %H:%M} UTC, but the last run was at {last_run:%Y-%m-%d %H:%M} UTC: "
            "set the clock, or if it is right, run `smsreminders reconcile --by-hand`; nothing was sent"
        )


def check_time_of_words(now: datetime, last_run: datetime | None, last_known: datetime | None, nothing: str) -> None:
    """Refuse to date what people say by a clock in doubt: dated wrongly, a word counts for nothing or for too long.

    The clock shows a time before the last run, or one so long after the last thing that is known that it may have
    leapt. `nothing` says what was not done. Raises AdministratorNeeded.
    """
    doubt = ""
    if last_run is not None and now < last_run - _CLOCKS_APART:
        doubt = f"the last run was at {last_run:%Y-%m-%d %H:%M} UTC"
    elif last_known is not None and now > last_known + LONGEST_PAUSE:
        doubt = f"nothing that is known is later than {last_known:%Y-%m-%d %H:%M} UTC"
    if doubt:
        raise AdministratorNeeded(
            f"the clock shows {now:%Y-%m-%d %H:%M} UTC, but {doubt}: set the clock, or if it is right, run "
            f"`smsreminders reconcile --by-hand`; {nothing}"
        )


def check_runs(
    in_database: int, beside_lock: int | None, *, at: datetime | None = None, ended_at: datetime | None = None
) -> None:
    """Refuse a database that is older than its last run, as one put back from a backup is.

    The runs are counted in the database and beside its lock. A database that is ahead died between the two; one
    without the other's count was moved, or ran last on another machine, whose crontab may still be there; a copy that
    `backup` made says so, for its number may be that of a run which went on after it. So may that of a file which
    another program copied while the run went on: then the time that it knows (`at`) is before the run's end as it
    stands beside the lock (`ended_at`). Raises AdministratorNeeded.
    """
    if in_database == A_COPY:
        raise AdministratorNeeded(
            "the database is a copy: it was put back from a backup; "
            "run `smsreminders reconcile`, which asks the gateway what was sent already; nothing was sent"
        )
    if in_database == beside_lock and at is not None and ended_at is not None and at < ended_at:
        raise AdministratorNeeded(
            f"the database was copied while its last run went on, which ended at {ended_at:%Y-%m-%d %H:%M} UTC, and "
            "was put back: run `smsreminders reconcile`, which asks the gateway what was sent already; nothing was sent"
        )
    if in_database and beside_lock is None:
        raise AdministratorNeeded(
            "the database came without the file that counts its runs, or its last run was on another machine, so it "
            "may be a copy or an older one: see that nothing sends from it elsewhere any more, then run "
            "`smsreminders reconcile`, which asks the gateway what was sent already; nothing was sent"
        )
    if beside_lock is not None and in_database < beside_lock:
        raise AdministratorNeeded(
            f"the database is of run {in_database}, but run {beside_lock} was the last: it was put back from a backup; "
            "run `smsreminders reconcile`, which asks the gateway what was sent already; nothing was sent"
        )


def age_of_agenda(imported_at: datetime | None, now: datetime, ages: AgendaAges) -> Age:
    """Tell how old an agenda is; one that was never imported is kept by hand, and always fresh."""
    if imported_at is None or now - imported_at <= ages.old:
        return Age.FRESH
    return Age.OLD if now - imported_at <= ages.too_old else Age.TOO_OLD


def reports_have_stopped(without: int, of: int) -> bool:
    """Tell whether half of a day's texts or more have no report: then it isn't phones that are off, but the gateway."""
    return 0 < of <= 2 * without


_MANY = 20  # notifications: of fewer a rate says nothing
_DROP = 0.15


def delivery_has_dropped(recent: tuple[int, int], usual: tuple[int, int]) -> bool:
    """Tell whether clearly fewer of the recent notifications arrived than is usual, each (delivered, of how many)."""
    if min(recent[1], usual[1]) < _MANY:
        return False
    return recent[0] / recent[1] < usual[0] / usual[1] - _DROP
