"""Stopped numbers: phones whose holder wants no more texts, by their own word, a gateway's, or the desk's."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

_STOP = frozenset(
    {
        *("STOP", "STOPPEN", "AFMELDEN", "UITSCHRIJVEN", "STOPALL"),
        *("UNSUBSCRIBE", "ARRET", "ABMELDEN", "STOPP"),
    }
)
_START = "START"


class How(StrEnum):
    """In which way it became known that a number is stopped, or no longer."""

    REPLY = "reply"  # an SMS from that phone: STOP, or START
    OPT_OUT = "opt-out"  # it stands on a gateway's list
    REJECTED = "rejected"  # a gateway refused a text to it, for its holder opted out
    DESK = "desk"  # a person's word


@dataclass(frozen=True, slots=True)
class StopEvent:
    """A number stopped for a practice, or lifted again: when that was said (UTC), how, and for the desk by whom."""

    stopped: bool
    at: datetime
    how: How
    by: str = ""


def standing(events: Iterable[StopEvent]) -> StopEvent | None:
    """Find the stop in force: the earliest that was not lifted; None where the number may be texted.

    The events come in the order in which they were recorded: what is recorded later is never lifted by what was there
    before. The desk lifts all; a START from the phone lifts only what a STOP from it said no later than that, and never
    the word of a gateway or of the desk.
    """
    known = list(events)
    left = [event for place, event in enumerate(known) if event.stopped and not _is_lifted(event, known[place:])]
    return min(left, key=lambda event: event.at, default=None)


def is_stop(text: str) -> bool:
    """Tell whether a reply says STOP, and nothing else: a word of several languages, however it is written.

    Case, accents, and blanks, punctuation and other signs around the word don't count; any other letter or digit does.
    """
    return folded(text) in _STOP


def is_start(text: str) -> bool:
    """Tell whether a reply says START, and nothing else; it is read as `is_stop` reads."""
    return folded(text) == _START


def folded(text: str) -> str:
    """Write a reply in capitals without accents, and without the blanks, punctuation and signs around it."""
    word = without_accents(text)
    while word and _is_around(word[0]):
        word = word[1:]
    while word and _is_around(word[-1]):
        word = word[:-1]
    return word


def without_accents(text: str) -> str:
    """Write a text in capitals without accents, to compare it with words."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) != "Mn").upper()


def _is_lifted(stop: StopEvent, later: Iterable[StopEvent]) -> bool:
    lifts = [event for event in later if not event.stopped]
    by_phone = stop.how is How.REPLY and any(event.how is How.REPLY and event.at >= stop.at for event in lifts)
    return by_phone or any(event.how is How.DESK for event in lifts)


def _is_around(character: str) -> bool:
    """Tell a blank, a mark of punctuation, an emoji or another sign, or what nobody sees: it says nothing more."""
    return unicodedata.category(character)[0] in "ZPSC"
