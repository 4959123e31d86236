"""What the cells of a column look like, in a trial: ids, numbers of phones, words, dates, times of day."""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from smsreminders.domain.phone import PhoneError, parse_mobile
from smsreminders.domain.text.names import is_citizen_number
from smsreminders.importers.spellings import IDLE_DATE

_DATE = re.compile(
    r"(?:[A-Za-z]{2,9}[.,]* )?"
    r"(?:\d{1,4}[-/. ](?:\d{1,2}|[A-Za-z]{3,9}\.?)[-/. ]'?\d{1,4}|[A-Za-z]{3,9} \d{1,2}, \d{4}|\d{8})"
    r"(?:[T ]0?0:00(?::00(?:\.0+)?)?)?",
    re.ASCII,
)
_CLOCK = re.compile(
    r"\d{1,2}(?:[:.uh]\d\d(?::\d\d)?(?:\.\d+)?(?: ?[AaPp][Mm])?(?: ?(?:u|uur|h)\.?)?| ?(?:u|uur|h)\.?)", re.ASCII
)
_TO = re.compile(r" ?(?:-|\u2013|tot|t/m) ?")
_FEW = 20  # different words that a column of words has at most
_MOST = 0.8
_SOME = 5  # cells that are enough to tell citizen service numbers by


def filled(cells: Sequence[str]) -> list[str]:
    """List the cells in which something is written."""
    return [cell for cell in cells if cell]


def most(cells: Sequence[str], is_so: Callable[[str], bool]) -> bool:
    """Whether something holds of most cells in which something is written, and of one at least."""
    written = filled(cells)
    return bool(written) and sum(map(is_so, written)) >= _MOST * len(written)


def all_differ(cells: Sequence[str]) -> bool:
    """Whether no cell says what another one says."""
    written = filled(cells)
    return bool(written) and len(set(written)) == len(written)


def has_digit(cell: str) -> bool:
    """Whether a cell has a digit, as ids have and names don't."""
    return any(map(str.isdigit, cell))


def is_date(cell: str) -> bool:
    """Whether a cell looks like a date without a time of day."""
    return bool(_DATE.fullmatch(cell))


def is_clock(cell: str) -> bool:
    """Whether a cell looks like a time of day without a date, or like one from and to."""
    clocks = _TO.split(IDLE_DATE.sub("", f" {cell}").strip(), maxsplit=1)
    return all(map(_CLOCK.fullmatch, clocks))


def is_mobile(cell: str, country: str) -> bool:
    """Whether a cell has a mobile number."""
    try:
        return bool(parse_mobile(cell, country))
    except PhoneError:
        return False


def are_citizen_numbers(cells: Sequence[str]) -> bool:
    """Whether a column has citizen service numbers (BSN), which are never a patient's id here."""
    return len(set(filled(cells))) >= _SOME and most(cells, is_citizen_number)


def words_of(cells: Sequence[str]) -> Counter[str]:
    """Count the words of a column, empty cells left out; none where there are too many for a column of words."""
    words = Counter(filled(cells))
    return words if len(words) <= _FEW else Counter()
