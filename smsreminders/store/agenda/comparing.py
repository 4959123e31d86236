"""Comparing: a staged import as a whole beside what its source said before, in counts; nothing is decided here.

All staged files are of one source. What the desk changed meanwhile isn't looked at, but for what is still booked.
"""

import json
from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import NamedTuple

from smsreminders.domain.agenda.import_figures import Dates
from smsreminders.store.agenda.said import SourceRow
from smsreminders.store.database import Database
from smsreminders.store.times import date_from_text, from_text, to_text

_ROWS = {
    "appointments": "staged_appointments where coalesce(status, '') <> 'ignored'",
    "patients": "staged_patients",
    "consents": "staged_consents",
}
_IS_BOOKED = "coalesce(s.status, 'booked') = 'booked'"
_IS_TO_COME = "(coalesce(d.status, 'booked') = 'booked' and d.starts_at >= :now)"
_OF_PATIENTS = "from staged_people w left join said_patients d on d.from_source_id = ? and d.source_id = w.source_id"


_NOT_LACKED = "a.source_id not in (select source_id from last_lacked where from_source_id = d.from_source_id)"
_NOT_STAGED = (
    "a.source_id not in (select source_id from staged_appointments)"
    " and a.source_id not in (select source_id from staged_errors)"
)


_STAMP = "0123456789TZ"  # letters of the original start at the end of an occurrence's id, behind a /


class Known(NamedTuple):
    """The appointments that the source told of before: how many ids, and of the booked ones how they differ now.

    `moved` counts the starts to come that are others now by how many minutes later they are, parts of one left out.
    `others` are another patient's now, out of those that are `owned` then and now. `until` is the last start to come.
    """

    ids: int
    moved: dict[int, int]
    others: int
    owned: int
    until: str | None


class People(NamedTuple):
    """Of the patients of the staged files: all, those of whom the source never told, and whose phone or name it did.

    `refusing` are those whose consent was a no then and is told now, `turned` those of them of whom it is a yes now.
    """

    patients: int
    new: int
    phones: int
    names: int
    refusing: int
    turned: int


class Otherwise(NamedTuple):
    """A phone and a name of a patient as they were told before (empty: never) and now (None: not told)."""

    phone_before: str
    phone: str | None
    name_before: str
    name: str | None


class BookedRow(NamedTuple):
    """A booked appointment to come of a window, and whether the staged files newly lack it."""

    starts_at: datetime
    practitioner: str
    gone: bool


def count_rows(db: Database, kind: str) -> int:
    """Count the staged rows that aren't to be ignored."""
    return int(db.execute(f"select count(*) from {_ROWS[kind]}").fetchone()[0])


def count_known_patients(db: Database, source: SourceRow) -> int:
    """Count the staged patients that are known by their ids: the source told of them before."""
    (count,) = db.execute(
        "select count(*) from staged_patients s cross join said_patients d"
        " on d.from_source_id = ? and d.source_id = s.source_id",
        [source.id],
    ).fetchone()
    return int(count)


def dates_of(db: Database) -> Dates | None:
    """Find the dates (UTC) of the first and the last start of the staged appointments; None where there is no start."""
    first, last = db.execute(
        "select substr(min(starts_at), 1, 10), substr(max(starts_at), 1, 10) from staged_appointments"
        " where coalesce(status, '') <> 'ignored'"
    ).fetchone()
    return Dates(date_from_text(first), date_from_text(last)) if first else None


def count_known(db: Database, source: SourceRow, now: datetime) -> Known:
    """Count the staged appointments that are known by their ids, and what the booked ones say otherwise than before."""
    groups = db.execute(
        f"select case when s.starts_at <> d.starts_at and {_IS_BOOKED} and {_IS_TO_COME}"
        " then (strftime('%s', s.starts_at) - strftime('%s', d.starts_at)) / 60 end as minutes, count(*),"
        f" total({_IS_BOOKED} and s.patient <> d.patient and s.patient <> '' and d.patient <> ''),"
        f" total({_IS_BOOKED} and s.patient <> '' and d.patient <> ''),"
        f" max(case when {_IS_BOOKED} and {_IS_TO_COME} then d.starts_at end)"
        " from staged_appointments s cross join said_appointments d on d.from_source_id = :source"
        " and d.source_id = s.source_id where coalesce(s.status, '') <> 'ignored' group by minutes",
        {"source": source.id, "now": to_text(now)},
    ).fetchall()
    moved = {int(minutes): int(count) for minutes, count, *_ in groups if minutes is not None}
    ids, others, owned = (sum(int(group[column]) for group in groups) for column in (1, 2, 3))
    return Known(ids, moved, others, owned, max((until for *_, until in groups if until), default=None))


def count_series_moved(
    db: Database, source: SourceRow, now: datetime, shifts: Collection[int]
) -> tuple[dict[int, int], str | None]:
    """Count the occurrences of series that begin so many minutes later or earlier than one which the files lack.

    Their ids have the original start, so those of a series that moved are new. Returns the last start that is lacked
    too; None where there is none.
    """
    groups = db.execute(
        "select (strftime('%s', s.starts_at) - strftime('%s', a.starts_at)) / 60 as minutes, count(*), max(a.starts_at)"
        f" from staged_appointments s cross join appointments a on a.practice_id = :practice and {_IS_BOOKED}"
        "  and a.source_id > rtrim(s.source_id, :stamp) and a.source_id < rtrim(s.source_id, :stamp) || ':'"
        " where s.source_id like '%/________T______Z' and a.status = 'booked' and a.starts_at >= :now"
        f"  and {_NOT_STAGED}"
        "  and not exists (select 1 from said_appointments d where d.from_source_id = :source"
        "   and d.source_id = s.source_id)"
        "  and exists (select 1 from said_appointments d where d.from_source_id = :source and d.patient = s.patient"
        "   and d.source_id = a.source_id)"
        " group by minutes having abs(minutes) in (select value from json_each(:shifts))",
        {
            "practice": source.practice_id,
            "source": source.id,
            "now": to_text(now),
            "stamp": _STAMP,
            "shifts": json.dumps(list(shifts)),
        },
    ).fetchall()
    moved = {int(minutes): int(count) for minutes, count, _ in groups}
    return moved, max((last for *_, last in groups), default=None)


def count_to_come(db: Database, source: SourceRow, now: datetime, until: str) -> int:
    """Count the booked appointments to come that the source told of, up to the last of those that start then.

    What its last complete file lacked isn't counted.
    """
    (count,) = db.execute(
        "select count(*) from appointments a cross join said_appointments d"
        " on d.from_source_id = ? and d.source_id = a.source_id"
        f" where a.practice_id = ? and a.status = 'booked' and a.starts_at >= ? and a.starts_at <= ? and {_NOT_LACKED}",
        [source.id, source.practice_id, to_text(now), until],
    ).fetchone()
    return int(count)


def count_renamed(db: Database, source: SourceRow) -> int:
    """Count the staged appointments with a new id, at a patient and start that are known by an id which is gone."""
    (count,) = db.execute(
        f"select count(*) from staged_appointments s where {_IS_BOOKED}"
        " and not exists (select 1 from said_appointments d where d.from_source_id = :source"
        "  and d.source_id = s.source_id)"
        " and exists (select 1 from appointments a cross join said_appointments d on d.from_source_id = :source"
        "  and d.source_id = a.source_id where a.practice_id = :practice and a.starts_at = s.starts_at"
        "  and d.patient = s.patient and a.status = 'booked'"
        "  and a.source_id not in (select source_id from staged_appointments))",
        {"source": source.id, "practice": source.practice_id},
    ).fetchone()
    return int(count)


def count_strangers(db: Database, source: SourceRow, now: datetime, until: date) -> tuple[int, int]:
    """Count the staged appointments to come up to a date (UTC) that are new, of patients not stored yet; and all."""
    strangers, all_ = db.execute(
        "select total(d.source_id is null and p.id is null), count(*) from staged_appointments s"
        " left join said_appointments d on d.from_source_id = ? and d.source_id = s.source_id"
        " left join patients p on p.practice_id = ? and p.source_id = s.patient"
        f" where {_IS_BOOKED} and s.patient <> ''"
        " and s.starts_at >= ? and s.starts_at <= ? || 'T99'",
        [source.id, source.practice_id, to_text(now), until.isoformat()],
    ).fetchone()
    return int(strangers), int(all_)


def count_people(db: Database, source: SourceRow) -> People:
    """Count the patients of the staged files, and of whom the source told what before."""
    counts = db.execute(
        "select count(*), total(d.source_id is null), total(d.phone <> '' and w.phone is not null),"
        " total(d.name <> '' and w.name is not null), total(d.consent = 0 and w.consent is not null),"
        f" total(d.consent = 0 and w.consent = 1) {_OF_PATIENTS}",
        [source.id],
    ).fetchone()
    return People(*map(int, counts))


def told_otherwise(db: Database, source: SourceRow) -> Iterator[Otherwise]:
    """Give what is told of patients whose phone or name is told otherwise than before."""
    for row in db.execute(
        f"select coalesce(d.phone, ''), w.phone, coalesce(d.name, ''), w.name {_OF_PATIENTS}"
        " where (d.phone <> '' and d.phone <> w.phone) or (d.name <> '' and d.name <> w.name)",
        [source.id],
    ):
        yield Otherwise(*row)


def booked_of(
    db: Database, source: SourceRow, start: datetime, end: datetime, *, told_only: bool
) -> Iterator[BookedRow]:
    """Give the booked appointments of the practice in [start, end), or those that the source told of.

    What its last complete file lacked isn't among them, nor what was missing or the source cancelled or ignored.
    """
    rows = db.execute(
        f"select a.starts_at, a.practitioner, {_NOT_STAGED} from appointments a"
        " left join said_appointments d on d.from_source_id = ? and d.source_id = a.source_id"
        " where a.practice_id = ? and a.starts_at >= ? and a.starts_at < ? and a.status = 'booked'"
        " and coalesce(d.status, 'booked') = 'booked' and (d.source_id is not null or not ?)"
        f" and {_NOT_LACKED}",
        [source.id, source.practice_id, to_text(start), to_text(end), told_only],
    )
    for starts_at, practitioner, gone in rows:
        yield BookedRow(from_text(starts_at), practitioner, bool(gone))


def keep_lacked(db: Database, source: SourceRow, now: datetime, until: date) -> None:
    """Keep what the staged files, being complete, lack of the booked appointments to come up to a date (UTC)."""
    db.execute("delete from last_lacked where from_source_id = ?", [source.id])
    db.execute(
        "insert into last_lacked (from_source_id, source_id) select d.from_source_id, d.source_id from appointments a"
        " cross join said_appointments d on d.from_source_id = ? and d.source_id = a.source_id"
        " where a.practice_id = ? and a.starts_at >= ? and a.starts_at <= ? || 'T99' and a.status = 'booked'"
        f" and {_NOT_STAGED}",
        [source.id, source.practice_id, to_text(now), until.isoformat()],
    )
