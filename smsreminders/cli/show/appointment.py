"""An appointment as it is shown: the columns of a list and a page, and its name in a line."""

from datetime import tzinfo
from typing import TYPE_CHECKING

from smsreminders.cli.show.columns import Column
from smsreminders.cli.show.patient import patient_name
from smsreminders.domain.appointments import Appointment
from smsreminders.domain.practices import Practice
from smsreminders.store.patients import Patient

if TYPE_CHECKING:
    from smsreminders.cli.show.columns import Columns

COLUMNS: "Columns[tuple[Practice, Appointment]]" = (
    Column("practice", lambda pair, _: pair[0].code, 50),
    Column("id", lambda pair, _: pair[1].source_id, 95),
    Column("patient", lambda pair, _: pair[1].patient, 80),
    Column("starts_at", lambda pair, view: view.local(pair[1].starts_at), 90),
    Column("ends_at", lambda pair, view: view.local(pair[1].ends_at)),
    Column("status", lambda pair, _: pair[1].booking, 85),
    Column("revision", lambda pair, _: pair[1].revision, 10),
    Column("location", lambda pair, _: pair[1].location, 15, cut=True),
    Column("practitioner", lambda pair, _: pair[1].practitioner, 20),
    Column("type", lambda pair, _: pair[1].type, 18, cut=True),
    Column("unclear", lambda pair, _: pair[1].unclear, 12, cut=True),
    Column("outcome", lambda pair, _: pair[1].outcome, 11),
    Column("missing", lambda pair, _: pair[1].missing, 9, cut=True),
)
PAGE = COLUMNS[1:]  # of one appointment


def appointment_line(done: str, appointment: Appointment, patient: Patient, *, zone: tzinfo) -> str:
    """Say what was done with an appointment, whose it is and when it is now."""
    start = f"{appointment.starts_at.astimezone(zone):%Y-%m-%d %H:%M}"
    return f"{done} appointment {appointment.source_id} of {patient_name(patient)}: {start}."
