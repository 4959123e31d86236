"""Comparing: a staged import as a whole beside what its source said before, in counts; nothing is decided here.

All staged files are of one source. What the desk changed meanwhile isn't looked at, but for what is still booked.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from smsreminders.domain.import_figures import Dates
from smsreminders.store.database import Database
from smsreminders.store.said import SourceRow
from smsreminders.store.times import date_from_text, from_text, to_text

_COUNTS = {  # rows that count, how many of them are known by their ids
    "appointments": "select count(*), count(d.source_id) from staged_appointments s left join said_appointments d"
    " on d.from_source_id = ? and d.source_id = s.source_id where coalesce(s.status, '') <> 'ignored'",
    "patients": "select count(*), count(d.source_id) from staged_patients s left join said_patients d"
    " on d.from_source_id = ? and d.source_id = s.source_id",
    "consents": "select count(*), count(*) from staged_consents s where ? > 0",
}
_KNOWN = (
    "from staged_appointments s cross join said_appointments d on d.from_source_id = :source"
    " and d.source_id = s.source_id where coalesce(s.status, 'booked') = 'booked'"
)
_TO_COME = f"{_KNOWN} and coalesce(d.status, 'booked') = 'booked' and d.starts_at >= :now"


class BookedRow(NamedTuple):
    """A booked appointment to come of a window, and whether the staged files newly lack it."""

    starts_at: datetime
    practitioner: str
    gone: bool


def count_rows(db: Database, source: SourceRow) -> tuple[int, int]:
    """Count the staged rows that aren't to be ignored, and those of them whose id the source told of before."""
    rows, known = db.execute(_COUNTS[source.kind], [source.id]).fetchone()
    return int(rows), int(known)


def dates_of(db: Database) -> Dates | None:
    """Find the dates (UTC) of the first and the last start of the staged appointments; None where there is no start."""
    first, last = db.execute(
        "select substr(min(starts_at), 1, 10), substr(max(starts_at), 1, 10) from staged_appointments"
        " where coalesce(status, '') <> 'ignored'"
    ).fetchone()
    return Dates(date_from_text(first), date_from_text(last)) if first else None


def count_moved(db: Database, source: SourceRow, now: datetime) -> tuple[dict[int, int], int]:
    """Count the known starts to come that moved, by how many minutes, and all known ones up to the last of the files'.

    A minute may be a part of one: what moved by seconds moved by 0.
    """
    named = {"source": source.id, "practice": source.practice_id, "now": to_text(now)}
    moved = db.execute(
        "select (strftime('%s', s.starts_at) - strftime('%s', d.starts_at)) / 60, count(*)"
        f" {_TO_COME} and s.starts_at <> d.starts_at group by 1",
        named,
    )
    minutes = {int(by): int(count) for by, count in moved}
    (to_come,) = db.execute(
        "select count(*) from appointments a cross join said_appointments d"
        " on d.from_source_id = :source and d.source_id = a.source_id"
        " where a.practice_id = :practice and a.status = 'booked' and a.starts_at >= :now"
        f" and a.starts_at <= (select max(d.starts_at) {_TO_COME})",
        named,
    ).fetchone()
    return minutes, int(to_come)


def count_owners(db: Database, source: SourceRow) -> tuple[int, int]:
    """Count the known appointments that are another patient's now, and all of which both are told."""
    others, of = db.execute(
        f"select total(s.patient <> d.patient), count(*) {_KNOWN} and s.patient <> '' and d.patient <> ''",
        {"source": source.id},
    ).fetchone()
    return int(others), int(of)


def count_renamed(db: Database, source: SourceRow) -> int:
    """Count the staged appointments with a new id, at a patient and start that are known by an id which is gone."""
    (count,) = db.execute(
        "select count(*) from staged_appointments s where coalesce(s.status, 'booked') = 'booked'"
        " and not exists (select 1 from said_appointments d where d.from_source_id = :source"
        "  and d.source_id = s.source_id)"
        " and exists (select 1 from appointments a cross join said_appointments d on d.from_source_id = :source"
        "  and d.source_id = a.source_id where a.practice_id = :practice and a.starts_at = s.starts_at"
        "  and d.patient = s.patient and a.status = 'booked'"
        "  and a.source_id not in (select source_id from staged_appointments))",
        {"source": source.id, "practice": source.practice_id},
    ).fetchone()
    return int(count)


def count_newcomers(db: Database, source: SourceRow) -> tuple[int, int]:
    """Count the patients of the staged files of whom the source never told, and all of them."""
    new, of = db.execute(
        "select total(d.source_id is null), count(*) from staged_people w left join said_patients d"
        " on d.from_source_id = ? and d.source_id = w.source_id",
        [source.id],
    ).fetchone()
    return int(new), int(of)


def count_told(db: Database, source: SourceRow, column: str) -> int:
    """Count the patients whose `phone` or `name` the source told before, and of which the staged files tell."""
    (count,) = db.execute(f"select count(*) {_told(column)}", [source.id]).fetchone()
    return int(count)


def told_otherwise(db: Database, source: SourceRow, column: str) -> Iterator[tuple[str, str]]:
    """Give the `phone` or `name` of patients that is told otherwise than before: the one before, and now."""
    yield from db.execute(f"select d.{column}, w.{column} {_told(column)} and d.{column} <> w.{column}", [source.id])


def _told(column: str) -> str:
    return (
        "from staged_people w cross join said_patients d on d.from_source_id = ? and d.source_id = w.source_id"
        f" where d.{column} <> '' and w.{column} is not null"
    )


def booked_of(
    db: Database, source: SourceRow, start: datetime, end: datetime, *, told_only: bool
) -> Iterator[BookedRow]:
    """Give the booked appointments of the practice in [start, end), or those that the source told of.

    What was missing before already isn't among them, nor what the source cancelled or ignored.
    """
    rows = db.execute(
        "select a.starts_at, a.practitioner, a.source_id not in (select source_id from staged_appointments)"
        " and a.source_id not in (select source_id from staged_errors) from appointments a"
        " left join said_appointments d on d.from_source_id = ? and d.source_id = a.source_id"
        " where a.practice_id = ? and a.starts_at >= ? and a.starts_at < ? and a.status = 'booked'"
        " and coalesce(d.status, 'booked') = 'booked' and (d.source_id is not null or not ?)",
        [source.id, source.practice_id, to_text(start), to_text(end), told_only],
    )
    for starts_at, practitioner, gone in rows:
        yield BookedRow(from_text(starts_at), practitioner, bool(gone))
