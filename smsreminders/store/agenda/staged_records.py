"""What was staged of a file: its records and counts of them, before it is applied (see staging)."""

import json
from collections.abc import Iterator
from datetime import datetime
from hashlib import blake2b
from typing import Any

from smsreminders.store.database import Database
from smsreminders.store.times import to_text


def _is_filled(column: str) -> str:
    return f"coalesce({column}, '') <> ''"


_OF_A_PATIENT = {
    "phone": _is_filled("phone"),
    "language": _is_filled("language"),
    "consent": "consent is not null or unheard is not null",
}
_FILLED = {
    "patients": {"name": _is_filled("name"), **_OF_A_PATIENT},
    "appointments": {
        "patient_id": _is_filled("patient"),
        "patient_name": _is_filled("name"),
        **_OF_A_PATIENT,
        "end": _is_filled("ends_at"),
        "status": "status is not null or outcome is not null or unread is not null",
        "location": _is_filled("location"),
        "practitioner": _is_filled("practitioner"),
        "type": _is_filled("type"),
    },
    "consents": {"at": "at is not null or unread is not null", "by": _is_filled("by_whom")},
}


def count_staged(db: Database, kind: str, file: int) -> int:
    """Count the records of a file that are left."""
    good = "and held is null" if kind == "appointments" else ""
    (count,) = db.execute(f"select count(*) from staged_{kind} where file = ? {good}", [file]).fetchone()
    return int(count)


def count_ignored(db: Database, file: int) -> int:
    """Count the appointments of a file that are to be ignored."""
    counting = "select count(*) from staged_appointments where file = ? and status = 'ignored'"
    return int(db.execute(counting, [file]).fetchone()[0])


def what_is_said(db: Database, file: int) -> str:
    """Compute the hash of what a file says of appointments, in whatever order: by that it is known again."""
    columns = "source_id, patient, starts_at, ends_at, status, location, practitioner, type, outcome, unread"
    said = blake2b()
    for row in db.execute(f"select {columns} from staged_appointments where file = ? order by source_id", [file]):
        said.update(json.dumps(row).encode())
    return said.hexdigest()


def staged_rows(db: Database, kind: str, file: int) -> Iterator[tuple[Any, ...]]:
    """Give the records of a file that are left, in their order, as they were staged."""
    yield from db.execute(f"select * from staged_{kind} where file = ? order by number", [file])


def started(db: Database, file: int, now: datetime) -> tuple[int, list[int]]:
    """Count a file's appointments that started before, and give the numbers of the rejected ones of them."""
    at = [file, to_text(now)]
    begun = "where file = ? and starts_at < ?"
    rejected = [number for (number,) in db.execute(f"select number from staged_errors {begun}", at)]
    (staged,) = db.execute(f"select count(*) from staged_appointments {begun} and held is null", at).fetchone()
    return int(staged) + len(rejected), rejected


def count_filled(db: Database, kind: str, file: int) -> tuple[int, dict[str, int]]:
    """Count the records of a file, and by our field in how many of them something is written."""
    columns = _FILLED[kind]
    of_all, *counts = db.execute(
        f"select count(*), {', '.join(f'total({says})' for says in columns.values())} from staged_{kind}"
        " where file = ?",
        [file],
    ).fetchone()
    return int(of_all), {name: int(count) for name, count in zip(columns, counts, strict=True)}
