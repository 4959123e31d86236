"""What files say, in temporary tables of the connection: there it is looked through as a whole before it is applied.

The tables lie in a file that has no name and is gone with the connection, so that memory stays flat; and no lock of the
database is held while files are read. Each row knows its file by a number.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from smsreminders.store.database import Database
from smsreminders.store.many import insert_columns, insert_rows
from smsreminders.store.times import maybe_text, to_text

_TABLES = {
    "patients": "file integer, line integer, source_id text, name text, phone text, language text, consent integer,"
    " patient_id integer",
    "appointments": "file integer, line integer, source_id text, patient integer, visit integer, detail integer",
    "consents": "file integer, line integer, source_id text, given integer, at text, how text, by_whom text,"
    " wording text",
    "errors": "file integer, line integer, source_id text",
    "visits": "starts_at text, ends_at text",  # what many appointments share stands in a table of its own
    "details": "status text, location text, practitioner text",
    "changes": "stored_id integer",  # the appointments that are new, or of which the file says another thing
    "changed_patients": "",
}
_A_FILE = 1 << 40  # numbers for what the rows of a file share
_WHOLE = """
create temp view staged_agenda as
select s.id, s.file, s.line, s.source_id, s.patient, w.source_id as patient_source_id, w.patient_id,
    w.name, w.phone, w.language, w.consent, v.starts_at, v.ends_at, d.status, d.location, d.practitioner
from staged_appointments s cross join staged_patients w on w.id = s.patient
    cross join staged_visits v on v.id = s.visit cross join staged_details d on d.id = s.detail
"""
_CACHE = 16_000  # kibibytes: for the pages of indexes that an import fills in no order


def set_up(db: Database) -> None:
    """Make the tables, empty, and the room that SQLite needs for an import of any size."""
    db.execute("pragma temp_store = file")
    db.execute(f"pragma main.cache_size = -{_CACHE}")
    db.execute("drop view if exists temp.staged_agenda")
    for name, columns in _TABLES.items():
        db.execute(f"drop table if exists temp.staged_{name}")
        db.execute(f"create temp table staged_{name} ({', '.join(filter(None, ['id integer primary key', columns]))})")
    db.execute(_WHOLE)


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


def index(db: Database, kind: str) -> bool:
    """Let rows be found by their ids, once all are there: sorted together they take a third of the time.

    Returns whether each id stands in its file only once.
    """
    by_id = f"index temp.staged_{kind}_by_id on staged_{kind} (source_id, file)"
    try:
        db.execute(f"create unique {by_id}")
    except sqlite3.IntegrityError:
        db.execute(f"create {by_id}")
        return False
    return True


def stage_patients(
    db: Database, file: int, rows: Sequence[tuple[int, int, str, str | None, str | None, str | None, bool | None]]
) -> None:
    """Add rows of patients: their number in the file, line, source id, name, phone, language, consent."""
    numbered = [(file * _A_FILE + number, *rest) for number, *rest in rows]
    into = "staged_patients (file, id, line, source_id, name, phone, language, consent)"
    insert_rows(db, into, _row(file, 7), numbered)


def stage_appointments(db: Database, file: int, columns: Sequence[Sequence[int | str]]) -> None:
    """Add rows of appointments, by column: line, source id, and the numbers of patient, visit and details."""
    if file:
        lines, source_ids, *parts = columns
        columns = [lines, source_ids, *([file * _A_FILE + int(number) for number in part] for part in parts)]
    into = "staged_appointments (file, line, source_id, patient, visit, detail)"
    insert_columns(db, into, _row(file, 5), columns)


def stage_visits(db: Database, file: int, rows: Iterable[tuple[int, datetime, datetime | None]]) -> None:
    """Add what appointments share: number in the file, start, end."""
    texts = ((file * _A_FILE + number, to_text(starts_at), maybe_text(ends_at)) for number, starts_at, ends_at in rows)
    insert_rows(db, "staged_visits", "(?, ?, ?)", texts)


def stage_details(db: Database, file: int, rows: Iterable[tuple[int, str, str | None, str | None]]) -> None:
    """Add what appointments share: number in the file, booking, location, practitioner."""
    numbered = ((file * _A_FILE + number, *rest) for number, *rest in rows)
    insert_rows(db, "staged_details", "(?, ?, ?, ?)", numbered)


def stage_consents(
    db: Database, file: int, rows: Iterable[tuple[int, str, bool, datetime | None, str, str, str]]
) -> None:
    """Add rows of consents: line, source id of the patient, given, at, how, by, wording."""
    texts = ((line, id_, given, maybe_text(at), str(how), *rest) for line, id_, given, at, how, *rest in rows)
    into = "staged_consents (file, line, source_id, given, at, how, by_whom, wording)"
    insert_rows(db, into, _row(file, 7), texts)


def stage_errors(db: Database, file: int, rows: Iterable[tuple[int, str]]) -> None:
    """Add bad rows of which the id is known: line, source id."""
    insert_rows(db, "staged_errors (file, line, source_id)", _row(file, 2), rows)


def remove(db: Database, kind: str, ids: Iterable[int]) -> None:
    """Take rows away: repeats, and those that were rejected; and patients of whom no appointment is left."""
    db.conn.executemany(f"delete from staged_{kind} where id = ?", ((id_,) for id_ in ids))
    if kind == "appointments":
        db.execute("delete from staged_patients where id not in (select patient from staged_appointments)")


def count_staged(db: Database, kind: str, file: int) -> int:
    """How many rows of a file are left."""
    (count,) = db.execute(f"select count(*) from staged_{kind} where file = ?", [file]).fetchone()
    return int(count)


def _row(file: int, width: int) -> str:
    return f"({file}{', ?' * width})"
