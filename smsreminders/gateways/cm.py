"""CM.com, Business Messaging API (developers.cm.com/messaging): no id for an SMS, our reference is its only handle.

Messages go to one host, and the Transactions API at another tells what became of them; `gateway.base_url` stands for
both. CM chooses the encoding, and cuts a text that needs more than 8 parts: such a text is rejected before it goes. It
keeps an SMS for at most 48 hours (its help pages), so never beyond the appointment.
Nothing here was tried on the live service. Not documented, so avoided: how a second page of the list is asked for, so
it is asked for in periods that fit on one page; whether a row names its reference, so only a list by reference proves
that there is none; most numbers of a status, so number and word must agree before it is final.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from smsreminders.domain.notifications import Status
from smsreminders.domain.segments import count_segments
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
from smsreminders.errors import TryAgainLater
from smsreminders.gateways.base import Options
from smsreminders.gateways.features import SIXTEEN_DIGITS_DIALLED, Features, Key
from smsreminders.gateways.http.answers import code, count, masked, not_taken, refused_sender, shown, written
from smsreminders.gateways.http.client import REFUSALS, Answer, HttpClient
from smsreminders.gateways.http.periods import cut

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
    402: Rejected("the number is on a blacklist of cm (402)"),
    403: Rejected("cm rejects it (403)"),
    500: Uncertain("cm answered with its error 500"),
    999: Uncertain("cm answered with its error 999"),
}

_MOST_PARTS = 8
_UNITS_OF_A_PART = 66  # of UCS-2, where others have 67: text-sdk-dotnet, Body.cs
_VALID_AT_LEAST, _VALID_AT_MOST = timedelta(minutes=2), timedelta(hours=48)
_WAIT = 1.0  # seconds after a 429: not documented
_AROUND = timedelta(days=1)  # clocks differ, and what the dates leave out would pass for never taken
_FEW = 10  # so many are asked for one by one
_OF_A_PERIOD = 950  # a page has 1000: room for what isn't asked for, and for the second in which periods overlap
_MOST_PERIODS = 100  # or as many as are asked for, which one by one would take as many requests
_NOTHING = "There are no transactions available"
_WORST_FIRST = (Status.FAILED, None, Status.SENT, Status.DELIVERED)
_WITHOUT_REFERENCE = "cm took it without our reference, as on a trial account: nothing more will be heard of it"
_AMOUNT = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,12})?")

Row = Mapping[str, object]


class Cm:
    """An account at CM.com, by the hosts that take its messages and know its transactions."""

    features = FEATURES

    def __init__(self, messages: HttpClient, transactions: HttpClient) -> None:
        self._messages, self._transactions = messages, transactions

    def send(self, sms: Outgoing) -> Outcome:
        """One request for one SMS."""
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
        """Many by date, to spare requests; whatever that doesn't show, each by its reference."""
        found = self._by_date(asked) if len(asked) > _FEW else {}
        for one in asked:
            if rows := found.get(one.reference) or self._by_reference(one):
                yield _report(one.reference, rows)

    def account(self) -> str:
        """CM documents no balance: the transactions of a reference that nothing has are asked for."""
        self._list({"reference": "0" * 32})
        return "CM.com knows the account"

    def _by_date(self, asked: Sequence[Open]) -> dict[str, list[Row]]:
        """The rows that name a reference that was asked for, by it; none where the list can't be had.

        They prove no absence, so a failure here only means that each is asked for by its reference.
        """
        found: dict[str, list[Row]] = {one.reference: [] for one in asked}
        try:
            for row in self._around(sorted(one.sent_at for one in asked)):
                rows = found.get(shown(row.get("reference")))
                if rows is not None and row not in rows:
                    rows.append(row)
        except TryAgainLater:
            return {}
        return found

    def _around(self, times: Sequence[datetime]) -> Iterator[Row]:
        """The rows of the time around these, in periods that fit on one page each."""
        periods = cut(times[0] - _AROUND, times[-1] + _AROUND, times, parts=-(-len(times) // _OF_A_PERIOD))
        for _ in range(max(_MOST_PERIODS, len(times))):
            if not periods:
                return
            start, end = periods.pop()
            rows, pages = self._list(_dates(start, end))
            if pages <= 1:
                yield from rows
            else:
                periods += cut(start, end, times, parts=pages + 1)
        raise TryAgainLater("cm's list of transactions is too long")

    def _by_reference(self, one: Open) -> list[Row]:
        """By dates that leave nothing out: after a restore nobody knows when it went, but that CM still has it."""
        dates = _dates(one.sent_at - _AROUND, one.sent_at + FEATURES.kept + 2 * _AROUND)
        rows, pages = self._list(dates | {"reference": one.reference})
        if pages > 1 or not all(_is_named(row) or _is_like(row, one) for row in rows):
            raise TryAgainLater("cm's list shows other messages than the one that was asked for")
        return [row for row in rows if not _is_named(row) or row["reference"] == one.reference]

    def _list(self, asked: Mapping[str, str]) -> tuple[list[Row], int]:
        return _page(self._transactions.get("/v1.2/transactions/", asked))


def open_gateway(options: Options) -> Cm:
    """The account that the options name. Raises ConfigError."""
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


def _digits(number: object) -> str:
    return re.sub(r"[^0-9]", "", shown(number)).removeprefix("00")


def _taken(body: object, sms: Outgoing) -> Accepted | Rejected | Refused | Uncertain:
    """What a 200 means: with the error 201 not all was taken, and with others nothing."""
    match body:
        case {"errorCode": int(), "messages": [{"status": "Rejected", "messageErrorCode": int(error)}]}:
            return ERRORS.get(error, Rejected(f"cm rejects it ({code(error)})"))
        case {"errorCode": 0, "messages": [{"status": "Accepted", "messageErrorCode": 0} as entry]}:
            if _digits(entry.get("to")) == _digits(sms.phone):
                return _accepted(entry, sms)
        case {"errorCode": int(error), "messages": [] | None} if error in ERRORS:
            return ERRORS[error]
    return Uncertain("cm answered without saying that it took this one message")


def _accepted(entry: Mapping[str, object], sms: Outgoing) -> Accepted:
    """Taken is taken: what was sent without our reference can't be found again, so asking would say "never sent"."""
    note = "" if entry.get("reference") == sms.reference else _WITHOUT_REFERENCE
    return Accepted(segments=count(entry.get("parts")), note=note)


def _not_taken(answer: Answer) -> Rejected | Refused | Uncertain:
    match answer.body:
        case {"messages": [*entries]} if not all(_is_rejected(one) for one in entries):
            return Uncertain(f"cm answered {answer.status} and took something")
        case {"messages": [{"messageErrorCode": int(error)}]} if answer.status == 400:
            return ERRORS.get(error, Rejected(f"cm rejects it ({code(error)})"))
        case {"errorCode": int(error)} if answer.status == 400:
            return ERRORS.get(error, Rejected(f"cm rejects it ({code(error)})"))
    return not_taken("cm", answer, "")


def _is_rejected(entry: object) -> bool:
    return isinstance(entry, dict) and entry.get("status") == "Rejected"


def _dates(start: datetime, end: datetime) -> dict[str, str]:
    return {"startdate": written(start), "enddate": written(end)}


def _page(body: object) -> tuple[list[Row], int]:
    """The rows of the first page, and how many pages there are. Raises TryAgainLater."""
    match body:
        case {"status": 1, "result": [*rows], "pagination": {"currentPage": 1, "totalPages": int(pages)}}:
            if all(isinstance(row, dict) for row in rows):
                return rows, pages
        case {"status": 1, "message": str(message), **rest}:
            if message.startswith(_NOTHING) and not rest.get("result"):
                return [], 0
    raise TryAgainLater("cm's list of transactions can't be understood: it is asked again later")


def _is_named(row: Row) -> bool:
    return row.get("reference") not in (None, "")


def _is_like(row: Row, one: Open) -> bool:
    """Whether a row without a reference can be the message: its number, and its text where that is shown."""
    text = row.get("message") or one.text
    same_text = isinstance(text, str) and text.split() == one.text.split()
    return same_text and _digits(row.get("recipient")) == _digits(one.phone)


def _report(reference: str, rows: Sequence[Row]) -> DeliveryReport:
    """The worst of the rows: several with one reference can't be told apart, and delivered is what arrived whole."""
    row = min(rows, key=lambda one: _WORST_FIRST.index(_status(one)))
    words = (
        str(count(row.get("status")) or ""),
        *(shown(row.get(key)) for key in ("statusdescription", "errordescription")),
    )
    return DeliveryReport(
        reference=reference,
        status=_status(row),
        raw=masked("/".join(word for word in words if word)),
        price=_price(row.get("price"), row.get("currency")) if len(rows) == 1 else None,
    )


def _status(row: Row) -> Status | None:
    """What number and word say, if both say the same; that it is under way may be said by one of them alone."""
    by_number = NUMBERS.get(count(row.get("status")) or 0)
    by_word = WORDS.get(shown(row.get("statusdescription")).casefold())
    if by_number is by_word or {by_number, by_word} == {Status.SENT, None}:
        return by_number or by_word
    return None


def _price(amount: object, currency: object) -> str | None:
    text = str(amount) if isinstance(amount, str | int | Decimal) else ""
    if _AMOUNT.fullmatch(text) and re.fullmatch(r"[A-Z]{3}", shown(currency)):
        return f"{text} {currency}"
    return None
