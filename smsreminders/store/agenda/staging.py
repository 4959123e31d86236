"""Staging: what files say, in temporary tables of the connection, to be compared as a whole before it is applied.

There is one flat table for each kind of records. `unread` has the marks of the cells that hold an appointment,
`unheard` that of a consent; a `held` row stands for the rejected rows of one id. The tables lie in a file that has no
name and is gone with the connection, so that memory stays flat; and no lock of the database is held while files are
read. A record's number runs through all files of an import; it is known by that number from here on.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from typing import Any

from smsreminders.store.database import Database

_TABLES = {  # after number, file and place, which each of them has
    "patients": "source_id text, name text, phone text, language text, consent integer, unheard text",
    "appointments": "source_id text, patient text, name text, phone text, language text, consent integer, unheard text,"
    " starts_at text, ends_at text, status text, location text, practitioner text, type text, outcome text,"
    " unread text, held integer, as_of text",
    "consents": "source_id text, given integer, at text, how text, by_whom text, wording text, unread text",
    "errors": "source_id text, starts_at text",
}
_FOUND = {  # what the first record of each patient in a file says of them; which records change what is stored
    "people": "file integer, source_id text, name text, phone text, language text, consent integer, unheard text,"
    " as_of text, unique (file, source_id)",
    "words": "file integer, source_id text, consent integer, unheard text",
    "changes": "patient_id integer, stored_id integer, is_new integer",
}
_START = {"appointments": "starts_at", "patients": "null", "consents": "null"}
_PATIENT = {"appointments": "patient", "patients": "source_id"}
_GOOD = {"appointments": "and held is null and coalesce(status, '') <> 'ignored'", "patients": ""}
_MARK_BYTES = 6
_CACHE = 16_000  # kibibytes: for the pages of indexes that an import fills in no order


def set_up(db: Database) -> None:
    """Make the tables, empty, and the room that SQLite needs for an import of any size."""
    db.conn.create_function("concat_", -1, lambda *says: json.dumps(says), deterministic=True)
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


def mark(says: str) -> str:
    """Compute what words are known again by: a short hash, never the words themselves."""
    return blake2b(says.encode(), digest_size=_MARK_BYTES).hexdigest()


def keep_words(db: Database, kind: str, file: int) -> None:
    """Keep which patients any row of a file says no of, or what can't be understood: rejected rows count too."""
    patient = _PATIENT[kind]
    db.execute(
        "insert into staged_words (number, file, source_id, consent, unheard)"
        f" select number, file, {patient}, consent, unheard from staged_{kind}"
        f" where file = ? and {patient} <> '' and (consent = 0 or unheard is not null)",
        [file],
    )


def gather_people(db: Database, kind: str, file: int) -> None:
    """Take from each file's patients, or appointments, what the first record of each patient says of them.

    What is empty in it is taken from the first record where it isn't. A yes counts in whichever of their records it
    stands, and before it a no of any row of the file.
    """
    patient = _PATIENT[kind]
    db.execute(  # beside min() SQLite takes the columns of the row that has the least number
        "insert into staged_people"
        f" select min(number), file, {patient}, name, phone, language,"
        " case when total(consent) > 0 then 1 else consent end, null, null"
        f" from staged_{kind} where file = ? and {patient} <> '' {_GOOD[kind]} group by {patient}",
        [file],
    )
    for column in ("name", "phone", "language"):
        _fill(db, kind, file, column)
    db.execute(
        "insert into staged_people"
        " select min(number), file, source_id, null, null, null, min(consent), max(unheard), null"
        " from staged_words where file = ? group by file, source_id"
        " on conflict (file, source_id) do update set consent = coalesce(excluded.consent, consent),"
        " unheard = excluded.unheard",
        [file],
    )


def _fill(db: Database, kind: str, file: int, column: str) -> None:
    """Take what is empty of a file's patients from the first of their records in which it isn't."""
    patient, empty = _PATIENT[kind], f"select source_id from staged_people where file = :file and {column} = ''"
    db.execute(
        f"with filled as materialized (select min(number), {patient} as patient, {column} as said from staged_{kind}"
        f"  where file = :file and {column} <> '' and {patient} in ({empty}) {_GOOD[kind]} group by {patient})"
        f" update staged_people set {column} = filled.said from filled"
        " where staged_people.file = :file and staged_people.source_id = filled.patient",
        {"file": file},
    )


def gather_newest_people(db: Database, file: int) -> None:
    """Take of an agenda's patients what the newest record says of them, where records tell when they were written."""
    db.execute(  # beside max() SQLite takes the columns of the row that has the newest time
        "insert into staged_people"
        " select number, file, patient, name, phone, language, consent, null, max(as_of) from staged_appointments"
        f" where file = ? and patient <> '' and as_of is not null {_GOOD['appointments']} group by patient"
        " on conflict do update set number = excluded.number, name = excluded.name, phone = excluded.phone,"
        " language = excluded.language, as_of = excluded.as_of",
        [file],
    )


def overtaken(db: Database, file: int) -> list[int]:
    """Find the appointments' records in place of which a newer one stands in the file, by when they were written.

    Of those of one moment it is the last.
    """
    rows = db.execute(
        "select s.number from staged_appointments s where s.file = ? and s.as_of is not null and exists"
        " (select 1 from staged_appointments n where n.source_id = s.source_id and n.file = s.file"
        " and (n.as_of, n.number) > (s.as_of, s.number))",
        [file],
    )
    return [number for (number,) in rows]


def set_aside(db: Database, numbers: Sequence[int]) -> None:
    """Take appointments' records away that don't count, but keep their ids: a complete file has them."""
    chosen = json.dumps(list(numbers))
    db.execute(
        "insert into staged_errors select number, file, place, source_id, starts_at from staged_appointments"
        " where number in (select value from json_each(?))",
        [chosen],
    )
    remove(db, "appointments", numbers)


def forget_people(db: Database, file: int, source_ids: Iterable[str]) -> None:
    """Take away what a file says of these patients."""
    db.execute(
        "delete from staged_people where file = ? and source_id in (select value from json_each(?))",
        [file, json.dumps(list(source_ids))],
    )


def remove(db: Database, kind: str, numbers: Iterable[int]) -> None:
    """Take records away that only repeat another."""
    db.conn.executemany(f"delete from staged_{kind} where number = ?", ((number,) for number in numbers))


def reject(db: Database, kind: str, numbers: Sequence[int]) -> None:
    """Let records be bad rows from now on, of which the id alone is known; but their appointments are held.

    One held row stands for all that are rejected of an appointment. It says cancelled where all of them do.
    """
    chosen = json.dumps(list(numbers))
    db.execute(
        f"insert into staged_errors select number, file, place, source_id, {_START[kind]}"
        f" from staged_{kind} where number in (select value from json_each(?))",
        [chosen],
    )
    held = []
    if kind == "appointments":
        held = db.execute(
            "select min(number), file, place, source_id, min(coalesce(status, '') = 'cancelled'), group_concat(says)"
            " from (select *, concat_(patient, name, phone, language, consent, starts_at, ends_at, status, location,"
            " practitioner, type, outcome, unread) as says from staged_appointments"
            " where number in (select value from json_each(?)) order by says) group by file, source_id",
            [chosen],
        ).fetchall()
    remove(db, kind, numbers)
    db.conn.executemany(
        "insert into staged_appointments (number, file, place, source_id, status, unread, held)"
        " values (?, ?, ?, ?, ?, ?, 1)",
        (
            (number, file, place, id_, *(("cancelled", None) if cancelled else (None, json.dumps({"row": mark(says)}))))
            for number, file, place, id_, cancelled, says in held
        ),
    )
