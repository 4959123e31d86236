"""What staged rows would change: they are compared with what is stored as a whole, and only what differs comes back.

The comparisons here only find; what becomes of a row that differs is a rule of the domain. What a row doesn't say
(null) is no difference.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from smsreminders.store.database import Database
from smsreminders.store.times import to_text

_AT_ONCE = 2_000  # rows that come back together


def find_changed_patients(db: Database, practice_id: int, file: int, kind: str) -> None:
    """Find the patients who are new, or of whom the file says another thing than is stored, each once."""
    db.execute("delete from staged_changed_patients")
    db.execute(
        "insert into staged_changed_patients (id) select min(w.id) from staged_patients w"
        " left join patients p on p.practice_id = :practice and p.source_id = w.source_id"
        " left join consent_columns c on c.patient_id = p.id and c.kind = :kind"
        " where w.file = :file and (p.id is null or w.name <> '' and w.name <> p.name or w.phone <> p.phone"
        " or w.language is not null and nullif(w.language, '') is not p.language"
        " or w.consent is not null and w.consent is not c.said) group by w.source_id",
        {"practice": practice_id, "file": file, "kind": kind},
    )


def changed_patients(db: Database) -> Iterator[list[tuple[Any, ...]]]:
    """Those that were found, some at a time: line, source id, name, phone, language, consent."""
    return _in_hand(
        db,
        "select c.id, w.line, w.source_id, w.name, w.phone, w.language, w.consent"
        " from staged_changed_patients c cross join staged_patients w on w.id = c.id",
    )


def last_appointment(db: Database) -> int:
    """The id of the one that was staged last, 0 if there is none."""
    (last,) = db.execute("select max(id) from staged_appointments").fetchone()
    return int(last or 0)


def know_patients(db: Database, practice_id: int, file: int) -> None:
    """Let the staged patients of a file know the stored ones."""
    db.execute(f"{_KNOW} where file = ?", [practice_id, file])


def know_more_patients(db: Database, practice_id: int, file: int, after: int) -> None:
    """The same of those who don't know theirs yet, for the appointments after this one."""
    of_these = "select patient from staged_appointments where id > ? and file = ?"
    db.execute(f"{_KNOW} where patient_id is null and id in ({of_these})", [practice_id, after, file])


_KNOW = (
    "update staged_patients set patient_id ="
    " (select id from patients p where p.practice_id = ? and p.source_id = staged_patients.source_id)"
)


def appointments_of_nobody(db: Database, file: int) -> list[tuple[int, int, str, str]]:
    """The appointments of a file whose patient is not stored: id, line, source id, the patient's source id."""
    return db.execute(
        "select id, line, source_id, patient_source_id from staged_agenda"
        " where file = ? and patient_id is null order by id",
        [file],
    ).fetchall()


def find_changed_appointments(db: Database, practice_id: int, file: int, after: int = 0) -> None:
    """Find the appointments after this one that are new, or of which the file says another thing than is stored.

    What was found before it stays. The staged patients know the stored ones.
    """
    db.execute("delete from staged_changes where id > ?", [after])
    db.execute(
        "insert into staged_changes (id, stored_id) select s.id, a.id from staged_agenda s"
        " left join appointments a on a.practice_id = :practice and a.source_id = s.source_id"
        " where s.id > :after and s.file = :file"
        " and (a.id is null or a.patient_id is not s.patient_id or a.starts_at <> s.starts_at"
        " or s.ends_at is not null and s.ends_at is not a.ends_at or a.status <> s.status"
        " or s.location <> a.location or s.practitioner <> a.practitioner)",
        {"practice": practice_id, "file": file, "after": after},
    )


def add_new_appointments(db: Database, practice_id: int) -> int:
    """Store those that are new, in the order of the file. Returns their number."""
    return db.execute(
        "insert into appointments"
        " (practice_id, source_id, patient_id, starts_at, ends_at, location, practitioner, status, revision)"
        " select ?, s.source_id, s.patient_id, s.starts_at, s.ends_at, coalesce(s.location, ''),"
        " coalesce(s.practitioner, ''), s.status, 1 from staged_changes c"
        " cross join staged_agenda s on s.id = c.id where c.stored_id is null order by c.id",
        [practice_id],
    ).rowcount


def changed_appointments(db: Database) -> Iterator[list[tuple[Any, ...]]]:
    """Those that are stored, some at a time: the stored patient's id, then as `staged_rows` has them."""
    return _in_hand(
        db,
        f"select s.id, s.patient_id, {_COLUMNS['appointments']}"
        " from staged_changes c cross join staged_agenda s on s.id = c.id",
        "c.stored_id is not null",
    )


def staged_consents(db: Database, file: int) -> Iterator[list[tuple[Any, ...]]]:
    """The consents of a file, some at a time."""
    return _in_hand(db, f"select s.id, {_COLUMNS['consents']} from staged_consents s", f"s.file = {file}", by="s.id")


def staged_rows(db: Database, kind: str, file: int) -> Iterator[tuple[Any, ...]]:
    """The rows of a file that are left, in their order, as they were staged; an appointment with its patient's."""
    table = "agenda" if kind == "appointments" else kind
    yield from db.execute(f"select {_COLUMNS[kind]} from staged_{table} s where s.file = ? order by s.id", [file])


_COLUMNS = {
    "appointments": "s.line, s.source_id, s.patient_source_id, s.name, s.phone, s.language, s.consent,"
    " s.starts_at, s.ends_at, s.status, s.location, s.practitioner",
    "patients": "s.line, s.source_id, s.name, s.phone, s.language, s.consent",
    "consents": "s.line, s.source_id, s.given, s.at, s.how, s.by_whom, s.wording",
}


def _in_hand(db: Database, select: str, which: str = "true", *, by: str = "c.id") -> Iterator[list[tuple[Any, ...]]]:
    """Page by page, so that what is read is never what is being written."""
    last = -1
    page_after = f"{select} where {which} and {by} > ? order by {by} limit {_AT_ONCE}"
    while page := db.execute(page_after, [last]).fetchall():
        last = page[-1][0]
        yield [row[1:] for row in page]


def booked_between(db: Database, practice_id: int, start: datetime, end: datetime) -> int:
    """How many booked appointments of a practice start in [start, end)."""
    (count,) = db.execute(f"select count(*) {_BOOKED}", _between(practice_id, start, end)).fetchone()
    return int(count)


def untold_between(db: Database, practice_id: int, start: datetime, end: datetime) -> Iterator[tuple[int, str]]:
    """Those of them that no staged file has: id, source id."""
    yield from db.execute(
        f"select a.id, a.source_id {_BOOKED} and a.source_id not in (select source_id from staged_appointments)",
        _between(practice_id, start, end),
    )


_BOOKED = "from appointments a where a.practice_id = ? and a.starts_at >= ? and a.starts_at < ? and a.status = 'booked'"


def _between(practice_id: int, start: datetime, end: datetime) -> list[Any]:
    return [practice_id, to_text(start), to_text(end)]
