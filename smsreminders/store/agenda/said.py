"""What sources have said: each row's words of the last time, field by field, and which fields their files had."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from smsreminders.domain.agenda.believed import SaidAppointment, Status
from smsreminders.domain.appointments import Outcome
from smsreminders.store.database import Database
from smsreminders.store.many import insert_rows
from smsreminders.store.times import maybe_text, maybe_time, to_text


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source as it is stored; `fields` are those of its last good file, each with whether most rows filled it."""

    id: int
    practice_id: int
    name: str
    kind: str
    fields: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class SaidPatient:
    """What a source said of a patient the last time; None: it never did. `unheard` marks a consent not understood."""

    name: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    language: str | None = None
    consent: bool | None = None
    unheard: str | None = None
    as_of: datetime | None = None


def source_of(db: Database, practice_id: int, name: str, kind: str) -> SourceRow:
    """Find a source, which is made if there is none yet."""
    named = [practice_id, name, kind]
    db.execute("insert or ignore into sources (practice_id, name, kind, fields) values (?, ?, ?, '{}')", named)
    id_, fields = db.execute(
        "select id, fields from sources where practice_id = ? and name = ? and kind = ?", named
    ).fetchone()
    return SourceRow(id_, practice_id, name, kind, json.loads(fields))


def keep_fields(db: Database, source: SourceRow, fields: Mapping[str, bool]) -> None:
    """Keep which fields a good file of the source had."""
    db.execute("update sources set fields = ? where id = ?", [json.dumps(dict(fields)), source.id])


def patients_said(db: Database, source: SourceRow, source_ids: Iterable[str]) -> dict[str, SaidPatient]:
    """Recall what a source said of these patients."""
    rows = db.execute(
        "select source_id, name, phone, language, consent, unread, as_of from said_patients"
        " where from_source_id = ? and source_id in (select value from json_each(?))",
        [source.id, json.dumps(list(source_ids))],
    )
    return {
        id_: SaidPatient(name, phone, language, None if consent is None else bool(consent), unread, maybe_time(as_of))
        for id_, name, phone, language, consent, unread, as_of in rows
    }


def keep_patients(db: Database, source: SourceRow, said: Mapping[str, SaidPatient]) -> None:
    """Keep what a source has said of patients."""
    insert_rows(
        db,
        "said_patients (from_source_id, source_id, name, phone, language, consent, unread, as_of)",
        f"({source.id}, ?, ?, ?, ?, ?, ?, ?)",
        ((id_, *_patient_row(words)) for id_, words in said.items()),
        "on conflict (from_source_id, source_id) do update set name = excluded.name, phone = excluded.phone,"
        " language = excluded.language, consent = excluded.consent, unread = excluded.unread, as_of = excluded.as_of",
    )


def appointments_said(db: Database, source: SourceRow, source_ids: Iterable[str]) -> dict[str, SaidAppointment]:
    """Recall what a source said of these appointments."""
    rows = db.execute(
        "select source_id, patient, starts_at, ends_at, status, location, practitioner, type, outcome, unread, as_of"
        " from said_appointments"
        " where from_source_id = ? and source_id in (select value from json_each(?))",
        [source.id, json.dumps(list(source_ids))],
    )
    return {
        id_: SaidAppointment(
            patient,
            maybe_time(starts_at),
            maybe_time(ends_at),
            Status(status) if status else None,
            location,
            practitioner,
            json.loads(unread) if unread else {},
            kind,
            maybe_time(as_of),
            Outcome(outcome) if outcome else None,
        )
        for id_, patient, starts_at, ends_at, status, location, practitioner, kind, outcome, unread, as_of in rows
    }


def keep_appointments(db: Database, source: SourceRow, said: Mapping[str, SaidAppointment]) -> None:
    """Keep what a source has said of appointments."""
    insert_rows(
        db,
        "said_appointments (from_source_id, source_id,"
        " patient, starts_at, ends_at, status, location, practitioner, type, outcome, unread, as_of)",
        f"({source.id}, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((id_, *_row(words)) for id_, words in said.items()),
        "on conflict (from_source_id, source_id) do update set patient = excluded.patient,"
        " starts_at = excluded.starts_at, ends_at = excluded.ends_at, status = excluded.status,"
        " location = excluded.location, practitioner = excluded.practitioner, type = excluded.type,"
        " outcome = excluded.outcome, unread = excluded.unread, as_of = excluded.as_of",
    )


def keep_missing(db: Database, source: SourceRow, appointment_ids: Iterable[int], content: str, now: datetime) -> None:
    """Keep that a complete file of some content lacks these appointments, by their row ids: being back is news."""
    db.execute(
        "insert into said_appointments (from_source_id, source_id, status, lacked_by, lacked_at)"
        " select ?, source_id, 'missing', ?, ? from appointments where id in (select value from json_each(?))"
        " on conflict (from_source_id, source_id) do update set status = 'missing', lacked_by = excluded.lacked_by,"
        " lacked_at = excluded.lacked_at",
        [source.id, content, to_text(now), json.dumps(list(appointment_ids))],
    )


def hold_appointments(db: Database, practice_id: int, reasons: Mapping[str, str | None]) -> None:
    """Write why appointments are unclear, by their source ids; None ends it."""
    db.conn.executemany(
        "update appointments set unclear = ? where practice_id = ? and source_id = ?",
        ((reason, practice_id, id_) for id_, reason in reasons.items()),
    )


def hold_patients(db: Database, practice_id: int, reasons: Mapping[str, str | None], now: datetime) -> None:
    """Write why the consent of patients is unclear, and since when; None ends it."""
    db.conn.executemany(
        "update patients set unclear = ?, unclear_since = ? where practice_id = ? and source_id = ?",
        ((reason, to_text(now) if reason else None, practice_id, id_) for id_, reason in reasons.items()),
    )


def unclear_since(db: Database, practice_id: int, source_ids: Iterable[str]) -> dict[str, datetime]:
    """Tell since when the consent of each of these patients is unclear; the others are left out."""
    rows = db.execute(
        "select source_id, unclear_since from patients where practice_id = ? and unclear is not null"
        " and source_id in (select value from json_each(?))",
        [practice_id, json.dumps(list(source_ids))],
    )
    return {id_: since for id_, text in rows if (since := maybe_time(text))}


def _patient_row(said: SaidPatient) -> tuple[str | bool | None, ...]:
    return said.name, said.phone, said.language, said.consent, said.unheard, maybe_text(said.as_of)


def _row(said: SaidAppointment) -> tuple[str | None, ...]:
    return (
        said.patient,
        maybe_text(said.starts_at),
        maybe_text(said.ends_at),
        said.status.value if said.status else None,
        said.location,
        said.practitioner,
        said.type,
        said.outcome and said.outcome.value,
        json.dumps(dict(said.unread), sort_keys=True) if said.unread else None,
        maybe_text(said.as_of),
    )
