"""Whether reminders may help, by the outcomes that the practices' records tell."""

from collections.abc import Sequence
from datetime import datetime

from smsreminders.domain.keep.effect import NoShows, effect
from smsreminders.domain.practices import Practice
from smsreminders.errors import UsageError
from smsreminders.store.database import Database
from smsreminders.store.round.outcomes import outcomes_by_text


def effect_between(db: Database, practices: Sequence[Practice], start: datetime, end: datetime) -> list[NoShows]:
    """Set the no-shows of appointments that started in [start, end) side by side, by what their patients got.

    Raises UsageError where no outcome is known.
    """
    known = effect(outcomes_by_text(db, [practice.id for practice in practices], start, end))
    if not any(group.appointments for group in known):
        raise UsageError(
            "no outcome (attended, no-show) of these appointments is known: import an export that has them, "
            "or run `smsreminders appointment outcome`"
        )
    return known
