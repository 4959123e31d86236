"""Staging: what files say, in temporary tables of the connection, to be compared as a whole before it is applied.

There is one flat table for each kind of records. The tables lie in a file that has no name and is gone with the
connection, so that memory stays flat; and no lock of the database is held while files are read. A record's number
runs through all files of an import; it is known by that number from here on.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from smsreminders.store.database import Database

_TABLES = {  # after number, file and place, which each of them has
    "patients": "source_id text, name text, phone text, language text, consent integer",
    "appointments": "source_id text, patient text, name text, phone text, language text, consent integer,"
    " starts_at text, ends_at text, status text, location text, practitioner text",
    "consents": "source_id text, given integer, at text, how text, by_whom text, wording text",
    "errors": "source_id text",
}
_FOUND = {  # what the first record of each patient in a file says of them; which records change what is stored
    "people": "file integer, source_id text, name text, phone text, language text, consent integer,"
    " unique (file, source_id)",
    "changes": "patient_id integer, stored_id integer",
}
_CACHE = 16_000  # kibibytes: for the pages of indexes that an import fills in no order


def set_up(db: Database) -> None:
    """Make the tables, empty, and the room that SQLite needs for an import of any size."""
    db.execute("pragma temp_store = file")
    db.execute(f"pragma main.cache_size = -{_CACHE}")
    tables = {name: f"file integer, place text, {columns}" for name, columns in _TABLES.items()} | _FOUND
    for name, columns in tables.items():
        db.execute(f"drop table if exists temp.staged_{name}")
        db.execute(f"create temp table staged_{name} (number integer primary key, {columns})")


@contextmanager
def filling(db: Database) -> Iterator[None]:
    """Open one transaction for many writes; of the temporary tables alone, so that it locks nobody out."""
    db.execute("begin")
    try:
        yield
        db.execute("commit")
    except BaseException:
        db.execute("rollback")
        raise


def stage(db: Database, kind: str, rows: Iterable[Sequence[Any]]) -> None:
    """Add records of a kind as they come, each with its number, file and place, then as the table of the kind has it.

    The kind "errors" has the bad rows of which the id is known.
    """
    width = 3 + len(_TABLES[kind].split(","))
    db.conn.executemany(f"insert into staged_{kind} values (?{', ?' * (width - 1)})", rows)


def index(db: Database, kind: str) -> None:
    """Let records be found by their ids, once all are there: sorted together they take a third of the time."""
    for name in (kind, "errors"):
        db.execute(f"create index temp.staged_{name}_by_id on staged_{name} (source_id, file)")


def gather_people(db: Database, kind: str, file: int) -> None:
    """Take from each file's patients, or appointments, what the first record of each patient says of them."""
    patient = "patient" if kind == "appointments" else "source_id"
    db.execute(
        "insert or ignore into staged_people"
        f" select number, file, {patient}, name, phone, language, consent from staged_{kind} where file = ?"
        " order by number",
        [file],
    )


def remove(db: Database, kind: str, numbers: Iterable[int]) -> None:
    """Take records away that only repeat another."""
    db.conn.executemany(f"delete from staged_{kind} where number = ?", ((number,) for number in numbers))


def reject(db: Database, kind: str, numbers: Sequence[int]) -> None:
    """Let records be bad rows from now on, of which the id alone is known."""
    db.conn.executemany(
        f"insert into staged_errors select number, file, place, source_id from staged_{kind} where number = ?",
        ((number,) for number in numbers),
    )
    remove(db, kind, numbers)


def count_staged(db: Database, kind: str, file: int) -> int:
    """Count the records of a file that are left."""
    (count,) = db.execute(f"select count(*) from staged_{kind} where file = ?", [file]).fetchone()
    return int(count)


def staged_rows(db: Database, kind: str, file: int) -> Iterator[tuple[Any, ...]]:
    """Give the records of a file that are left, in their order, as they were staged."""
    yield from db.execute(f"select * from staged_{kind} where file = ? order by number", [file])
