"""Listen to each account, ask what became of what isn't final yet, and give up on what has no report for too long.

While another run is busy it can only listen: what it hears is written as the desk's word is, and the claim of a round
that sends just then obeys it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from smsreminders.domain.clock import Clock
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import ASKED_FOR, CORRECTED_WITHIN, NO_REPORT, Status, is_given_up
from smsreminders.domain.round.sending import AccountName
from smsreminders.errors import SmsremindersError
from smsreminders.gateways.accounts import Accounts
from smsreminders.jobs.round.answers import Heard
from smsreminders.jobs.round.asking import Question
from smsreminders.jobs.round.claim import recover
from smsreminders.jobs.round.inbox import hear
from smsreminders.jobs.round.lookup import ask
from smsreminders.jobs.round.went_by import AccountLeft, uncertain_of
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.round.reports import not_final, still_sent
from smsreminders.store.round.statuses import move


@dataclass(slots=True)
class PollResult:
    """What a poll did: how many it asked for, what changed, what is left, and the words that we don't know.

    `troubles` says of each account that could not be asked why not; `heard` is what came in.
    """

    asked: int = 0
    changed: Counter[Status] = field(default_factory=Counter)
    open: int = 0
    uncertain: int = 0
    unknown_words: Counter[str] = field(default_factory=Counter)
    troubles: dict[AccountName, SmsremindersError] = field(default_factory=dict)
    heard: Heard = field(default_factory=Heard)


def poll(
    db: Database, practices: Sequence[Practice], *, accounts: Accounts, give_up_after: timedelta, clock: Clock
) -> PollResult:
    """Listen to the accounts, then ask what became of the notifications of these practices that aren't final.

    What came in goes first, so that a STOP counts as soon as it can. Each account is asked for what went by it.
    These are the sent and the uncertain ones; those that expired by inference, as long as the gateway keeps them (35
    days); and for 72 hours those that failed, for gateways correct themselves. The caller holds the lock of the run.
    An account that can't be asked now is a trouble of its own, and nothing of it is given up on; what it had answered
    by then is kept.
    """
    ids = [practice.id for practice in practices]
    now = clock.now()
    with write_transaction(db):
        recover(db, now=now)
    heard = hear(db, practices, accounts=accounts, clock=clock)
    open_ones = not_final(db, ids, now - ASKED_FOR, failed_since=now - CORRECTED_WITHIN)
    answers = ask(db, Question(open_ones, accounts, clock))
    result = PollResult(
        answers.asked, answers.changed, unknown_words=answers.unknown_words, troubles=answers.troubles, heard=heard
    )
    with write_transaction(db):
        for id_, sent_at, name in still_sent(db, ids):
            may_be_asked = name in result.troubles and not isinstance(result.troubles[name], AccountLeft)
            if is_given_up(sent_at, now, give_up_after) and not may_be_asked:
                move(db, id_, Status.SENT, Status.EXPIRED, now=now, detail=NO_REPORT)
                result.changed[Status.EXPIRED] += 1
            else:
                result.open += 1
    result.uncertain = uncertain_of(db, practices, accounts)
    return result


def listen(db: Database, practices: Sequence[Practice], *, accounts: Accounts, clock: Clock) -> PollResult:
    """Only hear what came in, and count what is left; nobody need hold the lock of the run.

    Nothing is asked for: what is in `sending` may belong to a run that goes on.
    """
    heard = hear(db, practices, accounts=accounts, clock=clock)
    left = sum(1 for _ in still_sent(db, [practice.id for practice in practices]))
    return PollResult(open=left, uncertain=uncertain_of(db, practices, accounts), heard=heard)
