"""The rounds to come of practices, by their own days and reminders."""

from collections.abc import Iterator, Sequence

from smsreminders.domain.clock import Clock
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.coming import ComingRound, coming_rounds
from smsreminders.jobs.round.plan import holidays_of, workdays_of
from smsreminders.jobs.round.terms import Terms
from smsreminders.store.database import Database


def coming(
    db: Database, practices: Sequence[Practice], *, terms: Terms, days: int, clock: Clock
) -> Iterator[tuple[Practice, ComingRound]]:
    """List the rounds of so many days from today on, that cover something new. Raises ConfigError."""
    holidays = holidays_of(terms.schedule)
    for practice in practices:
        schedule = terms.of(practice.code).schedule
        today = clock.now().astimezone(schedule.zone).date()
        workdays = workdays_of(db, practice, schedule, holidays)
        yield from ((practice, each) for each in coming_rounds(today, days, workdays, schedule.remind))
