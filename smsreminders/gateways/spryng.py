"""Spryng, API v2 (developer.spryng.nl): an id for each SMS, and a list by date and by our reference.

Nothing here was tried on the live service. Not documented, so avoided: how a text keeps its [ and ], which mark
variables; the order of `messageIds`, so one recipient a request; the statuses in full, so unknown ones are kept raw.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from urllib.parse import quote

from smsreminders.domain.round.inbound import Mark, OptedOut, Received
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
from smsreminders.domain.segments import Encoding
from smsreminders.gateways.base import Options
from smsreminders.gateways.features import ANY_SENDER, Features, Key
from smsreminders.gateways.http.answers import Answer, Row, code, count, masked, shown, written
from smsreminders.gateways.http.client import HttpClient
from smsreminders.gateways.http.lookup import listed, look_up, message_with
from smsreminders.gateways.http.pages import pages_by_number
from smsreminders.gateways.http.statuses import not_taken
from smsreminders.gateways.spryng_lists import Lists, page_of

BASE_URL = "https://api.spryng.nl"
FEATURES = Features(
    "Spryng",
    keys=(
        Key("api_key", "Spryng's portal makes one under API keys", secret=True),
        Key("account_reference", "Spryng's portal shows it, it begins with SPNL", form=re.compile(r"SPNL[!-~]+")),
    ),
    sender_ids=ANY_SENDER,
    counts_segments=True,
    hears=True,
    knows_opt_outs=True,
)

ANY = "*"  # whatever the reason
_STILL = ("", "edgesubmitted", "partiallydelivered", "withinquiethours", "outsidebusinesshours")
_WRONG = (
    "destinationnotallowed",
    "disallowedcontent",
    "edgefailed",
    "failedtoroute",
    "internalerror",
    "landlinenotallowed",
    "messagepartcountexceeded",
    "msisdninvalid",
    "networkfailed",
    "optedout",
    "senderidinvalid",
    "sendinglimitexceeded",
    "unprocessable",
)
STATUSES: dict[tuple[str, str], Status] = {  # status and reason, in small letters and without blanks
    ("delivered", ""): Status.DELIVERED,
    ("delivered", "delivered"): Status.DELIVERED,
    ("sent", "delivered"): Status.DELIVERED,  # so the portal's own sample of a delivered one
    ("delivered", "partiallydelivered"): Status.SENT,  # delivered is what arrived whole
    ("failed", ANY): Status.FAILED,
    **{("inprogress", reason): Status.SENT for reason in _STILL},
    **{("sent", reason): Status.SENT for reason in _STILL},
    **{("sent", reason): Status.FAILED for reason in _WRONG},
}
MARKS: dict[str, Mark] = {"optedout": Mark.OPTED_OUT, "landlinenotallowed": Mark.DEAD}  # reasons and error codes
CHARACTER_SETS: dict[Encoding, str] = {"GSM-7": "GSM", "UCS-2": "Unicode"}

_VALID_AT_LEAST = timedelta(minutes=2)  # "more than 1 minute" ahead, by Spryng's clock
_VALID_AT_MOST = timedelta(hours=72) - timedelta(minutes=5)  # "less than 72 hours" ahead
_WAIT = 5.0  # seconds after a 429: the portal's introduction
_PAGE_SIZE = 500  # a page of more could be longer than any answer may be


class Spryng:
    """An account at Spryng, by its `account_reference`."""

    features = FEATURES

    def __init__(self, http: HttpClient, account_reference: str) -> None:
        self._http, self._account = http, account_reference
        self._lists = Lists(http, account_reference)

    def send(self, sms: Outgoing) -> Outcome:
        """Send one request for one SMS; our reference goes as its `name`."""
        if "[" in sms.text or "]" in sms.text:
            return Rejected("the text holds [ or ], which mark variables at Spryng: write it without")
        answer = self._http.post("/v2/messages", _request(sms, self._account))
        if not isinstance(answer, Answer):
            return answer
        return _taken(answer.body) if answer.status < 300 else _not_taken(answer)

    def lookup(self, asked: Sequence[Open]) -> Iterator[DeliveryReport]:
        """Ask for many SMS by date, few old ones by id; one without an id that isn't listed, once more by reference."""
        return look_up(asked, self._http.now(), by_id=self._by_id, by_date=self._by_date, alone=self._by_reference)

    def inbox(self, since: datetime) -> Iterator[Sequence[Received]]:
        """Ask for what came in, the oldest first so that new ones move no page."""
        return self._lists.inbox(since)

    def opt_outs(self, since: datetime) -> Iterator[Sequence[OptedOut]]:
        """Ask for the numbers that sent STOP, or that somebody put on the list by hand."""
        return self._lists.opt_outs(since)

    def account(self) -> str:
        """Ask for a page of the list: the documents name a balance, but not what its answer looks like."""
        self._list({"pageSize": "1", "pageNo": "1"})
        return "Spryng knows the account"

    def _by_id(self, sms: Open) -> Iterator[DeliveryReport]:
        path, headers = f"/v2/messages/{quote(str(sms.gateway_id), safe='')}", {"AccountReference": self._account}
        body = self._http.get(path, {}, headers=headers, none_at=404)
        if message := message_with(body, "messageId", sms.gateway_id, gateway="spryng", within="data"):
            yield _report(message, sms.reference, str(sms.gateway_id))

    def _by_date(self, asked: Sequence[Open], since: datetime) -> Iterator[DeliveryReport]:
        return self._reports(asked, {"startTime": written(since)})

    def _by_reference(self, sms: Open, since: datetime) -> Iterator[DeliveryReport]:
        return self._reports([sms], {"startTime": written(since), "requestName": sms.reference})

    def _reports(self, asked: Sequence[Open], filters: Mapping[str, str]) -> Iterator[DeliveryReport]:
        rows = self._messages(filters)
        messages = ((shown(row.get("messageId")), shown(row.get("requestName")), row) for row in rows)
        for reference, message_id, message in listed(asked, messages):
            yield _report(message, reference, message_id)

    def _messages(self, filters: Mapping[str, str]) -> Iterator[Row]:
        """What we sent, the oldest first so that new ones move no page; every page."""

        def page(number: int) -> tuple[list[Row], int]:
            paging = {"pageSize": str(_PAGE_SIZE), "pageNo": str(number), "sortBy": "submittedAt", "sortOrder": "Asc"}
            return page_of(self._list({**filters, **paging}), number)

        return chain.from_iterable(pages_by_number(page, gateway="spryng"))

    def _list(self, asked: Mapping[str, str]) -> object:
        asked = {**asked, "direction": "Outbound", "retrieveMessageBody": "false"}
        return self._http.get("/v2/messages", asked, headers={"AccountReference": self._account})


def open_gateway(options: Options) -> Spryng:
    """Open the account that the options name. Raises ConfigError."""
    headers = {"X-Api-Key": options.own["api_key"]}
    return Spryng(HttpClient(options, BASE_URL, headers=headers, wait=_WAIT), options.own["account_reference"])


def _request(sms: Outgoing, account_reference: str) -> dict[str, object]:
    earliest, latest = sms.handed_over_at + _VALID_AT_LEAST, sms.handed_over_at + _VALID_AT_MOST
    return {
        "accountReference": account_reference,
        "channel": "SMS",
        "from": sms.sender_id,
        "name": sms.reference,
        "characterSet": CHARACTER_SETS[sms.encoding],
        "validity": written(min(max(sms.valid_until, earliest), latest)),
        "messageType": "NotificationsAndReminders",
        "body": {"text": sms.text},
        "recipients": [{"msisdn": sms.phone}],
    }


def _taken(body: object) -> Accepted | Uncertain:
    match body:
        case {"data": {"requestId": str(request_id), "messageIds": [str(message_id)]}}:
            if request_id and message_id and message_id == shown(message_id):
                return Accepted(gateway_id=message_id)
    return Uncertain("spryng took it without saying as which one message")


def _not_taken(answer: Answer) -> Rejected | Refused | Uncertain:
    word = _code(answer.body)
    mark = next((MARKS[part] for part in word.casefold().split() if part in MARKS), None)
    of_the_sender = answer.status == 400 and "sender" in word.casefold()
    return not_taken("spryng", answer, word, of_the_sender=of_the_sender, mark=mark)


def _code(body: object) -> str:
    match body:
        case {"errors": [*errors]}:
            return code(*(error.get("errorCode") for error in errors if isinstance(error, dict)))
    return ""


def _report(message: Row, reference: str, message_id: str) -> DeliveryReport:
    status, reason = shown(message.get("status")), shown(message.get("reason"))
    word, why = status.replace(" ", "").casefold(), reason.casefold()
    said = STATUSES.get((word, why), STATUSES.get((word, ANY)))
    return DeliveryReport(
        reference=reference,
        status=said,
        raw=masked(status, reason),
        gateway_id=message_id or None,
        reported_at=shown(message.get("lastUpdateTimestamp")) or None,
        segments=count(message.get("messagePartCount")),
        mark=MARKS.get(why) if said is Status.FAILED else None,
    )
