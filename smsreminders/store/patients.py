"""Patients, and their consent: an append-only series of events of which the last one counts."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from smsreminders.domain.consent import ConsentEvent, How
from smsreminders.errors import UsageError
from smsreminders.store.database import Database
from smsreminders.store.times import from_text, to_text

CONSENT_IN_FORCE = (  # of the patient p: the latest event, of two at the same time the one recorded last
    "(select given from consent_events where patient_id = p.id and channel = 'sms' order by at desc, id desc limit 1)"
)


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient as the practice's record has them; `phone` is as it was written, `source_id` the record's own id.

    `consent` is what is in force, None if they were never asked.
    """

    id: int
    source_id: str
    name: str = field(repr=False)
    phone: str = field(repr=False)
    language: str | None
    consent: bool | None


_PATIENT = f"select p.id, p.source_id, p.name, p.phone, p.language, {CONSENT_IN_FORCE} from patients p"


def all_patients(db: Database, practice_id: int) -> Iterator[Patient]:
    """The patients of a practice, by source id."""
    yield from map(_patient, db.execute(f"{_PATIENT} where p.practice_id = ? order by p.source_id", [practice_id]))


def patients_among(db: Database, practice_id: int, source_ids: Iterable[str]) -> dict[str, Patient]:
    """Those of these patients that are known, by source id."""
    rows = db.execute(
        f"{_PATIENT} where p.practice_id = ? and p.source_id in (select value from json_each(?))",
        [practice_id, json.dumps(list(source_ids))],
    )
    return {patient.source_id: patient for patient in map(_patient, rows)}


def patient_by_id(db: Database, practice_id: int, source_id: str) -> Patient:
    """The patient of this source id. Raises UsageError."""
    found = patients_among(db, practice_id, [source_id])
    if not found:
        raise UsageError(f'there is no patient "{source_id}"; `smsreminders patient list` shows them')
    return found[source_id]


def save_patient(db: Database, practice_id: int, patient: Patient) -> int:
    """Add the patient, or write them as they are now (their `id` and `consent` are not looked at). Returns the id."""
    (id_,) = db.execute(
        "insert into patients (practice_id, source_id, name, phone, language) values (?, ?, ?, ?, ?)"
        " on conflict (practice_id, source_id) do update"
        " set name = excluded.name, phone = excluded.phone, language = excluded.language returning id",
        [practice_id, patient.source_id, patient.name, patient.phone, patient.language],
    ).fetchone()
    return int(id_)


def add_consent(db: Database, patient_id: int, event: ConsentEvent, recorded_at: datetime) -> None:
    """Append an event to a patient's consent."""
    db.execute(
        "insert into consent_events (patient_id, channel, given, at, how, by_whom, wording, recorded_at)"
        " values (?, 'sms', ?, ?, ?, ?, ?, ?)",
        [patient_id, event.given, to_text(event.at), event.how.value, event.by, event.wording, to_text(recorded_at)],
    )


def consent_history(db: Database, patient_id: int) -> list[ConsentEvent]:
    """All events of a patient, the one in force last."""
    rows = db.execute(
        "select given, at, how, by_whom, wording from consent_events"
        " where patient_id = ? and channel = 'sms' order by at, id",
        [patient_id],
    )
    return [ConsentEvent(bool(given), from_text(at), How(how), by, wording) for given, at, how, by, wording in rows]


def said_before(db: Database, patient_ids: Iterable[int], kind: str) -> dict[int, bool]:
    """What the consent column of this kind of file said of these patients at its last import."""
    rows = db.execute(
        "select patient_id, said from consent_columns"
        " where patient_id in (select value from json_each(?)) and kind = ?",
        [json.dumps(list(patient_ids)), kind],
    )
    return {patient_id: bool(said) for patient_id, said in rows}


def remember_said(db: Database, patient_id: int, kind: str, *, said: bool) -> None:
    """Keep what the column says now."""
    db.execute(
        "insert into consent_columns (patient_id, kind, said) values (?, ?, ?)"
        " on conflict (patient_id, kind) do update set said = excluded.said",
        [patient_id, kind, said],
    )


def _patient(row: tuple[int, str, str, str, str | None, int | None]) -> Patient:
    id_, source_id, name, phone, language, consent = row
    return Patient(id_, source_id, name, phone, language, None if consent is None else bool(consent))
