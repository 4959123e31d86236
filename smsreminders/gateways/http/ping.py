"""Tell a monitor that a run began or ended, as healthchecks.io does: an address is asked for, with no data at all."""

from urllib.parse import urlsplit

from requests import Request, RequestException
from urllib3.exceptions import HTTPError

from smsreminders.errors import ConfigError
from smsreminders.gateways.http.address import ca_bundle, is_this_machine, proxies_for
from smsreminders.gateways.http.bounded import BoundedAdapter, NotConnected, TooLarge, TooSlow

_TIMEOUT = 10.0  # seconds


def check_ping_url(url: str) -> None:
    """Refuse an address that is neither https nor http to this machine itself.

    Raises ConfigError, which doesn't show the address: it is as good as a secret.
    """
    try:
        parts = urlsplit(url)
        Request("GET", url).prepare()  # a port or a name that can't be
        allowed = parts.scheme == "https" or (parts.scheme == "http" and is_this_machine(parts.hostname or ""))
    except (ValueError, RequestException):
        allowed = False
    if not allowed:
        raise ConfigError('monitoring.ping_url: write an address that begins with "https://"')


def ping(url: str, what: str, *, timeout: float = _TIMEOUT) -> bool:
    """Ask for the address with `what` at its end, `start` or an exit code; say whether it was answered well in time."""
    try:
        request = Request("GET", f"{url.rstrip('/')}/{what}", headers={"User-Agent": "smsreminders"}).prepare()
        with BoundedAdapter().send(
            request,
            stream=True,
            timeout=(timeout, timeout),
            verify=ca_bundle(),
            proxies=proxies_for(urlsplit(url)),
        ) as answer:
            return 200 <= answer.status_code < 300
    except (RequestException, HTTPError, OSError, NotConnected, TooLarge, TooSlow, ConfigError):
        return False
