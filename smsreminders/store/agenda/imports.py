"""Which files were imported or refused, from which source, and when."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from smsreminders.store.database import Database
from smsreminders.store.times import from_text, to_text

if TYPE_CHECKING:
    from smsreminders.store.agenda.said import SourceRow


class Refusal(NamedTuple):
    """A file that was refused as a whole, and after which no good one of its source came."""

    source: str
    kind: str
    at: datetime
    reason: str


def record_import(
    db: Database,
    source: "SourceRow",
    *,
    file: str,
    now: datetime,
    rows_read: int,
    rejected: int,
    content: str = "",
    refused: str | None = None,
) -> None:
    """Write down that a file was imported, or why it was refused; `content` is the SHA-256 of its bytes, if known.

    What the source was known by goes: its next file is read, whatever came before.
    """
    db.execute("update sources set tag = '' where id = ?", [source.id])
    db.execute(
        "insert into imports (practice_id, kind, file, from_source_id, content, at, rows_read, rejected, refused)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [source.practice_id, source.kind, file, source.id, content, to_text(now), rows_read, rejected, refused],
    )


def last_import(db: Database, practice_id: int, kind: str) -> datetime | None:
    """When a file of this kind was last imported for a practice whose content had not come before."""
    row = db.execute(
        "select at from imports i where practice_id = ? and kind = ? and refused is null"
        " and (content = '' or not exists (select 1 from imports before where before.content = i.content"
        "  and before.practice_id = i.practice_id and before.kind = i.kind and before.at < i.at"
        "  and before.refused is null)) order by at desc limit 1",
        [practice_id, kind],
    ).fetchone()
    return from_text(row[0]) if row else None


def refusals(db: Database, practice_id: int) -> list[Refusal]:
    """List the sources of a practice whose last file was refused."""
    rows = db.execute(
        "select s.name, s.kind, i.at, i.refused from sources s join imports i"
        " on i.id = (select max(id) from imports where from_source_id = s.id)"
        " where s.practice_id = ? and i.refused is not null order by s.id",
        [practice_id],
    )
    return [Refusal(name, kind, from_text(at), reason) for name, kind, at, reason in rows]
