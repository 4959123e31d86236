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
] + ["%d%m%Y", "%m%d%Y", "%Y%m%d"]
_CLOCKS = [" %H:%M", " %H:%M:%S", " %H:%M:%S.%f", "T%H:%M", "T%H:%M:%S", " %I:%M %p", " %I:%M:%S %p", " %I:%M%p"]
_CLOCKS += [", %H:%M", " %Hu%M", " %H:%M uur", " %H.%M uur", " %H%M"]
PATTERNS = tuple(date + clock for date, clock in product(_DATES, _CLOCKS))  # the Dutch order of a date comes first


@dataclass(frozen=True, slots=True)
class Written:
    """How the times of a file are written.

    `patterns` are those that read every one of them: one is proved, of several none is. `is_iso`: all are ISO 8601,
    which needs no pattern. `example` is the time that other patterns failed at last, or else the first one. `other` is
    the first time that no pattern reads together with those before it: then nothing is proved, and `patterns` are
    those that read the `times` up to there.
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
    left: Sequence[str | None] = (None, *patterns)
    first = example = ""
    times = 0
    for cell in filter(None, cells):
        if spreadsheet and fits(cell, None, spreadsheet=True):
            times += 1
            continue
        reading = [pattern for pattern in left if fits(cell, pattern, spreadsheet=spreadsheet)]
        if not reading:
            so_far = tuple(filter(None, left)) if first else ()
            return Written(so_far, example=example or first, other=cell, times=times)
        if len(reading) < len(left):
            example = cell
        left, first, times = reading, first or cell, times + 1
    if None in left:
        return Written(is_iso=times > 0, example=first, times=times)
    return Written(tuple(filter(None, left)), example=example or first, times=times)
