"""Ask accounts for delivery reports and write down what they say; prove that one never got an uncertain text."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from smsreminders.domain.round.notifications import Absence, Status, absence, after_report
from smsreminders.domain.round.sending import AccountName, DeliveryReport
from smsreminders.errors import SmsremindersError
from smsreminders.gateways.base import Account
from smsreminders.jobs.round.asking import Heard, Question, Said, listen
from smsreminders.jobs.round.stopping import mark_number
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.round.number_words import note_delivered
from smsreminders.store.round.reports import Asked, Known, has_reported, known_of, note_absence, note_report
from smsreminders.store.round.statuses import add_word, move


@dataclass(slots=True)
class Answers:
    """How many were asked for, what changed, and the gateways' words that we don't know.

    `troubles` says of each account that could not be asked why not.
    """

    asked: int = 0
    changed: Counter[Status] = field(default_factory=Counter)
    unknown_words: Counter[str] = field(default_factory=Counter)
    troubles: dict[AccountName, SmsremindersError] = field(default_factory=dict)


def ask(db: Database, question: Question) -> Answers:
    """Ask accounts what became of notifications, and write down what they say, in the thread of the caller.

    An uncertain one that its account knows is sent, or more; one that it was twice proved not to know is queued again,
    and goes out if it still makes sense. What it once knew is never taken for absent, whatever its list says later.

    What an account had answered is kept when it stops answering, and nothing is taken for absent then: that needs
    every page.
    """
    answers = Answers()
    ids = {asked.open.reference: asked.id for of_account in question.asked.values() for asked in of_account}
    for together in listen(question):
        if all(said is None for _, said in together):
            continue
        with write_transaction(db):
            _write(db, together, ids, now=question.clock.now(), answers=answers)
    return answers


def _write(db: Database, together: Sequence[Said], ids: dict[str, int], *, now: datetime, answers: Answers) -> None:
    """Write down what some accounts said. The caller holds the transaction."""
    answers.troubles |= {name: said for name, said in together if isinstance(said, SmsremindersError)}
    heard = [said for _, said in together if isinstance(said, Heard)]
    reports = [(ids[report.reference], report) for part in heard for report in part.reports]
    missing = [(part.account, asked) for part in heard for asked in part.missing]
    answers.asked += sum(part.asked for part in heard)
    known = known_of(db, {*(id_ for id_, _ in reports), *(asked.id for _, asked in missing)})
    for id_, report in reports:
        known[id_] = take_report(db, id_, known[id_], report, now=now, answers=answers)
    for account, asked in missing:
        if known[asked.id].status is Status.UNCERTAIN:
            _note_absence(db, asked, account=account, now=now, answers=answers)


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
    if report.mark is not None and (following or noted.status) is not Status.DELIVERED:
        mark_number(db, id_, report.mark, now=now, reported=True)
    if following is None:
        return noted
    if following is Status.DELIVERED:
        note_delivered(db, id_, now)
    move(db, id_, noted.status, following, now=now, detail=report.raw, reported_at=report.reported_at)
    answers.changed[following] += 1
    return replace(noted, status=following)


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
