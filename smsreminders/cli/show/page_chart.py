"""The chart of a page: a column a day, of texts by what became of them, and of skipped appointments."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from smsreminders.cli.show.page_parts import Bar, Chart, Key, Line, Tick
from smsreminders.domain.round.notifications import Status
from smsreminders.store.round.day_counts import DayCount

_WIDTH, _HEIGHT, _LEFT, _BELOW = 720, 220, 34, 20
_NO_SKIP = ("already-reminded", "covered", "cancelled")  # nobody of these lacks a text
KINDS: Mapping[str, frozenset[Status]] = {
    "delivered": frozenset({Status.DELIVERED}),
    "underway": frozenset({Status.SENDING, Status.SENT, Status.UNCERTAIN, Status.QUEUED}),
    "failed": frozenset({Status.FAILED, Status.EXPIRED, Status.REJECTED}),
}
SKIPPED = "skipped"


def figures(day: DayCount) -> dict[str, int]:
    """Count a day's texts by what became of them, and the appointments without one."""
    counted = {kind: sum(day.texts.get(status, 0) for status in statuses) for kind, statuses in KINDS.items()}
    return counted | {SKIPPED: sum(n for reason, n in day.skipped.items() if reason not in _NO_SKIP)}


def chart(days: Sequence[DayCount], first: date, last: date, words: Mapping[str, str]) -> Chart:
    """Draw the days from `first` to `last`; one without anything has an empty place."""
    by_day = {day.day: figures(day) for day in days}
    top = _round_up(max((sum(counted.values()) for counted in by_day.values()), default=0))
    each = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    step = (_WIDTH - _LEFT) / len(each)
    return Chart(
        _WIDTH,
        _HEIGHT,
        _LEFT,
        [
            bar
            for place, day in enumerate(each)
            for bar in _bars(by_day.get(day, {}), _LEFT + place * step, step, top, f"{day:%d-%m}", words)
        ],
        [Line(_y(top * part // 2, top), str(top * part // 2)) for part in range(3)],
        [Tick(round(_LEFT + (place + 0.5) * step, 1), f"{day.day}-{day.month}") for place, day in enumerate(each)][::5],
        [Key(kind, words[kind]) for kind in (*KINDS, SKIPPED)],
    )


def _bars(
    counted: Mapping[str, int], x: float, step: float, top: int, day: str, words: Mapping[str, str]
) -> Iterator[Bar]:
    below = 0
    for kind, count in counted.items():
        if count:
            upper = _y(below + count, top)
            height = round(_y(below, top) - upper, 1)
            yield Bar(kind, round(x + 1, 1), upper, round(step - 2, 1), height, f"{day}: {count} {words[kind].lower()}")
        below += count


def _y(count: int, top: int) -> float:
    return round((_HEIGHT - _BELOW) * (1 - count / top) + 8 * count / top, 1)


def _round_up(count: int) -> int:
    """Find the round number above a count: 2, 4, 10, 20, 40, 100 and so on."""
    power = 1
    while True:
        for first in (2, 4, 10):
            if count <= first * power:
                return first * power
        power *= 10
