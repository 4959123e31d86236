"""seven.io, REST API (docs.seven.io): an id for each SMS, and a logbook by date that names our reference.

An error is a number that is the whole answer, with the status 200. seven.io chooses the encoding, and refuses a text
that is too long. The validity is at most the 48 hours that are its default, and not every network heeds it.
Nothing here was tried on the live service. Not documented, so avoided: the order of the logbook, and whether a page
with less than 100 is its last, so it is read up to an empty one; a limit of requests; what 101 means for one SMS.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, timedelta
from decimal import Decimal

from smsreminders.domain.notifications import Status
from smsreminders.domain.sending import (
    Accepted,
    DeliveryReport,
    Open,
    Outcome,
    Outgoing,
    Refused,
    Rejected,
    Uncertain,
)
from smsreminders.errors import AdministratorNeeded, TryAgainLater
from smsreminders.gateways.base import Options
from smsreminders.gateways.features import SIXTEEN_DIGITS, Features, Key
from smsreminders.gateways.http.answers import code, count, masked, not_taken, refused_sender, shown
from smsreminders.gateways.http.apart import listed
from smsreminders.gateways.http.client import REFUSALS, Answer, HttpClient

BASE_URL = "https://gateway.seven.io"
FEATURES = Features(
    "seven.io",
    keys=(Key("api_key", "seven.io's web application makes one under Developer, API keys", secret=True),),
    sender_ids=SIXTEEN_DIGITS,
    kept=timedelta(days=30),
    counts_segments=True,
    tells_price=True,
    tells_credit=True,
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
_BEFORE = timedelta(days=1)  # clocks and zones differ, and what the dates leave out would pass for never taken
_PAGE_SIZE, _MOST_PAGES = 100, 1000
_AMOUNT = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,12})?")

Row = Mapping[str, object]


class Seven:
    """An account at seven.io."""

    features = FEATURES

    def __init__(self, http: HttpClient) -> None:
        self._http = http

    def send(self, sms: Outgoing) -> Outcome:
        """One request for one SMS; our reference goes as its `foreign_id`."""
        if len(sms.text) > _LONGEST:
            return Rejected(f"the text has more than the {_LONGEST} characters that seven takes: make it shorter")
        answer = self._http.post("/api/sms", _request(sms))
        if not isinstance(answer, Answer):
            return answer
        if (bare := count(answer.body)) is not None:
            return _by_code(bare)
        return _taken(answer.body, sms) if answer.status < 300 else not_taken("seven", answer, "")

    def lookup(self, asked: Sequence[Open]) -> Iterator[DeliveryReport]:
        """All of them from one reading of the logbook, which knows no filter by reference; few old ones by id."""
        old, asked = self._http.apart(asked)
        for one in old:
            for row_id, row in _page(self._get("/api/journal/outbound", {"id": str(one.gateway_id)})):
                if row_id == one.gateway_id:
                    yield _report(row, one.reference, row_id)
        if not asked:
            return
        since = min(one.sent_at for one in asked) - _BEFORE
        rows = self._logbook(since.astimezone(UTC).date())
        messages = ((row_id, shown(row.get("foreign_id")), row) for row_id, row in rows)
        for reference, row_id, row in listed(asked, messages):
            yield _report(row, reference, row_id)

    def account(self) -> str:
        """What there is left to send with."""
        match self._get("/api/balance", {}):
            case {"amount": amount, "currency": currency} if credit := _price(amount, currency):
                return f"seven.io knows the account: {credit} of credit"
        raise TryAgainLater("seven's answer to the question for the credit can't be understood")

    def _logbook(self, since: date) -> Iterator[tuple[str, Row]]:
        """What was sent from a day on, each with its id and once; every page, up to an empty one.

        One that is sent meanwhile moves the pages by one, so a page may show again what the one before it showed.
        """
        seen: set[str] = set()
        offset = 0
        for _ in range(_MOST_PAGES):
            asked = {"date_from": since.isoformat(), "limit": str(_PAGE_SIZE), "offset": str(offset)}
            rows = _page(self._get("/api/journal/outbound", asked))
            if not rows:
                return
            new = {row_id: row for row_id, row in rows if row_id not in seen}
            if not new:
                raise TryAgainLater(f"seven's logbook repeats itself at entry {offset}")
            seen.update(new)
            yield from new.items()
            offset += len(rows)
        raise TryAgainLater("seven's logbook is too long")

    def _get(self, path: str, asked: Mapping[str, str]) -> object:
        body = self._http.get(path, asked)
        problem = CODES.get(count(body) or 0)
        if isinstance(problem, Refused):
            raise AdministratorNeeded(f"the gateway refuses the account: {problem.reason}")
        return body


def open_gateway(options: Options) -> Seven:
    """The account that the options name. Raises ConfigError."""
    return Seven(HttpClient(options, BASE_URL, headers={"X-Api-Key": options.own["api_key"]}, wait=_WAIT))


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
    if message_id and _digits(message.get("recipient")) == _digits(sms.phone):
        price = _price(message.get("price"), "EUR")
        return Accepted(gateway_id=message_id, segments=count(message.get("parts")), price=price)
    return Uncertain("seven took it without saying as which one message")


def _id(value: object) -> str:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else shown(value)


def _digits(number: object) -> str:
    return re.sub(r"[^0-9]", "", shown(number)).removeprefix("00")


def _page(body: object) -> list[tuple[str, Row]]:
    """The entries of a page, each with its id. Raises TryAgainLater."""
    if isinstance(body, list):
        rows: list[tuple[str, Row]] = [(_id(row.get("id")), row) for row in body if isinstance(row, dict)]
        if len(rows) == len(body) and all(row_id for row_id, _ in rows):
            return rows
    raise TryAgainLater("seven's logbook can't be understood: it is asked again later")


def _report(row: Row, reference: str, row_id: str) -> DeliveryReport:
    word = shown(row.get("dlr"))
    known = word or row.get("dlr") in (None, "")
    return DeliveryReport(
        reference=reference,
        status=STATUSES.get(word.upper()) if known else None,
        raw=masked(word),
        gateway_id=row_id,
        reported_at=shown(row.get("dlr_timestamp")) or None,
        price=_price(row.get("price"), "EUR"),
    )


def _price(amount: object, currency: object) -> str | None:
    text = str(amount) if isinstance(amount, str | int | Decimal) else ""
    if _AMOUNT.fullmatch(text) and re.fullmatch(r"[A-Z]{3}", shown(currency)):
        return f"{text} {currency}"
    return None
