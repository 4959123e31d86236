"""Consent as it is shown: the one in force of each patient, and the events of one."""

from datetime import tzinfo

from smsreminders.cli.show.output import local
from smsreminders.cli.show.patient import patient_name
from smsreminders.domain.consent import Consent, ConsentEvent
from smsreminders.domain.practices import Practice
from smsreminders.store.patients import Patient

COLUMNS = ("practice", "patient", "name", "consent")
EVENT_COLUMNS = ("consent", "at", "how", "by", "wording")


def consent_row(practice: Practice, patient: Patient) -> dict[str, object]:
    """Show a patient's consent in force as a row of a list of all practices."""
    return {
        "practice": practice.code,
        "patient": patient.source_id,
        "name": patient.name,
        "consent": patient.consent,
    }


def event_row(event: ConsentEvent, zone: tzinfo) -> dict[str, object]:
    """Show a consent event as a row of a patient's history."""
    return {
        "consent": Consent.of(event.given),
        "at": local(event.at, zone),
        "how": event.how,
        "by": event.by,
        "wording": event.wording,
    }


def consent_line(patient: Patient, event: ConsentEvent) -> str:
    """Say what was recorded of a patient's consent."""
    return f"Recorded that {patient_name(patient)} {'gives' if event.given else 'withdraws'} consent for SMS."
