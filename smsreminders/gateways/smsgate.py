"""SMS Gate (sms-gate.app): a practice's own Android phone and SIM, through their server or one of its own.

Nothing here was tried on the live service: this follows their OpenAPI, their documents and the server's source. Our
reference is the `id` of the message. A second message with the id is refused (409) *for the same phone*: without a
`deviceId` the server takes any phone of the account, so only with one a message may be sent again. After a change of
gateway.device_id an older message is no longer protected. There is no id beside ours, so `gateway_id` stays empty.

`validUntil` stops the phone, not the network: what the phone has sent in time may come later. It is fixed, so that a
repeat is the same. The phone chooses the encoding and shows its own number. Of several segments one delivered makes
it Delivered. Text and number pass the server, which hashes them a minute after they were processed, so that nothing
is found by number, and forgets the message after a month: for patients take a server of your own (base_url; it
serves /api/3rdparty/v1). A phone without a server (local mode) can't be used: it has plain http and other paths.
Their end-to-end encryption isn't used.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import (
    Accepted,
    DeliveryReport,
    Open,
    Outcome,
    Outgoing,
    Refused,
    Rejected,
    Unavailable,
    Uncertain,
)
from smsreminders.gateways.base import Options
from smsreminders.gateways.features import Features, Key
from smsreminders.gateways.http.answers import Answer, Row, basic, code, masked, not_understood, rows_of, shown, written
from smsreminders.gateways.http.client import HttpClient
from smsreminders.gateways.http.lookup import message_with, since
from smsreminders.gateways.http.pages import by_offset
from smsreminders.gateways.http.statuses import not_taken

BASE_URL = "https://api.sms-gate.app"
FEATURES = Features(
    "SMS Gate",
    keys=(
        Key("username", "the app shows it under Cloud Server", form=re.compile(r"[!-9;-~]+")),  # RFC 7617: no colon
        Key("password", "the app shows it under Cloud Server", secret=True),
        Key(
            "device_id",
            "the id of the phone, as their GET /devices lists it",
            optional=True,
            form=re.compile(r"[A-Za-z0-9_-]{1,21}"),
        ),
    ),
    sender_ids=None,
    kept=timedelta(days=28),  # "1 month", 720 h in the server's own configuration
    repeats_for=timedelta(days=20),  # an id that was forgotten is taken again
)

ANY = "*"  # whatever the error
STATUSES: dict[tuple[str, str], Status] = {  # state, and the error of the recipient
    ("Pending", ANY): Status.SENT,
    ("Processed", ANY): Status.SENT,
    ("Sent", ANY): Status.SENT,
    ("Cancelling", ANY): Status.SENT,
    ("Delivered", ANY): Status.DELIVERED,
    ("Failed", "TTL expired"): Status.EXPIRED,  # so the app when validUntil has passed
    ("Failed", ANY): Status.FAILED,
    ("Cancelled", ANY): Status.FAILED,
}

_WAIT = 1.0  # seconds after a 429: nothing is documented
_PAGE_SIZE, _MOST_PAGES = 100, 1000  # 100 is their most
_REPEATED = "is the server up to date?"  # servers of mid-2026 overlooked the offset


class SmsGate:
    """A phone of an account at `path` of a server."""

    def __init__(self, http: HttpClient, path: str, device_id: str | None) -> None:
        self.features = FEATURES if device_id else replace(FEATURES, repeats_for=timedelta())
        self._http, self._path, self._device_id = http, f"{path}/messages", device_id

    def send(self, sms: Outgoing) -> Outcome:
        """Send one request for one SMS; our reference is its id."""
        answer = self._http.post(self._path, _request(sms, self._device_id))
        if not isinstance(answer, Answer):
            return answer
        return _taken(answer.body, sms.reference) if answer.status < 300 else _not_taken(answer)

    def lookup(self, asked: Sequence[Open]) -> Iterator[DeliveryReport]:
        """Ask for many SMS by date; one that isn't listed, by its id: only a 404 for it says "never taken"."""
        if not asked:
            return
        references = {sms.reference for sms in asked}
        reported = set()
        for (reference, _), message in self._messages(written(since(asked))):
            if reference in references:
                reported.add(reference)
                yield _report(message, reference)
        for sms in asked:
            if sms.reference not in reported:
                yield from self._by_id(sms.reference)

    def account(self) -> str:
        """Ask for a page of the list: there is no credit to ask for."""
        self._http.get(self._path, {"limit": "1"})
        return "SMS Gate knows the account"

    def _messages(self, start: str) -> Iterator[tuple[tuple[str, str], Row]]:
        """Each message with its id and its phone: after a change of phones one id may be two messages; every page.

        The newest first as the server gives them: what comes meanwhile moves nothing out of sight.
        """

        def page(offset: int) -> list[tuple[tuple[str, str], Row]]:
            return _page(self._http.get(self._path, _paging(start, offset)))

        return by_offset(page, gateway="smsgate", most=_MOST_PAGES, repeated=_REPEATED)

    def _by_id(self, reference: str) -> Iterator[DeliveryReport]:
        body = self._http.get(f"{self._path}/{reference}", {}, none_at=404)
        if message := message_with(body, "id", reference, gateway="smsgate"):
            yield _report(message, reference)


def open_gateway(options: Options) -> SmsGate:
    """Open the phone that the options name. Raises ConfigError."""
    own = options.own
    headers = {"Authorization": basic(own["username"], own["password"])}
    http = HttpClient(options, BASE_URL, headers=headers, wait=_WAIT, readable={503})
    return SmsGate(http, path_at(options.base_url or BASE_URL), own.get("device_id"))


def path_at(base_url: str) -> str:
    """The path of the API: their own server has it without /api (docs-web, faq/private-server.md)."""
    return "/3rdparty/v1" if base_url.lower().removesuffix("/") == BASE_URL else "/api/3rdparty/v1"


def _request(sms: Outgoing, device_id: str | None) -> dict[str, object]:
    return ({"deviceId": device_id} if device_id else {}) | {
        "id": sms.reference,
        "textMessage": {"text": sms.text},
        "phoneNumbers": [sms.phone],
        "withDeliveryReport": True,
        "validUntil": written(sms.valid_until),
    }


def _taken(body: object, reference: str) -> Accepted | Uncertain:
    if isinstance(body, dict) and body.get("id") == reference:
        return Accepted()
    return Uncertain("smsgate took it without saying as which one message")


def _not_taken(answer: Answer) -> Accepted | Rejected | Refused | Unavailable | Uncertain:
    error, message = _words(answer.body)
    match answer.status:
        case 409 if message:
            return Accepted()  # "Message with such ID already exists"
        case 503 if "queuelimit" in f"{error}{message}".replace(" ", "").casefold():
            return Unavailable("smsgate took nothing, the phone's queue is full or too old: is the phone online?")
        case 503:
            return Uncertain("smsgate answered 503")
        case 400 if "device" in message.casefold():
            return Refused(f"it can't use the phone: check gateway.device_id and the app ({code(message)})")
    return not_taken("smsgate", answer, code(message))


def _words(body: object) -> tuple[str, str]:
    fields = body if isinstance(body, dict) else {}
    return shown(fields.get("error")), shown(fields.get("message"))


def _paging(start: str, offset: int) -> dict[str, str]:
    return {"from": start, "limit": str(_PAGE_SIZE), "offset": str(offset)}


def _page(body: object) -> list[tuple[tuple[str, str], Row]]:
    """The messages of a page, each with its id and its phone. Raises TryAgainLater."""
    rows = rows_of(body)
    if rows is None or not all(isinstance(row.get("id"), str) for row in rows):
        raise not_understood("smsgate's list of messages")
    return [((str(row["id"]), shown(row.get("deviceId"))), row) for row in rows]


def _report(message: Row, reference: str) -> DeliveryReport:
    state, error = shown(message.get("state")), _error(message)
    times = message.get("states")
    return DeliveryReport(
        reference=reference,
        status=STATUSES.get((state, error), STATUSES.get((state, ANY))),
        raw=masked(state, error),
        reported_at=(shown(times.get(state)) or None) if isinstance(times, dict) else None,
    )


def _error(message: Row) -> str:
    match message.get("recipients"):
        case [{"error": str(error)}]:
            return shown(error)
    return ""
