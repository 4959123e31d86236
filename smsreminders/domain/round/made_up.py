"""A made-up appointment, to see a text where there is no real one."""

from datetime import timedelta

from smsreminders.domain.appointments import Booking
from smsreminders.domain.consent import Consent
from smsreminders.domain.round.due import Due, Rules

USUAL_NAME = "J. de Vries"


def made_up(
    rules: Rules,
    *,
    patient_id: int = 0,
    patient: str = "example",
    name: str = USUAL_NAME,
    phone: str = "",
    language: str | None = None,
    consent: Consent = Consent.NEVER_ASKED,
    location: str = "",
) -> Due:
    """Make up an appointment tomorrow at 10:30, of a patient like this."""
    tomorrow = rules.window.at.astimezone(rules.zone).replace(hour=10, minute=30) + timedelta(days=1)
    return Due(
        appointment_id=0,
        appointment="",
        patient_id=patient_id,
        patient=patient,
        patient_name=name,
        phone=phone,
        language=language,
        starts_at=tomorrow,
        location=location,
        booking=Booking.BOOKED,
        revision=1,
        consent=consent,
        service_id=None,
    )
