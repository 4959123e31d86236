"""Cells: what the text of one says, be it an id, a status, a consent. An error never repeats a name.

Each function but `check_plain` takes a text that passed it, without blanks around it.
"""

import re
from functools import lru_cache
from hashlib import blake2b

from smsreminders.domain.agenda.source_ids import check_source_id
from smsreminders.domain.agenda.status_words import StatusWord, is_plain_word, read_status
from smsreminders.domain.consent import How, read_consent
from smsreminders.domain.languages import language_code
from smsreminders.domain.practices import check_language
from smsreminders.errors import UsageError

LONGEST = 200
_WORDS = 64  # that are remembered of a column which says a few of them again and again
_BREAK = re.compile(r"\s*[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]\s*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_WRAPPED = re.compile(r'="(.*)"')  # how a number is written that Excel must leave alone
_ROUNDED = re.compile(r"\d[.,]\d+E\+\d\d", re.ASCII)
_MARK_BYTES = 6


class CellError(ValueError):
    """A cell that can't be read; the reason says what may stand there. `word` is the cell where that is no name."""

    def __init__(self, reason: str, word: str = "") -> None:
        super().__init__(reason)
        self.word = word


def on_one_line(cell: str) -> str:
    """Write a cell on one line: a line break or a tab, with the blanks around it, is one space."""
    return _BREAK.sub(" ", cell.strip())


def check_plain(cell: str, longest: int = LONGEST) -> None:
    """Refuse a cell that is no text of one line, or endless. Raises CellError."""
    if _CONTROL.search(cell):
        raise CellError("holds a control character, such as a line break or a tab: write it on one line")
    if len(cell.strip()) > longest:
        raise CellError(f"is longer than {longest} characters")


def mark_of(cell: str) -> str:
    """Compute what a cell is known again by the next time: a short hash, for the cell itself may be a name."""
    return blake2b(cell.encode(errors="replace"), digest_size=_MARK_BYTES).hexdigest()


def read_id(cell: str) -> str:
    """Read an id as the practice's record has it, without Excel's wrapper.

    Raises UsageError; so for 8,78E+14, which stands for a number of which digits are lost.
    """
    wrapped = _WRAPPED.fullmatch(cell) if cell.startswith("=") else None
    if "E+" in cell and _ROUNDED.fullmatch(cell):
        raise UsageError("is a number that a spreadsheet rounded: let the column be text there, and export it again")
    return check_source_id(wrapped[1] if wrapped else cell)


@lru_cache(_WORDS)
def read_standing(cell: str) -> StatusWord | None:
    """Read whether an appointment stands; an empty cell says nothing (None). Raises CellError."""
    if not cell:
        return None
    meant = read_status(cell)
    if meant is None:
        raise _unknown(cell, 'is no status that is known: say what it means, as in --word "status:WORD=cancelled"')
    return meant


@lru_cache(_WORDS)
def read_language(cell: str) -> str:
    """Read a language by its code or its name into the code; empty is no language of their own. Raises CellError."""
    try:
        return check_language(language_code(cell)) if cell else ""
    except UsageError:
        raise CellError("is no language: write its code, like nl or en, or leave it empty") from None


@lru_cache(_WORDS)
def read_yes_or_no(cell: str) -> bool | None:
    """Read a consent: given, withdrawn, or None for an empty cell. Raises CellError."""
    try:
        return read_consent(cell)
    except UsageError:
        reason = 'is no consent: write yes (ja) or no (nee), or say what it means, as in --word "consent:WORD=no"'
        raise _unknown(cell, reason) from None


def _unknown(cell: str, reason: str) -> CellError:
    """Tell of a word whose meaning a person must say; one that may be a name is only shown where they ask for it."""
    return CellError(reason, cell) if is_plain_word(cell) else CellError(f"{reason} (import --try shows the word)")


def read_how(cell: str) -> How:
    """Read in which way a consent was told; an empty cell is the import. Raises CellError."""
    try:
        return How(cell.casefold() or How.IMPORT)
    except ValueError:
        raise CellError("is no way to tell a consent: write " + ", ".join(How) + ", or leave it empty") from None
