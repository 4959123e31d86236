"""A patient at the desk: added, edited."""

from dataclasses import replace

from smsreminders.domain.agenda.source_ids import check_source_id
from smsreminders.domain.changes import PatientChange
from smsreminders.domain.consent import Consent
from smsreminders.domain.keep.access import Access
from smsreminders.domain.practices import Practice, check_language
from smsreminders.errors import UsageError
from smsreminders.jobs.keep.access import recorded
from smsreminders.store.database import Database
from smsreminders.store.keep.erased_beside import note_welcome
from smsreminders.store.keep.erasing import stop_again, welcome
from smsreminders.store.patients import Patient, patient_by_id, patients_among, save_patients


def add_patient(db: Database, practice: Practice, source_id: str, change: PatientChange, *, access: Access) -> Patient:
    """Add a patient and return them. Raises UsageError if the id is taken or there is no name."""
    source_id = check_source_id(source_id)
    if not (change.name or "").strip():
        raise UsageError("a patient has a name: give it with --name")
    patient = _changed(Patient(0, source_id, "", "", None, consent=Consent.NEVER_ASKED), change)
    with recorded(db, access) as touched:
        if patients_among(db, practice.id, [source_id]):
            raise UsageError(f'there is a patient "{source_id}" already; change it with `patient edit`')
        note_welcome(db, practice.id, source_id)
        if welcome(db, practice.id, source_id):
            touched.notes.append("was erased, and is a patient again")
        save_patients(db, practice.id, [patient])
        stop_again(db, practice.id, [source_id])
        added = patient_by_id(db, practice.id, source_id)
        touched.add(practice.id, added.id)
    return added


def edit_patient(
    db: Database, practice: Practice, source_id: str, change: PatientChange, *, access: Access
) -> tuple[Patient, Patient]:
    """Change what is said and return the patient as they were and as they are. Raises UsageError."""
    with recorded(db, access) as touched:
        before = patient_by_id(db, practice.id, check_source_id(source_id))
        after = _changed(before, change)
        save_patients(db, practice.id, [after])
        stop_again(db, practice.id, [after.source_id])
        touched.add(practice.id, before.id)
    return before, after


def _changed(stored: Patient, change: PatientChange) -> Patient:
    return replace(
        stored,
        name=change.name or stored.name,
        phone=stored.phone if change.phone is None else change.phone,
        language=check_language(change.language) if change.language else stored.language,
    )
