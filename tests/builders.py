"""What many tests start from: a database with a practice, a service, a patient with consent, an appointment, an SMS.

Each builder writes through the store's own functions and takes as keyword arguments what a test is about. What it
wrote is committed, unless a transaction is under way: then it is part of that.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from smsreminders.domain.appointments import Appointment, Booking
from smsreminders.domain.bill.billing import InvoiceLine, MoneyTerms, Period, Rate, VatRate
from smsreminders.domain.bill.prices import Priced, PriceEvent, Verb
from smsreminders.domain.bill.totals import Total
from smsreminders.domain.consent import Consent, ConsentEvent, How
from smsreminders.domain.keep.access import Access
from smsreminders.domain.phone import PhoneNumber
from smsreminders.domain.practices import REMINDERS_BY_SMS, Practice, Service, ServiceType
from smsreminders.domain.round.notifications import Status, digest_of
from smsreminders.domain.round.reminders import Cover, Reminder
from smsreminders.domain.round.sending import Accepted, AccountName
from smsreminders.domain.segments import count_segments
from smsreminders.store import appointments, patients, practices, services
from smsreminders.store.bill.billing import save_price_event
from smsreminders.store.bill.closed import ClosedPeriod
from smsreminders.store.bill.closing import next_period_id, seal
from smsreminders.store.database import Database, create, write_transaction
from smsreminders.store.patients import Patient
from smsreminders.store.round import claims, outbox
from smsreminders.store.round.due import due_between
from smsreminders.store.round.statuses import move

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)  # a Monday, 09:00 in Amsterdam
TOMORROW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
GATEWAY = "sandbox"
RECEPTION = Access(NOW, "receptie", "anna", "a test")
_EVER = timedelta(days=36_500)

# the way to each status from `queued`, by what may follow what
_WAYS: dict[Status, tuple[Status, ...]] = {
    Status.QUEUED: (),
    Status.CANCELLED: (Status.CANCELLED,),
    Status.SENDING: (Status.SENDING,),
    Status.REJECTED: (Status.SENDING, Status.REJECTED),
    Status.UNCERTAIN: (Status.SENDING, Status.UNCERTAIN),
    Status.SENT: (Status.SENDING, Status.SENT),
    Status.DELIVERED: (Status.SENDING, Status.SENT, Status.DELIVERED),
    Status.FAILED: (Status.SENDING, Status.SENT, Status.FAILED),
    Status.EXPIRED: (Status.SENDING, Status.SENT, Status.EXPIRED),
}


def a_database(folder: Path, name: str = "smsreminders.db") -> Path:
    """An empty database of the newest schema; a copy, for making one waits for the disk."""
    path = folder / name
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(_empty_database())
    return path


def a_practice(
    db: Database,
    code: str = "tandarts",
    *,
    name: str = "Tandarts Jansen",
    sender_id: str = "Tandarts",
    phone: str = "020-5550123",
    language: str | None = None,
) -> Practice:
    with _written(db):
        practices.add_practice(db, Practice(0, code, name, sender_id, phone, language))
    return practices.practice_by_code(db, code)


def a_service(
    db: Database, practice: Practice, name: str = "Notificaties", *, enabled: bool = True, assigned: bool = True
) -> Service:
    """A service of type notifications, reminders by SMS assigned to it unless told otherwise."""
    with _written(db):
        services.add_service(db, practice.id, name, ServiceType.NOTIFICATIONS)
        added = _service(db, practice, name)
        if assigned:
            services.assign(db, added.id, *REMINDERS_BY_SMS)
        services.enable_service(db, added.id, enabled=enabled)
    return _service(db, practice, name)


def a_patient(
    db: Database,
    practice: Practice,
    source_id: str = "P1",
    *,
    name: str = "Jan de Boer",
    phone: str = "06-12345678",
    language: str | None = None,
    consent: bool | None = True,
) -> Patient:
    """A patient who gave consent (True), withdrew it (False) or was never asked (None)."""
    with _written(db):
        [id_] = patients.save_patients(
            db, practice.id, [Patient(0, source_id, name, phone, language, Consent.NEVER_ASKED)]
        ).values()
        if consent is not None:
            a_consent(db, id_, given=consent)
    return patients.patient_by_id(db, practice.id, source_id)


def a_consent(
    db: Database,
    patient_id: int,
    *,
    given: bool = True,
    at: datetime = NOW - timedelta(days=30),
    how: How = How.DESK,
    by: str = "balie",
    wording: str = "",
) -> ConsentEvent:
    event = ConsentEvent(given, at, how, by, wording)
    with _written(db):
        patients.add_consent(db, patient_id, event, recorded_at=at)
    return event


def an_appointment(
    db: Database,
    practice: Practice,
    patient: Patient,
    source_id: str = "A1",
    *,
    starts_at: datetime = TOMORROW,
    ends_at: datetime | None = None,
    location: str = "",
    practitioner: str = "",
    booking: Booking = Booking.BOOKED,
    revision: int = 1,
) -> int:
    """The row id of an appointment; written again with the same `source_id` it is changed."""
    appointment = Appointment(
        source_id, patient.source_id, starts_at, ends_at, location, practitioner, booking, revision
    )
    with _written(db):
        appointments.save_appointment(db, practice.id, appointment, patient.id)
    id_, _ = appointments.appointment_by_id(db, practice.id, source_id)
    return id_


def a_reminder(
    db: Database,
    practice: Practice,
    appointment_id: int,
    *,
    phone: str = "+31612345678",
    text: str = "Tot morgen.",
    occasion: int = 1,
    attempt: int = 1,
) -> Reminder:
    """What goes out for an appointment as it stands now."""
    everything = due_between(db, practice.id, NOW - _EVER, NOW + _EVER, rehearsed=False)
    due = next(entry for entry in everything if entry.appointment_id == appointment_id)
    return Reminder((Cover(due, occasion, attempt, digest_of(text)),), PhoneNumber(phone), text, count_segments(text))


def a_notification(
    db: Database,
    practice: Practice,
    appointment_id: int,
    status: Status = Status.QUEUED,
    *,
    phone: str = "+31612345678",
    text: str = "Tot morgen.",
    gateway: str = GATEWAY,
    account: str = "",
    gateway_id: str | None = None,
    now: datetime = NOW,
    today: date | None = None,
    detail: str | None = None,
) -> int:
    """The row id of a new notification of an appointment, brought to a status by legal steps, all at `now`."""
    reminder = a_reminder(db, practice, appointment_id, phone=phone, text=text)
    with _written(db):
        [id_] = outbox.enqueue(db, practice, [reminder], now=now, rehearsed=False)
        current = Status.QUEUED
        for following in _WAYS[status]:
            if following is Status.SENDING:
                day = today or now.date()
                by = AccountName(gateway, account)
                claims.claim(db, [(id_, reminder, practice.sender_id, by)], now=now, today=day)
            elif following is Status.SENT:
                claims.accept(db, [(id_, Accepted(gateway_id))], now=now)
            else:
                move(db, id_, current, following, now=now, detail=detail)
            current = following
    return id_


@contextmanager
def _written(db: Database) -> Iterator[None]:
    if db.conn.in_transaction:
        yield
    else:
        with write_transaction(db):
            yield


def _service(db: Database, practice: Practice, name: str) -> Service:
    return next(service for service in services.services_of(db, practice.id) if service.name == name)


@cache
def _empty_database() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        create(path)
        return path.read_bytes()


def add_rate(db: Database, rate: Rate) -> None:
    """Add a rate, or a practice's own."""
    save_price_event(
        db, PriceEvent(NOW, "anna", Priced.RATE, Verb.ADDED, rate.amount, rate.valid_from, rate.practice_id)
    )


def add_vat(db: Database, vat: VatRate) -> None:
    """Add a VAT rate."""
    save_price_event(db, PriceEvent(NOW, "anna", Priced.VAT, Verb.ADDED, vat.percentage, vat.valid_from))


def a_closed_month(db: Database, period: Period) -> None:
    """A closed month in which nothing was delivered."""
    terms = MoneyTerms(Decimal("0.10"), Decimal(21), "EUR")
    with write_transaction(db):
        seal(db, ClosedPeriod(next_period_id(db), period, NOW, terms, "", "", ""))


def as_text(lines: Sequence[InvoiceLine], totals: Sequence[Total], currency: str) -> str:
    """The lines of a bill as a text, for its SHA-256."""
    return f"{list(lines)} {list(totals)} {currency}"
