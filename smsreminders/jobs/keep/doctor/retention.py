"""The check-up of what is kept: does anything take it away in time?"""

from collections.abc import Iterator

from smsreminders.domain.clock import Clock
from smsreminders.domain.keep.retention import Retention
from smsreminders.jobs.keep.doctor.findings import Check, Verdict
from smsreminders.jobs.keep.purge import is_overdue
from smsreminders.store.database import Database


def check_retention(db: Database, retention: Retention, *, clock: Clock) -> Iterator[Check]:
    """Warn where texts, replies, rows of sources or lines of the access log should have gone two weeks ago."""
    if is_overdue(db, retention, clock=clock):
        yield Check(
            "retention",
            Verdict.WARNING,
            "something is kept two weeks longer than [retention] says, or more",
            "let cron run `smsreminders purge --yes` each week (`smsreminders schedule` has the line); "
            "`smsreminders purge --dry-run` counts what it is",
        )
