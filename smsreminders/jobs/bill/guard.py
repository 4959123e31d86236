"""The guard of a close: no month is closed in an older database, by a wrong clock, or beside another last close."""

from smsreminders.domain.bill.months import check_last_close
from smsreminders.domain.clock import Clock
from smsreminders.domain.round.guards import LONGEST_PAUSE
from smsreminders.jobs.round.guard import check_past
from smsreminders.store.bill.closed import closed_periods
from smsreminders.store.bill.last_close import close_beside
from smsreminders.store.database import Database


def begin_close(db: Database, *, clock: Clock) -> None:
    """Look at the database, the clock and the last close before a month is closed; no run is counted.

    Raises AdministratorNeeded.
    """
    check_last_close({month.period: month.csv_sha256 for month in closed_periods(db)}, close_beside(db))
    check_past(db, clock=clock, longest_pause=LONGEST_PAUSE)
