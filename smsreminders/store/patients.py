"""Patients, and their consent: an append-only series of events of which the last one counts."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from smsreminders.domain.consent import Consent, ConsentEvent, How
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

    `consent` is what is in force, `unclear` why what was told last of it could not be understood.
    """

    id: int
    source_id: str
    name: str = field(repr=False)
    phone: str = field(repr=False)
    language: str | None
    consent: Consent
    unclear: str | None = None


E164_OF = "number_of({}, (select country from installation))"  # of a phone as it is written, never null

_COLUMNS = f"p.id, p.source_id, p.name, p.phone, p.language, {CONSENT_IN_FORCE}, p.unclear"
_PATIENT = f"select {_COLUMNS} from patients p"


_LISTED = f"p.practice_id = ? and p.erased_at is null and (? or coalesce({CONSENT_IN_FORCE}, 0) = 0)"


def all_patients(db: Database, practice_id: int, *, without_consent: bool = False) -> Iterator[Patient]:
    """List the patients of a practice, by source id; or only who was never asked or withdrew consent."""
    rows = db.execute(f"{_PATIENT} where {_LISTED} order by p.source_id", [practice_id, not without_consent])
    yield from map(_patient, rows)


def count_patients(db: Database, practice_id: int, *, without_consent: bool = False) -> int:
    """Count what `all_patients` lists."""
    rows = db.execute(f"select count(*) from patients p where {_LISTED}", [practice_id, not without_consent])
    return int(rows.fetchone()[0])


def patients_by_language(db: Database, practice_id: int) -> dict[str, int]:
    """Count the patients of a practice who have a language of their own, by that language."""
    rows = db.execute(
        "select language, count(*) from patients where practice_id = ? and language is not null group by language",
        [practice_id],
    )
    return dict(rows.fetchall())


def patients_among(db: Database, practice_id: int, source_ids: Iterable[str]) -> dict[str, Patient]:
    """Find the patients of these source ids; an unknown id is left out."""
    rows = db.execute(
        f"{_PATIENT} where p.practice_id = ? and p.source_id in (select value from json_each(?))",
        [practice_id, json.dumps(list(source_ids))],
    )
    return {patient.source_id: patient for patient in map(_patient, rows)}


def patient_by_id(db: Database, practice_id: int, source_id: str) -> Patient:
    """Find a patient by their source id. Raises UsageError if there is none."""
    patients = patients_among(db, practice_id, [source_id])
    if not patients:
        raise unknown_patient(source_id)
    return patients[source_id]


def unknown_patient(source_id: str) -> UsageError:
    """Make the error for a source id that no patient has."""
    return UsageError(f'there is no patient "{source_id}"; `smsreminders patient list` shows them')


def ids_among(db: Database, practice_id: int, source_ids: Iterable[str]) -> dict[str, int]:
    """Find the row ids of patients by their source ids; an unknown id is left out."""
    rows = db.execute(
        "select source_id, id from patients where practice_id = ? and source_id in (select value from json_each(?))",
        [practice_id, json.dumps(list(source_ids))],
    )
    return dict(rows.fetchall())


def ids_with_zeros(db: Database, practice_id: int, source_ids: Iterable[str]) -> dict[str, str]:
    """Find the patients whose ids are these but for zeros before them, as spreadsheets take them off."""
    rows = db.execute(
        "select ltrim(source_id, '0'), source_id from patients where practice_id = ? and source_id >= '0'"
        " and source_id < '1' and ltrim(source_id, '0') in (select value from json_each(?))",
        [practice_id, json.dumps(list(source_ids))],
    )
    return dict(rows.fetchall())


def patients_of_number(db: Database, e164: str) -> dict[int, list[Patient]]:
    """Find who has a number in the form of ITU-T E.164, by the row ids of practices: a person, a family, several."""
    rows = db.execute(
        f"select {_COLUMNS}, p.practice_id from patients p where p.e164 = ? order by p.practice_id, p.source_id", [e164]
    )
    holders: dict[int, list[Patient]] = {}
    for *row, practice_id in rows:
        holders.setdefault(practice_id, []).append(_patient((*row,)))
    return holders


def numbers_country(db: Database) -> str:
    """The country by which numbers without a country code were read: ISO 3166, such as NL."""
    (country,) = db.execute("select country from installation").fetchone()
    return str(country)


def read_numbers_again(db: Database, country: str) -> None:
    """Read the numbers of all patients again, as of this country where they have no country code."""
    db.execute("update installation set country = ?", [country])
    db.execute(f"update patients set e164 = {E164_OF.format('phone')}")


def save_patients(db: Database, practice_id: int, patients: Sequence[Patient]) -> dict[str, int]:
    """Add patients, or replace the stored ones, without their consent; return their row ids by source id."""
    insert_rows(
        db,
        "patients (practice_id, source_id, name, phone, e164, language)",
        f"({practice_id}, ?, ?, ?, {E164_OF.format('?')}, ?)",
        ((patient.source_id, patient.name, patient.phone, patient.phone, patient.language) for patient in patients),
        "on conflict (practice_id, source_id) do update"
        " set name = excluded.name, phone = excluded.phone, e164 = excluded.e164, language = excluded.language",
    )
    return ids_among(db, practice_id, [patient.source_id for patient in patients])


def add_consents(db: Database, events: Iterable[tuple[int, ConsentEvent]], recorded_at: datetime) -> None:
    """Append consent events, each to those of the patient with this row id."""
    recorded = to_text(recorded_at)
    insert_rows(
        db,
        "consent_events (patient_id, channel, given, at, how, by_whom, wording, recorded_at)",
        "(?, 'sms', ?, ?, ?, ?, ?, ?)",
        (
            (id_, event.given, to_text(event.at), event.how.value, event.by, event.wording, recorded)
            for id_, event in events
        ),
    )


def add_consent(db: Database, patient_id: int, event: ConsentEvent, recorded_at: datetime) -> None:
    """Append a consent event to those of a patient."""
    add_consents(db, [(patient_id, event)], recorded_at)


def consent_history(db: Database, patient_id: int) -> list[ConsentEvent]:
    """List the consent events of a patient, the one in force last."""
    return consent_histories(db, [patient_id])[patient_id]


def consent_histories(db: Database, patient_ids: Iterable[int]) -> dict[int, list[ConsentEvent]]:
    """List the consent events of each of these patients, the one in force last."""
    histories: dict[int, list[ConsentEvent]] = {id_: [] for id_ in patient_ids}
    rows = db.execute(
        "select patient_id, given, at, how, by_whom, wording from consent_events"
        " where patient_id in (select value from json_each(?)) and channel = 'sms' order by patient_id, at, id",
        [json.dumps(list(histories))],
    )
    for id_, given, at, how, by, wording in rows:
        histories[id_].append(ConsentEvent(bool(given), from_text(at), How(how), by, wording))
    return histories


def consent_of(given: int | None) -> Consent:
    """Read the consent that a row of CONSENT_IN_FORCE selects."""
    return Consent.of(None if given is None else bool(given))


def _patient(row: tuple[int, str, str, str, str | None, int | None, str | None]) -> Patient:
    id_, source_id, name, phone, language, consent, unclear = row
    return Patient(id_, source_id, name, phone, language, consent_of(consent), unclear)
