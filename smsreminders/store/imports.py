"""Which files were imported, and when."""

from datetime import datetime

from smsreminders.store.database import Database
from smsreminders.store.times import maybe_time, to_text


def record_import(
    db: Database,
    practice_id: int,
    kind: str,
    *,
    file: str,
    now: datetime,
    rows_read: int,
    rejected: int,
    content: str = "",
) -> None:
    """Write down that a file was imported; `content` is the SHA-256 of its bytes, if it is known."""
    db.execute(
        "insert into imports (practice_id, kind, file, content, at, rows_read, rejected) values (?, ?, ?, ?, ?, ?, ?)",
        [practice_id, kind, file, content, to_text(now), rows_read, rejected],
    )


def last_import(db: Database, practice_id: int, kind: str) -> datetime | None:
    """When a file of this kind was last imported for a practice whose content had not come before."""
    (at,) = db.execute(
        "select max(first) from (select min(at) as first from imports where practice_id = ? and kind = ?"
        " group by case content when '' then id else content end)",
        [practice_id, kind],
    ).fetchone()
    return maybe_time(at)
