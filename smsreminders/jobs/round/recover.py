"""Recovery at the start of a round: what a dead run left is called uncertain, and each account is asked for its own."""

from collections.abc import Sequence
from datetime import timedelta

from smsreminders.domain.notifications import Status
from smsreminders.domain.practices import Practice
from smsreminders.errors import AdministratorNeeded, TryAgainLater
from smsreminders.gateways.accounts import Accounts
from smsreminders.gateways.base import Account
from smsreminders.jobs.round.claim import recover
from smsreminders.jobs.round.limits import Limits
from smsreminders.jobs.round.lookup import ask
from smsreminders.jobs.round.went_by import opened
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.reports import Asked, not_final

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
    for name, asked in open_ones.items():
        uncertain = [notification for notification in asked if notification.status is Status.UNCERTAIN]
        try:
            account = opened(name, accounts) if uncertain else None
            if account:
                _ask(db, uncertain, account=account, limits=limits)
        except (TryAgainLater, AdministratorNeeded):
            continue


def _ask(db: Database, uncertain: list[Asked], *, account: Account, limits: Limits) -> None:
    while uncertain and limits.time_left >= timedelta():
        ask(db, uncertain[:_AT_A_TIME], account=account, clock=limits.clock)
        del uncertain[:_AT_A_TIME]
