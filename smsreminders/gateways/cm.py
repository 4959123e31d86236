"""CM.com, Business Messaging API (developers.cm.com/messaging): no id for an SMS, our reference is its only handle.

Messages go to one host, and the Transactions API at another tells what became of them; `gateway.base_url` stands for
both. CM chooses the encoding, and cuts a text that needs more than 8 parts: such a text is rejected before it goes. It
keeps an SMS for at most 48 hours (its help pages), so never beyond the appointment.
Nothing here was tried on the live service. Most numbers of a status are not documented, so number and word must agree
before it is final.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, timedelta

from smsreminders.domain.round.inbound import Mark
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
from smsreminders.domain.segments import count_segments
from smsreminders.gateways.base import Options
from smsreminders.gateways.cm_transactions import Transactions
from smsreminders.gateways.features import SIXTEEN_DIGITS_DIALLED, Features, Key
from smsreminders.gateways.http.answers import Answer, Row, code, count, digits, masked, price, shown
from smsreminders.gateways.http.client import HttpClient
from smsreminders.gateways.http.statuses import REFUSALS, not_taken, refused_sender

BASE_URL, TRANSACTIONS_URL = "https://gw.messaging.cm.com", "https://api.cmtelecom.com"
FEATURES = Features(
    "CM.com",
    keys=(
        Key(
            "product_token",
            "CM.com's Channels app shows it under the gateway of the account, it is written with its hyphens",
            secret=True,
            form=re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
        ),
    ),
    sender_ids=SIXTEEN_DIGITS_DIALLED,
    settles_after=timedelta(hours=1),  # how fresh the transactions are is not documented
    references_may_be_lost=True,  # on a trial account
    counts_segments=True,
    tells_price=True,
)

NUMBERS: dict[int, Status] = {  # CM documents 20 alone; the others as two programs of others read them
    19: Status.SENT,
    20: Status.DELIVERED,
    21: Status.FAILED,
    22: Status.FAILED,
    37: Status.SENT,
    40: Status.FAILED,
}
WORDS: dict[str, Status] = {  # www.cm.com/help/3308, in small letters
    "accepted": Status.SENT,
    "sent": Status.SENT,
    "delivered": Status.DELIVERED,
    "failed": Status.FAILED,
    "rejected": Status.FAILED,
    "cancelled": Status.FAILED,
}
ERRORS: dict[int, Rejected | Refused | Uncertain] = {  # 201 isn't here: it says to read the entries
    0: Uncertain("cm answered with an error that is none (0)"),
    101: Refused(f"{REFUSALS[401]} (101)"),
    102: Refused(f"{REFUSALS[402]} (102)"),
    103: Refused(f"{REFUSALS[401]} (103)"),
    202: Rejected("cm can't read the request (202)"),
    203: Rejected("cm can't read the request (203)"),
    301: refused_sender("301"),
    302: Rejected("cm doesn't take the number (302)"),
    303: Rejected("cm doesn't take the number (303)"),
    304: Rejected("cm doesn't take the text (304)"),
    305: Rejected("cm doesn't take a field of the request (305)"),
    401: Rejected("cm takes the text for spam (401)"),
    402: Rejected("the number is on a blacklist of cm (402)", Mark.OPTED_OUT),
    403: Rejected("cm rejects it (403)"),
    500: Uncertain("cm answered with its error 500"),
    999: Uncertain("cm answered with its error 999"),
}

_MOST_PARTS = 8
_UNITS_OF_A_PART = 66  # of UCS-2, where others have 67: text-sdk-dotnet, Body.cs
_VALID_AT_LEAST, _VALID_AT_MOST = timedelta(minutes=2), timedelta(hours=48)
_WAIT = 1.0  # seconds after a 429: not documented
_FEW = 10  # so many are asked for one by one
_WORST_FIRST = (Status.FAILED, None, Status.SENT, Status.DELIVERED)
_WITHOUT_REFERENCE = "cm took it without our reference, as on a trial account: nothing more will be heard of it"


class Cm:
    """An account at CM.com, by the hosts that take its messages and know its transactions."""

    features = FEATURES

    def __init__(self, messages: HttpClient, transactions: HttpClient) -> None:
        self._messages, self._transactions = messages, Transactions(transactions, FEATURES.kept)

    def send(self, sms: Outgoing) -> Outcome:
        """Send one request for one SMS."""
        counted = count_segments(sms.text)
        if counted.segments > _MOST_PARTS or (
            counted.encoding == "UCS-2" and counted.units > _MOST_PARTS * _UNITS_OF_A_PART
        ):
            return Rejected(f"the text needs more than {_MOST_PARTS} segments, and CM would cut it: make it shorter")
        answer = self._messages.post("/v1.0/message", _request(sms))
        if not isinstance(answer, Answer):
            return answer
        return _taken(answer.body, sms) if answer.status < 300 else _not_taken(answer)

    def lookup(self, asked: Sequence[Open]) -> Iterator[DeliveryReport]:
        """Ask for many SMS by date, to spare requests; for whatever that doesn't show, by its reference."""
        rows_by = self._transactions.by_date(asked) if len(asked) > _FEW else {}
        for sms in asked:
            if rows := rows_by.get(sms.reference) or self._transactions.by_reference(sms):
                yield _report(sms.reference, rows)

    def account(self) -> str:
        """Ask for the transactions of a reference that nothing has: CM documents no balance."""
        self._transactions.page({"reference": "0" * 32})
        return "CM.com knows the account"


def open_gateway(options: Options) -> Cm:
    """Open the account that the options name. Raises ConfigError."""
    headers = {"X-CM-PRODUCTTOKEN": options.own["product_token"]}
    hosts = (HttpClient(options, url, headers=headers, wait=_WAIT) for url in (BASE_URL, TRANSACTIONS_URL))
    return Cm(*hosts)


def _request(sms: Outgoing) -> dict[str, object]:
    earliest, latest = sms.handed_over_at + _VALID_AT_LEAST, sms.handed_over_at + _VALID_AT_MOST
    valid_until = min(max(sms.valid_until, earliest), latest).astimezone(UTC)
    message = {
        "allowedChannels": ["SMS"],
        "from": _dialled(sms.sender_id),
        "to": [{"number": _dialled(sms.phone)}],
        "body": {"type": "auto", "content": sms.text},
        "reference": sms.reference,
        "minimumNumberOfMessageParts": 1,
        "maximumNumberOfMessageParts": _MOST_PARTS,
        "validity": valid_until.strftime("%Y-%m-%d %H:%M:%S GMT"),
    }
    return {"messages": {"msg": [message]}}


def _dialled(number: str) -> str:
    return f"00{number[1:]}" if number.startswith("+") else number


def _taken(body: object, sms: Outgoing) -> Accepted | Rejected | Refused | Uncertain:
    """What a 200 means: with the error 201 not all was taken, and with others nothing."""
    match body:
        case {"errorCode": int(), "messages": [{"status": "Rejected", "messageErrorCode": int(error)}]}:
            return ERRORS.get(error, Rejected(f"cm rejects it ({code(error)})"))
        case {"errorCode": 0, "messages": [{"status": "Accepted", "messageErrorCode": 0} as entry]}:
            if digits(entry.get("to")) == digits(sms.phone):
                return _accepted(entry, sms)
        case {"errorCode": int(error), "messages": [] | None} if error in ERRORS:
            return ERRORS[error]
    return Uncertain("cm answered without saying that it took this one message")


def _accepted(entry: Row, sms: Outgoing) -> Accepted:
    """The outcome of an entry that was taken, be it without our reference: asking would then say "never sent"."""
    note = "" if entry.get("reference") == sms.reference else _WITHOUT_REFERENCE
    return Accepted(segments=count(entry.get("parts")), note=note)


def _not_taken(answer: Answer) -> Rejected | Refused | Uncertain:
    match answer.body:
        case {"messages": [*entries]} if not all(map(_is_rejected, entries)):
            return Uncertain(f"cm answered {answer.status} and took something")
        case {"messages": [{"messageErrorCode": int(error)}]} if answer.status == 400:
            return ERRORS.get(error, Rejected(f"cm rejects it ({code(error)})"))
        case {"errorCode": int(error)} if answer.status == 400:
            return ERRORS.get(error, Rejected(f"cm rejects it ({code(error)})"))
    return not_taken("cm", answer, "")


def _is_rejected(entry: object) -> bool:
    return isinstance(entry, dict) and entry.get("status") == "Rejected"


def _report(reference: str, rows: Sequence[Row]) -> DeliveryReport:
    """Report the worst of the rows of an SMS.

    Several with one reference can't be told apart, and delivered is what arrived whole.
    """
    worst = min(rows, key=lambda row: _WORST_FIRST.index(_status(row)))
    number, words = count(worst.get("status")), ("statusdescription", "errordescription")
    return DeliveryReport(
        reference=reference,
        status=_status(worst),
        raw=masked(str(number or ""), *(shown(worst.get(word)) for word in words)),
        price=price(worst.get("price"), worst.get("currency")) if len(rows) == 1 else None,
    )


def _status(row: Row) -> Status | None:
    """The status that number and word both say; that it is under way may be said by one of them alone."""
    by_number = NUMBERS.get(count(row.get("status")) or 0)
    by_word = WORDS.get(shown(row.get("statusdescription")).casefold())
    if by_number is by_word or {by_number, by_word} == {Status.SENT, None}:
        return by_number or by_word
    return None
