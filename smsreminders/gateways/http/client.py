"""The one HTTP client of all gateways: a request becomes a parsed answer, Unavailable or Uncertain.

What fails before the connection stands, and TLS on it, was certainly not sent: Unavailable. What fails from the first
byte of the request on may have been sent: Uncertain. Reasons are words of our own: the texts of requests' and
urllib3's exceptions hold the URL with its query, so phone numbers.
"""

import json
import logging
import ssl
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NoReturn
from urllib.parse import urlencode

from requests import PreparedRequest, Request, RequestException
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError, NewConnectionError

from smsreminders.domain.agenda.nesting import check_nesting
from smsreminders.domain.round.sending import Unavailable, Uncertain
from smsreminders.errors import AdministratorNeeded, ConfigError, TryAgainLater
from smsreminders.gateways.base import Options
from smsreminders.gateways.http.address import ca_bundle, proxies_for, read_base_url
from smsreminders.gateways.http.answers import Answer
from smsreminders.gateways.http.bounded import LONGEST_ANSWER, BoundedAdapter, NotConnected, TooLarge, TooSlow
from smsreminders.gateways.http.statuses import OF_THE_ACCOUNT, REFUSALS, without_body
from smsreminders.gateways.http.turns import Turns

_NOT_CONNECTED: dict[type[BaseException], str] = {  # the first that fits
    NameResolutionError: "its name is not known (DNS)",
    NewConnectionError: "there is no connection to it",
    ConnectTimeoutError: "there was no connection to it in time",
    TimeoutError: "there was no TLS with it in time",
    ssl.SSLError: "there is no TLS with it that can be trusted",
}


class HttpClient:
    """Talks to one gateway; may be used by several threads at a time, each with connections of its own."""

    def __init__(
        self,
        options: Options,
        base_url: str | None,
        *,
        headers: Mapping[str, str],
        wait: float,
        readable: Collection[int] = (),
    ) -> None:
        """`base_url` counts where the options have none; `wait` are the seconds after a 429 that doesn't say.

        `readable` are those 5xx that say in their body whether a message was taken; the others leave it open.
        Connecting and the whole answer take at most `options.timeout` each. Raises ConfigError.
        """
        if not (options.base_url or base_url):
            raise ConfigError("gateway.base_url is missing: this gateway has an address for each account")
        address = read_base_url(options.base_url or base_url or "")
        self._origin, self._name = address.geturl(), address.hostname or ""
        self._timeout, self._wait, self._readable = options.timeout, wait, readable
        self._headers = {"User-Agent": "smsreminders", "Accept": "application/json", "Accept-Encoding": "identity"}
        self._headers |= headers
        self._verify, self._proxies = ca_bundle(), proxies_for(address)
        self._prepared: dict[str, PreparedRequest] = {}  # by path
        self._connections, self._turns = options.connections, Turns(options.clock, options.per_second)
        self._clock = options.clock
        logging.getLogger("urllib3").setLevel(logging.CRITICAL)  # its lines hold the URL with its query

    def post(
        self,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer | Unavailable | Uncertain:
        """Send JSON, or a form, and give the answer; never raises for what the network or the gateway does."""
        if path not in self._prepared:  # to prepare an address takes as long as all else that is done for a request
            self._prepared[path] = Request("POST", self._origin + path).prepare()
        request = self._prepared[path].copy()
        raw, kind = (urlencode(form), "x-www-form-urlencoded") if form is not None else (json.dumps(body), "json")
        length = {"Content-Type": f"application/{kind}", "Content-Length": str(len(raw))}
        request.prepare_headers({**self._headers, **length, **(headers or {})})
        request.body = raw.encode("ascii")
        return self._exchange(request)

    def get(
        self,
        path: str,
        params: Mapping[str, str | Sequence[str]],
        *,
        headers: Mapping[str, str] | None = None,
        none_at: int | None = None,
        listing: str = "",
    ) -> object:
        """Ask for JSON and give it parsed, or None for the status `none_at`.

        `listing` names a list that a key may be refused although it may do all else. A parameter with several values
        is repeated. Asked in turn, and again a few times where the gateway asks for a pause and there is a clock to
        wait by.
        Raises TryAgainLater; AdministratorNeeded where the gateway refuses the account.
        """
        headers = {**self._headers, **(headers or {})}
        question = Request("GET", self._origin + path, headers=headers, params=params).prepare()
        answer: Answer | Unavailable | Uncertain = self._turns.ask(lambda: self._exchange(question))
        if not isinstance(answer, Answer):
            raise TryAgainLater(f"the gateway can't be asked now: {answer.reason}")
        if answer.status == 403 and listing:
            raise AdministratorNeeded(f"the gateway refuses {listing} (403): let this key read it, or ask why it can't")
        if answer.status in OF_THE_ACCOUNT:
            raise AdministratorNeeded(f"the gateway refuses the account: {REFUSALS[answer.status]}")
        if answer.status == none_at:
            return None
        if answer.status != 200 or answer.body is None:  # a null could pass for "there is none"
            raise TryAgainLater(f"the gateway can't be asked now: {self._name} answered {answer.status}")
        return answer.body

    def now(self) -> datetime | None:
        """The time by the clock that questions wait by, if there is one."""
        return self._clock.now() if self._clock else None

    def _exchange(self, request: PreparedRequest) -> Answer | Unavailable | Uncertain:
        try:
            return self._ask(request)
        except NotConnected as error:
            kinds = (words for kind, words in _NOT_CONNECTED.items() if isinstance(error.__cause__, kind))
            return Unavailable(f"{self._name}: {next(kinds, 'there is no connection to it')}")
        except TooSlow:
            why = f"gave no whole answer within {self._timeout:g} s"
        except TooLarge:
            why = f"answered with more than {LONGEST_ANSWER} bytes"
        except (RequestException, HTTPError, OSError):
            why = "broke the connection before its answer was whole"
        return Uncertain(f"{self._name} {why}")

    def _adapter(self) -> BoundedAdapter:
        """The connections of this thread, those of every account that shares them."""
        kept = self._connections
        if not hasattr(kept, "adapter"):
            kept.adapter = BoundedAdapter()
        adapter: BoundedAdapter = kept.adapter
        return adapter

    def _ask(self, request: PreparedRequest) -> Answer | Unavailable | Uncertain:
        with self._adapter().send(
            request,
            stream=True,
            timeout=(self._timeout, self._timeout),
            verify=self._verify,
            proxies=self._proxies,
        ) as answer:
            status, headers = answer.status_code, answer.headers
            wait, readable = self._wait, self._readable
            if outcome := without_body(self._name, status, headers, wait=wait, readable=readable):
                return outcome
            raw = b"".join(iter(lambda: answer.raw.read(65_536, decode_content=False), b""))
        try:
            return Answer(status, headers, _json(raw))
        except ValueError:
            if status >= 400:
                return Answer(status, headers, None)
            return Uncertain(f"{self._name} answered {status} with something else than JSON")


def _json(raw: bytes) -> object:
    """Parse the JSON of an answer, its fractions as Decimals. Raises ValueError for anything that can't be parsed."""
    text = raw.decode("utf-8-sig")
    check_nesting(text)
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse)
    except ArithmeticError as error:
        raise ValueError from error


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)  # NaN and Infinity are Python's, not JSON's
