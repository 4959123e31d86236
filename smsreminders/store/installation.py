"""The identity of a database: its name, how many runs it has seen, and when the last run was."""

from datetime import datetime

from smsreminders.domain.round.guards import FileCheck
from smsreminders.store.database import Database
from smsreminders.store.times import maybe_text, maybe_time, to_text


def installation_name(db: Database) -> str:
    """The name that a database was given when it was made; a copy of it has the same name."""
    (name,) = db.execute("select name from installation").fetchone()
    return str(name)


def runs_seen(db: Database) -> tuple[int, datetime | None]:
    """The number of runs that the database has seen, and the time of the last one (None: there was none)."""
    runs, last_run_at = db.execute("select runs, last_run_at from installation").fetchone()
    return int(runs), maybe_time(last_run_at)


def last_known(db: Database) -> datetime | None:
    """The time of the last run, the last import or the last consent, whichever was last; None if there was none."""
    (at,) = db.execute(
        "select max(at) from (select last_run_at as at from installation"
        " union all select at from (select at from imports order by id desc limit 1)"
        " union all select recorded_at from (select recorded_at from consent_events order by id desc limit 1))"
    ).fetchone()
    return maybe_time(at)


def note_time(db: Database, now: datetime) -> None:
    """Write that the clock was believed now: no later moment may lie before it. A clock that is a little back is."""
    db.execute("update installation set last_run_at = max(coalesce(last_run_at, ''), ?)", [to_text(now)])


def count_run(db: Database, runs: int, now: datetime) -> None:
    """Write that run number `runs` takes place now."""
    db.execute("update installation set runs = ?, last_run_at = ?", [runs, to_text(now)])


def last_check(db: Database) -> FileCheck:
    """How far the checks of this database's file have come."""
    at, to, whole_at = db.execute("select checked_at, checked_to, whole_at from installation").fetchone()
    return FileCheck(maybe_time(at), to, maybe_time(whole_at))


def note_check(db: Database, check: FileCheck) -> None:
    """Keep how far the checks of this database's file have come."""
    values = [maybe_text(check.at), check.to, maybe_text(check.whole_at)]
    db.execute("update installation set checked_at = ?, checked_to = ?, whole_at = ?", values)
