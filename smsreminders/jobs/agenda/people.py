"""What a file says of patients, into the store: only what its source says otherwise than the last time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from smsreminders.domain.agenda.believed import ConsentBelief, Verdict, Word, believe_consent, news, undone_by
from smsreminders.domain.agenda.source_ids import is_someone_else
from smsreminders.domain.consent import Consent, ConsentEvent, How, standing_withdrawal
from smsreminders.errors import UsageError
from smsreminders.importers.records import PatientRecord
from smsreminders.jobs.agenda.stage import Staged
from smsreminders.jobs.agenda.tally import Change, Tally
from smsreminders.store import patients
from smsreminders.store.agenda import said
from smsreminders.store.agenda.said import SaidPatient, SourceRow
from smsreminders.store.database import Database
from smsreminders.store.keep.erasing import stop_again
from smsreminders.store.patients import Patient

_REUSED = "both the name and the number are wholly others, so the id may be another patient's now"


class Told(NamedTuple):
    """What a file says of a patient; `unheard` marks a consent that can't be understood.

    `as_of` is when the record wrote it, where it tells.
    """

    record: PatientRecord
    unheard: str | None = None
    as_of: datetime | None = None


class _Known(NamedTuple):
    """What is known of the patients of a batch, by their source ids; `events` only where they matter, by row ids."""

    stored: dict[str, Patient]
    said: dict[str, SaidPatient]
    events: dict[int, list[ConsentEvent]]


def save_patients(
    db: Database, source: SourceRow, records: Sequence[Told], *, file: Staged, tally: Tally, now: datetime
) -> list[Change | UsageError]:
    """Add or change patients, each once, by what is news of them; a consent that is makes an event.

    An outcome for each: an error for a new patient without a name.
    """
    ids = [record.source_id for record, *_ in records]
    stored, before = patients.patients_among(db, source.practice_id, ids), said.patients_said(db, source, ids)
    asked = [stored[record.source_id].id for record, *_ in records if record.consent and record.source_id in stored]
    country = patients.numbers_country(db)
    known = _Known(stored, before, patients.consent_histories(db, asked))
    outcomes: list[Change | UsageError] = []
    changed, kept, beliefs = [], {}, {}
    for record, unheard, as_of in records:
        old = before.get(record.source_id, SaidPatient())
        try:
            patient = _after(stored.get(record.source_id), record, old, tally)
        except UsageError as error:
            outcomes.append(_with_hint(db, source, record.source_id, error))
            continue
        was = stored.get(record.source_id)
        if patient != was:
            changed.append(patient)
            if record.name:
                tally.check_name(record.source_id, patient.name)
        belief = _believed(known, record, unheard)
        if was and is_someone_else(patient.name, patient.phone, was.name, was.phone, country):
            belief = replace(belief, verdict=Verdict.HOLDS)
            tally.reused.append(record.source_id)
        beliefs[record.source_id] = belief
        kept[record.source_id] = replace(_kept(old, record, unheard), as_of=as_of or old.as_of)
        tally.patients_changed += was is not None and patient != was
        event_made = belief.event is not None
        outcomes.append(
            Change.ADDED if was is None else Change.CHANGED if patient != was or event_made else Change.UNCHANGED
        )
    rows = {id_: patient.id for id_, patient in stored.items()}
    rows |= patients.save_patients(db, source.practice_id, changed)
    stop_again(db, source.practice_id, [patient.source_id for patient in changed])
    said.keep_patients(db, source, kept)
    _keep_beliefs(db, source, beliefs, known, rows=rows, file=file, tally=tally, now=now)
    return outcomes


def _with_hint(db: Database, source: SourceRow, source_id: str, error: UsageError) -> UsageError:
    """Say of an unknown patient's id which known one it may be, of which a spreadsheet took the zeros."""
    known = patients.ids_with_zeros(db, source.practice_id, [source_id]).get(source_id)
    return UsageError(f'{error}; there is "{known}": a spreadsheet may have taken its zeros') if known else error


def _after(stored: Patient | None, record: PatientRecord, before: SaidPatient, tally: Tally) -> Patient:
    if stored is None:
        if not record.name:
            raise UsageError(f'there is no patient "{record.source_id}", and the row has no name to add one')
        return Patient(
            0, record.source_id, record.name, record.phone or "", record.language or None, consent=Consent.NEVER_ASKED
        )
    said_before: dict[str, Word] = {"name": before.name, "phone": before.phone, "language": before.language}
    says: dict[str, Word] = {"name": record.name or None, "phone": record.phone, "language": record.language}
    new_words = news(said_before, says)
    stands: dict[str, Word] = {"name": stored.name, "phone": stored.phone, "language": stored.language or ""}
    tally.undo(stored.source_id, undone_by(new_words, said_before, stands))
    if "language" in new_words:
        new_words["language"] = new_words["language"] or None
    return replace(stored, **new_words)  # type: ignore[arg-type]


def _believed(known: _Known, record: PatientRecord, unheard: str | None) -> ConsentBelief:
    before = known.said.get(record.source_id, SaidPatient())
    stored = known.stored.get(record.source_id)
    withdrawn = standing_withdrawal(known.events.get(stored.id, ())) if stored else None
    marks = before.unheard, unheard
    return believe_consent(before.consent, record.consent, unheard=marks, withdrawn=withdrawn is not None)


def _kept(before: SaidPatient, record: PatientRecord, unheard: str | None) -> SaidPatient:
    return SaidPatient(
        record.name or before.name,
        before.phone if record.phone is None else record.phone,
        before.language if record.language is None else record.language,
        before.consent if record.consent is None else record.consent,
        unheard or (before.unheard if record.consent is None else None),
    )


def _keep_beliefs(
    db: Database,
    source: SourceRow,
    beliefs: dict[str, ConsentBelief],
    known: _Known,
    *,
    rows: dict[str, int],
    file: Staged,
    tally: Tally,
    now: datetime,
) -> None:
    """Write the events of consent, and whose consent is unclear from now on or no longer."""
    made = {id_: belief.event for id_, belief in beliefs.items() if belief.event is not None}
    name = file.source.file
    events = [(rows[id_], ConsentEvent(given, now, How.IMPORT, name)) for id_, given in made.items()]
    patients.add_consents(db, events, now)
    verdicts = {id_: belief.verdict for id_, belief in beliefs.items()}
    holds = {
        id_: file.unheard.get(id_, f"{name}: the consent can't be understood") for id_ in _of(verdicts, Verdict.HOLDS)
    }
    holds |= dict.fromkeys(holds.keys() & tally.reused, f"{name}: {_REUSED}")
    said.hold_patients(db, source.practice_id, holds | dict.fromkeys(_of(verdicts, Verdict.ENDS)), now)
    tally.held_back += [id_ for id_, belief in beliefs.items() if belief.held_back]
    for id_, given in made.items():
        was = known.stored.get(id_)
        tally.consents_changed += was is not None and was.consent is not Consent.of(given)
        before = known.said.get(id_, SaidPatient()).consent
        if was is not None and before is not None and was.consent not in (Consent.of(before), Consent.of(given)):
            tally.undo(id_, ["consent"])


def _of(verdicts: dict[str, Verdict], wanted: Verdict) -> list[str]:
    return [id_ for id_, verdict in verdicts.items() if verdict is wanted]
