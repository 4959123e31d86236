"""Consent as it is shown: the one in force of each patient, and the events of one."""

from typing import TYPE_CHECKING

from smsreminders.cli.show.columns import Column
from smsreminders.cli.show.patient import patient_name
from smsreminders.domain.consent import Consent, ConsentEvent
from smsreminders.domain.practices import Practice
from smsreminders.store.patients import Patient

if TYPE_CHECKING:
    from smsreminders.cli.show.columns import Columns

COLUMNS: "Columns[tuple[Practice, Patient]]" = (
    Column("practice", lambda pair, _: pair[0].code, 60),
    Column("patient", lambda pair, _: pair[1].source_id, 90),
    Column("name", lambda pair, _: pair[1].name, 70, cut=True),
    Column("consent", lambda pair, _: pair[1].consent, 80),
)
EVENTS: "Columns[ConsentEvent]" = (
    Column("consent", lambda event, _: Consent.of(event.given), 90),
    Column("at", lambda event, view: view.local(event.at), 80),
    Column("how", lambda event, _: event.how, 70),
    Column("by", lambda event, _: event.by, 60),
    Column("wording", lambda event, _: event.wording, 50, cut=True),
)


def consent_line(patient: Patient, event: ConsentEvent) -> str:
    """Say what was recorded of a patient's consent."""
    return f"Recorded that {patient_name(patient)} {'gives' if event.given else 'withdraws'} consent for SMS."


def overruled_line(patient: Patient) -> str:
    """Say that what was recorded of a patient's consent isn't in force, for they said otherwise later."""
    return (
        f"recorded of {patient_name(patient)}, but a later word of theirs stays in force: "
        f"see `smsreminders consent show {patient.source_id}`"
    )
