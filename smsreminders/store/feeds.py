"""Feeds: the tag by which a feed knows whether it changed since it was imported."""

from datetime import datetime

from smsreminders.store.database import Database
from smsreminders.store.said import source_of
from smsreminders.store.times import to_text


def feed_tag(db: Database, practice_id: int, name: str, *, since: datetime) -> str:
    """Recall the tag that the feed of a source of appointments has had since then; empty if there is none so young."""
    row = db.execute(
        "select tag from sources where practice_id = ? and name = ? and kind = 'appointments' and tagged_at >= ?",
        [practice_id, name, to_text(since)],
    ).fetchone()
    return str(row[0]) if row else ""


def keep_feed_tag(db: Database, practice_id: int, name: str, tag: str, now: datetime) -> None:
    """Keep the tag of a feed that was imported as a whole."""
    source = source_of(db, practice_id, name, "appointments")
    db.execute("update sources set tag = ?, tagged_at = ? where id = ?", [tag, to_text(now), source.id])
