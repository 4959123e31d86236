"""Ask the gateway for delivery reports and write down what it says; prove that it never got an uncertain one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from smsreminders.domain.notifications import Absence, Status, absence, after_report
from smsreminders.domain.sending import DeliveryReport
from smsreminders.errors import SmsremindersError
from smsreminders.gateways import InUse
from smsreminders.jobs.clock import Clock
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.reports import Asked, note_absence, note_report
from smsreminders.store.statuses import add_word, move, status_of, was_taken_back

_AT_A_TIME = 500  # reports written in one transaction


@dataclass(slots=True)
class Answers:
    """What changed, and the gateway's words that we don't know."""

    changed: Counter[Status] = field(default_factory=Counter)
    unknown_words: Counter[str] = field(default_factory=Counter)


def ask(db: Database, asked: Sequence[Asked], *, gateway: InUse, clock: Clock) -> Answers:
    """Ask what became of these.

    An uncertain one that the gateway knows is sent, or more; one that it was twice proved not to know is queued again,
    and goes out if it still makes sense. What it once knew is never taken for absent, whatever its list says later.

    What the gateway had answered is kept when it stops answering. Raises TryAgainLater or AdministratorNeeded then,
    and nothing is taken for absent: that needs every page.
    """
    answers = Answers()
    by_reference = {one.open.reference: one for one in asked}
    known = set()
    for some in _batches(gateway.gateway.lookup([one.open for one in asked])):
        known |= {told.reference for told in some}
        with write_transaction(db):
            for told in some:
                if one := by_reference.get(told.reference):
                    take_report(db, one.id, told, now=clock.now(), answers=answers)
    with write_transaction(db):
        for one in asked:
            never_known = one.open.gateway_id is None and one.open.reference not in known
            if never_known and status_of(db, one.id) is Status.UNCERTAIN:
                _absent(db, one, gateway=gateway, now=clock.now(), answers=answers)
    return answers


def take_report(db: Database, id_: int, told: DeliveryReport, *, now: datetime, answers: Answers) -> None:
    """Write down what the gateway says of a notification; the caller holds the transaction."""
    current = status_of(db, id_)
    if not note_report(db, id_, told):
        add_word(db, id_, current, f"the gateway knows it also as {told.gateway_id}", now=now)
        return
    if told.status is None:
        answers.unknown_words[told.raw] += 1
        add_word(db, id_, current, f"unknown word of the gateway: {told.raw}", now=now)
        return
    following = after_report(current, told.status, taken_back=was_taken_back(db, id_))
    if following is not None:
        move(db, id_, current, following, now=now, detail=told.raw, reported_at=told.reported_at)
        answers.changed[following] += 1


def _batches(reports: Iterator[DeliveryReport]) -> Iterator[list[DeliveryReport]]:
    """So many at a time; what had come is handed on before an error is."""
    some: list[DeliveryReport] = []
    try:
        for told in reports:
            some.append(told)
            if len(some) == _AT_A_TIME:
                yield some
                some = []
    except SmsremindersError:
        yield some
        raise
    yield some


def _absent(db: Database, one: Asked, *, gateway: InUse, now: datetime, answers: Answers) -> None:
    kept = gateway.gateway.features.kept
    match absence(one.open.sent_at, one.absent_at, now, settle_time=gateway.settle_time, kept=kept):
        case Absence.ONCE:
            note_absence(db, one.id, now)
        case Absence.PROVED:
            detail = "the gateway was asked twice and doesn't know it: certainly not sent"
            move(db, one.id, Status.UNCERTAIN, Status.QUEUED, now=now, detail=detail)
            answers.changed[Status.QUEUED] += 1
