"""What a run that died left behind, and what was never certain: called so, and asked for at the gateway."""

from collections.abc import Callable, Sequence

from smsreminders.domain.clock import Clock
from smsreminders.domain.notifications import Status
from smsreminders.domain.practices import Practice
from smsreminders.errors import AdministratorNeeded, TryAgainLater
from smsreminders.gateways.base import Account
from smsreminders.jobs.round.claim import recover
from smsreminders.jobs.round.lookup import ask
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.reports import not_final

_AT_A_TIME = 20  # so often it is looked whether the run must end; a gateway with a list of its own reads it as often


def find_uncertain(
    db: Database,
    practices: Sequence[Practice],
    *,
    account: Account,
    clock: Clock,
    must_end: Callable[[], bool] = lambda: False,
) -> None:
    """Call uncertain what is in `sending`, and ask the gateway for all that is uncertain, until the run must end.

    The caller holds the lock of the run. A gateway that can't be asked now leaves them uncertain; the round finds out
    by itself whether it can be sent to.
    """
    now = clock.now()
    with write_transaction(db):
        recover(db, now=now)
    ids = [practice.id for practice in practices]
    uncertain = [one for one in not_final(db, account.name, ids, now) if one.status is Status.UNCERTAIN]
    try:
        while uncertain and not must_end():
            ask(db, uncertain[:_AT_A_TIME], account=account, clock=clock)
            del uncertain[:_AT_A_TIME]
    except (TryAgainLater, AdministratorNeeded):
        return
