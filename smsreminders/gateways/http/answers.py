"""What the answers of all HTTP gateways have in common: their words as they may be shown, and what a 4xx means."""

import re
from base64 import b64encode
from collections.abc import Collection
from datetime import UTC, datetime

from smsreminders.domain.sending import Refused, Rejected, Uncertain
from smsreminders.gateways.http.client import REFUSALS, Answer

_IN_DOUBT = {408, 409, 425}  # statuses that don't say that nothing was done
_NOT_IN_A_CODE = re.compile(r"[^A-Za-z0-9_. -]")
_NUMBER = re.compile(r"[0-9](?:[ _.-]*[0-9]){5,}")


def shown(value: object) -> str:
    """A text of theirs as it may be shown and kept: printable, and not too long; anything else is empty."""
    return value[:100] if isinstance(value, str) and value.isprintable() else ""


def masked(word: str) -> str:
    """A word of theirs without what could be a phone number."""
    return _NUMBER.sub("•••", word)


def code(*words: object) -> str:
    """Their error codes in one line, without signs and without what could be a number: they are shown and kept."""
    told = " ".join(str(word) for word in words if isinstance(word, str | int) and not isinstance(word, bool))
    return _NUMBER.sub("", _NOT_IN_A_CODE.sub("", told))[:60].strip()


def count(value: object) -> int | None:
    """A number of segments as they write it, 3 or "3"."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,4}", value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def not_taken(
    name: str, answer: Answer, word: str, *, of_the_sender: bool = False, in_doubt: Collection[int] = _IN_DOUBT
) -> Rejected | Refused | Uncertain:
    """What a 4xx means: the account is refused, the gateway isn't sure itself, or this message is wrong."""
    if answer.status in REFUSALS:
        return Refused(f"{REFUSALS[answer.status]} ({answer.status})")
    if answer.status in in_doubt:
        return Uncertain(f"{name} answered {answer.status}")
    if of_the_sender:
        return refused_sender(word)
    return Rejected(word or f"{name} answered {answer.status}")


def refused_sender(word: str) -> Refused:
    """The sender ID of a practice isn't registered or not allowed."""
    return Refused(f"it doesn't accept the sender ID: give the practice one that is registered ({word})")


def basic(user: str, password: str) -> str:
    """The header `Authorization` of RFC 7617."""
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode("ascii")


def written(moment: datetime) -> str:
    """A moment as RFC 3339 in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
