"""An appointment as it is shown: a row of a list, and its name in a line."""

from datetime import tzinfo

from smsreminders.cli.show.output import local
from smsreminders.cli.show.patient import patient_name
from smsreminders.domain.appointments import Appointment
from smsreminders.domain.practices import Practice
from smsreminders.store.patients import Patient

COLUMNS = ("practice", "id", "patient", "starts_at", "ends_at", "status", "revision", "location", "practitioner")
IN_A_TABLE = tuple(column for column in COLUMNS if column != "ends_at")


def appointment_page(appointment: Appointment, zone: tzinfo) -> dict[str, object]:
    """Show an appointment, its times local."""
    return {
        "id": appointment.source_id,
        "patient": appointment.patient,
        "starts_at": local(appointment.starts_at, zone),
        "ends_at": local(appointment.ends_at, zone),
        "status": appointment.booking,
        "revision": appointment.revision,
        "location": appointment.location,
        "practitioner": appointment.practitioner,
    }


def appointment_row(practice: Practice, appointment: Appointment, zone: tzinfo) -> dict[str, object]:
    """Show an appointment as a row of a list of all practices."""
    return {"practice": practice.code} | appointment_page(appointment, zone)


def appointment_line(done: str, appointment: Appointment, patient: Patient, *, zone: tzinfo) -> str:
    """Say what was done with an appointment, whose it is and when it is now."""
    start = f"{appointment.starts_at.astimezone(zone):%Y-%m-%d %H:%M}"
    return f"{done} appointment {appointment.source_id} of {patient_name(patient)}: {start}."
