"""Recovery at the start of a round: what a dead run left is called uncertain, and the gateway is asked for it."""

from collections.abc import Sequence
from datetime import timedelta

from smsreminders.domain.notifications import Status
from smsreminders.domain.practices import Practice
from smsreminders.errors import AdministratorNeeded, TryAgainLater
from smsreminders.gateways.base import Account
from smsreminders.jobs.round.claim import recover
from smsreminders.jobs.round.limits import Limits
from smsreminders.jobs.round.lookup import ask
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.reports import not_final

_AT_A_TIME = 20  # so often it is looked whether the run must end; a gateway with a list of its own reads it as often


def find_uncertain(db: Database, practices: Sequence[Practice], *, account: Account, limits: Limits) -> None:
    """Call uncertain what is in `sending`, and ask the gateway for all that is uncertain, until the run must end.

    The caller holds the lock of the run. A gateway that can't be asked now leaves them uncertain; the round finds out
    by itself whether it can be sent to.
    """
    now = limits.clock.now()
    with write_transaction(db):
        recover(db, now=now)
    open_ones = not_final(db, account.name, [practice.id for practice in practices], now, failed_since=now)
    uncertain = [asked for asked in open_ones if asked.status is Status.UNCERTAIN]
    try:
        while uncertain and limits.time_left >= timedelta():
            ask(db, uncertain[:_AT_A_TIME], account=account, clock=limits.clock)
            del uncertain[:_AT_A_TIME]
    except (TryAgainLater, AdministratorNeeded):
        return
