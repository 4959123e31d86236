"""Twilio, API 2010-04-01 (twilio.com/docs/messaging/api): an id for each SMS, and a list by date and by number.

Nothing here was tried on the live service. There is no field for our reference and no protection against a repeat: what
has no id is found by number, text and time, in an account that keeps both (no redaction of numbers). `ValidityPeriod`
is at most 10 hours and ends with Twilio's own queue, so an operator may still deliver later. Not documented, so not
relied on: Retry-After, how long messages are listed, error codes as more than a hint.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import islice
from urllib.parse import parse_qsl

from smsreminders.domain.notifications import Status
from smsreminders.domain.sending import (
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
from smsreminders.errors import TryAgainLater
from smsreminders.gateways.base import Options
from smsreminders.gateways.features import WHOLE_NUMBERS, Features, Key
from smsreminders.gateways.http.answers import basic, code, count, masked, not_taken, shown
from smsreminders.gateways.http.client import REFUSALS, Answer, HttpClient

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
OF_THE_SENDER = {21212, 21267, 21603, 21606, 21659, 21660, 21661}
NOT_NOW = {20429, 21611}  # too many requests; the sender's queue is full

_LONGEST_TEXT = 1600  # characters
_VALID_AT_LEAST, _VALID_AT_MOST = 1, 36_000  # seconds
_WAIT = 1.0  # seconds after a 429: a short period, says error 20429
_BEFORE = timedelta(days=1)  # clocks differ, and the dates are GMT
_CLOCKS_DIFFER = timedelta(days=1)  # too much only leaves it uncertain; too little sends a second SMS
_DAY = "%Y-%m-%dT00:00:00Z"  # as Twilio's own SDK asks; the documents speak of whole days
_FEW = 10  # so many are asked for one by one
_NEWEST = 2  # times as many messages as are missing
_PAGE_SIZE, _MOST_PAGES = 80, 1000  # 1,600 characters, each written as \u00eb, stay below the longest answer
_SID = re.compile(r"(?:SM|MM)[0-9a-fA-F]{32}")
_AMOUNT, _CURRENCY = re.compile(r"-?[0-9]{1,6}(?:\.[0-9]{1,9})?"), re.compile(r"[A-Za-z]{3}")
_NOT_OURS = {"inbound", "outbound-call", "outbound-reply"}


class Twilio:
    """An account at Twilio, by its `account_sid`."""

    features = FEATURES

    def __init__(self, http: HttpClient, account_sid: str) -> None:
        self._http, self._path = http, f"/2010-04-01/Accounts/{account_sid}/Messages"

    def send(self, sms: Outgoing) -> Outcome:
        """One request for one SMS, as a form."""
        if len(sms.text) > _LONGEST_TEXT:
            return Rejected(f"the text has more than {_LONGEST_TEXT} characters, the most that Twilio takes")
        answer = self._http.post(f"{self._path}.json", form=_request(sms))
        if not isinstance(answer, Answer):
            return answer
        return _taken(answer.body) if answer.status < 300 else _not_taken(answer)

    def lookup(self, asked: Sequence[Open]) -> Iterator[DeliveryReport]:
        """Those with an id by date, or each by its id; the others by number, text and time.

        In doubt about one without an id, every message that may be it is reported: a report is no absence, and an id
        belongs to one notification only.
        """
        old, _ = self._http.apart(asked)
        for one in old:
            yield from self._alone(one)
        of_id = {one.gateway_id: one for one in asked if one.gateway_id}
        yield from self._by_id({sid: one for sid, one in of_id.items() if _SID.fullmatch(sid) and one not in old})
        of_phone: dict[str, list[Open]] = {}
        for one in asked:
            if one.gateway_id is None:
                of_phone.setdefault(one.phone, []).append(one)
        for phone, some in of_phone.items():
            messages = [one for one in self._messages({"To": phone}) if one["sid"] not in of_id]
            for one in some:
                yield from (_report(message, one.reference) for message in _fitting(messages, one))

    def account(self) -> str:
        """A page of the list is asked for: a balance isn't told to every account."""
        self._page(self._http.get(f"{self._path}.json", {"PageSize": "1"}))
        return "Twilio knows the account"

    def _by_id(self, missing: dict[str, Open]) -> Iterator[DeliveryReport]:
        """All by date, as far as they are listed so: what is queued has no date. The rest one by one.

        Many that are queued are looked for among the newest: as far as Twilio has them there, that spares requests.
        """
        if not missing:
            return
        since = min(one.sent_at for one in missing.values()) - _BEFORE
        yield from _told(missing, self._messages({"DateSent>": since.astimezone(UTC).strftime(_DAY)}))
        if len(missing) > _FEW:
            yield from _told(missing, islice(self._messages({}), _NEWEST * len(missing)))
        for one in missing.values():
            yield from self._alone(one)

    def _alone(self, one: Open) -> Iterator[DeliveryReport]:
        if not _SID.fullmatch(sid := one.gateway_id or ""):
            return
        body = self._http.get(f"{self._path}/{sid}.json", {}, none_at=404)
        if isinstance(body, dict) and body.get("sid") == sid:
            yield _report(body, one.reference)
        elif body is not None:
            raise TryAgainLater("twilio's message can't be understood: it is asked for again later")

    def _messages(self, filters: Mapping[str, str]) -> Iterator[Mapping[str, object]]:
        """What the account sent and got, each once; every page."""
        asked = ours = {**filters, "PageSize": str(_PAGE_SIZE)}
        told: set[object] = set()
        for number in range(_MOST_PAGES):
            messages, following = self._page(self._http.get(f"{self._path}.json", asked))
            new = [one for one in messages if one["sid"] not in told]
            told |= {one["sid"] for one in new}
            yield from new
            if following is None:
                return
            if not new:
                raise TryAgainLater(f"twilio's list of messages doesn't go on after {number} pages")
            asked = {**following, **ours}
        raise TryAgainLater(f"twilio's list of messages has more than {_MOST_PAGES} pages")

    def _page(self, body: object) -> tuple[list[Mapping[str, object]], Mapping[str, str] | None]:
        """The messages of a page and what asks for the next, which must be of this list. Raises TryAgainLater."""
        match body:
            case {"messages": [*messages], "next_page_uri": None | str() as uri} if all(map(_has_sid, messages)):
                if uri is None:
                    return messages, None
                path, _, query = uri.partition("?")
                if path == f"{self._path}.json" and (following := _parsed(query)):
                    return messages, following
        raise TryAgainLater("twilio's list of messages can't be understood: it is asked again later")


def open_gateway(options: Options) -> Twilio:
    """The account that the options name. Raises ConfigError."""
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
    if isinstance(body, dict) and _has_sid(body):
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
    return not_taken("twilio", answer, code("error", number), of_the_sender=number in OF_THE_SENDER)


def _has_sid(message: object) -> bool:
    return isinstance(message, dict) and _SID.fullmatch(shown(message.get("sid"))) is not None


def _parsed(query: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(query, strict_parsing=True, max_num_fields=20))
    except ValueError:
        return {}


def _told(missing: dict[str, Open], messages: Iterator[Mapping[str, object]]) -> Iterator[DeliveryReport]:
    """The reports on these by id, which are missing no more; no page is asked for beyond the last of them."""
    while missing and (message := next(messages, None)):
        if one := missing.pop(str(message["sid"]), None):
            yield _report(message, one.reference)


def _fitting(messages: Sequence[Mapping[str, object]], one: Open) -> list[Mapping[str, object]]:
    """The messages that may be this one, the nearest in time first; what a message doesn't say speaks for it."""
    fitting = []
    for message in messages:
        created = _moment(message.get("date_created"))
        apart = abs(created - one.sent_at) if created else timedelta.max
        in_time = created is None or created >= one.sent_at - _CLOCKS_DIFFER
        if in_time and message.get("direction") not in _NOT_OURS and _same_number(message, one) and _same(message, one):
            fitting.append((apart, message))
    return [message for _, message in sorted(fitting, key=lambda pair: pair[0])]


def _same_number(message: Mapping[str, object], one: Open) -> bool:
    to = message.get("to")
    return not isinstance(to, str) or "X" in to or re.sub(r"[^0-9]", "", to) == one.phone.removeprefix("+")


def _same(message: Mapping[str, object], one: Open) -> bool:
    """Whether it has this text: behind the words of a trial account, too; or none, being redacted."""
    body = message.get("body")
    return not isinstance(body, str) or _bare(body).endswith(_bare(one.text)) or not any(map(str.isalnum, body))


def _bare(text: str) -> str:
    """Without its blanks and line ends, which may be stored otherwise."""
    return "".join(text.split())


def _moment(value: object) -> datetime | None:
    try:
        moment = parsedate_to_datetime(shown(value))
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # "-0000" is GMT without a zone


def _segments(message: Mapping[str, object]) -> int | None:
    return count(message.get("num_segments")) or None  # "0" where Twilio doesn't know it yet


def _price(message: Mapping[str, object]) -> str | None:
    """What they charge, which they write as a negative amount."""
    match message:
        case {"price": str(amount), "price_unit": str(unit)} if _AMOUNT.fullmatch(amount) and _CURRENCY.fullmatch(unit):
            return f"{amount.removeprefix('-')} {unit.upper()}"
    return None


def _report(message: Mapping[str, object], reference: str) -> DeliveryReport:
    status, error = shown(message.get("status")), code(message.get("error_code"))
    return DeliveryReport(
        reference=reference,
        status=STATUSES.get(status),
        raw=masked(f"{status}/{error}" if error else status),
        gateway_id=str(message["sid"]),
        reported_at=shown(message.get("date_updated")) or None,
        segments=_segments(message),
        price=_price(message),
    )
