"""A round: the guards, the plan in one transaction, then the sending of what waits."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from operator import itemgetter

from smsreminders.domain.clock import Clock
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.due import Rules
from smsreminders.domain.round.forecast import together
from smsreminders.domain.round.guards import LONGEST_PAUSE
from smsreminders.domain.round.judged_wording import check_wording
from smsreminders.domain.round.sending import AccountName
from smsreminders.domain.round.window import Schedule, rounds_until
from smsreminders.errors import AdministratorNeeded
from smsreminders.gateways.accounts import Accounts, Unopened
from smsreminders.jobs.agenda.held import refused_files, unclear_appointments
from smsreminders.jobs.bill.prices import cost
from smsreminders.jobs.round.claim import withdraw
from smsreminders.jobs.round.doubts import copies, judged
from smsreminders.jobs.round.foresee import foresee
from smsreminders.jobs.round.guard import begin_run, end_run
from smsreminders.jobs.round.hours import ended, inside, outside, schedule_of_run
from smsreminders.jobs.round.limits import Limits
from smsreminders.jobs.round.plan import PracticePlan, holidays_of, plan_ahead, rules_for
from smsreminders.jobs.round.practice_guard import (
    check_account,
    check_agenda,
    check_answers,
    check_gateway_lost,
    check_sender,
)
from smsreminders.jobs.round.recover import find_uncertain
from smsreminders.jobs.round.resend import repeat_uncertain
from smsreminders.jobs.round.result import DispatchResult, Stopped
from smsreminders.jobs.round.send import Sent, send_queued
from smsreminders.jobs.round.terms import Talk, Terms
from smsreminders.jobs.round.went_by import uncertain_of, unopenable
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.lock import RunLock
from smsreminders.store.round import outbox
from smsreminders.store.round.claims import last_sent, uncertain_by_account
from smsreminders.store.round.rounds import complete_round, record_plan, start_round


def dispatch(
    db: Database,
    lock: RunLock,
    practices: Sequence[Practice],
    *,
    accounts: Accounts,
    terms: Terms,
    clock: Clock,
    talk: Talk,
) -> DispatchResult:
    """Run a round for these practices, from its guards to the time of its end beside the lock.

    A practice that is outside its own sending hours isn't planned, and told. Raises TryAgainLater outside those of all,
    and AdministratorNeeded where the guards of a run refuse it or no account can be opened: then nothing is planned.
    """
    going = inside(practices, terms, clock.now())
    accounts.check_usable(going)
    with talk.breakable():
        begin_run(db, lock, clock=clock)
    try:
        limits = Limits(schedule_of_run(going, terms), clock, talk.interrupted, clock.elapsed())
        with talk.breakable():
            find_uncertain(db, practices, accounts=accounts, limits=limits)
        result = _plan_and_send(db, going, accounts=accounts, terms=terms, limits=limits, talk=talk)
        result.notes += outside(practices, going, terms)
        return result
    finally:
        end_run(db, lock, clock=clock)


def dry_run(
    db: Database,
    practices: Sequence[Practice],
    *,
    accounts: Accounts,
    terms: Terms,
    clock: Clock,
    on: date | None = None,
) -> DispatchResult:
    """Say what a round would do now, in the sending hours or not; nothing is written and no account is opened.

    On a date to come: what the round at 09:00 of that day would do if nothing changes until then.
    """
    now = clock.now()
    moments = rounds_until(on, now, terms.schedule.zone)
    result = _planned(db, practices, accounts=accounts, terms=terms, now=now, moments=moments)
    for planned in result.plans:
        result.warnings += judged(planned)
        for reminder in planned.plan.reminders:
            result.segments[planned.rules.practice.id] += reminder.counted.segments
    result.waiting = sum(len(planned.plan.reminders) for planned in result.plans)
    queue = [
        (reminder.due.starts_at, planned.rules.practice)
        for planned in result.plans
        for reminder in planned.plan.reminders
    ]
    queued = [practice for _, practice in sorted(queue, key=itemgetter(0))]
    result.forecast = together(foresee(queued, accounts, now=moments[-1], schedule=schedule_of_run(practices, terms)))
    result.cost = _cost(db, result.segments, terms, moments[-1])
    return result


def refusals(
    db: Database, practices: Sequence[Practice], *, accounts: Accounts, terms: Terms, now: datetime
) -> list[str]:
    """Tell in the words of a round which practices it would refuse now and why, and what it would warn of."""
    result = _planned(db, practices, accounts=accounts, terms=terms, now=now)
    return [*map(str, result.problems), *result.warnings]


def _plan_and_send(
    db: Database, practices: Sequence[Practice], *, accounts: Accounts, terms: Terms, limits: Limits, talk: Talk
) -> DispatchResult:
    now = limits.clock.now()
    with write_transaction(db):
        result = _planned(db, practices, accounts=accounts, terms=terms, now=now)
        result.round_id = _enqueue(db, result.plans, now)
    going = {planned.rules.practice.id: planned.rules for planned in result.plans if not planned.plan.held_back}
    queued = [going[id_].practice for id_ in outbox.practices_in_queue(db, going)]
    forecasts = foresee(queued, accounts, now=limits.clock.now(), schedule=limits.schedule_from_now())
    for forecast in forecasts:
        talk.foreseen(forecast)
    result.forecast = together(forecasts)
    used = {id_: accounts.of(rules.practice) for id_, rules in going.items()}
    result.sent = send_queued(db, used, going, limits=limits, progress=talk.progress)
    busy = {accounts.of_practice(practice.code) for practice in queued}
    result.sent.held |= unopenable(account for account in used.values() if account.name.account not in busy)
    if result.sent.stopped is None:
        _repeat(db, used, going, limits=limits, sent=result.sent, since=now)
    waiting = Counter(outbox.practices_in_queue(db, [practice.id for practice in practices]))
    with write_transaction(db):
        if result.sent.stopped is None:
            result.problems += ended([rules for id_, rules in going.items() if waiting[id_]], limits.clock.now())
        complete_round(db, result.round_id, [id_ for id_ in going if not waiting[id_]], limits.clock.now())
    result.waiting, result.uncertain = waiting.total(), uncertain_of(db, practices, accounts)
    result.stopped = {
        name: Stopped(
            error, [rules.practice for id_, rules in going.items() if used[id_].name == name and waiting[id_]]
        )
        for name, error in result.sent.held.items()
    }
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
    db: Database,
    accounts: Mapping[int, Unopened],
    rules: Mapping[int, Rules],
    *,
    limits: Limits,
    sent: Sent,
    since: datetime,
) -> None:
    """Send once more what is uncertain where that is one SMS, and count what was taken; the run planned at `since`."""
    by_account: dict[AccountName, dict[int, Rules]] = {}
    for id_, unopened in accounts.items():
        if unopened.features.repeats_for and unopened.name not in sent.held:
            by_account.setdefault(unopened.name, {})[id_] = rules[id_]
    for name, own in by_account.items():
        try:
            account = accounts[next(iter(own))].open()
        except AdministratorNeeded as error:
            sent.held[name] = error
            continue
        for again in repeat_uncertain(db, account, own, limits=limits):
            sent.settle(again.practice_id, again.segments, of_this_run=again.sms.handed_over_at >= since)
    sent.stopped = limits.interruption()


def _planned(
    db: Database,
    practices: Sequence[Practice],
    *,
    accounts: Accounts,
    terms: Terms,
    now: datetime,
    moments: Sequence[datetime] = (),
) -> DispatchResult:
    """Plan all practices; one that can't be planned is a problem of its own.

    `moments` are those of the rounds up to the one that is planned; without any it is that of `now`.
    """
    result, holidays = DispatchResult([]), holidays_of(terms.schedule)
    uncertain = uncertain_by_account(db, [practice.id for practice in practices])
    for practice in practices:
        result.warnings += refused_files(db, practice)
        result.warnings += unclear_appointments(db, [practice], now)
        try:
            account = accounts.of(practice)
            features = account.features
            check_account(practice, account.name, uncertain.get(practice.id, {}))
            if features.sends_nothing:
                since = _today(now, terms.schedule) - LONGEST_PAUSE
                check_gateway_lost(practice, account.name, last_sent(db, practice.id, since))
            check_sender(practice, features)
            check_answers(practice, terms.of(practice.code).wording, features)
            schedule = terms.of(practice.code).schedule
            warning = check_agenda(db, practice, schedule=schedule, now=now)
            result.warnings += [warning] if warning else []
            rules_at = partial(
                rules_for, db, practice, terms=terms, holidays=holidays, rehearsal=features.sends_nothing
            )
            check_wording(rules_at(now=now))
            planned = plan_ahead(db, rules_at, moments or [now], daily_limit=schedule.daily_limit)
            result.warnings += copies(planned)
            result.plans.append(planned)
        except AdministratorNeeded as problem:
            result.problems.append(problem)
    result.queued = sum(len(planned.plan.new) for planned in result.plans)
    return result


def _cost(db: Database, segments: Counter[int], terms: Terms, now: datetime) -> Decimal:
    return cost(db, segments, day=_today(now, terms.schedule), general_rate=terms.general_rate)


def _today(now: datetime, schedule: Schedule) -> date:
    return now.astimezone(schedule.zone).date()
