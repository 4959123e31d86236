"""Changes: staged records are compared with what is stored as a whole, and only what differs comes back.

The comparisons here only find; what becomes of a record that differs is a rule of the domain. What a record doesn't
say is null, which differs from nothing: a comparison with `<>` and null is never true.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from smsreminders.domain.agenda.believed import Status
from smsreminders.domain.agenda.missing import Absent
from smsreminders.store.agenda.said import SourceRow
from smsreminders.store.database import Database
from smsreminders.store.patients import E164_OF
from smsreminders.store.times import from_text, maybe_time, to_text

_AT_ONCE = 2_000  # records that come back together
_PATIENT_DIFFERS = (
    "d.source_id is null or nullif(w.name, '') <> coalesce(d.name, '') or w.phone <> coalesce(d.phone, '')"
    " or w.language <> coalesce(d.language, '') or w.consent <> coalesce(d.consent, -1)"
    " or w.unheard <> coalesce(d.unread, '') or (d.unread is not null and w.consent is not null)"
    " or w.as_of > coalesce(d.as_of, '')"
)
_APPOINTMENT_DIFFERS = (
    "d.source_id is null or s.patient <> coalesce(d.patient, '') or s.starts_at <> coalesce(d.starts_at, '')"
    " or s.ends_at <> coalesce(d.ends_at, '') or s.status <> coalesce(d.status, '')"
    " or s.location <> coalesce(d.location, '') or s.practitioner <> coalesce(d.practitioner, '')"
    " or s.type <> coalesce(d.type, '') or s.outcome <> coalesce(d.outcome, '')"
    " or coalesce(s.unread, '') <> coalesce(d.unread, '') or (d.status = 'missing' and s.status is null)"
    " or s.as_of > coalesce(d.as_of, '')"
)


def find_changed_patients(db: Database, source: SourceRow, file: int) -> None:
    """Find the patients of a file who are new, or of whom it says another thing than its source did the last time."""
    db.execute("delete from staged_changes")
    db.execute(
        "insert into staged_changes (number, stored_id, is_new) select w.number, p.id,"
        " p.id is null and d.source_id is null and coalesce(w.name, '') <> '' and w.unheard is null"
        " from staged_people w"
        " left join patients p on p.practice_id = :practice and p.source_id = w.source_id"
        " left join said_patients d on d.from_source_id = :source and d.source_id = w.source_id"
        f" where w.file = :file and (p.id is null or {_PATIENT_DIFFERS}) and not coalesce(w.as_of < d.as_of, 0)",
        {"practice": source.practice_id, "file": file, "source": source.id},
    )


_NEW_PATIENTS = "from staged_changes c cross join staged_people w on w.number = c.number where c.is_new = 1"


def new_patients(db: Database) -> Iterator[tuple[str, str]]:
    """Give the patients of whom nothing was known, with a name and no word that is unclear: their ids and names."""
    yield from db.execute(f"select w.source_id, w.name {_NEW_PATIENTS} order by c.number")


def add_new_patients(db: Database, source: SourceRow, *, file: str, now: datetime) -> int:
    """Store the new patients in the order of the file, each with the consent that it says. Returns their number."""
    phone = "coalesce(w.phone, '')"
    count = db.execute(
        "insert into patients (practice_id, source_id, name, phone, e164, language)"
        f" select ?, w.source_id, w.name, {phone}, {E164_OF.format(phone)}, nullif(w.language, '') {_NEW_PATIENTS}"
        " order by c.number",
        [source.practice_id],
    ).rowcount
    db.execute(
        "insert into consent_events (patient_id, channel, given, at, how, by_whom, wording, recorded_at)"
        " select (select p.id from patients p where p.practice_id = ? and p.source_id = w.source_id), 'sms', w.consent,"
        f" ?, 'import', ?, '', ? {_NEW_PATIENTS} and w.consent is not null order by c.number",
        [source.practice_id, to_text(now), file, to_text(now)],
    )
    db.execute(
        "insert into said_patients (from_source_id, source_id, name, phone, language, consent, as_of)"
        f" select ?, w.source_id, w.name, w.phone, w.language, w.consent, w.as_of {_NEW_PATIENTS}",
        [source.id],
    )
    return count


def changed_patients(db: Database) -> Iterator[list[tuple[Any, ...]]]:
    """Give the other changed patients, some at a time, as the staging table of patients has them, and then `as_of`."""
    return _in_hand(
        db,
        "select c.number, w.file, '', w.source_id, w.name, w.phone, w.language, w.consent, w.unheard, w.as_of"
        " from staged_changes c cross join staged_people w on w.number = c.number"
        " where c.is_new = 0 and c.number > ? order by c.number limit ?",
    )


def of_patients(db: Database, kind: str, file: int, source_ids: Iterable[str]) -> Iterator[tuple[int, str, str, str]]:
    """Give the records of a file about these patients: number, place, source id, the patient's source id."""
    patient = "patient" if kind == "appointments" else "source_id"
    yield from db.execute(
        f"select number, place, source_id, {patient} from staged_{kind}"
        f" where file = ? and {patient} in (select value from json_each(?)) order by number",
        [file, json.dumps(list(source_ids))],
    )


def older_appointments(db: Database, source: SourceRow, file: int) -> list[int]:
    """Find the appointments' records of a file that were written before what their source has said already."""
    rows = db.execute(
        "select s.number from staged_appointments s cross join said_appointments d"
        " on d.from_source_id = ? and d.source_id = s.source_id where s.file = ? and s.as_of < d.as_of",
        [source.id, file],
    )
    return [number for (number,) in rows]


def find_changed_appointments(db: Database, source: SourceRow, file: int) -> None:
    """Find the appointments of a file that are new, or of which it says another thing than its source did last.

    Their patients are stored, as far as they are known.
    """
    db.execute("delete from staged_changes")
    db.execute(
        "insert into staged_changes (number, patient_id, stored_id) select s.number,"
        " (select p.id from patients p where p.practice_id = :practice and p.source_id = s.patient), a.id"
        " from staged_appointments s"
        " left join appointments a on a.practice_id = :practice and a.source_id = s.source_id"
        " left join said_appointments d on d.from_source_id = :source and d.source_id = s.source_id"
        f" where s.file = :file and (a.id is null or {_APPOINTMENT_DIFFERS})",
        {"practice": source.practice_id, "file": file, "source": source.id},
    )


_NEW = (
    "from staged_changes c cross join staged_appointments s on s.number = c.number where c.stored_id is null"
    " and c.patient_id is not null and s.starts_at is not null and s.unread is null"
    " and coalesce(s.status, '') <> 'ignored' and s.held is null"
)


def add_new_appointments(db: Database, source: SourceRow) -> int:
    """Store the appointments that are new and clear, in the order of the file. Returns their number."""
    db.execute(
        "insert or replace into said_appointments select ?, s.source_id, s.patient, s.starts_at, s.ends_at, s.status,"
        f" s.location, s.practitioner, s.type, s.outcome, null, s.as_of, null, null {_NEW} order by s.source_id",
        [source.id],
    )
    return db.execute(
        "insert into appointments"
        " (practice_id, source_id, patient_id, starts_at, ends_at, location, practitioner, type, outcome,"
        " status, revision)"
        " select ?, s.source_id, c.patient_id, s.starts_at, s.ends_at, coalesce(s.location, ''),"
        f" coalesce(s.practitioner, ''), coalesce(s.type, ''), s.outcome,"
        f" coalesce(s.status, 'booked'), 1 {_NEW} order by c.number",
        [source.practice_id],
    ).rowcount


def changed_appointments(db: Database) -> Iterator[list[tuple[Any, ...]]]:
    """Give the changed appointments that are stored or not clear, some at a time, with their patient's row id."""
    return _in_hand(
        db,
        "select s.*, c.patient_id from staged_changes c cross join staged_appointments s on s.number = c.number"
        " where (c.stored_id is not null or s.unread is not null or (s.as_of is not null and s.starts_at is null))"
        " and c.number > ? order by c.number limit ?",
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


def absent_between(db: Database, source: SourceRow, start: datetime, end: datetime) -> list[Absent]:
    """List the booked appointments in [start, end) that no staged file has, be it as a bad row, by their start."""
    rows = db.execute(
        "select a.id, a.source_id, a.starts_at, d.source_id is not null, d.status, a.missing is not null, d.lacked_by,"
        " d.lacked_at from appointments a"
        " left join said_appointments d on d.from_source_id = ? and d.source_id = a.source_id"
        " where a.practice_id = ? and a.starts_at >= ? and a.starts_at < ? and a.status = 'booked'"
        " and a.source_id not in (select source_id from staged_appointments)"
        " and a.source_id not in (select source_id from staged_errors)"
        " order by a.starts_at, a.id",
        [source.id, source.practice_id, to_text(start), to_text(end)],
    )
    return [
        Absent(
            id_,
            own_id,
            from_text(at),
            bool(told),
            Status(said) if said else None,
            bool(is_missing),
            lacked_by or "",
            maybe_time(lacked_at),
        )
        for id_, own_id, at, told, said, is_missing, lacked_by, lacked_at in rows
    ]


def gone_of_whole(
    db: Database, source: SourceRow, ranges: Sequence[tuple[str, str, datetime | None]], start: datetime
) -> dict[int, str]:
    """Give the booked appointments of some ids, from a start on, that the source told of and no staged file has."""
    rows = db.execute(
        "select a.id, a.source_id from json_each(?) r cross join appointments a on a.practice_id = ?"
        " and a.source_id between json_extract(r.value, '$[0]') and json_extract(r.value, '$[1]')"
        " where a.starts_at >= ? and a.status = 'booked'"
        " and a.source_id not in (select source_id from staged_appointments)"
        " and a.source_id not in (select source_id from staged_errors)"
        " and exists (select 1 from said_appointments d"
        " where d.from_source_id = ? and d.source_id = a.source_id"
        " and (coalesce(d.status, '') <> 'missing' or a.missing is not null)"
        " and coalesce(d.as_of, '') <= coalesce(json_extract(r.value, '$[2]'), '~'))"
        " order by a.starts_at, a.id",
        [
            json.dumps([(first, last, as_of and to_text(as_of)) for first, last, as_of in ranges]),
            source.practice_id,
            to_text(start),
            source.id,
        ],
    )
    return dict(rows.fetchall())
