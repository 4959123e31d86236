"""The check-up of the bill: no month is forgotten that could be closed."""

from datetime import tzinfo

from smsreminders.domain.clock import Clock
from smsreminders.jobs.bill.close import month_to_close
from smsreminders.jobs.keep.doctor.findings import Check, Verdict
from smsreminders.store.bill.closing import last_closed
from smsreminders.store.database import Database


def check_months(db: Database, zone: tzinfo, *, clock: Clock) -> Check:
    """Find the first month with something to bill that could have been closed and isn't."""
    if month := month_to_close(db, clock.now(), zone):
        advice = (
            f"run `smsreminders report --month {month} --close`, and look whether cron does (`smsreminders schedule`)"
        )
        return Check("months", Verdict.WARNING, f"{month} is not closed", advice)
    last = last_closed(db)
    return Check("months", Verdict.OK, f"closed up to {last}" if last else "none to close yet")
