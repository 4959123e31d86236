"""Time patterns: which one a file writes its times by, proved from all of them and never guessed a row at a time.

A pattern is proved where it reads every time and no other one does, which takes a day above 12 somewhere: until then
`03-04-2026` may be the third of April or the fourth of March. The patterns are those that programs write: with the
year first the month is always before the day, as in ISO 8601.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from smsreminders.importers.times import fits

_DATES = [
    date.replace("-", sign)
    for sign in "-/. "
    for date in ("%d-%m-%Y", "%m-%d-%Y", "%Y-%m-%d", "%d-%m-%y", "%m-%d-%y", "%y-%m-%d")
] + ["%d%m%Y", "%m%d%Y", "%Y%m%d", "%b %d, %Y", *(f"%d{sign}%b{sign}{year}" for sign in "- /" for year in ("%Y", "%y"))]
_CLOCKS = [" %H:%M", " %H:%M:%S", " %H:%M:%S.%f", "T%H:%M", "T%H:%M:%S", " %I:%M %p", " %I:%M:%S %p", " %I:%M%p"]
_CLOCKS += [", %H:%M", " %H%M"]
PATTERNS = tuple(date + clock for date, clock in product(_DATES, _CLOCKS))  # the Dutch order of a date comes first


_MOST_STRANGE = 200  # different cells that no pattern reads: of more the column is not what it seems


@dataclass(frozen=True, slots=True)
class Written:
    """How the times of a file are written.

    `patterns` are those that read every one of them: one is proved, of several none is. `is_iso`: all are ISO 8601,
    which needs no pattern. `example` is the time that other patterns failed at last, or else the first one. `other` is
    the first time that no pattern reads together with those before it: then nothing is proved, and `patterns` are
    those that read the `times` up to there. What no pattern at all reads (24:00, a time that is left out) proves
    nothing and hinders nothing, as long as the others are more.
    """

    patterns: tuple[str, ...] = ()
    is_iso: bool = False
    example: str = ""
    other: str = ""
    times: int = 0

    @property
    def proved(self) -> str | None:
        """The pattern, where it is the only one that reads all."""
        return self.patterns[0] if len(self.patterns) == 1 and not self.other else None


def find_pattern(cells: Iterable[str], *, spreadsheet: bool = False, patterns: Sequence[str] = PATTERNS) -> Written:
    """Find how the times in these cells are written; empty ones say nothing. In a spreadsheet a date may be its own.

    Memory is that of the patterns: the cells are looked at as they come.
    """
    every: Sequence[str | None] = (None, *patterns)
    left, strange = every, dict[str, None]()
    first = example = ""
    times = unread = 0
    for cell in filter(None, cells):
        if spreadsheet and fits(cell, None, spreadsheet=True):
            times += 1
            continue
        reading = [pattern for pattern in left if fits(cell, pattern, spreadsheet=spreadsheet)]
        if reading:
            example = cell if len(reading) < len(left) else example
            left, first, times = reading, first or cell, times + 1
            continue
        unread += 1
        is_strange = cell in strange or not any(fits(cell, pattern, spreadsheet=spreadsheet) for pattern in every)
        strange[cell] = None
        if not is_strange or len(strange) > _MOST_STRANGE:
            return Written(_named(left) if first else (), example=example or first, other=cell, times=times)
    if unread >= max(times, 1):
        return Written(_named(left) if first else (), example=example or first, other=next(iter(strange)), times=times)
    if None in left:
        return Written(is_iso=times > 0, example=first, times=times)
    return Written(_named(left), example=example or first, times=times)


def _named(patterns: Iterable[str | None]) -> tuple[str, ...]:
    """Leave out ISO 8601, which needs no pattern."""
    return tuple(filter(None, patterns))
