"""All that is known of a patient, to hand over to them (AVG 15): written in the access log before it is gathered."""

from smsreminders.domain.keep.access import Access, Verb
from smsreminders.domain.practices import Practice
from smsreminders.jobs.keep.access import recorded
from smsreminders.store.database import Database, one_view
from smsreminders.store.keep.patient_known import Known, known_of
from smsreminders.store.patients import patient_by_id


def export_patient(db: Database, practice: Practice, source_id: str, *, access: Access) -> Known:
    """Gather all that is known of a patient and of the numbers that were theirs. Raises UsageError if there is none."""
    with recorded(db, access, Verb.EXPORTED) as touched:
        patient = patient_by_id(db, practice.id, source_id)
        touched.add(practice.id, patient.id)
    with one_view(db):
        return known_of(db, patient.id)
