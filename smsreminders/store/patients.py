"""Patients, and their consent: an append-only series of events of which the last one counts."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from smsreminders.domain.consent import ConsentEvent, How
from smsreminders.errors import UsageError
from smsreminders.store.database import Database
from smsreminders.store.many import insert_rows
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
        raise unknown_patient(source_id)
    return found[source_id]


def unknown_patient(source_id: str) -> UsageError:
    """What is told of a patient that there isn't."""
    return UsageError(f'there is no patient "{source_id}"; `smsreminders patient list` shows them')


def ids_among(db: Database, practice_id: int, source_ids: Iterable[str]) -> dict[str, int]:
    """The ids of those of these patients that are known, by source id."""
    rows = db.execute(
        "select source_id, id from patients where practice_id = ? and source_id in (select value from json_each(?))",
        [practice_id, json.dumps(list(source_ids))],
    )
    return dict(rows.fetchall())


def save_patients(db: Database, practice_id: int, patients: Sequence[Patient]) -> dict[str, int]:
    """Add patients, or write them as they are now (their `id` and `consent` are not looked at). Returns their ids."""
    insert_rows(
        db,
        "patients (practice_id, source_id, name, phone, language)",
        f"({practice_id}, ?, ?, ?, ?)",
        ((one.source_id, one.name, one.phone, one.language) for one in patients),
        "on conflict (practice_id, source_id) do update"
        " set name = excluded.name, phone = excluded.phone, language = excluded.language",
    )
    return ids_among(db, practice_id, [one.source_id for one in patients])


def add_consents(db: Database, events: Iterable[tuple[int, ConsentEvent]], recorded_at: datetime) -> None:
    """Append events, each to the consent of the patient of this id."""
    recorded = to_text(recorded_at)
    insert_rows(
        db,
        "consent_events (patient_id, channel, given, at, how, by_whom, wording, recorded_at)",
        "(?, 'sms', ?, ?, ?, ?, ?, ?)",
        ((id_, one.given, to_text(one.at), one.how.value, one.by, one.wording, recorded) for id_, one in events),
    )


def add_consent(db: Database, patient_id: int, event: ConsentEvent, recorded_at: datetime) -> None:
    """Append an event to a patient's consent."""
    add_consents(db, [(patient_id, event)], recorded_at)


def consent_history(db: Database, patient_id: int) -> list[ConsentEvent]:
    """All events of a patient, the one in force last."""
    return consent_histories(db, [patient_id])[patient_id]


def consent_histories(db: Database, patient_ids: Iterable[int]) -> dict[int, list[ConsentEvent]]:
    """The same of each of these patients."""
    histories: dict[int, list[ConsentEvent]] = {id_: [] for id_ in patient_ids}
    rows = db.execute(
        "select patient_id, given, at, how, by_whom, wording from consent_events"
        " where patient_id in (select value from json_each(?)) and channel = 'sms' order by patient_id, at, id",
        [json.dumps(list(histories))],
    )
    for id_, given, at, how, by, wording in rows:
        histories[id_].append(ConsentEvent(bool(given), from_text(at), How(how), by, wording))
    return histories


def said_before(db: Database, patient_ids: Iterable[int], kind: str) -> dict[int, bool]:
    """What the consent column of this kind of file said of these patients at its last import."""
    rows = db.execute(
        "select patient_id, said from consent_columns"
        " where patient_id in (select value from json_each(?)) and kind = ?",
        [json.dumps(list(patient_ids)), kind],
    )
    return {patient_id: bool(said) for patient_id, said in rows}


def remember_said(db: Database, kind: str, said: Mapping[int, bool]) -> None:
    """Keep what the column of this kind of file says now of patients, by their ids."""
    insert_rows(
        db,
        "consent_columns (patient_id, kind, said)",
        "(?, ?, ?)",
        ((patient_id, kind, given) for patient_id, given in said.items()),
        "on conflict (patient_id, kind) do update set said = excluded.said",
    )


def _patient(row: tuple[int, str, str, str, str | None, int | None]) -> Patient:
    id_, source_id, name, phone, language, consent = row
    return Patient(id_, source_id, name, phone, language, None if consent is None else bool(consent))
