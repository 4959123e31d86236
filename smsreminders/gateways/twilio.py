"""Twilio, API 2010-04-01 (twilio.com/docs/messaging/api): an id for each SMS, and a list by date and by number.

Nothing here was tried on the live service. There is no field for our reference and no protection against a repeat: what
has no id is found by number, text and time, in an account that keeps both (no redaction of numbers). `ValidityPeriod`
is at most 10 hours and ends with Twilio's own queue, so an operator may still deliver later. Not documented, so not
relied on: Retry-After, how long messages are listed, error codes as more than a hint.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from smsreminders.domain.round.inbound import Mark, Received
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
from smsreminders.gateways.features import WHOLE_NUMBERS, Features, Key
from smsreminders.gateways.http.answers import (
    Answer,
    Row,
    basic,
    code,
    count,
    masked,
    price,
    shown,
)
from smsreminders.gateways.http.client import HttpClient
from smsreminders.gateways.http.lookup import message_with, old_apart, since
from smsreminders.gateways.http.statuses import REFUSALS, not_taken
from smsreminders.gateways.twilio_inbox import inbox
from smsreminders.gateways.twilio_matching import fitting
from smsreminders.gateways.twilio_messages import SID, Messages, has_sid, sent_since

BASE_URL = "https://api.twilio.com"
FEATURES = Features(
    "Twilio",
    keys=(
        Key("account_sid", "Twilio's Console shows it as Account SID, AC…", form=re.compile(r"AC[0-9a-fA-F]{32}")),
        Key("auth_token", "Twilio's Console shows it as Auth Token, under Account Info", secret=True),
    ),
    sender_ids=WHOLE_NUMBERS,
    finds_by_reference=False,
    counts_segments=True,
    tells_price=True,
    hears=True,
)

STATUSES: dict[str, Status] = {  # receiving and received are of what came in
    "accepted": Status.SENT,
    "scheduled": Status.SENT,
    "queued": Status.SENT,
    "sending": Status.SENT,
    "sent": Status.SENT,
    "partially_delivered": Status.SENT,  # delivered is what arrived whole
    "delivered": Status.DELIVERED,
    "read": Status.DELIVERED,
    "undelivered": Status.FAILED,
    "failed": Status.FAILED,
    "canceled": Status.FAILED,
}
# twilio.com/docs/api/errors/<code>
OF_THE_ACCOUNT: dict[int, str] = {
    10001: "the account is not active: top it up, or ask Twilio why",
    20003: REFUSALS[401],
    20005: "the account is not active: top it up, or ask Twilio why",
    21608: "the account is for trying out, and sends to verified numbers only: upgrade it in Twilio's Console",
}
OF_THE_MESSAGE: dict[int, str] = {  # of one country, so it keeps back nobody with a number of another
    21408: "the account may not send to this country: allow it in Twilio's Console, Messaging, Geo permissions",
}
MARKS: dict[int, Mark] = {  # 30003, a handset that is off, and 30007, a filtered text, say nothing of the number
    21610: Mark.OPTED_OUT,
    30004: Mark.OPTED_OUT,  # blocked: opted out or on a list, but Twilio names lesser causes too
    21614: Mark.DEAD,  # no mobile number
    21635: Mark.DEAD,  # a landline
    30005: Mark.DEAD,  # unknown, inactive or out of service
    30006: Mark.DEAD,  # a landline
}
OF_THE_SENDER = {21212, 21267, 21603, 21606, 21659, 21660, 21661}
NOT_NOW = {20429, 21611}  # too many requests; the sender's queue is full

_LONGEST_TEXT = 1600  # characters
_VALID_AT_LEAST, _VALID_AT_MOST = 1, 36_000  # seconds
_WAIT = 1.0  # seconds after a 429: a short period, says error 20429
_FEW = 10  # so many are asked for one by one
_NEWEST = 2  # times as many messages as are missing


class Twilio:
    """An account at Twilio, by its `account_sid`."""

    features = FEATURES

    def __init__(self, http: HttpClient, account_sid: str) -> None:
        self._http, self._path = http, f"/2010-04-01/Accounts/{account_sid}/Messages"
        self._messages = Messages(http, self._path)

    def send(self, sms: Outgoing) -> Outcome:
        """Send one request for one SMS, as a form."""
        if len(sms.text) > _LONGEST_TEXT:
            return Rejected(f"the text has more than {_LONGEST_TEXT} characters, the most that Twilio takes")
        answer = self._http.post(f"{self._path}.json", form=_request(sms))
        if not isinstance(answer, Answer):
            return answer
        return _taken(answer.body) if answer.status < 300 else _not_taken(answer)

    def lookup(self, asked: Sequence[Open]) -> Iterator[DeliveryReport]:
        """Ask for the SMS with an id by date, or each by its id; for the others by number, text and time.

        In doubt about one without an id, every message that may be it is reported: a report is no absence, and an id
        belongs to one notification only.
        """
        old, others = old_apart(asked, self._http.now())
        for sms in old:
            yield from self._by_id(sms)
        yield from self._by_date([sms for sms in others if SID.fullmatch(sms.gateway_id or "")])
        known = {sms.gateway_id for sms in asked}
        of_phone: dict[str, list[Open]] = {}
        for sms in others:
            if sms.gateway_id is None:
                of_phone.setdefault(sms.phone, []).append(sms)
        for phone, without_id in of_phone.items():
            messages = [message for message in self._messages.of({"To": phone}) if message["sid"] not in known]
            for sms in without_id:
                yield from (_report(message, sms.reference) for message in fitting(messages, sms))

    def inbox(self, since: datetime) -> Iterator[Sequence[Received]]:
        """Ask for what came in at any number of the account, by date, among what we sent."""
        return inbox(self._messages, since, self._http.now())

    def account(self) -> str:
        """Ask for a page of the list: a balance isn't told to every account."""
        self._messages.page({"PageSize": "1"})
        return "Twilio knows the account"

    def _by_date(self, asked: Sequence[Open]) -> Iterator[DeliveryReport]:
        """Ask for all SMS by date, as far as they are listed so: what is queued has no date. For the rest one by one.

        Many that are queued are looked for among the newest: as far as Twilio has them there, that spares requests.
        """
        if not asked:
            return
        missing = {str(sms.gateway_id): sms for sms in asked}
        yield from _listed(missing, self._messages.of(sent_since(since(asked))))
        if len(missing) > _FEW:
            yield from _listed(missing, islice(self._messages.of({}), _NEWEST * len(missing)))
        for sms in missing.values():
            yield from self._by_id(sms)

    def _by_id(self, sms: Open) -> Iterator[DeliveryReport]:
        if not SID.fullmatch(sms.gateway_id or ""):
            return
        body = self._http.get(f"{self._path}/{sms.gateway_id}.json", {}, none_at=404)
        if message := message_with(body, "sid", sms.gateway_id, gateway="twilio"):
            yield _report(message, sms.reference)


def open_gateway(options: Options) -> Twilio:
    """Open the account that the options name. Raises ConfigError."""
    account_sid = options.own["account_sid"]
    headers = {"Authorization": basic(account_sid, options.own["auth_token"])}
    return Twilio(HttpClient(options, BASE_URL, headers=headers, wait=_WAIT), account_sid)


def _request(sms: Outgoing) -> dict[str, str]:
    ahead = int((sms.valid_until - sms.handed_over_at).total_seconds())
    return {
        "To": sms.phone,
        "From": sms.sender_id,
        "Body": sms.text,
        "ValidityPeriod": str(min(max(ahead, _VALID_AT_LEAST), _VALID_AT_MOST)),
        "SmartEncoded": "false",  # it would replace characters
    }


def _taken(body: object) -> Accepted | Uncertain:
    if isinstance(body, dict) and has_sid(body):
        return Accepted(body["sid"], _segments(body), _price(body))
    return Uncertain("twilio took it without saying as which one message")


def _not_taken(answer: Answer) -> Rejected | Refused | Unavailable | Uncertain:
    number = answer.body.get("code") if isinstance(answer.body, dict) else None
    if not isinstance(number, int):
        return not_taken("twilio", answer, "")
    if number in NOT_NOW:
        return Unavailable(f"twilio asks to wait ({number})", _WAIT)
    if number in OF_THE_ACCOUNT:
        return Refused(f"{OF_THE_ACCOUNT[number]} ({number})")
    if number in OF_THE_MESSAGE:
        return Rejected(f"{OF_THE_MESSAGE[number]} ({number})")
    of_the_sender = number in OF_THE_SENDER
    return not_taken("twilio", answer, code("error", number), of_the_sender=of_the_sender, mark=MARKS.get(number))


def _listed(missing: dict[str, Open], messages: Iterator[Row]) -> Iterator[DeliveryReport]:
    """Report the listed messages that are missing, by id, and take them out; read no page beyond the last of them."""
    while missing and (message := next(messages, None)):
        if sms := missing.pop(str(message["sid"]), None):
            yield _report(message, sms.reference)


def _segments(message: Row) -> int | None:
    return count(message.get("num_segments")) or None  # "0" where Twilio doesn't know it yet


def _price(message: Row) -> str | None:
    """What they charge, which they write as a negative amount."""
    match message:
        case {"price": str(amount), "price_unit": str(unit)}:
            return price(amount.removeprefix("-"), unit.upper())
    return None


def _report(message: Row, reference: str) -> DeliveryReport:
    status, number = shown(message.get("status")), message.get("error_code")
    said = STATUSES.get(status)
    return DeliveryReport(
        reference=reference,
        status=said,
        raw=masked(status, code(number)),
        gateway_id=str(message["sid"]),
        reported_at=shown(message.get("date_updated")) or None,
        segments=_segments(message),
        price=_price(message),
        mark=MARKS.get(count(number) or 0) if said is Status.FAILED else None,
    )
