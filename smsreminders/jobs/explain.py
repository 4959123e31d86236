"""Why an appointment got a reminder or why not, round by round, and what a round would do now."""

from dataclasses import dataclass

from smsreminders.domain.appointments import Appointment
from smsreminders.domain.clock import Clock
from smsreminders.domain.phone import e164_of
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.dead_numbers import Failures
from smsreminders.domain.round.due import Rules
from smsreminders.domain.round.reminders import Skip
from smsreminders.domain.round.stopped import StopEvent
from smsreminders.domain.text.judged import Matter
from smsreminders.errors import ConfigError
from smsreminders.jobs.desk.stopped import against
from smsreminders.jobs.round.plan import holidays_of, plan_practice, rules_for
from smsreminders.jobs.round.terms import Terms
from smsreminders.store.appointments import appointment_by_id
from smsreminders.store.database import Database
from smsreminders.store.round.notifications import Notification, notifications_of_appointment
from smsreminders.store.round.replies import Reply, replies_about
from smsreminders.store.round.rounds import RoundOutcome, outcomes_of


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that is known of an appointment's reminders.

    `now` is what a round would do with it at this moment: `send`, a skip's reason, `not-covered`, or what keeps it
    from making a plan; `unclear` what could not be understood, where that is the reason, `covered_by` the appointment
    whose text is for this one too; `stop` and `failures` are what stands against its number. `countries` are those
    whose mobiles alone are texted, if the configuration names some. `farthest` is how many working days a round looks
    ahead. `replies` may be about it. `unfit` is what its text would have that may not stand in any.
    """

    practice: Practice
    appointment: Appointment
    rounds: list[RoundOutcome]
    notifications: list[Notification]
    now: str
    unclear: str | None
    covered_by: str
    stop: StopEvent | None
    failures: Failures | None
    replies: list[Reply]
    is_over: bool
    countries: frozenset[str]
    farthest: int
    unfit: Matter | None = None


NOT_COVERED = "not-covered"
SEND = "send"


def explain(
    db: Database,
    practice: Practice,
    source_id: str,
    *,
    terms: Terms,
    rehearsal: bool,
    clock: Clock,
) -> Explanation:
    """Explain one appointment. Raises UsageError if it isn't known."""
    appointment_id, appointment = appointment_by_id(db, practice.id, source_id)
    rules = rules_for(
        db,
        practice,
        terms=terms,
        holidays=holidays_of(terms.schedule),
        now=clock.now(),
        rehearsal=rehearsal,
    )
    now, skip = _now(db, rules, appointment_id, daily_limit=terms.of(practice.code).schedule.daily_limit)
    return Explanation(
        practice,
        appointment,
        outcomes_of(db, appointment_id),
        notifications_of_appointment(db, appointment_id),
        now,
        skip.due.unclear if skip else None,
        skip.covered_by if skip else "",
        *_against(db, practice, skip, terms),
        replies_about(db, appointment_id),
        is_over=appointment.starts_at <= clock.now(),
        countries=terms.schedule.region.texted,
        farthest=max(days for days, _ in rules.window.ends),
        unfit=skip.unfit if skip else None,
    )


def _against(
    db: Database, practice: Practice, skip: Skip | None, terms: Terms
) -> tuple[StopEvent | None, Failures | None]:
    """Find what stands against the number of an appointment that is skipped."""
    number = e164_of(skip.due.phone, terms.schedule.region.country) if skip else None
    return against(db, practice.id, number) if number else (None, None)


def _now(db: Database, rules: Rules, appointment_id: int, *, daily_limit: int) -> tuple[str, Skip | None]:
    try:
        plan = plan_practice(db, rules, daily_limit=daily_limit).plan
    except ConfigError as error:
        return str(error), None  # why nobody of this practice would get one
    if any(cover.due.appointment_id == appointment_id for reminder in plan.reminders for cover in reminder.covers):
        return SEND, None
    skip = next((skip for skip in plan.skips if skip.due.appointment_id == appointment_id), None)
    return (skip.reason.value, skip) if skip else (NOT_COVERED, None)
