"""Consent (Akkoord): a series of events of which the last one counts; without it nothing is sent, ever."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from smsreminders.errors import UsageError

_YES = frozenset(
    {"yes", "ja", "y", "j", "1", "true", "waar", "akkoord", "toestemming", "toegestaan", "gegeven", "permit", "opt-in"}
)
_NO = frozenset(
    {
        *(
            "n",
            "0",
            "false",
            "onwaar",
            "bezwaar",
            "ingetrokken",
            "geweigerd",
            "afgewezen",
            "withdrawn",
            "deny",
            "opt-out",
        ),
        *("niet akkoord", "geen akkoord", "geen toestemming", "niet toegestaan"),
    }
)
_REFUSAL = re.compile(r"(?:nee|no)\b")  # whatever follows
_CLOCKS_APART = timedelta(minutes=5)  # a time of another machine may be a little ahead of ours


class FutureConsent(UsageError):
    """The time of a consent lies in the future."""


class Consent(StrEnum):
    """What is in force of a patient's consent."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    NEVER_ASKED = "never asked"

    @classmethod
    def of(cls, given: bool | None) -> "Consent":
        """The consent after a word that gives or withdraws it; None where there was no word yet."""
        if given is None:
            return cls.NEVER_ASKED
        return cls.GIVEN if given else cls.WITHDRAWN


class How(StrEnum):
    """In which way a patient gave or withdrew consent."""

    DESK = "desk"
    PHONE = "phone"
    FORM = "form"
    PORTAL = "portal"
    IMPORT = "import"


_BY_A_PERSON = frozenset(How) - {How.IMPORT}


@dataclass(frozen=True, slots=True)
class ConsentEvent:
    """Consent for SMS given or withdrawn: when the patient said so (UTC), who recorded it, how, on which wording."""

    given: bool
    at: datetime
    how: How
    by: str = ""
    wording: str = ""


def in_force(events: Iterable[ConsentEvent]) -> ConsentEvent | None:
    """Find the consent event that counts: the latest; of two at the same time the one recorded last.

    None if there is no event.
    """
    last = None
    for event in events:
        if last is None or event.at >= last.at:
            last = event
    return last


def check_time(at: datetime, now: datetime) -> None:
    """Refuse a consent of the future, but for a little, as clocks differ. Raises FutureConsent."""
    if at > now + _CLOCKS_APART:
        raise FutureConsent("the time of the consent lies in the future")


def read_consent(cell: str) -> bool | None:
    """Read a cell of a consent column: yes or ja, no or nee, or empty (None). Raises UsageError."""
    word = cell.strip().casefold()
    if not word:
        return None
    if word in _NO or _REFUSAL.match(word):
        return False
    if word not in _YES:
        raise UsageError(f'"{word[:20]}" is not a consent: write yes or no, or leave it empty')
    return True


def standing_withdrawal(events: Iterable[ConsentEvent]) -> ConsentEvent | None:
    """Find the withdrawal by a person that still stands: no yes came after it. None if there is none.

    A file that says yes without a time of its own doesn't undo it. The events come with the one in force last.
    """
    standing = None
    for event in events:
        if event.given:
            standing = None
        elif event.how in _BY_A_PERSON:
            standing = event
    return standing
