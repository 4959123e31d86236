"""What a run that died left behind, and what was never certain: called so, and asked for at the gateway."""

from collections.abc import Sequence

from smsreminders.domain.notifications import Status
from smsreminders.domain.practices import Practice
from smsreminders.errors import AdministratorNeeded, TryAgainLater
from smsreminders.gateways import InUse
from smsreminders.jobs.asking import ask
from smsreminders.jobs.claims import recover
from smsreminders.jobs.clock import Clock
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.reports import not_final


def find_uncertain(db: Database, practices: Sequence[Practice], *, gateway: InUse, clock: Clock) -> None:
    """Call uncertain what is in `sending`, and ask the gateway for everything that is uncertain.

    The caller holds the lock of the run. A gateway that can't be asked now leaves them uncertain; the round finds out
    by itself whether it can be sent to.
    """
    now = clock.now()
    with write_transaction(db):
        recover(db, now=now)
    ids = [practice.id for practice in practices]
    uncertain = [one for one in not_final(db, gateway.name, ids, now) if one.status is Status.UNCERTAIN]
    if not uncertain:
        return
    try:
        ask(db, uncertain, gateway=gateway, clock=clock)
    except (TryAgainLater, AdministratorNeeded):
        return
