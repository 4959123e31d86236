"""The plan of a round for one practice: what `dispatch` does, `--dry-run` shows and `explain` asks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from smsreminders.domain.local_time import day_start
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.due import Earlier, Rules
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.planning import Plan, plan_reminders
from smsreminders.domain.round.window import Schedule, covered
from smsreminders.domain.round.workdays import Workdays, public_holidays
from smsreminders.jobs.round.terms import Terms
from smsreminders.store.database import Database
from smsreminders.store.practices import own_days
from smsreminders.store.round.due import due_between
from smsreminders.store.round.outbox import sent_today

Foreseen = Mapping[int, Sequence[Earlier]]  # texts that are still to go, by appointment
NOTHING_FORESEEN: Foreseen = {}


@dataclass(frozen=True, slots=True)
class PracticePlan:
    """A practice with the rules of the round and the plan made by them."""

    rules: Rules
    plan: Plan


def holidays_of(schedule: Schedule) -> Mapping[date, str]:
    """The public holidays of the country; ask once a run, since it takes longer than a practice's whole plan."""
    return public_holidays(schedule.region)


def workdays_of(db: Database, practice: Practice, schedule: Schedule, holidays: Mapping[date, str]) -> Workdays:
    """Say on which days a practice works, with the days that it sets itself."""
    own = own_days(db, practice.id)
    return Workdays(schedule.weekdays, holidays, own.open_on, own.closed_on, own.open_on_holidays)


def rules_for(
    db: Database,
    practice: Practice,
    *,
    terms: Terms,
    holidays: Mapping[date, str],
    now: datetime,
    rehearsal: bool = False,
) -> Rules:
    """The rules of a round at `now` for one practice, with its own terms and its own days."""
    terms = terms.of(practice.code)
    schedule = terms.schedule
    workdays = workdays_of(db, practice, schedule, holidays)
    window = covered(now, workdays, zone=schedule.zone, minimum_notice=schedule.minimum_notice, remind=schedule.remind)
    return Rules(
        practice,
        terms.wording,
        window,
        schedule.zone,
        schedule.region,
        rehearsal,
        schedule.combine,
        notice=schedule.minimum_notice,
        hours=schedule.sending_hours,
        exclusions=terms.exclusions,
        unless_confirmed=schedule.unless_confirmed,
    )


def plan_practice(
    db: Database, rules: Rules, *, daily_limit: int, foreseen: Foreseen = NOTHING_FORESEEN
) -> PracticePlan:
    """Decide who of a practice is reminded: of the covered appointments, and of today's others.

    `foreseen` are texts that count as sent by then. Raises ConfigError where the text wants what the practice doesn't
    have.
    """
    window, practice_id = rules.window, rules.practice.id
    start = day_start(window.today, rules.zone)
    due = [
        replace(each, earlier=(*each.earlier, *foreseen.get(each.appointment_id, ())))
        for each in due_between(db, practice_id, start, window.closes, rehearsed=rules.rehearsal)
    ]
    already = sent_today(db, practice_id, window.today, rehearsed=rules.rehearsal)
    return PracticePlan(rules, plan_reminders(due, rules, daily_limit=daily_limit, sent_today=already))


def plan_ahead(
    db: Database, rules_at: Callable[..., Rules], moments: Sequence[datetime], *, daily_limit: int
) -> PracticePlan:
    """Plan the round at the last of these moments, as if the rounds at those before it send all that they plan.

    `rules_at` gives the rules of a round at the moment that is its argument `now`. Raises as `plan_practice` does.
    """
    foreseen: dict[int, list[Earlier]] = {}
    for at in moments[:-1]:
        plan = plan_practice(db, rules_at(now=at), daily_limit=daily_limit, foreseen=foreseen).plan
        for number, reminder in enumerate(plan.reminders):
            for cover in reminder.covers:
                sent = Earlier(
                    id=-number,
                    status=Status.SENT,
                    revision=cover.due.revision,
                    occasion=cover.occasion,
                    attempt=cover.attempt,
                    phone=reminder.phone.e164,
                    words=cover.words,
                    sent_at=at,
                    leads=cover is reminder.first,
                )
                foreseen.setdefault(cover.due.appointment_id, []).append(sent)
    return plan_practice(db, rules_at(now=moments[-1]), daily_limit=daily_limit, foreseen=foreseen)
