"""Spellings: how people and programs write a clock, a month or a year, put as a pattern of strptime can read it.

Nothing is guessed: each has one meaning. Only what stands behind the date is taken for the time of day.
"""

import calendar
import re
from collections.abc import Sequence

IDLE_DATE = re.compile(  # of a time of day: where spreadsheets and Access begin to count
    r"(?<= )(?:1899-12-3[01][T ]|1900-01-0[01][T ]|3[01][-/.]12[-/.]1899 |12/3[01]/1899 )(?=\d\d?[:.]\d\d)", re.ASCII
)
_END_OF_CLOCK = r"(?: ?(?:uur|u|h)\b\.?)"
_CLOCK = re.compile(  # 10.30, 10u30, 10:30 uur, 10 uur
    rf"(?<= )([01]?\d|2[0-3])(?:[:.uh]([0-5]\d){_END_OF_CLOCK}?|{_END_OF_CLOCK})\Z", re.ASCII | re.IGNORECASE
)
_FROM_TO = re.compile(  # 10:30-11:00: to ISO 8601 that would be an offset of eleven hours
    rf"(?<= )(\d\d?)[:.u](\d\d) ?(?:[-\u2013\u2014]|tot|t/m) ?(\d\d?)[:.u](\d\d){_END_OF_CLOCK}?\Z", re.IGNORECASE
)
_SHORT_YEAR = re.compile(r"(?<=[-/. ])['\u2018\u2019](?=\d\d\b)", re.ASCII)  # 3-4-'26
_WORD = re.compile(r"[A-Za-z]{3,9}\b\.?", re.ASCII)
_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            *("jan januari january", "feb febr februari february", "mar mrt maa maart march", "apr april", "may mei"),
            *("jun juni june", "jul juli july", "aug augustus august", "sep sept september", "oct okt october oktober"),
            *("nov november", "dec december"),
        ),
        1,
    )
    for word in words.split()
}


def plain_time(cell: str, pattern: str | None) -> str:
    """Write the time of day of a cell as 10:30 where its pattern ends so, and the month as that pattern names it.

    None is the pattern of ISO 8601. Of a time from and to, the first counts. Raises ValueError where it ends before it
    begins.
    """
    if pattern and ("%b" in pattern or "%B" in pattern):
        names = tuple(calendar.month_abbr if "%b" in pattern else calendar.month_name)
        cell = _WORD.sub(lambda word: _month(word[0], names), cell)
    if "'" in cell or not cell.isascii():
        cell = _SHORT_YEAR.sub("", cell)
    if _ends_plainly(cell) or not (pattern is None or pattern.endswith(" %H:%M")):
        return cell
    if span := _FROM_TO.search(cell):
        begin, end = (int(span[1]), int(span[2])), (int(span[3]), int(span[4]))
        if end <= begin:
            raise ValueError
        cell = f"{cell[: span.start()]}{span[1]}:{span[2]}"
    return _CLOCK.sub(lambda clock: f"{clock[1]}:{clock[2] or '00'}", cell)


def _ends_plainly(cell: str) -> bool:
    """Tell that a cell ends in a blank and 10:30, as most do."""
    return cell[-3:-2] == ":" and " " in cell[-6:-4] and cell.count(":") == 1 and cell[-1:].isdigit()


def _month(word: str, names: Sequence[str]) -> str:
    number = _MONTHS.get(word.rstrip(".").casefold())
    return names[number] if number else word
