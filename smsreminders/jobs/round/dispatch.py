"""A round: plan in one transaction, then send what waits."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from operator import itemgetter

from smsreminders.domain.clock import Clock
from smsreminders.domain.forecast import Forecast, forecast
from smsreminders.domain.message import Wording
from smsreminders.domain.practices import Practice
from smsreminders.domain.reminders import Rules, SkipReason
from smsreminders.domain.window import Schedule, Window, check_sending_hours
from smsreminders.errors import AdministratorNeeded, Interrupted
from smsreminders.gateways.base import Account
from smsreminders.gateways.features import Features
from smsreminders.jobs.bill.prices import cost
from smsreminders.jobs.round.claim import withdraw
from smsreminders.jobs.round.guard import check_agenda, check_sender
from smsreminders.jobs.round.plan import PracticePlan, holidays_of, plan_practice, rules_for
from smsreminders.jobs.round.recover import find_uncertain
from smsreminders.jobs.round.resend import repeat_uncertain
from smsreminders.jobs.round.send import Sent, send_queued
from smsreminders.store import outbox
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.rounds import complete_round, record_plan, start_round, was_completed


@dataclass(slots=True)
class DispatchResult:
    """What a round did, or would do: then nothing is sent, and `segments` and `cost` are of what would be.

    `waiting` and `uncertain` are what is left of these practices after it, `segments` what the gateway took, by
    practice; `problems` are of single practices, which the others didn't wait for, `warnings` kept nobody back.
    `forecast` is how far the round was to get, as it was known before its first request.
    """

    plans: list[PracticePlan]
    round_id: int | None = None
    queued: int = 0
    sent: Sent = field(default_factory=Sent)
    waiting: int = 0
    uncertain: int = 0
    segments: Counter[int] = field(default_factory=Counter)
    cost: Decimal = Decimal(0)
    problems: list[AdministratorNeeded] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    forecast: Forecast | None = None

    @property
    def skipped(self) -> Counter[SkipReason]:
        """How many appointments got no reminder, by reason."""
        return Counter(skip.reason for one in self.plans for skip in one.plan.skips)

    @property
    def widest(self) -> Window | None:
        """The widest window of the practices: from the first that opens to the last that closes."""
        return max((one.rules.window for one in self.plans), key=lambda w: w.closes, default=None)

    @property
    def held_back(self) -> list[Practice]:
        """The practices of which nothing goes out because it would be more than the daily limit."""
        return [one.rules.practice for one in self.plans if one.plan.held_back]


def dispatch(  # noqa: PLR0913  # a job takes each value that it needs
    db: Database,
    practices: Sequence[Practice],
    *,
    account: Account,
    schedule: Schedule,
    wording: Wording,
    general_rate: Decimal,
    clock: Clock,
    interrupted: Callable[[], bool],
    asking: Callable[[], AbstractContextManager[None]] = nullcontext,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    foreseen: Callable[[Forecast], None] = lambda _forecast: None,
) -> DispatchResult:
    """Run a round for these practices; the caller holds the lock of the run.

    `asking` stands around the questions at its start, before anything is planned: they may be broken off at any moment.
    `foreseen` is told before the first request how far the round will get, `progress` how far it is.
    Raises TryAgainLater outside the sending hours: then nothing is planned.
    """
    now, began = clock.now(), clock.elapsed()

    def left() -> timedelta:
        """Of the longest duration of a run."""
        return schedule.longest_run - timedelta(seconds=clock.elapsed() - began)

    check_sending_hours(now, schedule.sending_hours, schedule.zone)
    with asking():
        find_uncertain(db, practices, account=account, clock=clock, must_end=lambda: left() < timedelta())
    with write_transaction(db):
        features = account.gateway.features
        report = _planned(db, practices, features=features, schedule=schedule, wording=wording, now=now)
        report.round_id = start_round(db, now)
        for one in report.plans:
            withdraw(db, one.rules, now=now)
            record_plan(db, report.round_id, one.rules.practice.id, one.rules.window, one.plan)
            outbox.enqueue(db, one.rules.practice, one.plan.new, now=now)
    going: dict[int, Rules] = {one.rules.practice.id: one.rules for one in report.plans if not one.plan.held_back}
    in_time = replace(schedule, longest_run=left())
    queue = [going[id_].practice.code for id_ in outbox.practices_in_queue(db, going)]
    report.forecast = forecast(queue, now=clock.now(), schedule=in_time, per_second=account.per_second)
    foreseen(report.forecast)
    report.sent = send_queued(
        db, account, going, schedule=in_time, clock=clock, interrupted=interrupted, progress=progress
    )
    if report.sent.stopped is None:
        in_time = replace(schedule, longest_run=left())
        for again in repeat_uncertain(db, account, going, schedule=in_time, clock=clock, interrupted=interrupted):
            report.sent.settle(again.practice_id, again.segments, of_this_run=again.sms.handed_over_at >= now)
        if interrupted():
            report.sent.stopped = Interrupted("interrupted: what was under way has ended, what waits stays queued")
    with write_transaction(db):
        done = [id_ for id_ in going if not outbox.queue(db, [id_])]
        complete_round(db, report.round_id, done, clock.now())
    report.waiting = len(outbox.queue(db, [p.id for p in practices]))
    report.uncertain = outbox.uncertain(db, [p.id for p in practices])
    report.segments = report.sent.segments
    report.cost = cost(db, report.segments, day=_today(now, schedule), general_rate=general_rate)
    return report


def rehearse(
    db: Database,
    practices: Sequence[Practice],
    *,
    features: Features,
    per_second: float,
    schedule: Schedule,
    wording: Wording,
    general_rate: Decimal,
    clock: Clock,
) -> DispatchResult:
    """What a round would do now, in the sending hours or not; nothing is written."""
    now = clock.now()
    report = _planned(db, practices, features=features, schedule=schedule, wording=wording, now=now)
    for one in report.plans:
        for reminder in one.plan.reminders:
            report.segments[one.rules.practice.id] += reminder.counted.segments
    report.waiting = sum(len(one.plan.reminders) for one in report.plans)
    queue = [(r.due.starts_at, one.rules.practice.code) for one in report.plans for r in one.plan.reminders]
    codes = [code for _, code in sorted(queue, key=itemgetter(0))]
    report.forecast = forecast(codes, now=now, schedule=schedule, per_second=per_second)
    report.cost = cost(db, report.segments, day=_today(now, schedule), general_rate=general_rate)
    return report


def missed(db: Database, practices: Sequence[Practice], *, schedule: Schedule, clock: Clock) -> list[Practice]:
    """Those practices whose round of today was not completed, or of which something came back to the queue since.

    What was uncertain in the round waits again once it is proved absent, or by a person's word.
    """
    today = _today(clock.now(), schedule)
    return [one for one in practices if not was_completed(db, one.id, today) or outbox.queue(db, [one.id])]


def _planned(
    db: Database,
    practices: Sequence[Practice],
    *,
    features: Features,
    schedule: Schedule,
    wording: Wording,
    now: datetime,
) -> DispatchResult:
    """The plans of all practices; one that can't be planned is a problem of its own."""
    report = DispatchResult([])
    holidays = holidays_of(schedule)
    for practice in practices:
        try:
            check_sender(practice, features)
            warning = check_agenda(db, practice, schedule=schedule, now=now)
            report.warnings += [warning] if warning else []
            rules = rules_for(db, practice, schedule=schedule, wording=wording, holidays=holidays, now=now)
            report.plans.append(plan_practice(db, rules, daily_limit=schedule.daily_limit))
        except AdministratorNeeded as problem:
            report.problems.append(problem)
    report.queued = sum(len(one.plan.new) for one in report.plans)
    return report


def _today(now: datetime, schedule: Schedule) -> date:
    return now.astimezone(schedule.zone).date()
