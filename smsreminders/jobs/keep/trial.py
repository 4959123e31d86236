"""A trial of the gateway: one text to the practice's own phone, followed to its delivery report.

It belongs to no appointment: it stands in no outbox, and is never billed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from smsreminders.domain.clock import Clock
from smsreminders.domain.consent import Consent
from smsreminders.domain.phone import PhoneError, PhoneNumber, parse_mobile
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import Accepted, DeliveryReport, Open, Outcome, Outgoing, Uncertain
from smsreminders.domain.segments import count_segments
from smsreminders.errors import AdministratorNeeded, TryAgainLater, UsageError
from smsreminders.gateways.base import Account, Gateway
from smsreminders.store.database import Database
from smsreminders.store.patients import Patient, patients_of_number
from smsreminders.store.practices import all_practices
from smsreminders.store.round.stopped import stopped_among

_TEXT = "Dit is een test van {practice}: de herinneringen per SMS werken."
_VALID_FOR = timedelta(minutes=10)
_BETWEEN = 5.0  # seconds between two questions
NOT_SENT = "not-sent"


@dataclass(frozen=True, slots=True)
class TrialResult:
    """What became of a trial; `said` are the gateway's words for it, in the order in which they came.

    `outcome` is None as long as nothing was sent. `unanswered` is why the gateway could not be asked any more.
    """

    gateway: str
    sms: Outgoing
    outcome: Outcome | None = None
    status: str = NOT_SENT
    gateway_id: str | None = None
    said: tuple[str, ...] = ()
    unanswered: str = ""


def own_phone(db: Database, raw: str, country: str) -> PhoneNumber:
    """Read the number that a trial goes to.

    Raises UsageError, also for a phone that said STOP and for that of a patient who gave no consent: a trial is no way
    around either.
    """
    try:
        phone = parse_mobile(raw, country)
    except PhoneError as problem:
        raise UsageError(f"that is no mobile phone number ({problem.reason})") from problem
    if stopped_among(db, {(practice.id, phone.e164) for practice in all_practices(db)}):
        raise UsageError("that phone said STOP: use another one, or see `smsreminders stopped list`")
    for whose, patient in _holders(db, phone):
        if patient.consent is not Consent.GIVEN:
            raise UsageError(f"that is the number of {whose}, who gave no consent: use the practice's own phone")
    return phone


def phone_of_nobody(db: Database, raw: str, country: str) -> PhoneNumber:
    """Read the number that the texts of others may go to: no patient's, however willing.

    Raises UsageError as `own_phone` does.
    """
    phone = own_phone(db, raw, country)
    for whose, _ in _holders(db, phone):
        raise UsageError(f"that is the number of {whose}, who would read of others: use the practice's own phone")
    return phone


def _holders(db: Database, phone: PhoneNumber) -> Iterator[tuple[str, Patient]]:
    """List the patients who have a number, each with their id and practice in words."""
    codes = {practice.id: practice.code for practice in all_practices(db)}
    for practice_id, holders in patients_of_number(db, phone.e164).items():
        for patient in holders:
            yield f"patient {patient.source_id} of {codes[practice_id]}", patient


def trial(practice: Practice, phone: PhoneNumber, *, clock: Clock) -> Outgoing:
    """Write a trial: a text in Dutch, for the practice reads it; valid for ten minutes."""
    now = clock.now()
    return of_no_appointment(practice, phone, _TEXT.format(practice=practice.name), now=now, until=now + _VALID_FOR)


def of_no_appointment(practice: Practice, phone: PhoneNumber, text: str, *, now: datetime, until: datetime) -> Outgoing:
    """Write an SMS to the practice's own phone, under a reference that no reminder has."""
    return Outgoing(
        reference=uuid4().hex,
        phone=phone.e164,
        sender_id=practice.sender_id,
        text=text,
        encoding=count_segments(text).encoding,
        handed_over_at=now,
        valid_until=until,
    )


def run_trial(
    account: Account, sms: Outgoing, *, clock: Clock, seconds: float, say: Callable[[str], None]
) -> TrialResult:
    """Send a trial and follow it for so many seconds to its delivery report; `say` is told each step.

    What the gateway had said is kept where it can't be asked any more.
    """
    outcome = account.gateway.send(sms)
    result = TrialResult(str(account.name), sms, outcome, type(outcome).__name__.lower())
    if isinstance(outcome, Accepted):
        say(f"{account.name} accepted it as {outcome.gateway_id or sms.reference}")
        result = replace(result, gateway_id=outcome.gateway_id)
    if not isinstance(outcome, Accepted | Uncertain):
        return result
    try:
        for report in _reports(account.gateway, sms, result.gateway_id, clock=clock, seconds=seconds):
            say(f'the gateway says "{report.raw}"')
            result = _heard(result, report)
            if report.status not in {None, Status.SENT}:
                break
    except (TryAgainLater, AdministratorNeeded) as error:
        return replace(result, unanswered=str(error))
    return result


def _heard(result: TrialResult, report: DeliveryReport) -> TrialResult:
    return replace(
        result,
        status=report.status.value if report.status else result.status,
        gateway_id=result.gateway_id or report.gateway_id,
        said=(*result.said, report.raw),
    )


def _reports(
    gateway: Gateway, sms: Outgoing, gateway_id: str | None, *, clock: Clock, seconds: float
) -> Iterator[DeliveryReport]:
    """Yield what the gateway says of a trial, each word once, until the time is over. Raises as `lookup` does."""
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
