"""Times in a trial: by which pattern a table writes them, proved from all of its rows, and what a person must say."""

from collections.abc import Iterator, Sequence
from itertools import chain

from smsreminders.importers.columns import Columns
from smsreminders.importers.records import Layout
from smsreminders.importers.time_patterns import Written, find_pattern
from smsreminders.importers.times import fits, local_time
from smsreminders.importers.trial.found import Finding
from smsreminders.importers.trial.look import Look

_FIELDS = ("start", "at")  # an end that is written otherwise is told with its row, and costs nothing else
KEY = "time_format"


def find_times(look: Look, columns: Columns, layout: Layout) -> tuple[Finding | None, str]:
    """Find the line of the time pattern, and what a person must say of it; None for ISO 8601, which needs no line.

    A declared pattern goes before all else.
    """
    fields = [field for field in _FIELDS if field in columns.places]
    every = chain.from_iterable(_times(row, columns, fields) for row in look.rows())
    if layout.time_format is None:
        return _line(find_pattern(every, spreadsheet=look.spreadsheet))
    other = next((cell for cell in every if not fits(cell, layout.time_format, spreadsheet=look.spreadsheet)), "")
    ask = f'the pattern "{layout.time_format}" was declared, and "{other}" is written otherwise' if other else ""
    return Finding(KEY, layout.time_format, "declared"), ask


def _times(row: Sequence[str], columns: Columns, fields: Sequence[str]) -> Iterator[str]:
    """Give the times of a row."""
    if not columns.misfit(row):
        texts = columns.texts([*row, *[""] * (len(columns.headers) - len(row))])
        yield from (texts[field] for field in fields)


def _line(written: Written) -> tuple[Finding | None, str]:
    if written.proved:
        return Finding(KEY, written.proved, f'proved by "{written.example}": no other pattern reads all times'), ""
    if written.is_iso or not (written.patterns or written.other):
        return None, ""
    if not written.patterns:
        return None, (
            f'no pattern reads times such as "{written.other}": export them as 2026-11-24 10:30 or 24-11-2026 10:30, '
            f'or write the pattern, as in {KEY} = "%d-%m-%Y %H:%M"'
        )
    line = Finding(KEY, written.patterns[0], "not proved", sure=False)
    if written.other:
        return line, (
            f'the times are written in more than one way: after {written.times} such as "{written.example}" comes '
            f'"{written.other}"; {KEY} = "{written.patterns[0]}" leaves the others unclear'
        )
    both = " or ".join(f'{KEY} = "{pattern}" ({_day(written.example, pattern)})' for pattern in written.patterns)
    return line, f'no time such as "{written.example}" has a day above 12, so it may be two days: write which, {both}'


def _day(cell: str, pattern: str) -> str:
    """Write the day that a pattern reads in a cell, its month by name."""
    return f"{local_time(cell, pattern):%d %b %Y}"
