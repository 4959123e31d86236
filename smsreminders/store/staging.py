"""What files say, in temporary tables of the connection: there it is looked through as a whole before it is applied.

The tables lie in a file that has no name and is gone with the connection, so that memory stays flat; and no lock of the
database is held while files are read. Each row knows its file by a number.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from smsreminders.store.database import Database
from smsreminders.store.times import maybe_text, to_text

_TABLES = {  # of each kind of rows; what many appointments share stands in a table of its own
    "patients": "line integer, source_id text, name text, phone text, language text, consent integer,"
    " patient_id integer",
    "appointments": "line integer, source_id text, patient integer, visit integer, detail integer",
    "consents": "line integer, source_id text, given integer, at text, how text, by_whom text, wording text",
    "errors": "line integer, source_id text",
}
_PARTS = {
    "visits": "id integer primary key, starts_at text, ends_at text",
    "details": "id integer primary key, status text, location text, practitioner text",
}
_WHOLE = """
create temp view staged_agenda as
select s.id, s.file, s.line, s.source_id, s.patient, w.source_id as patient_source_id, w.patient_id,
    w.name, w.phone, w.language, w.consent, v.starts_at, v.ends_at, d.status, d.location, d.practitioner
from staged_appointments s cross join staged_patients w on w.id = s.patient
    cross join staged_visits v on v.id = s.visit cross join staged_details d on d.id = s.detail
"""
_ROWS_AT_ONCE = 200  # in one statement: a row takes half the time that it takes alone
_CACHE = 16_000  # kibibytes: for the pages of indexes that an import fills in no order


@contextmanager
def staging(db: Database) -> Iterator[None]:
    """The tables, empty, and the room that SQLite needs for an import of any size."""
    db.execute("pragma temp_store = file")
    db.execute(f"pragma main.cache_size = -{_CACHE}")
    for name, columns in _TABLES.items():
        db.execute(f"create temp table staged_{name} (id integer primary key, file integer, {columns})")
    for name, columns in _PARTS.items():
        db.execute(f"create temp table staged_{name} ({columns})")
    db.execute("create temp table staged_changes (id integer primary key, stored_id integer)")
    db.execute(_WHOLE)
    try:
        yield
    finally:
        db.execute("drop view temp.staged_agenda")
        for name in (*_TABLES, *_PARTS, "changes"):
            db.execute(f"drop table temp.staged_{name}")


@contextmanager
def filling(db: Database) -> Iterator[None]:
    """One transaction for many writes; of the temporary tables alone, so that it locks nobody out."""
    db.execute("begin")
    try:
        yield
        db.execute("commit")
    except BaseException:
        db.execute("rollback")
        raise


def index(db: Database) -> None:
    """Let rows be found by their ids, once all are there: sorted together they take a third of the time."""
    for name in _TABLES:
        db.execute(f"create index temp.staged_{name}_by_id on staged_{name} (source_id, file)")


def stage_patients(
    db: Database, file: int, rows: Sequence[tuple[int, int, str, str | None, str | None, str | None, bool | None]]
) -> None:
    """Add rows of patients: id, line, source id, name, phone, language, consent."""
    _insert(db, "patients", "id, line, source_id, name, phone, language, consent", file, _columns(rows))


def stage_appointments(db: Database, file: int, columns: Sequence[Sequence[int | str]]) -> None:
    """Add rows of appointments, by column: line, source id, and the ids of the patient, the visit and the details."""
    _insert(db, "appointments", "line, source_id, patient, visit, detail", file, columns)


def stage_visits(db: Database, rows: Iterable[tuple[int, datetime, datetime | None]]) -> None:
    """Add what appointments share: id, start, end."""
    texts = ((id_, to_text(starts_at), maybe_text(ends_at)) for id_, starts_at, ends_at in rows)
    db.conn.executemany("insert into staged_visits values (?, ?, ?)", texts)


def stage_details(db: Database, rows: Iterable[tuple[int, str, str | None, str | None]]) -> None:
    """Add what appointments share: id, booking, location, practitioner."""
    db.conn.executemany("insert into staged_details values (?, ?, ?, ?)", rows)


def stage_consents(
    db: Database, file: int, rows: Iterable[tuple[int, str, bool, datetime | None, str, str, str]]
) -> None:
    """Add rows of consents: line, source id of the patient, given, at, how, by, wording."""
    texts = ((line, id_, given, maybe_text(at), str(how), *rest) for line, id_, given, at, how, *rest in rows)
    _insert(db, "consents", "line, source_id, given, at, how, by_whom, wording", file, _columns(texts))


def stage_errors(db: Database, file: int, rows: Iterable[tuple[int, str]]) -> None:
    """Add bad rows of which the id is known: line, source id."""
    _insert(db, "errors", "line, source_id", file, _columns(rows))


def remove(db: Database, kind: str, ids: Iterable[int]) -> None:
    """Take rows away: repeats, and those that were rejected; and patients of whom no appointment is left."""
    db.conn.executemany(f"delete from staged_{kind} where id = ?", ((id_,) for id_ in ids))
    if kind == "appointments":
        db.execute("delete from staged_patients where id not in (select patient from staged_appointments)")


def count_staged(db: Database, kind: str, file: int) -> int:
    """How many rows of a file are left."""
    (count,) = db.execute(f"select count(*) from staged_{kind} where file = ?", [file]).fetchone()
    return int(count)


def _columns(rows: Iterable[Sequence[Any]]) -> list[Sequence[Any]]:
    return list(zip(*rows, strict=True))


def _insert(db: Database, kind: str, names: str, file: int, columns: Sequence[Sequence[Any]]) -> None:
    width = len(columns)
    values: list[Any] = [None] * sum(map(len, columns))
    for place, column in enumerate(columns):
        values[place::width] = column
    row = f"({file}{', ?' * width})"
    for start in range(0, len(values), step := _ROWS_AT_ONCE * width or 1):
        some = values[start : start + step]
        rows = ", ".join([row] * (len(some) // width))
        db.execute(f"insert into staged_{kind} (file, {names}) values {rows}", some)
