"""How far a round gets at the gateway's rate, told before its first request: what leaves in time, and who waits."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from math import ceil

from smsreminders.domain.round.window import Schedule

_SECOND = timedelta(seconds=1)


class End(StrEnum):
    """What ends a round before its queue does; the value is the setting's name."""

    SENDING_HOURS = "schedule.sending_hours"
    LONGEST_RUN = "schedule.longest_run"


@dataclass(frozen=True, slots=True)
class Forecast:
    """How far a round gets before `end` ends it.

    Of its queue `leaving` go out, from `begins_at` on and before `until`. `ends_at` is when the last would leave, were
    there no end. `waiting` is how many are left of each practice, in the order in which the queue comes to them. Times
    are UTC. `per_second` is the rate, `account` the name of the account that has it.
    """

    per_second: float
    begins_at: datetime
    until: datetime
    end: End
    leaving: int
    ends_at: datetime
    waiting: Mapping[str, int]
    account: str = ""


def forecast(
    queue: Sequence[str], *, now: datetime, schedule: Schedule, per_second: float, account: str = ""
) -> Forecast:
    """Forecast how far an account gets with its queue in a round: the practice of each notification, in order.

    It is as good as it can get: one leaves at once, and so many a second after it. Only the configured rate is counted,
    for how long the gateway takes to answer, and so how much the connections carry, is not known before the first
    request. What the claim withdraws, because it begins too soon by then, takes no request and is counted as if it
    did. Outside the sending hours the forecast is of a round that begins when they do.
    """
    begins_at, until, end = _time_to_send(now, schedule)
    leaving = min(len(queue), ceil((until - begins_at) * per_second / _SECOND))
    ends_at = begins_at + _SECOND * max(0, len(queue) - 1) / per_second
    return Forecast(per_second, begins_at, until, end, leaving, ends_at, Counter(queue[leaving:]), account)


def together(forecasts: Sequence[Forecast]) -> Forecast:
    """Forecast the whole round from its accounts' forecasts, of which there is one at least: they send side by side.

    The rate is that of the account that ends last.
    """
    waiting: Counter[str] = Counter()
    for of_account in forecasts:
        waiting.update(of_account.waiting)
    last = max(forecasts, key=lambda of_account: of_account.ends_at)
    return replace(last, leaving=sum(of_account.leaving for of_account in forecasts), waiting=waiting)


def _time_to_send(now: datetime, schedule: Schedule) -> tuple[datetime, datetime, End]:
    """Find from when to when the next texts may leave in one run, and what ends it."""
    local = now.astimezone(schedule.zone)
    first, second = schedule.sending_hours
    day = local.date() if local.time() < second else local.date() + timedelta(days=1)
    opens, closes = (datetime.combine(day, at, schedule.zone).astimezone(UTC) for at in (first, second))
    begins_at = max(now, opens)
    stops = begins_at + schedule.longest_run
    return (begins_at, closes, End.SENDING_HOURS) if closes <= stops else (begins_at, stops, End.LONGEST_RUN)
