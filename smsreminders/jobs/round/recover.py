"""Recovery at the start of a round: what a dead run left is called uncertain, and each account is asked for its own."""

from collections.abc import Sequence
from datetime import timedelta

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.gateways.accounts import Accounts
from smsreminders.jobs.round.asking import Question
from smsreminders.jobs.round.claim import recover
from smsreminders.jobs.round.limits import Limits
from smsreminders.jobs.round.lookup import ask
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.round.reports import not_final

_AT_A_TIME = 20  # so often it is looked whether the run must end; a gateway with a list of its own reads it as often


def find_uncertain(db: Database, practices: Sequence[Practice], *, accounts: Accounts, limits: Limits) -> None:
    """Call uncertain what is in `sending`, and ask each account for what is uncertain of it, until the run must end.

    The caller holds the lock of the run. An account that can't be asked now leaves its own uncertain; the round finds
    out by itself whether it can be sent to.
    """
    now = limits.clock.now()
    with write_transaction(db):
        recover(db, now=now)
    open_ones = not_final(db, [practice.id for practice in practices], now, failed_since=now)
    uncertain = {name: [one for one in asked if one.status is Status.UNCERTAIN] for name, asked in open_ones.items()}
    of_accounts = {name: asked for name, asked in uncertain.items() if asked}
    ask(db, Question(of_accounts, accounts, limits.clock, _AT_A_TIME, lambda: limits.time_left >= timedelta()))
