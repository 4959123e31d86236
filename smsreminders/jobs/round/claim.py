"""The two moments of a notification in a run: its claim before the request, and its result after it.

Both happen within a transaction of the caller; the claim is committed before the request leaves.
"""

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from smsreminders.domain.round.again import ANOTHER_KIND, Again, plan_again
from smsreminders.domain.round.due import Rules
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.reminders import Reminder
from smsreminders.domain.round.sending import AFTER_SEND, Accepted, AccountName, Outcome, Outgoing, Rejected
from smsreminders.errors import ConfigError
from smsreminders.jobs.round.stopping import barred_among, mark_number
from smsreminders.store.database import Database
from smsreminders.store.round import claims, outbox
from smsreminders.store.round.outbox import Queued
from smsreminders.store.round.statuses import move


@dataclass(frozen=True, slots=True)
class Claimed:
    """A notification whose request may leave now."""

    id: int
    practice_id: int
    segments: int
    sms: Outgoing


def claim(
    db: Database,
    ids: Collection[int],
    rules: Mapping[int, Rules],
    *,
    accounts: Mapping[int, AccountName],
    now: datetime,
) -> list[Claimed]:
    """Claim what still makes sense of these notifications as they stand now, and withdraw the rest.

    So a withdrawal of consent, a cancellation or a move that was committed before this means no SMS, and neither does
    an appointment that begins too soon by now. Where the first of several drops out, the text for the rest is a
    notification of its own, which is claimed in its place. `accounts` are the practices' own.
    """
    going: list[tuple[Queued, Reminder]] = []
    rules_now: dict[int, Rules] = {}
    looked_at = deque(outbox.queued(db, ids))
    while looked_at:
        queued = looked_at.popleft()
        of_round = rules[queued.practice_id]
        if not of_round.may_send(now):
            continue  # its practice's sending hours have ended: it waits for the next round
        if queued.practice_id not in rules_now:
            rules_now[queued.practice_id] = of_round.later(now)
        try:
            again = _look_again(queued, rules_now[queued.practice_id])
        except ConfigError:
            continue  # its text can't be made since the plan: it waits, and the next round says why
        if again.reminder:
            going.append((queued, again.reminder))
            continue
        move(db, queued.id, Status.QUEUED, Status.CANCELLED, now=now, detail=again.reason)
        if again.rest:
            practice, rehearsed = of_round.practice, of_round.rehearsal
            looked_at += outbox.queued(db, outbox.enqueue(db, practice, [again.rest], rehearsed=rehearsed, now=now))
    going = _without_stopped(db, going, now)
    if not going:
        return []
    frozen = [
        (queued.id, reminder, rules[queued.practice_id].practice.sender_id, accounts[queued.practice_id])
        for queued, reminder in going
    ]
    today = now.astimezone(rules[going[0][0].practice_id].zone).date()
    claims.claim(db, frozen, now=now, today=today)
    return [
        Claimed(
            queued.id,
            queued.practice_id,
            reminder.counted.segments,
            Outgoing(
                reference=queued.reference,
                phone=reminder.phone.e164,
                sender_id=rules[queued.practice_id].practice.sender_id,
                text=reminder.text,
                encoding=reminder.counted.encoding,
                handed_over_at=now,
                valid_until=reminder.due.starts_at,
            ),
        )
        for queued, reminder in going
    ]


def record(db: Database, ended: Sequence[tuple[Claimed, Outcome]], *, now: datetime) -> list[Status]:
    """Write down what came of requests; return the status of each notification after it."""
    taken = [(claimed.id, outcome) for claimed, outcome in ended if isinstance(outcome, Accepted)]
    statuses = dict(zip([id_ for id_, _ in taken], claims.accept(db, taken, now=now), strict=True))
    for claimed, outcome in ended:
        if not isinstance(outcome, Accepted):
            statuses[claimed.id] = AFTER_SEND[type(outcome)]
            move(db, claimed.id, Status.SENDING, statuses[claimed.id], now=now, detail=outcome.reason)
        if isinstance(outcome, Rejected) and outcome.mark:
            mark_number(db, claimed.id, outcome.mark, now=now)
    return [statuses[claimed.id] for claimed, _ in ended]


def withdraw(db: Database, rules: Rules, *, now: datetime) -> None:
    """Withdraw what waits for a practice and makes no sense any more: cancelled, moved, too late, no consent."""
    for queued in outbox.queued(db, outbox.queue(db, [rules.practice.id])):
        again = _look_again(queued, rules)
        if not again.reminder:
            move(db, queued.id, Status.QUEUED, Status.CANCELLED, now=now, detail=again.reason)


def _without_stopped(
    db: Database, going: Sequence[tuple[Queued, Reminder]], now: datetime
) -> list[tuple[Queued, Reminder]]:
    """Withdraw what would go to a stopped number: the very number that goes out is asked for, as the last look."""
    barred = barred_among(db, [(queued.practice_id, reminder.phone.e164) for queued, reminder in going])
    left = []
    for queued, reminder in going:
        if reason := barred.get((queued.practice_id, reminder.phone.e164)):
            move(db, queued.id, Status.QUEUED, Status.CANCELLED, now=now, detail=reason.value)
        else:
            left.append((queued, reminder))
    return left


def _look_again(queued: Queued, rules: Rules) -> Again:
    """Decide what goes out now of a queued notification, or why it is withdrawn.

    What waited for a gateway that sends nothing never goes out by another, nor the other way round.
    """
    if queued.rehearsed is not rules.rehearsal:
        return Again(reason=ANOTHER_KIND)
    return plan_again(queued.held, rules)


def recover(db: Database, *, now: datetime) -> int:
    """Call uncertain what a dead run left in `sending`; return how many.

    Only for who holds the lock of the run: nobody else knows that the run is dead.
    """
    left = claims.in_sending(db)
    for id_ in left:
        move(db, id_, Status.SENDING, Status.UNCERTAIN, now=now, detail="the run died before its result was known")
    return len(left)
