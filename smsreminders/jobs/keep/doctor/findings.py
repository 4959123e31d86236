"""The check-up: each thing that a round needs, with what to do where it isn't as it should be. Changes nothing."""

from dataclasses import dataclass
from enum import StrEnum

from smsreminders.errors import SmsremindersError


class Verdict(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `advice` says what to do where it isn't ok."""

    name: str
    verdict: Verdict
    found: str
    advice: str = ""


def wrong(name: str, error: SmsremindersError) -> Check:
    """Make a check of an error, which says what to do."""
    return Check(name, Verdict.WRONG, str(error))
