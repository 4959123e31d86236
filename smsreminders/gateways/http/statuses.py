"""What the status of an HTTP answer means for a send: which account is refused, what to wait for, what is in doubt."""

import re
from collections.abc import Collection, Mapping
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from smsreminders.domain.round.inbound import Mark
from smsreminders.domain.round.sending import Refused, Rejected, Unavailable, Uncertain
from smsreminders.gateways.http.address import is_host
from smsreminders.gateways.http.answers import Answer

REFUSALS: dict[int, str] = {
    401: "it doesn't accept the credentials: check the secret in [gateway]",
    402: "the account has no credit left: top it up",
    403: "the account may not do this: ask the gateway why",
    404: "there is nothing at this address: check gateway.base_url",
    405: "there is nothing at this address: check gateway.base_url",
    410: "there is nothing at this address any more: check gateway.base_url",
}
OF_THE_ACCOUNT = {401, 402, 403}

_IN_DOUBT = {408, 409, 425}  # statuses that don't say that nothing was done
_LONGEST_WAIT = 60.0  # seconds
_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def without_body(
    host: str, status: int, headers: Mapping[str, str], *, wait: float, readable: Collection[int]
) -> Unavailable | Uncertain | None:
    """The outcome of an answer by its status alone; None where its body must be read.

    `wait` are the seconds after a 429 that doesn't say; `readable` are the 5xx whose body says what became of it.
    """
    if status == 429:
        return Unavailable(f"{host} asks to wait (429)", wait_of(headers, wait))
    if 300 <= status < 400:
        there = _host_of(headers.get("Location", ""))
        return Uncertain(f"{host} redirects to {there} ({status}), not followed: check gateway.base_url")
    if 200 <= status < 500 or status in readable:
        return None
    return Uncertain(f"{host} answered {status}")


def not_taken(
    gateway: str, answer: Answer, word: str, *, of_the_sender: bool = False, mark: Mark | None = None
) -> Rejected | Refused | Uncertain:
    """The outcome of a 4xx: the account is refused, the gateway isn't sure itself, or this message is wrong.

    `word` is its error code; `of_the_sender` where that is about the sender ID, `mark` what it says of the number.
    """
    if answer.status in REFUSALS:
        return Refused(f"{REFUSALS[answer.status]} ({answer.status})")
    if answer.status in _IN_DOUBT:
        return Uncertain(f"{gateway} answered {answer.status}")
    if of_the_sender:
        return refused_sender(word)
    return Rejected(word or f"{gateway} answered {answer.status}", mark)


def refused_sender(word: str) -> Refused:
    """The outcome where the sender ID of a practice isn't registered or not allowed."""
    return Refused(f"it doesn't accept the sender ID: give the practice one that is registered ({word})")


def wait_of(headers: Mapping[str, str], default: float) -> float:
    """Seconds to wait after a 429, from Retry-After in seconds or as a date (RFC 9110, 10.2.3); at most a minute.

    A date counts from the answer's own Date: so nobody's clock but the gateway's matters.
    """
    asked = headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(asked):
        return min(float(asked), _LONGEST_WAIT)
    try:
        seconds = (parsedate_to_datetime(asked) - parsedate_to_datetime(headers.get("Date", ""))).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return default
    return min(seconds, _LONGEST_WAIT) if seconds >= 0 else default


def _host_of(location: str) -> str:
    """The host of an address, without path and query: numbers may stand there."""
    try:
        host = urlsplit(location).hostname
    except ValueError:
        host = None
    return host if host and is_host(host) else "another address"
