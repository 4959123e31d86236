"""The rounds to come: on which days there is something new to remind of, and of which days that is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from smsreminders.domain.round.workdays import Workdays


@dataclass(frozen=True, slots=True)
class ComingRound:
    """What the round of a day newly covers at one occasion: the days from `first` to `last`, with their holidays."""

    day: date
    occasion: int
    first: date
    last: date
    holidays: tuple[tuple[date, str], ...]


def coming_rounds(today: date, days: int, workdays: Workdays, remind: Sequence[int]) -> Iterator[ComingRound]:
    """List the rounds of today and the days after it, so many in all, that cover days which no round before them did.

    What an earlier round covered comes again only where something was added or changed.
    """
    for day in (today + timedelta(days=n) for n in range(days)):
        for occasion in sorted(remind):
            first = workdays.after(day - timedelta(days=1), occasion) + timedelta(days=1)
            last = workdays.after(day, occasion)
            if first <= last:
                covered = [first + timedelta(days=n) for n in range((last - first).days + 1)]
                holidays = [(each, name) for each in covered if (name := workdays.holidays.get(each))]
                yield ComingRound(day, occasion, first, last, tuple(holidays))
