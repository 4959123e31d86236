"""A round: the guards, the plan in one transaction, then the sending of what waits."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from operator import itemgetter

from smsreminders.domain.clock import Clock
from smsreminders.domain.due import Rules
from smsreminders.domain.forecast import forecast
from smsreminders.domain.practices import Practice
from smsreminders.domain.window import Schedule
from smsreminders.errors import AdministratorNeeded
from smsreminders.gateways.base import Account
from smsreminders.gateways.features import Features
from smsreminders.jobs.agenda.held import refused_files, unclear_appointments
from smsreminders.jobs.bill.prices import cost
from smsreminders.jobs.round.claim import withdraw
from smsreminders.jobs.round.guard import begin_run, check_agenda, check_sender, end_run
from smsreminders.jobs.round.hours import ended, inside, outside, schedule_of_run
from smsreminders.jobs.round.limits import Limits
from smsreminders.jobs.round.plan import PracticePlan, holidays_of, plan_practice, rules_for
from smsreminders.jobs.round.recover import find_uncertain
from smsreminders.jobs.round.resend import repeat_uncertain
from smsreminders.jobs.round.result import DispatchResult
from smsreminders.jobs.round.send import Sent, send_queued
from smsreminders.jobs.round.terms import Talk, Terms
from smsreminders.store import outbox
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.lock import RunLock
from smsreminders.store.rounds import complete_round, record_plan, start_round, was_completed


def dispatch(
    db: Database,
    lock: RunLock,
    practices: Sequence[Practice],
    *,
    account: Account,
    terms: Terms,
    clock: Clock,
    talk: Talk,
) -> DispatchResult:
    """Run a round for these practices, from its guards to the time of its end beside the lock.

    A practice that is outside its own sending hours isn't planned, and told. Raises TryAgainLater outside those of all,
    and AdministratorNeeded where the guards of a run refuse it: then nothing is planned.
    """
    going = inside(practices, terms, clock.now())
    with talk.breakable():
        begin_run(db, lock, clock=clock)
    try:
        limits = Limits(schedule_of_run(going, terms), clock, talk.interrupted, clock.elapsed())
        with talk.breakable():
            find_uncertain(db, practices, account=account, limits=limits)
        result = _plan_and_send(db, going, account=account, terms=terms, limits=limits, talk=talk)
        result.problems += outside(practices, going, terms)
        return result
    finally:
        end_run(lock, clock=clock)


def rehearse(
    db: Database,
    practices: Sequence[Practice],
    *,
    features: Features,
    per_second: float,
    terms: Terms,
    clock: Clock,
) -> DispatchResult:
    """Say what a round would do now, in the sending hours or not; nothing is written."""
    now = clock.now()
    result = _planned(db, practices, features=features, terms=terms, now=now)
    for planned in result.plans:
        for reminder in planned.plan.reminders:
            result.segments[planned.rules.practice.id] += reminder.counted.segments
    result.waiting = sum(len(planned.plan.reminders) for planned in result.plans)
    queue = [
        (reminder.due.starts_at, planned.rules.practice.code)
        for planned in result.plans
        for reminder in planned.plan.reminders
    ]
    codes = [code for _, code in sorted(queue, key=itemgetter(0))]
    result.forecast = forecast(codes, now=now, schedule=schedule_of_run(practices, terms), per_second=per_second)
    result.cost = _cost(db, result.segments, terms, now)
    return result


def refusals(
    db: Database, practices: Sequence[Practice], *, features: Features, terms: Terms, now: datetime
) -> list[str]:
    """Tell in the words of a round which practices it would refuse now and why, and what it would warn of."""
    result = _planned(db, practices, features=features, terms=terms, now=now)
    return [*map(str, result.problems), *result.warnings]


def missed(db: Database, practices: Sequence[Practice], *, schedule: Schedule, clock: Clock) -> list[Practice]:
    """Choose the practices whose round of today was not completed, or of which something came back to the queue since.

    What was uncertain in the round waits again once it is proved absent, or by a person's word.
    """
    today = _today(clock.now(), schedule)
    return [
        practice
        for practice in practices
        if not was_completed(db, practice.id, today) or outbox.queue(db, [practice.id])
    ]


def _plan_and_send(
    db: Database, practices: Sequence[Practice], *, account: Account, terms: Terms, limits: Limits, talk: Talk
) -> DispatchResult:
    now = limits.clock.now()
    with write_transaction(db):
        result = _planned(db, practices, features=account.gateway.features, terms=terms, now=now)
        result.round_id = _enqueue(db, result.plans, now)
    going = {planned.rules.practice.id: planned.rules for planned in result.plans if not planned.plan.held_back}
    codes = [going[id_].practice.code for id_ in outbox.practices_in_queue(db, going)]
    result.forecast = forecast(
        codes, now=limits.clock.now(), schedule=limits.schedule_from_now(), per_second=account.per_second
    )
    talk.foreseen(result.forecast)
    result.sent = send_queued(db, account, going, limits=limits, progress=talk.progress)
    if result.sent.stopped is None:
        _repeat(db, account, going, limits=limits, sent=result.sent, since=now)
    with write_transaction(db):
        done = [id_ for id_ in going if not outbox.queue(db, [id_])]
        if result.sent.stopped is None:
            result.problems += ended([going[id_] for id_ in going.keys() - set(done)], limits.clock.now())
        complete_round(db, result.round_id, done, limits.clock.now())
    ids = [practice.id for practice in practices]
    result.waiting, result.uncertain = (
        len(outbox.queue(db, ids)),
        outbox.uncertain(db, ids, rehearsed=account.gateway.features.sends_nothing),
    )
    result.segments = result.sent.segments
    result.cost = _cost(db, result.segments, terms, now)
    return result


def _enqueue(db: Database, plans: Sequence[PracticePlan], now: datetime) -> int:
    """Write the plans into the outbox; the id of the round. The caller holds the transaction."""
    round_id = start_round(db, now)
    for planned in plans:
        rules = planned.rules
        withdraw(db, rules, now=now)
        record_plan(db, round_id, rules.practice.id, rules.window, planned.plan)
        outbox.enqueue(db, rules.practice, planned.plan.new, rehearsed=rules.rehearsal, now=now)
    return round_id


def _repeat(
    db: Database, account: Account, rules: dict[int, Rules], *, limits: Limits, sent: Sent, since: datetime
) -> None:
    """Send once more what is uncertain, and count what the gateway took; `since` is when the run planned."""
    for again in repeat_uncertain(db, account, rules, limits=limits):
        sent.settle(again.practice_id, again.segments, of_this_run=again.sms.handed_over_at >= since)
    sent.stopped = limits.interruption()


def _planned(
    db: Database, practices: Sequence[Practice], *, features: Features, terms: Terms, now: datetime
) -> DispatchResult:
    """Plan all practices; one that can't be planned is a problem of its own."""
    result, holidays = DispatchResult([]), holidays_of(terms.schedule)
    for practice in practices:
        result.warnings += refused_files(db, practice)
        result.warnings += unclear_appointments(db, [practice], now)
        try:
            check_sender(practice, features)
            schedule = terms.of(practice.code).schedule
            warning = check_agenda(db, practice, schedule=schedule, now=now)
            result.warnings += [warning] if warning else []
            rules = rules_for(
                db,
                practice,
                terms=terms,
                holidays=holidays,
                now=now,
                rehearsal=features.sends_nothing,
            )
            planned = plan_practice(db, rules, daily_limit=schedule.daily_limit)
            result.warnings += _copies(planned)
            result.plans.append(planned)
        except AdministratorNeeded as problem:
            result.problems.append(problem)
    result.queued = sum(len(planned.plan.new) for planned in result.plans)
    return result


def _copies(planned: PracticePlan) -> list[str]:
    """Tell which appointments look like copies of others: one text says the same for both."""
    return [
        f"{planned.rules.practice.code}: {skip.due.appointment} has the words and the phone of {skip.covered_by}: "
        "one text is for both; if one is a copy of the other, cancel it"
        for skip in planned.plan.skips
        if skip.covered_by
    ]


def _cost(db: Database, segments: Counter[int], terms: Terms, now: datetime) -> Decimal:
    return cost(db, segments, day=_today(now, terms.schedule), general_rate=terms.general_rate)


def _today(now: datetime, schedule: Schedule) -> date:
    return now.astimezone(schedule.zone).date()
