"""All that the page shows: today's round, who is to be called, the next round, a month of days, the bill, the texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from smsreminders.domain.bill.billing import MoneyTerms, Period
from smsreminders.domain.clock import Clock
from smsreminders.domain.local_time import day_bounds
from smsreminders.domain.practices import Practice
from smsreminders.gateways.accounts import Accounts
from smsreminders.jobs.bill.show import Bill, bill
from smsreminders.jobs.round.dispatch import dry_run
from smsreminders.jobs.round.result import DispatchResult
from smsreminders.jobs.round.terms import Terms
from smsreminders.jobs.round.went_by import uncertain_of
from smsreminders.jobs.unreached import ToCall, to_call
from smsreminders.store.appointments import count_missing, unclear_from
from smsreminders.store.database import Database
from smsreminders.store.round import outbox
from smsreminders.store.round.day_counts import DayCount, day_counts
from smsreminders.store.round.notification_counts import standing_of_texts
from smsreminders.store.round.notifications import (
    Notification,
    count_notifications,
    first_notification_at,
    notifications,
)
from smsreminders.store.round.past_rounds import PastRound, past_rounds
from smsreminders.store.round.replies import count_perhaps_stopped, count_replies

_DAYS = timedelta(days=29)  # and today
_ROUNDS_A_DAY = 30  # of a practice at most: each half hour that cron tries
MOST_ROWS = 20_000  # texts on one page; of more each month has a page of its own


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a person, or for the next round (`queued`)."""

    queued: int
    uncertain: int
    perhaps_stopped: int
    replies: int
    unclear: int
    missing: int


@dataclass(frozen=True, slots=True)
class PageContent:
    """What stands on the page of some practices at a moment.

    `tomorrow` is the next day's round as it would be. Where there are too many texts for one page, `texts` are this
    month's, and `months` are the earlier ones that have some, the newest first.
    """

    practices: Sequence[Practice]
    at: datetime
    today: date
    rounds: list[PastRound]
    waiting: Waiting
    calls: list[ToCall]
    tomorrow: DispatchResult
    days: list[DayCount]
    bill: Bill
    texts: list[Notification]
    months: list[Period]


def page_content(
    db: Database,
    practices: Sequence[Practice],
    *,
    accounts: Accounts,
    terms: Terms,
    money: MoneyTerms,
    rehearsal: bool,
    clock: Clock,
) -> PageContent:
    """Gather what the page of one practice, or of all, shows at this moment."""
    zone, now = terms.schedule.zone, clock.now()
    today = now.astimezone(zone).date()
    ids = [practice.id for practice in practices]
    rounds = past_rounds(db, ids, limit=_ROUNDS_A_DAY * len(ids))
    months = _months(db, practices, today, zone)
    return PageContent(
        practices=practices,
        at=now,
        today=today,
        rounds=[past for past in rounds if past.first == today],
        waiting=_waiting(db, practices, accounts, now),
        calls=to_call(db, practices, accounts=accounts, terms=terms, clock=clock),
        tomorrow=dry_run(db, practices, accounts=accounts, terms=terms, clock=clock, on=today + timedelta(days=1)),
        days=day_counts(db, ids, today - _DAYS, today),
        bill=bill(db, Period.of(today), practices, money, rehearsal=rehearsal),
        texts=texts_of(db, practices, Period.of(today) if months else None, zone),
        months=months,
    )


def texts_of(db: Database, practices: Sequence[Practice], month: Period | None, zone: tzinfo) -> list[Notification]:
    """List the texts of one practice or of all that were planned in a month, or ever."""
    start, end = day_bounds(month.first, month.last, zone) if month else (None, None)
    return notifications(db, _only(practices), start=start, end=end)


def standing_of(db: Database, practices: Sequence[Practice], month: Period, zone: tzinfo) -> list[int]:
    """Write in a few numbers how the texts of a month stand: its page needs no new one while they are the same."""
    return standing_of_texts(db, _only(practices), *day_bounds(month.first, month.last, zone))


def _months(db: Database, practices: Sequence[Practice], today: date, zone: tzinfo) -> list[Period]:
    """List the months before this one that have texts, the newest first; none where one page holds all of them."""
    first_at = first_notification_at(db)
    if first_at is None or count_notifications(db, _only(practices)) <= MOST_ROWS:
        return []
    months, month = [], Period.of(today).previous
    while month >= Period.of(first_at.astimezone(zone).date()):
        start, end = day_bounds(month.first, month.last, zone)
        if count_notifications(db, _only(practices), start=start, end=end):
            months.append(month)
        month = month.previous
    return months


def _waiting(db: Database, practices: Sequence[Practice], accounts: Accounts, now: datetime) -> Waiting:
    ids = [practice.id for practice in practices]
    return Waiting(
        queued=len(outbox.queue(db, ids)),
        uncertain=uncertain_of(db, practices, accounts),
        perhaps_stopped=count_perhaps_stopped(db, ids),
        replies=count_replies(db, ids, done=False),
        unclear=sum(1 for id_ in ids for _ in unclear_from(db, id_, now)),
        missing=sum(count_missing(db, id_, now) for id_ in ids),
    )


def _only(practices: Sequence[Practice]) -> int | None:
    """Give the row id of the one practice that is meant; None where it is all of them."""
    return practices[0].id if len(practices) == 1 else None
