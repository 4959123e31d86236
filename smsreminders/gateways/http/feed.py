"""Feeds: a calendar that is asked for at an https address, bounded in time and size, and again only if it changed.

The address often holds a secret, so nothing that is told shows more of it than its host.
"""

from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from requests import Request, RequestException
from requests.models import Response
from urllib3.exceptions import HTTPError

from smsreminders.errors import AdministratorNeeded, ConfigError, InputFileError, TryAgainLater
from smsreminders.gateways.http.address import ca_bundle, is_host, is_this_machine, proxies_for
from smsreminders.gateways.http.bounded import BoundedAdapter, NotConnected, TooLarge, TooSlow

LARGEST = 32 << 20  # bytes
_TIMEOUT = 60.0  # seconds, for connecting and for each whole answer
_MOST_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_GONE = {401: "wants a password", 403: "is forbidden", 404: "isn't there", 410: "isn't there any more"}
_LONGEST_TAG = 300  # characters


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed answered: its bytes, and the tag (ETag) by which a change of it is known; empty if none."""

    body: bytes
    tag: str = ""


def read_feed_url(url: str) -> SplitResult:
    """Read the address of a feed: https (or webcal, which is the same), or http to this machine itself.

    Raises ConfigError, which doesn't show the address.
    """
    try:
        if url.lower().startswith("webcal://"):
            url = f"https{url[6:]}"
        parts = urlsplit(url)
        Request("GET", url).prepare()  # a port or a name that can't be
    except (ValueError, RequestException):
        parts = urlsplit("")
    near = parts.scheme == "http" and is_this_machine(parts.hostname or "")
    if not (parts.scheme == "https" or near) or not is_host(parts.hostname) or parts.username:
        raise ConfigError('the address of a feed is written like "https://host/agenda.ics"')
    return parts


def fetch_feed(url: str, tag: str = "", *, timeout: float = _TIMEOUT) -> Feed | None:
    """Ask for a feed; None where it is as it was when it had this tag. Redirects are followed on the same host only.

    Raises TryAgainLater for what may pass by itself, AdministratorNeeded where the feed isn't there for us,
    InputFileError where it is too large, ConfigError where the address can't be used.
    """
    address = read_feed_url(url)
    headers = {"User-Agent": "smsreminders", "Accept": "text/calendar", "Accept-Encoding": "identity"}
    if tag:
        headers["If-None-Match"] = tag
    for _ in range(_MOST_REDIRECTS + 1):
        answer = _ask(address, headers, timeout)
        if not isinstance(answer, SplitResult):
            return answer
        if (answer.scheme, answer.netloc) != (address.scheme, address.netloc):
            raise AdministratorNeeded(f"{_name(address)} sends the feed to another host: configure its new address")
        address = answer
    raise AdministratorNeeded(f"{_name(address)} sends the feed from one address to the next without end")


def _ask(address: SplitResult, headers: dict[str, str], timeout: float) -> Feed | SplitResult | None:
    """Ask once: the feed, None where it didn't change, or the address that it is at."""
    name = _name(address)
    try:
        with BoundedAdapter(LARGEST).send(
            Request("GET", address.geturl(), headers=headers).prepare(),
            stream=True,
            timeout=(timeout, timeout),
            verify=ca_bundle(),
            proxies=proxies_for(address),
        ) as answer:
            return _read(answer, address)
    except TooLarge:
        raise InputFileError(f"{name} answered with more than {LARGEST >> 20} MB: that is no calendar") from None
    except TooSlow:
        raise TryAgainLater(f"{name} gave no whole answer within {timeout:g} s") from None
    except (RequestException, HTTPError, OSError, NotConnected):
        raise TryAgainLater(f"{name} can't be reached, or broke off") from None


def _read(answer: Response, address: SplitResult) -> Feed | SplitResult | None:
    name, status = _name(address), answer.status_code
    if status == 304:
        return None
    if status in _REDIRECTS and answer.headers.get("Location"):
        return urlsplit(urljoin(address.geturl(), answer.headers["Location"]))
    if status in _GONE:
        raise AdministratorNeeded(
            f"the feed at {name} {_GONE[status]} ({status}): look up its address and configure it"
        )
    if status != 200:
        raise TryAgainLater(f"the feed can't be read now: {name} answered {status}")
    body = b"".join(iter(lambda: answer.raw.read(65_536, decode_content=False), b""))
    tag = answer.headers.get("ETag", "")
    return Feed(body, tag if tag.isprintable() and tag.isascii() and len(tag) <= _LONGEST_TAG else "")


def _name(address: SplitResult) -> str:
    return address.hostname or ""
