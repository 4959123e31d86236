"""Ask the gateway what became of what is not final yet; give up on what has had no report for too long."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from smsreminders.domain.clock import Clock
from smsreminders.domain.notifications import CORRECTED_WITHIN, NO_REPORT, Status, is_given_up
from smsreminders.domain.practices import Practice
from smsreminders.gateways.base import Account
from smsreminders.jobs.round.claim import recover
from smsreminders.jobs.round.lookup import ask
from smsreminders.store import outbox
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.reports import not_final, still_sent
from smsreminders.store.statuses import move


@dataclass(slots=True)
class PollResult:
    """What a poll did: how many it asked for, what changed, what is left, and the words that we don't know."""

    asked: int = 0
    changed: Counter[Status] = field(default_factory=Counter)
    open: int = 0
    uncertain: int = 0
    unknown_words: Counter[str] = field(default_factory=Counter)


def poll(
    db: Database,
    practices: Sequence[Practice],
    *,
    account: Account,
    give_up_after: timedelta,
    clock: Clock,
) -> PollResult:
    """Ask the gateway what became of the notifications of these practices that are not final.

    These are the sent and the uncertain ones; those that expired by inference, as long as the gateway keeps them (35
    days); and for 72 hours those that failed, for gateways correct themselves. The caller holds the lock of the run.
    Raises TryAgainLater or AdministratorNeeded if the gateway can't be asked; what it had answered by then is kept.
    """
    ids = [practice.id for practice in practices]
    now = clock.now()
    with write_transaction(db):
        recover(db, now=now)
    since = now - account.gateway.features.asked_for
    asked = not_final(db, account.name, ids, since, failed_since=max(since, now - CORRECTED_WITHIN))
    answers = ask(db, asked, account=account, clock=clock)
    result = PollResult(len(asked), answers.changed, unknown_words=answers.unknown_words)
    with write_transaction(db):
        for id_, sent_at in still_sent(db, ids):
            if is_given_up(sent_at, now, give_up_after):
                move(db, id_, Status.SENT, Status.EXPIRED, now=now, detail=NO_REPORT)
                result.changed[Status.EXPIRED] += 1
            else:
                result.open += 1
    result.uncertain = outbox.uncertain(db, ids, rehearsed=account.gateway.features.sends_nothing)
    return result
