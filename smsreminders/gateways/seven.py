"""seven.io, REST API (docs.seven.io): an id for each SMS, and a logbook by date that names our reference.

An error is a number that is the whole answer, with the status 200. seven.io chooses the encoding, and refuses a text
that is too long. The validity is at most the 48 hours that are its default, and not every network heeds it.
Nothing here was tried on the live service. Not documented, so avoided: the order of the logbook, and whether a page
with less than 100 is its last, so it is read up to an empty one; a limit of requests; what 101 means for one SMS.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from smsreminders.domain.round.inbound import Received
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import (
    Accepted,
    DeliveryReport,
    Open,
    Outcome,
    Outgoing,
    Refused,
    Rejected,
    Uncertain,
)
from smsreminders.errors import AdministratorNeeded
from smsreminders.gateways.base import Options
from smsreminders.gateways.features import SIXTEEN_DIGITS, Features, Key
from smsreminders.gateways.http.answers import (
    Answer,
    Row,
    code,
    count,
    digits,
    masked,
    money,
    not_understood,
    price,
    rows_of,
    shown,
)
from smsreminders.gateways.http.client import HttpClient
from smsreminders.gateways.http.inbound import INBOX
from smsreminders.gateways.http.lookup import listed, look_up
from smsreminders.gateways.http.pages import by_offset
from smsreminders.gateways.http.statuses import REFUSALS, not_taken, refused_sender
from smsreminders.gateways.seven_inbox import inbox, made_id

BASE_URL = "https://gateway.seven.io"
FEATURES = Features(
    "seven.io",
    keys=(
        Key("api_key", "seven.io's web application makes one under Developer, API keys", secret=True),
        Key(
            "sandbox",
            'write "yes" where the key is one of seven.io\'s sandbox, or leave it out',
            optional=True,
            form=re.compile("yes"),
        ),
    ),
    sender_ids=SIXTEEN_DIGITS,
    kept=timedelta(days=30),
    counts_segments=True,
    tells_price=True,
    tells_credit=True,
    hears=True,
)

STATUSES: dict[str, Status] = {
    "": Status.SENT,  # no report yet
    "ACCEPTED": Status.SENT,
    "BUFFERED": Status.SENT,
    "TRANSMITTED": Status.SENT,
    "UNKNOWN": Status.SENT,
    "DELIVERED": Status.DELIVERED,
    "EXPIRED": Status.EXPIRED,
    "FAILED": Status.FAILED,
    "NOTDELIVERED": Status.FAILED,
    "REJECTED": Status.FAILED,
}
CODES: dict[int, Rejected | Refused | Uncertain] = {  # 100: all was taken; 101: not all of it
    201: Rejected("seven doesn't take the country of the number (201)"),
    202: Rejected("seven doesn't take the number (202)"),
    300: Refused(f"{REFUSALS[401]} (300)"),
    301: Rejected("seven misses the number (301)"),
    304: Rejected("seven doesn't take the request (304)"),
    305: Rejected("seven misses the text (305)"),
    306: refused_sender("306"),
    307: Rejected("seven doesn't take the request (307)"),
    400: Rejected("seven doesn't take the request (400)"),
    401: Rejected("the text is too long for seven (401)"),
    402: Uncertain("seven held it back as a repeat (402): another like it may have gone"),
    403: Rejected("seven sends no more to this number today (403)"),
    500: Refused(f"{REFUSALS[402]} (500)"),
    600: Uncertain("seven answered that the transmission failed (600)"),
    700: Uncertain("seven answered with an unknown error (700)"),
    900: Refused(f"{REFUSALS[401]} (900)"),
    901: Refused("it wants requests that are signed: switch that off for the API key (901)"),
    902: Refused("the API key may not do this: give it the right in seven.io's web application (902)"),
    903: Refused("the API key isn't for this machine: allow its IP address in seven.io's web application (903)"),
}

_LONGEST = 1520  # characters
_VALID_AT_MOST = timedelta(minutes=2880)
_WAIT = 1.0  # seconds after a 429: not documented
_PAGE_SIZE, _MOST_PAGES = 100, 1000


class Seven:
    """An account at seven.io."""

    def __init__(self, http: HttpClient, *, in_sandbox: bool) -> None:
        self.features = replace(FEATURES, hears=not in_sandbox)
        self._http = http

    def send(self, sms: Outgoing) -> Outcome:
        """Send one request for one SMS; our reference goes as its `foreign_id`."""
        if len(sms.text) > _LONGEST:
            return Rejected(f"the text has more than the {_LONGEST} characters that seven takes: make it shorter")
        answer = self._http.post("/api/sms", _request(sms))
        if not isinstance(answer, Answer):
            return answer
        if (bare := count(answer.body)) is not None:
            return _by_code(bare)
        return _taken(answer.body, sms) if answer.status < 300 else not_taken("seven", answer, "")

    def lookup(self, asked: Sequence[Open]) -> Iterator[DeliveryReport]:
        """Ask for many SMS by one reading of the logbook, which knows no filter by reference; few old ones by id."""
        return look_up(asked, self._http.now(), by_id=self._by_id, by_date=self._by_date)

    def inbox(self, since: datetime) -> Iterator[Sequence[Received]]:
        """Ask for what came in at any number of the account; a sandbox key isn't let read the real account's."""
        if not self.features.hears:
            raise AdministratorNeeded(
                "a key of seven.io's sandbox would read what came in at the real account: not asked"
            )
        asks = partial(self._entries, "inbound", listing=INBOX, without_id=made_id)
        return inbox(asks, since, self._http.now())

    def account(self) -> str:
        """Ask for the credit that is left."""
        match self._get("/api/balance", {}):
            case {"amount": amount, "currency": currency} if credit := money(amount, currency):
                return f"seven.io knows the account: {credit} of credit"
        raise not_understood("seven's answer to the question for the credit")

    def _by_id(self, sms: Open) -> Iterator[DeliveryReport]:
        for row_id, row in self._entries("outbound", {"id": str(sms.gateway_id)}):
            if row_id == sms.gateway_id:
                yield _report(row, sms.reference, row_id)

    def _by_date(self, asked: Sequence[Open], since: datetime) -> Iterator[DeliveryReport]:
        paging = {"date_from": since.astimezone(UTC).date().isoformat(), "limit": str(_PAGE_SIZE)}

        def page(offset: int) -> list[tuple[str, Row]]:
            return self._entries("outbound", {**paging, "offset": str(offset)})

        rows = by_offset(page, gateway="seven", most=_MOST_PAGES)
        messages = ((row_id, shown(row.get("foreign_id")), row) for row_id, row in rows)
        for reference, row_id, row in listed(asked, messages):
            yield _report(row, reference, row_id)

    def _entries(
        self, way: str, asked: Mapping[str, str], *, listing: str = "", without_id: Callable[[Row], str] | None = None
    ) -> list[tuple[str, Row]]:
        """The entries of a page of the logbook, each with its id, or one made `without_id`. Raises TryAgainLater."""
        rows = rows_of(self._get(f"/api/journal/{way}", asked, listing))
        entries = [(_id(row.get("id")) or (without_id(row) if without_id else ""), row) for row in rows or ()]
        if rows is None or not all(row_id for row_id, _ in entries):
            raise not_understood("seven's logbook")
        return entries

    def _get(self, path: str, asked: Mapping[str, str], listing: str = "") -> object:
        body = self._http.get(path, asked, listing=listing)
        problem = CODES.get(count(body) or 0)
        if isinstance(problem, Refused):
            raise AdministratorNeeded(f"the gateway refuses {listing or 'the account'}: {problem.reason}")
        return body


def open_gateway(options: Options) -> Seven:
    """Open the account that the options name. Raises ConfigError."""
    http = HttpClient(options, BASE_URL, headers={"X-Api-Key": options.own["api_key"]}, wait=_WAIT)
    return Seven(http, in_sandbox="sandbox" in options.own)


def _request(sms: Outgoing) -> dict[str, object]:
    valid = min(sms.valid_until - sms.handed_over_at, _VALID_AT_MOST)
    return {
        "to": sms.phone,
        "from": sms.sender_id.removeprefix("+"),  # letters and digits, or digits alone
        "text": sms.text,
        "foreign_id": sms.reference,
        "ttl": max(valid // timedelta(minutes=1), 1),
    }


def _by_code(number: int) -> Rejected | Refused | Uncertain:
    return CODES.get(number, Uncertain(f"seven answered with its code {code(number)} alone"))


def _taken(body: object, sms: Outgoing) -> Accepted | Rejected | Refused | Uncertain:
    match body:
        case {"success": success, "messages": [{"success": True} as message]} if count(success) in {100, 101}:
            return _accepted(message, sms)
        case {"success": success, "messages": [{"success": False} as message]}:
            return _by_code(count(message.get("error")) or count(success) or 0)
        case {"success": success, "messages": [] | None} if count(success) in CODES:
            return _by_code(count(success) or 0)
    return Uncertain("seven answered without saying that it took this one message")


def _accepted(message: Mapping[str, object], sms: Outgoing) -> Accepted | Uncertain:
    message_id = _id(message.get("id"))
    if message_id and digits(message.get("recipient")) == digits(sms.phone):
        cost = price(message.get("price"), "EUR")
        return Accepted(gateway_id=message_id, segments=count(message.get("parts")), price=cost)
    return Uncertain("seven took it without saying as which one message")


def _id(value: object) -> str:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else shown(value)


def _report(row: Row, reference: str, row_id: str) -> DeliveryReport:
    word = shown(row.get("dlr"))
    known = word or row.get("dlr") in (None, "")
    return DeliveryReport(
        reference=reference,
        status=STATUSES.get(word.upper()) if known else None,
        raw=masked(word),
        gateway_id=row_id,
        reported_at=shown(row.get("dlr_timestamp")) or None,
        price=price(row.get("price"), "EUR"),
    )
