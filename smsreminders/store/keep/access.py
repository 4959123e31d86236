"""The access log: lines appended and listed; and the row ids of those it is about."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from smsreminders.domain.keep.access import Access, Line, Mark, Verb, chained
from smsreminders.store.database import Database
from smsreminders.store.times import from_text, maybe_text, to_text

_LINE = "number, at, os_user, by_whom, command, verb, practice_id, patients, note, hash"


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line of the access log with the practice's code and the patients' ids of today, as it is shown."""

    number: int
    at: datetime
    user: str
    by: str
    command: str
    verb: str
    practice: str | None
    patients: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lines are asked for: of a practice, about a patient, between two times; what is None is left open."""

    practice_id: int | None = None
    patient: str | None = None
    start: datetime | None = None
    end: datetime | None = None

    def values(self) -> dict[str, object]:
        """Give the values of the query."""
        return {
            "practice": self.practice_id,
            "patient": self.patient,
            "start": maybe_text(self.start),
            "end": maybe_text(self.end),
        }


def base_mark(db: Database) -> Mark:
    """Find the mark of the last line that was purged; of an empty log where none was."""
    return Mark(*db.execute("select number, hash from access_base").fetchone())


def last_mark(db: Database) -> Mark:
    """Find how far the log has come."""
    last = db.execute("select number, hash from access_log order by number desc limit 1").fetchone()
    return Mark(*last) if last else base_mark(db)


def append_line(
    db: Database, access: Access, verb: Verb, practice_id: int | None, patient_ids: Iterable[int], note: str = ""
) -> Mark:
    """Append a line, chained with the last one, and return its mark."""
    last = last_mark(db)
    line = Line(
        last.number + 1,
        to_text(access.at),
        access.user,
        access.by,
        access.command,
        verb.value,
        practice_id,
        json.dumps(sorted(patient_ids)),
        note,
    )
    line = chained(line, last.hash)
    values = [line.number, line.at, line.user, line.by, line.command, line.verb, line.practice, line.patients]
    db.execute(f"insert into access_log ({_LINE}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [*values, note, line.hash])
    return Mark(line.number, line.hash)


def all_lines(db: Database) -> Iterator[Line]:
    """List the lines as they are stored, by their numbers."""
    for row in db.execute(f"select {_LINE} from access_log order by number"):
        yield Line(*row)


_OF = """
    from access_log l left join practices c on c.id = l.practice_id
    where (:practice is null or l.practice_id = :practice)
        and (:start is null or l.at >= :start) and (:end is null or l.at < :end)
        and (:patient is null or exists (
            select 1 from json_each(l.patients) e join patients p on p.id = e.value where p.source_id = :patient))"""


def lines_shown(db: Database, asked: Asked, *, limit: int | None = None) -> Iterator[LineShown]:
    """List the lines that are asked for by their numbers; with a limit the newest ones."""
    rows = db.execute(
        "select * from (select l.number, l.at, l.os_user, l.by_whom, l.command, l.verb, c.code, ("
        "select json_group_array(p.source_id) from json_each(l.patients) e join patients p on p.id = e.value), l.note"
        f"{_OF} order by l.number desc limit :limit) order by number",
        asked.values() | {"limit": -1 if limit is None else limit},
    )
    for number, at, user, by, command, verb, code, patients, note in rows:
        yield LineShown(number, from_text(at), user, by, command, verb, code, tuple(json.loads(patients)), note)


def count_lines(db: Database, asked: Asked) -> int:
    """Count what `lines_shown` lists."""
    (count,) = db.execute(f"select count(*) {_OF}", asked.values()).fetchone()
    return int(count)


def ids_of(db: Database, seen: Iterable[tuple[str, str | None]]) -> dict[int, set[int]]:
    """Find the row ids of practices by their codes, each with those of its patients that are named."""
    found: dict[int, set[int]] = {}
    rows = db.execute(
        "select c.id, p.id from json_each(?) t join practices c on c.code = json_extract(t.value, '$[0]')"
        " left join patients p on p.practice_id = c.id and p.source_id = json_extract(t.value, '$[1]')",
        [json.dumps(list(seen))],
    )
    for practice_id, patient_id in rows:
        found.setdefault(practice_id, set()).update([] if patient_id is None else [patient_id])
    return found
