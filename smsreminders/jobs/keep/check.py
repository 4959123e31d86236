"""The check for monitoring: did today's round run, is last month closed, what waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta

from smsreminders.domain.clock import Clock
from smsreminders.domain.guards import delivery_has_dropped, reports_have_stopped
from smsreminders.domain.notifications import Status
from smsreminders.domain.practices import Practice
from smsreminders.domain.window import Schedule
from smsreminders.jobs.bill.close import month_to_close
from smsreminders.store import outbox
from smsreminders.store.database import Database
from smsreminders.store.notifications import count_by_status, delivered_of, without_report
from smsreminders.store.rounds import was_completed

_REPORTED_IN = timedelta(hours=24)
_RECENT, _USUAL = timedelta(days=7), timedelta(days=35)
_PATIENCE = timedelta(days=1)  # cron closes a month on its first day, or on one of the next


@dataclass(slots=True)
class CheckResult:
    """The figures of today, and the troubles, none when all is well.

    `recent` and `usual` are rates: (delivered, of how many).
    """

    sent: int = 0
    waiting: int = 0
    uncertain: int = 0
    recent: tuple[int, int] = (0, 0)
    usual: tuple[int, int] = (0, 0)
    troubles: list[str] = field(default_factory=list)


def check(
    db: Database,
    practices: Sequence[Practice],
    *,
    schedule: Schedule,
    round_by: time,
    rehearsal: bool,
    clock: Clock,
) -> CheckResult:
    """Look at today's rounds, what waits, how much arrives against the four weeks before, and the month to close."""
    now = clock.now()
    local = now.astimezone(schedule.zone)
    today, ids = local.date(), [practice.id for practice in practices]
    counts = count_by_status(db, ids, [Status.QUEUED, Status.UNCERTAIN], rehearsed=rehearsal)
    result = CheckResult(
        sent=sum(outbox.sent_today(db, id_, today, rehearsed=rehearsal) for id_ in ids),
        waiting=counts[Status.QUEUED],
        uncertain=counts[Status.UNCERTAIN],
        recent=delivered_of(db, ids, today - _RECENT, today + timedelta(days=1), rehearsed=rehearsal),
        usual=delivered_of(db, ids, today - _USUAL, today - _RECENT, rehearsed=rehearsal),
    )
    missing = [practice.id for practice in practices if not was_completed(db, practice.id, today)]
    if missing and local.time() >= round_by:
        codes = (practice.code for practice in practices if practice.id in missing)
        result.troubles.append("today's round was not completed for " + ", ".join(codes))
    if left := len(outbox.queue(db, set(ids) - set(missing))):
        result.troubles.append(f"{left} wait after today's round: does `dispatch --if-missed` run?")
    if result.uncertain:
        result.troubles.append(f"{result.uncertain} wait for a person")
    without, taken = without_report(db, ids, now - 2 * _REPORTED_IN, now - _REPORTED_IN, rehearsed=rehearsal)
    if reports_have_stopped(without, taken):
        result.troubles.append(f"{without} of {taken} texts have had no report for over 24 hours: does `poll` run?")
    if delivery_has_dropped(result.recent, result.usual):
        result.troubles.append("fewer texts arrive than usual")
    if month := month_to_close(db, now, schedule.zone, patience=_PATIENCE):
        result.troubles.append(f"{month} is not closed")
    return result
