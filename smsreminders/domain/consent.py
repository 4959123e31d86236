"""Consent (Akkoord): a series of events of which the last one counts; without it nothing is sent, ever."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from smsreminders.errors import UsageError

_YES = frozenset({"yes", "ja"})
_NO = frozenset({"no", "nee"})
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
    if word not in _YES | _NO:
        raise UsageError(f'"{word[:20]}" is not a consent: write yes or no, or leave it empty')
    return word in _YES


def column_event(said: bool | None, says: bool | None) -> bool | None:
    """Decide which event a consent column makes: only what it says otherwise than at its last import; None for none.

    So a withdrawal at the desk is not undone by the next night's export, which still says yes.
    """
    return None if says == said else says
