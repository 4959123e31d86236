"""The builders for a job: each commits, times are local ones, and an appointment that is told again is revised."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from smsreminders.domain.appointments import Appointment, Booking, cancelled, revised
from smsreminders.domain.local_time import to_utc
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.exclusions import NOTHING, Exclusions
from smsreminders.domain.round.guards import AgendaAges
from smsreminders.domain.round.practice_rules import PracticeRules
from smsreminders.domain.round.window import Schedule
from smsreminders.domain.round.workdays import Region
from smsreminders.domain.text.message import Wording
from smsreminders.store import appointments, patients, practices
from smsreminders.store.database import Database, write_transaction
from tests import builders

ZONE = ZoneInfo("Europe/Amsterdam")
SCHEDULE = Schedule(
    zone=ZONE,
    region=Region("NL", "nl"),
    weekdays=frozenset(range(5)),
    minimum_notice=timedelta(hours=2),
    sending_hours=(time(8), time(20)),
    daily_limit=500,
    longest_run=timedelta(hours=2),
    agenda_ages=AgendaAges(timedelta(days=4), timedelta(days=10)),
)
WORDING = Wording(
    {
        "nl": "Beste {patient}, {day} {date} om {time} bij {practice}.",
        "en": "Dear {patient}, {day} {date} at {time}, {practice}. Call {phone}.",
    },
    family={"nl": "{count} afspraken op {date}, de eerste om {time}."},
)
RATE = Decimal("0.10")
MONDAY = "2026-11-23 09:00"
TOMORROW = "2026-11-24 10:30"
SERVICE = "Notificaties"


def local(text: str) -> datetime:
    """A local time, written like 2026-11-24 10:30, in UTC."""
    return to_utc(datetime.fromisoformat(text), ZONE)


def a_practice(
    db: Database, code: str = "linde", *, phone: str = "020-5550123", language: str | None = None, service: bool = True
) -> Practice:
    """A practice with an enabled service for reminders by SMS, or without."""
    with write_transaction(db):
        practice = builders.a_practice(
            db, code, name=f"De {code.title()}", sender_id=code.title(), phone=phone, language=language
        )
        if service:
            builders.a_service(db, practice, SERVICE)
    return practice


def own_rules(  # each of them is named
    *,
    hours: tuple[time, time] = SCHEDULE.sending_hours,
    notice: timedelta = SCHEDULE.minimum_notice,
    daily_limit: int = SCHEDULE.daily_limit,
    wording: Wording = WORDING,
    exclusions: Exclusions = NOTHING,
    account: str = "",
) -> PracticeRules:
    """The rules of a practice, which are the general ones but for what is given."""
    schedule = replace(SCHEDULE, sending_hours=hours, minimum_notice=notice, daily_limit=daily_limit)
    return PracticeRules(schedule, wording, exclusions, account, {})


def a_patient(
    db: Database,
    practice: Practice,
    source_id: str = "P1",
    *,
    phone: str | None = None,
    name: str = "J. de Vries",
    language: str | None = None,
    consent: bool | None = True,
) -> None:
    """A patient, or that patient as they are now; the phone ends in the digits of the id: P1 has 06-12345601."""
    number = f"06-123456{source_id.removeprefix('P'):0>2}" if phone is None else phone
    with write_transaction(db):
        builders.a_patient(db, practice, source_id, name=name, phone=number, language=language, consent=consent)


def phone_of(source_id: str) -> str:
    """The number of such a patient as a gateway gets it."""
    return f"+316123456{source_id.removeprefix('P'):0>2}"


def a_word(db: Database, practice: Practice, patient: str = "P1", *, given: bool, at: str = MONDAY) -> None:
    """Consent given or withdrawn at the desk."""
    with write_transaction(db):
        builders.a_consent(db, patients.patient_by_id(db, practice.id, patient).id, given=given, at=local(at))


def an_appointment(
    db: Database,
    practice: Practice,
    source_id: str = "A1",
    patient: str = "P1",
    *,
    start: str = TOMORROW,
    location: str = "",
    booking: Booking = Booking.BOOKED,
    kind: str = "",
    practitioner: str = "",
) -> None:
    """An appointment as the practice's record has it now: told otherwise, it is moved, cancelled or booked again."""
    appointment = Appointment(
        source_id, patient, local(start), location=location, practitioner=practitioner, booking=booking, type=kind
    )
    with write_transaction(db):
        _, stored = appointments.appointments_among(db, practice.id, [source_id]).get(source_id, (0, None))
        owner = patients.patient_by_id(db, practice.id, patient)
        appointments.save_appointment(
            db, practice.id, revised(stored, appointment) if stored else appointment, owner.id
        )


def a_cancellation(db: Database, practice: Practice, source_id: str = "A1") -> None:
    """The appointment is cancelled."""
    with write_transaction(db):
        _, stored = appointments.appointment_by_id(db, practice.id, source_id)
        owner = patients.patient_by_id(db, practice.id, stored.patient)
        appointments.save_appointment(db, practice.id, cancelled(stored), owner.id)


def another_name(db: Database, practice: Practice, name: str) -> Practice:
    """The practice under another name."""
    with write_transaction(db):
        practices.change_practice(db, replace(practice, name=name))
    return practices.practice_by_code(db, practice.code)
