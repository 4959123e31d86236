"""Sources: when each last came, and by what its file or feed is known to be as it was when it was imported."""

from datetime import datetime
from typing import NamedTuple

from smsreminders.domain.practices import Practice
from smsreminders.store.agenda.said import source_of
from smsreminders.store.database import Database
from smsreminders.store.times import maybe_time, to_text


class SourceKey(NamedTuple):
    """Which source is meant: its practice, its name and the kind of what it has."""

    practice: Practice
    name: str
    kind: str


class Tag(NamedTuple):
    """What an import that was understood as a whole is known by: the file's own mark, and how it was read then."""

    mark: str  # the ETag of a feed, the SHA-256 of a file
    settings: str  # the SHA-256 of all that was set for it


def tag_of(db: Database, key: SourceKey, *, since: datetime | None = None) -> Tag | None:
    """Recall what the last import of a source is known by; None if there is none, or none since then."""
    row = db.execute(
        "select tag, settings from sources where practice_id = ? and name = ? and kind = ? and tagged_at >= ?",
        [key.practice.id, key.name, key.kind, to_text(since) if since else ""],
    ).fetchone()
    return Tag(*row) if row and row[0] else None


def keep_tag(db: Database, key: SourceKey, tag: Tag, now: datetime) -> None:
    """Keep what an import is known by of which all was understood."""
    source = source_of(db, key.practice.id, key.name, key.kind)
    db.execute("update sources set tag = ?, settings = ?, tagged_at = ? where id = ?", [*tag, to_text(now), source.id])


def came(db: Database, key: SourceKey) -> datetime | None:
    """When the newest file that was taken of a source was written, or its feed last answered; None: never yet."""
    row = db.execute(
        "select came_at from sources where practice_id = ? and name = ? and kind = ?",
        [key.practice.id, key.name, key.kind],
    ).fetchone()
    return maybe_time(row[0]) if row else None


def keep_came(db: Database, key: SourceKey, at: datetime) -> None:
    """Keep when a source came: also where it brought nothing new."""
    source = source_of(db, key.practice.id, key.name, key.kind)
    db.execute("update sources set came_at = ? where id = ?", [to_text(at), source.id])
