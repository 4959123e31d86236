"""Ask the gateway for delivery reports and write down what it says; prove that it never got an uncertain one."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from smsreminders.domain.clock import Clock
from smsreminders.domain.notifications import Absence, Status, absence, after_report
from smsreminders.domain.sending import DeliveryReport
from smsreminders.errors import SmsremindersError
from smsreminders.gateways.base import Account
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.reports import Asked, Known, has_reported, known_of, note_absence, note_report
from smsreminders.store.statuses import add_word, move

_AT_A_TIME = 500  # reports held in memory and written in one transaction; a crash leaves as many to the next poll


@dataclass(slots=True)
class Answers:
    """What changed, and the gateway's words that we don't know."""

    changed: Counter[Status] = field(default_factory=Counter)
    unknown_words: Counter[str] = field(default_factory=Counter)


def ask(db: Database, asked: Sequence[Asked], *, account: Account, clock: Clock) -> Answers:
    """Ask what became of these.

    An uncertain one that the gateway knows is sent, or more; one that it was twice proved not to know is queued again,
    and goes out if it still makes sense. What it once knew is never taken for absent, whatever its list says later.

    What the gateway had answered is kept when it stops answering. Raises TryAgainLater or AdministratorNeeded then,
    and nothing is taken for absent: that needs every page.
    """
    answers = Answers()
    by_reference = {one.open.reference: one for one in asked}
    found = set()
    for some in _batches(account.gateway.lookup([one.open for one in asked])):
        found |= {told.reference for told in some}
        told_of = [(by_reference[told.reference].id, told) for told in some if told.reference in by_reference]
        with write_transaction(db):
            now = clock.now()
            known = known_of(db, {id_ for id_, _ in told_of})
            for id_, told in told_of:
                known[id_] = take_report(db, id_, known[id_], told, now=now, answers=answers)
    with write_transaction(db):
        missing = [one for one in asked if _is_missing(one, found)]
        still = known_of(db, [one.id for one in missing])
        for one in missing:
            if still[one.id].status is Status.UNCERTAIN:
                _absent(db, one, account=account, now=clock.now(), answers=answers)
    return answers


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


def take_report(
    db: Database, id_: int, known: Known, told: DeliveryReport, *, now: datetime, answers: Answers
) -> Known:
    """Write down what a report changes of what is known; what is known after it. The caller holds the transaction."""
    noted = note_report(db, id_, known, told)
    if noted is None:
        add_word(db, id_, known.status, f"the gateway knows it also as {told.gateway_id}", now=now)
        return known
    if told.status is None:
        answers.unknown_words[told.raw] += 1
        add_word(db, id_, noted.status, f"unknown word of the gateway: {told.raw}", now=now)
        return noted
    following = after_report(noted.status, told.status, taken_back=noted.taken_back)
    if following is None:
        return noted
    move(db, id_, noted.status, following, now=now, detail=told.raw, reported_at=told.reported_at)
    answers.changed[following] += 1
    return replace(noted, status=following)


def _is_missing(one: Asked, found: Collection[str]) -> bool:
    """Whether it is uncertain and the gateway never knew it: no other status becomes uncertain by a report."""
    return one.status is Status.UNCERTAIN and one.open.gateway_id is None and one.open.reference not in found


def _absent(db: Database, one: Asked, *, account: Account, now: datetime, answers: Answers) -> None:
    features = account.gateway.features
    if features.references_may_be_lost and not has_reported(db, account.name):
        return
    match absence(one.open.sent_at, one.absent_at, now, settle_time=account.settles_after, kept=features.kept):
        case Absence.ONCE:
            note_absence(db, one.id, now)
        case Absence.PROVED:
            detail = "the gateway was asked twice and doesn't know it: certainly not sent"
            move(db, one.id, Status.UNCERTAIN, Status.QUEUED, now=now, detail=detail)
            answers.changed[Status.QUEUED] += 1
