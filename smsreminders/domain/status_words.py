"""The words of a status column, as practices' programs write them: what each means for an appointment.

A word that isn't here, nor given by the user, is never guessed: the appointment is unclear.
"""

import re
from enum import StrEnum


class StatusWord(StrEnum):
    """What a status means: the appointment stands, it doesn't, or the row is none that anybody is reminded of."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    IGNORED = "ignore"


_BOOKED = frozenset(
    {
        *("booked", "planned", "scheduled", "confirmed", "pending", "definite", "active"),
        *("geboekt", "gepland", "ingepland", "definitief", "bevestigd", "vastgelegd", "gereserveerd", "actief"),
    }
)
_CANCELLED = frozenset(
    {
        *("cancelled", "canceled", "deleted", "rescheduled", "withdrawn"),
        *("geannuleerd", "afgezegd", "afgemeld", "vervallen", "verwijderd", "ingetrokken", "geschrapt"),
        *("verzet", "verplaatst"),  # the time in the row is given up; the new one is a row of its own
    }
)
_IGNORED = frozenset({"ignore"})
_BY_ITSELF = (
    dict.fromkeys(_BOOKED, StatusWord.BOOKED)
    | dict.fromkeys(_CANCELLED, StatusWord.CANCELLED)
    | dict.fromkeys(_IGNORED, StatusWord.IGNORED)
)
_CONTRARY = frozenset(
    {"niet", "nee", "not", "no", "geen", "ongedaan", "opnieuw", "hersteld", "teruggedraaid", "naar", "again", "to"}
)


def read_status(cell: str) -> StatusWord | None:
    """Read a status: one of the words, or one that goes on with who did it or why; None for any other.

    So "Geannuleerd door patiënt" is cancelled, and "geannuleerd, opnieuw gepland" is nothing that can be told.
    """
    word = cell.strip().casefold()
    if word in _BY_ITSELF:
        return _BY_ITSELF[word]
    first, *rest = re.findall(r"\w+", word) or [""]
    meant = _BY_ITSELF.get(first)
    if not word.startswith(first) or "?" in word or meant is None:
        return None
    others = {_BY_ITSELF[other] for other in rest if other in _BY_ITSELF} - {meant}
    if others or not _CONTRARY.isdisjoint(rest):
        return None
    if meant is StatusWord.CANCELLED:
        return meant
    return meant if meant is StatusWord.BOOKED and rest[:1] in (["door"], ["by"]) else None


def is_plain_word(cell: str) -> bool:
    """Tell that a status is surely no name, so that it may be shown: small letters only, or a word known here."""
    words = re.findall(r"\w+", cell)
    small = cell.replace(" ", "").isalpha() and cell.islower() and len(cell) <= _LONGEST_SHOWN
    return small or (len(words) <= _FEW and bool(words) and words[0].casefold() in _BY_ITSELF)


_LONGEST_SHOWN = 20
_FEW = 3
