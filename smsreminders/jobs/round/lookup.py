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
    """Ask the gateway what became of these notifications, and write down what it says.

    An uncertain one that the gateway knows is sent, or more; one that it was twice proved not to know is queued again,
    and goes out if it still makes sense. What it once knew is never taken for absent, whatever its list says later.

    What the gateway had answered is kept when it stops answering. Raises TryAgainLater or AdministratorNeeded then,
    and nothing is taken for absent: that needs every page.
    """
    answers = Answers()
    ids = {notification.open.reference: notification.id for notification in asked}
    known_there: set[str] = set()
    for reports in _batches(account.gateway.lookup([notification.open for notification in asked])):
        known_there |= {report.reference for report in reports}
        ours = [(ids[report.reference], report) for report in reports if report.reference in ids]
        with write_transaction(db):
            now = clock.now()
            known = known_of(db, {id_ for id_, _ in ours})
            for id_, report in ours:
                known[id_] = take_report(db, id_, known[id_], report, now=now, answers=answers)
    with write_transaction(db):
        missing = [notification for notification in asked if _is_missing(notification, known_there)]
        still = known_of(db, [notification.id for notification in missing])
        for notification in missing:
            if still[notification.id].status is Status.UNCERTAIN:
                _note_absence(db, notification, account=account, now=clock.now(), answers=answers)
    return answers


def _batches(reports: Iterator[DeliveryReport]) -> Iterator[list[DeliveryReport]]:
    """Group reports into batches; yield the last one even if the lookup fails."""
    batch: list[DeliveryReport] = []
    try:
        for report in reports:
            batch.append(report)
            if len(batch) == _AT_A_TIME:
                yield batch
                batch = []
    except SmsremindersError:
        yield batch
        raise
    yield batch


def take_report(
    db: Database, id_: int, known: Known, report: DeliveryReport, *, now: datetime, answers: Answers
) -> Known:
    """Write down what a report changes of what is known of a notification; return what is known after it.

    The caller holds the transaction.
    """
    noted = note_report(db, id_, known, report)
    if noted is None:
        add_word(db, id_, known.status, f"the gateway knows it also as {report.gateway_id}", now=now)
        return known
    if report.status is None:
        answers.unknown_words[report.raw] += 1
        add_word(db, id_, noted.status, f"unknown word of the gateway: {report.raw}", now=now)
        return noted
    following = after_report(noted.status, report.status, taken_back=noted.taken_back)
    if following is None:
        return noted
    move(db, id_, noted.status, following, now=now, detail=report.raw, reported_at=report.reported_at)
    answers.changed[following] += 1
    return replace(noted, status=following)


def _is_missing(asked: Asked, known_there: Collection[str]) -> bool:
    """Whether a notification is uncertain and the gateway never knew it: no report makes another status uncertain."""
    return (
        asked.status is Status.UNCERTAIN and asked.open.gateway_id is None and asked.open.reference not in known_there
    )


def _note_absence(db: Database, asked: Asked, *, account: Account, now: datetime, answers: Answers) -> None:
    """Note that the gateway doesn't know a notification; queue it again where this is proved for the second time."""
    features = account.gateway.features
    if features.references_may_be_lost and not has_reported(db, asked.id):
        return
    match absence(asked.open.sent_at, asked.absent_at, now, settle_time=account.settles_after, kept=features.kept):
        case Absence.ONCE:
            note_absence(db, asked.id, now)
        case Absence.PROVED:
            detail = "the gateway was asked twice and doesn't know it: certainly not sent"
            move(db, asked.id, Status.UNCERTAIN, Status.QUEUED, now=now, detail=detail)
            answers.changed[Status.QUEUED] += 1
