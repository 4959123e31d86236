"""A trial of the gateway: one text to the practice's own phone, followed to its delivery report.

It belongs to no appointment: it stands in no outbox, and is never billed.
"""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

from smsreminders.domain.clock import Clock
from smsreminders.domain.phone import PhoneError, PhoneNumber, parse_mobile
from smsreminders.domain.practices import Practice
from smsreminders.domain.segments import count_segments
from smsreminders.domain.sending import DeliveryReport, Open, Outgoing
from smsreminders.errors import UsageError
from smsreminders.gateways.base import Gateway
from smsreminders.store.database import Database
from smsreminders.store.patients import all_patients
from smsreminders.store.practices import all_practices

_TEXT = "Dit is een test van {practice}: de herinneringen per SMS werken."
_VALID_FOR = timedelta(minutes=10)
_BETWEEN = 5.0  # seconds between two questions


def own_phone(db: Database, raw: str, region: str) -> PhoneNumber:
    """The number that a trial goes to. Raises UsageError; also for a patient's who gave no consent.

    Without consent nothing is sent, ever: a trial is no way around it.
    """
    try:
        phone = parse_mobile(raw, region)
    except PhoneError as problem:
        raise UsageError(f"that is no mobile phone number ({problem.reason})") from problem
    for practice in all_practices(db):
        for patient in all_patients(db, practice.id):
            if patient.consent is not True and _is_of(phone, patient.phone, region):
                raise UsageError(
                    f"that is the number of patient {patient.source_id} of {practice.code}, who gave no consent: "
                    "use the practice's own phone"
                )
    return phone


def trial(practice: Practice, phone: PhoneNumber, *, clock: Clock) -> Outgoing:
    """The text of a trial, in Dutch, for the practice reads it; valid for ten minutes."""
    text, now = _TEXT.format(practice=practice.name), clock.now()
    return Outgoing(
        reference=uuid4().hex,
        phone=phone.e164,
        sender_id=practice.sender_id,
        text=text,
        encoding=count_segments(text).encoding,
        handed_over_at=now,
        valid_until=now + _VALID_FOR,
    )


def follow(
    gateway: Gateway, sms: Outgoing, gateway_id: str | None, *, clock: Clock, seconds: float
) -> Iterator[DeliveryReport]:
    """What the gateway says of it, each word once, until it is final or the time is over. Raises as `lookup` does."""
    asked = Open(sms.reference, gateway_id, sms.phone, sms.handed_over_at, sms.text)
    until, last = clock.elapsed() + seconds, None
    while True:
        for report in gateway.lookup([asked]):
            if (report.status, report.raw) != last:
                yield report
            last = (report.status, report.raw)
        if clock.elapsed() + _BETWEEN > until:
            return
        clock.pause(_BETWEEN)


def _is_of(phone: PhoneNumber, raw: str, region: str) -> bool:
    try:
        return parse_mobile(raw, region) == phone
    except PhoneError:
        return False
