"""Changes: staged records are compared with what is stored as a whole, and only what differs comes back.

The comparisons here only find; what becomes of a record that differs is a rule of the domain. What a record doesn't
say is null, which differs from nothing: a comparison with `<>` and null is never true.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from smsreminders.store.database import Database
from smsreminders.store.times import to_text

_AT_ONCE = 2_000  # records that come back together
_PATIENT_DIFFERS = (
    "nullif(w.name, '') <> p.name or w.phone <> p.phone or w.language <> coalesce(p.language, '')"
    " or w.consent <> coalesce(c.said, -1)"
)
_APPOINTMENT_DIFFERS = (
    "a.patient_id <> p.id or s.starts_at <> a.starts_at or s.ends_at <> coalesce(a.ends_at, '')"
    " or s.status <> a.status or s.location <> a.location or s.practitioner <> a.practitioner"
)


def find_changed_patients(db: Database, practice_id: int, file: int, kind: str) -> None:
    """Find the patients of a file who are new, or of whom it says another thing than is stored."""
    db.execute("delete from staged_changes")
    db.execute(
        "insert into staged_changes (number, stored_id) select w.number, p.id from staged_people w"
        " left join patients p on p.practice_id = :practice and p.source_id = w.source_id"
        " left join consent_columns c on c.patient_id = p.id and c.kind = :kind"
        f" where w.file = :file and (p.id is null or {_PATIENT_DIFFERS})",
        {"practice": practice_id, "file": file, "kind": kind},
    )


def changed_patients(db: Database) -> Iterator[list[tuple[Any, ...]]]:
    """Give those that were found, some at a time, as the staging table of patients has them."""
    return _in_hand(
        db,
        "select c.number, w.file, '', w.source_id, w.name, w.phone, w.language, w.consent"
        " from staged_changes c cross join staged_people w on w.number = c.number where c.number > ?"
        " order by c.number limit ?",
    )


def of_patients(db: Database, kind: str, file: int, source_ids: Iterable[str]) -> Iterator[tuple[int, str, str, str]]:
    """Give the records of a file about these patients: number, place, source id, the patient's source id."""
    patient = "patient" if kind == "appointments" else "source_id"
    yield from db.execute(
        f"select number, place, source_id, {patient} from staged_{kind}"
        f" where file = ? and {patient} in (select value from json_each(?)) order by number",
        [file, json.dumps(list(source_ids))],
    )


def find_changed_appointments(db: Database, practice_id: int, file: int) -> None:
    """Find the appointments of a file that are new, or of which it says another thing than is stored.

    Their patients are stored.
    """
    db.execute("delete from staged_changes")
    db.execute(
        "insert into staged_changes select s.number, p.id, a.id from staged_appointments s"
        " cross join patients p on p.practice_id = :practice and p.source_id = s.patient"
        " left join appointments a on a.practice_id = :practice and a.source_id = s.source_id"
        f" where s.file = :file and (a.id is null or {_APPOINTMENT_DIFFERS})",
        {"practice": practice_id, "file": file},
    )


def add_new_appointments(db: Database, practice_id: int) -> int:
    """Store those that are new, in the order of the file. Returns their number."""
    return db.execute(
        "insert into appointments"
        " (practice_id, source_id, patient_id, starts_at, ends_at, location, practitioner, status, revision)"
        " select ?, s.source_id, c.patient_id, s.starts_at, s.ends_at, coalesce(s.location, ''),"
        " coalesce(s.practitioner, ''), s.status, 1 from staged_changes c"
        " cross join staged_appointments s on s.number = c.number where c.stored_id is null order by c.number",
        [practice_id],
    ).rowcount


def changed_appointments(db: Database) -> Iterator[list[tuple[Any, ...]]]:
    """Give those that are stored, some at a time, as they were staged, and at the end the stored patient's id."""
    return _in_hand(
        db,
        "select s.*, c.patient_id from staged_changes c cross join staged_appointments s on s.number = c.number"
        " where c.stored_id is not null and c.number > ? order by c.number limit ?",
    )


def staged_consents(db: Database, file: int) -> Iterator[list[tuple[Any, ...]]]:
    """Give the consents of a file, some at a time, as they were staged."""
    of_file = f"select * from staged_consents where file = {file}"
    return _in_hand(db, f"{of_file} and number > ? order by number limit ?")


def _in_hand(db: Database, page_after: str) -> Iterator[list[tuple[Any, ...]]]:
    """Give rows page by page, so that what is read is never what is being written; each begins with its number."""
    last = -1
    while page := db.execute(page_after, [last, _AT_ONCE]).fetchall():
        last = page[-1][0]
        yield page


def booked_between(db: Database, practice_id: int, start: datetime, end: datetime) -> int:
    """Count the booked appointments of a practice that start in [start, end)."""
    (count,) = db.execute(f"select count(*) {_BOOKED}", _between(practice_id, start, end)).fetchone()
    return int(count)


def gone_between(db: Database, practice_id: int, start: datetime, end: datetime) -> list[int]:
    """Give the ids of those of them that no staged file has, be it as a bad row."""
    rows = db.execute(
        f"select a.id {_BOOKED} and a.source_id not in (select source_id from staged_appointments)"
        " and a.source_id not in (select source_id from staged_errors)",
        _between(practice_id, start, end),
    )
    return [id_ for (id_,) in rows]


_BOOKED = "from appointments a where a.practice_id = ? and a.starts_at >= ? and a.starts_at < ? and a.status = 'booked'"


def _between(practice_id: int, start: datetime, end: datetime) -> list[Any]:
    return [practice_id, to_text(start), to_text(end)]
