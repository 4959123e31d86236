"""Which appointments a round covers, and in which hours a text may leave."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from smsreminders.domain.local_time import day_start
from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.round.guards import AgendaAges
from smsreminders.domain.round.workdays import Region, Workdays
from smsreminders.errors import TryAgainLater

ROUND = time(9)  # when cron runs the round, in the practice's zone


@dataclass(frozen=True, slots=True)
class Schedule:
    """When rounds look and texts leave; `weekdays` are working days, Monday is 0.

    `sending_hours` are local times, from the first on, before the second. `daily_limit` are notifications a practice
    and day. `remind` are the occasions, in working days before an appointment, the farthest first; those of
    `unless_confirmed` are left out where the patient has confirmed it.
    """

    zone: tzinfo
    region: Region
    weekdays: frozenset[int]
    minimum_notice: timedelta
    sending_hours: tuple[time, time]
    daily_limit: int
    longest_run: timedelta
    agenda_ages: AgendaAges
    remind: tuple[int, ...] = (1,)
    combine: Combine = Combine.PATIENT
    unless_confirmed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Window:
    """What a round covers: appointments that start after `opens` and before `closes` (both UTC).

    `ends` are the ends of what each occasion covers, the nearest occasion first: (1, the end of the next working day).
    `today` is the local date of the round, `last` the last local date that is covered, `at` the moment of the look.
    """

    opens: datetime
    ends: tuple[tuple[int, datetime], ...]
    today: date
    last: date
    at: datetime

    @property
    def closes(self) -> datetime:
        """The end of what the farthest occasion covers."""
        return self.ends[-1][1]

    def covers(self, starts_at: datetime) -> bool:
        """Tell whether an appointment that starts at this moment gets its reminder from the round."""
        return self.opens < starts_at < self.closes

    def occasion(self, starts_at: datetime) -> int | None:
        """Choose the nearest occasion of an appointment, in working days before it; None: it is too far away."""
        return next((days for days, closes in self.ends if starts_at < closes), None)

    def later(self, now: datetime, minimum_notice: timedelta) -> "Window":
        """The window as it is later in the round: its days, without what begins too soon by now."""
        return replace(self, opens=max(self.opens, now + minimum_notice), at=now)


def covered(
    now: datetime, workdays: Workdays, *, zone: tzinfo, minimum_notice: timedelta, remind: Sequence[int] = (1,)
) -> Window:
    """Find the window of a round at `now`: from the minimum notice on, to the end of the n-th working day after today.

    `remind` are the occasions, each so many working days before an appointment. With a round every morning no day falls
    between two rounds: the next window opens before this one closes, on Friday it reaches over the weekend, and what
    came in after Friday's round is in Saturday's and Sunday's.
    """
    today = now.astimezone(zone).date()
    lasts = {days: workdays.after(today, days) for days in sorted(remind)}
    ends = tuple((days, day_start(last + timedelta(days=1), zone)) for days, last in lasts.items())
    return Window(now + minimum_notice, ends, today, max(lasts.values()), now)


def rounds_until(on: date | None, now: datetime, zone: tzinfo) -> list[datetime]:
    """List the moments of the rounds from now to a date: now, and 09:00 of each later day up to that one."""
    today = now.astimezone(zone).date()
    days = (on - today).days if on else 0
    mornings = (datetime.combine(today + timedelta(days=n), ROUND, zone) for n in range(1, days + 1))
    return [now, *(morning.astimezone(UTC) for morning in mornings)]


def check_sending_hours(now: datetime, hours: tuple[time, time], zone: tzinfo) -> None:
    """Refuse to begin a round outside the sending hours. Raises TryAgainLater."""
    if not within_sending_hours(now, hours, zone):
        raise TryAgainLater(
            f"it is outside the sending hours ({hours[0]:%H:%M} to {hours[1]:%H:%M}): nothing was planned"
        )


def within_sending_hours(now: datetime, hours: tuple[time, time], zone: tzinfo) -> bool:
    """Tell whether a text may leave at `now`: from the first local time on, before the second."""
    return hours[0] <= now.astimezone(zone).time() < hours[1]
