"""An appointment with all in order for its reminder, and the rules of its practice."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from smsreminders.domain.appointments import Booking
from smsreminders.domain.consent import Consent
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.due import Due, Rules
from smsreminders.domain.round.window import Window
from smsreminders.domain.round.workdays import Region
from smsreminders.domain.text.message import Wording

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 24, 23, tzinfo=UTC)
WINDOW = Window(NOW + timedelta(hours=2), ((1, MIDNIGHT),), date(2026, 11, 23), date(2026, 11, 24), NOW)
TEMPLATES = {
    "nl": "Beste {patient}, u heeft {day} {date} om {time} een afspraak bij {practice}. Bel {phone}.",
    "en": "Dear {patient}, your appointment at {practice} is on {day} {date} at {time}. Call {phone}.",
}
PRACTICE = Practice(1, "tandarts", "Tandarts Jansen", "Tandarts", phone="020-5550123")
RULES = Rules(PRACTICE, Wording(TEMPLATES), WINDOW, ZoneInfo("Europe/Amsterdam"), Region())
DUE = Due(
    appointment_id=7,
    appointment="A7",
    patient_id=3,
    patient="P3",
    patient_name="Jan de Boer",
    phone="06-12345678",
    language=None,
    starts_at=datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
    location="kamer 2",
    booking=Booking.BOOKED,
    revision=1,
    consent=Consent.GIVEN,
    service_id=1,
)


def changed(due: Due, **values: object) -> Due:
    return replace(due, **values)  # type: ignore[arg-type]
