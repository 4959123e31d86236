"""The sending hours of a round: it begins where any of its practices is inside its own, and sends for those only."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.due import Rules
from smsreminders.domain.round.window import Schedule, check_sending_hours, within_sending_hours
from smsreminders.errors import TryAgainLater
from smsreminders.jobs.round.terms import Terms

_SHOWN = 5  # practices of a line
Hours = tuple[time, time]


def inside(practices: Sequence[Practice], terms: Terms, now: datetime) -> list[Practice]:
    """Choose the practices whose texts may leave now. Raises TryAgainLater where there is none."""
    hours = {practice.code: terms.of(practice.code).schedule.sending_hours for practice in practices}
    going = [each for each in practices if within_sending_hours(now, hours[each.code], terms.schedule.zone)]
    if practices and not going:
        if len(set(hours.values())) == 1:
            check_sending_hours(now, hours[practices[0].code], terms.schedule.zone)
        raise TryAgainLater(f"it is outside the sending hours of {_listed(hours.items())}: nothing was planned")
    return going


def outside(practices: Iterable[Practice], going: Collection[Practice], terms: Terms) -> list[str]:
    """Tell in one line which practices the round leaves alone, for it is outside their own sending hours."""
    left = [(each.code, terms.of(each.code).schedule.sending_hours) for each in practices if each not in going]
    return [f"Not planned, outside their own sending hours: {_listed(left)}."] if left else []


def still_to_begin(practice: Practice, terms: Terms, now: datetime) -> bool:
    """Tell whether the sending hours that a practice has of its own are still to begin today: it has missed nothing."""
    begins, _ = terms.of(practice.code).schedule.sending_hours
    return begins > terms.schedule.sending_hours[0] and now.astimezone(terms.schedule.zone).time() < begins


def ended(rules: Iterable[Rules], now: datetime) -> list[TryAgainLater]:
    """Tell in one line of which practices something waits because their own sending hours have ended meanwhile."""
    over = [(each.practice.code, each.hours) for each in rules if not each.may_send(now)]
    if not over:
        return []
    return [TryAgainLater(f"the sending hours of {_listed(over)} have ended: what waits goes with the next round")]


def schedule_of_run(practices: Iterable[Practice], terms: Terms) -> Schedule:
    """Make the schedule of a run for these practices: from the first of their sending hours to the last."""
    hours = [terms.of(practice.code).schedule.sending_hours for practice in practices]
    if not hours:
        return terms.schedule
    return replace(terms.schedule, sending_hours=(min(first for first, _ in hours), max(last for _, last in hours)))


def _listed(hours: Iterable[tuple[str, Hours]]) -> str:
    words = [f"{code} ({first:%H:%M} to {last:%H:%M})" for code, (first, last) in hours]
    return ", ".join(words[:_SHOWN]) + (f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else "")
