"""Which files were imported, and when."""

from datetime import datetime

from smsreminders.store.database import Database
from smsreminders.store.times import maybe_time, to_text


def record_import(
    db: Database, practice_id: int, kind: str, *, file: str, now: datetime, rows_read: int, rejected: int
) -> None:
    """Write down that a file was imported."""
    db.execute(
        "insert into imports (practice_id, kind, file, at, rows_read, rejected) values (?, ?, ?, ?, ?, ?)",
        [practice_id, kind, file, to_text(now), rows_read, rejected],
    )


def last_import(db: Database, practice_id: int, kind: str) -> datetime | None:
    """When a file of this kind was last imported for a practice."""
    (at,) = db.execute("select max(at) from imports where practice_id = ? and kind = ?", [practice_id, kind]).fetchone()
    return maybe_time(at)
