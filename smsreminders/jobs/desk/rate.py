"""A rate at the desk: added, never changed."""

from smsreminders.domain.billing import Rate
from smsreminders.domain.months import check_rate_from
from smsreminders.store import billing as store
from smsreminders.store.closing import last_closed
from smsreminders.store.database import Database, write_transaction


def add_rate(db: Database, rate: Rate) -> None:
    """Add a rate. Raises UsageError if there is one from that day on, or if a closed month would get another price."""
    with write_transaction(db):
        check_rate_from(rate.valid_from, last_closed(db))
        store.add_rate(db, rate)
