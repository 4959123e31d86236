"""This database and no other: its name, how many runs it has seen, and when the last one was."""

from datetime import datetime

from smsreminders.store.database import Database
from smsreminders.store.times import maybe_time, to_text


def installation_name(db: Database) -> str:
    """The name that this database was given when it was made; a copy has the same."""
    (name,) = db.execute("select name from installation").fetchone()
    return str(name)


def runs_seen(db: Database) -> tuple[int, datetime | None]:
    """How many runs there were, and when the last one was."""
    runs, last_run_at = db.execute("select runs, last_run_at from installation").fetchone()
    return int(runs), maybe_time(last_run_at)


def count_run(db: Database, runs: int, now: datetime) -> None:
    """This is run number `runs`."""
    db.execute("update installation set runs = ?, last_run_at = ?", [runs, to_text(now)])
