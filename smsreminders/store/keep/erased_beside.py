"""Who was erased, noted beside the database: a backup that is put back still has them, and they are erased again.

A line for each: the practice's row id and the trace of the patient's id, with `-` before it where they are a patient
again. What isn't a whole line is passed over.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from smsreminders.store.database import Database, path_of
from smsreminders.store.ownership import give_to_owner

_LINE = re.compile(r"([+-]) (\d+) ([0-9a-f]{64})")
_TRACED = "select practice_id, trace_of((select salt from installation), source_id)"


def note_erased(db: Database) -> None:
    """Note who was erased and isn't noted yet: on disk when this returns. Raises OSError."""
    noted = _noted(db)
    _append(
        db, "+", [each for each in db.execute("select practice_id, trace from erased_patients") if each not in noted]
    )


def note_welcome(db: Database, practice_id: int, source_id: str) -> None:
    """Note that somebody is a patient again: on disk when this returns. Raises OSError."""
    ((trace,),) = db.execute("select trace_of((select salt from installation), ?)", [source_id]).fetchall()
    if (practice_id, trace) in _noted(db):
        _append(db, "-", [(practice_id, trace)])


def came_back(db: Database) -> list[tuple[int, str]]:
    """List the patients who were erased, but not in this database: each practice's row id and the patient's id."""
    if not (noted := _noted(db)):
        return []
    rows = db.execute(f"{_TRACED}, source_id from patients where erased_at is null order by id")
    return [(practice_id, source_id) for practice_id, trace, source_id in rows if (practice_id, trace) in noted]


def _noted(db: Database) -> set[tuple[int, str]]:
    """Read who is noted as erased; nobody where there is no file. Raises OSError."""
    noted: set[tuple[int, str]] = set()
    try:
        lines = _file(db).read_text(encoding="ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return noted
    for line in filter(None, map(_LINE.fullmatch, lines)):
        sign, practice_id, trace = line.groups()
        (noted.add if sign == "+" else noted.discard)((int(practice_id), trace))
    return noted


def _append(db: Database, sign: str, whom: Iterable[tuple[int, str]]) -> None:
    """Append lines; the first begins anew, for who died while writing may have left a piece of one."""
    text = "".join(f"\n{sign} {practice_id} {trace}" for practice_id, trace in whom)
    if not text:
        return
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    with os.fdopen(os.open(_file(db), flags, 0o600), "w", encoding="ascii") as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(file.fileno())
    give_to_owner(path_of(db))


def _file(db: Database) -> Path:
    database = path_of(db)
    return database.with_name(f"{database.name}.erased")
