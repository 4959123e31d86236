"""Bird, the API of its new platform (`<region>.platform.bird.com`, SMS): an id for each SMS, its segments and cost.

Nothing here was tried on the live service: this follows the models and requests of messagebird-sdk 0.106.0 and the
pages under bird.com/docs/api; the older pages that contradict them (POST /v1/sms) don't count. Our reference is the
Idempotency-Key of the request and `ref` in its metadata: for about 3 hours the same request again is the same SMS. So
nothing in the body depends on the time of the request: another body with the same key would be a 409 (E01005). Only
accounts in its preview may send a `validity_period`, others get a 422: it is sent where the configuration says so.
Without it an SMS lives as long as the carrier lets it, and may come after the appointment began. A 4xx is kept with
its key too, and comes again as long: a Refused that is only such a repeat is taken for "try later". Bird chooses the
encoding; a text of more than 12 segments it refuses.

Not documented, so avoided: whether the list can be filtered by the value of a tag (metadata are compared instead).
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
    Unavailable,
    Uncertain,
)
from smsreminders.gateways.base import Options
from smsreminders.gateways.bird_lists import MESSAGES, Lists
from smsreminders.gateways.features import WHOLE_NUMBERS, Features, Key
from smsreminders.gateways.http.answers import (
    Answer,
    Row,
    code,
    count,
    masked,
    price,
    shown,
    written,
)
from smsreminders.gateways.http.client import HttpClient
from smsreminders.gateways.http.lookup import listed, look_up, message_with
from smsreminders.gateways.http.statuses import not_taken

FEATURES = Features(
    "Bird",
    keys=(
        Key(
            "api_key",
            "Bird's dashboard makes one under API keys, it begins with bk_ and its region, like bk_eu1_",
            secret=True,
            form=re.compile(r"bk_[a-z]{2}[0-9]{1,2}_[!-~]+"),
        ),
        Key(
            "validity_period",
            'write "yes" where the account is in Bird\'s preview of it, or leave it out',
            optional=True,
            form=re.compile("yes"),
        ),
    ),
    sender_ids=WHOLE_NUMBERS,
    kept=timedelta(days=30),
    repeats_for=timedelta(hours=2, minutes=30),  # keys are kept for "roughly 3 hours"
    counts_segments=True,
    tells_price=True,
    hears=True,
    knows_opt_outs=True,
)

STATUSES: dict[str, Status] = {
    "scheduled": Status.SENT,
    "accepted": Status.SENT,
    "sent": Status.SENT,
    "delivered": Status.DELIVERED,
    "undelivered": Status.FAILED,
    "failed": Status.FAILED,
    "rejected": Status.FAILED,
    "canceled": Status.FAILED,
    "expired": Status.EXPIRED,
}

MARKS: dict[str, Mark] = {  # of last_error
    "recipient_opted_out": Mark.OPTED_OUT,
    "blocked_by_recipient": Mark.OPTED_OUT,
    "landline_unreachable": Mark.DEAD,
    "invalid_destination": Mark.DEAD,  # unassigned, ported out, or no number at all
}

_CATEGORY = "transactional"  # a reminder of an appointment that the patient made: no marketing
_VALID_AT_LEAST, _VALID_AT_MOST = 60, 172_800  # seconds
_WAIT = 1.0  # seconds after a 429 without Retry-After: nothing is documented


class Bird:
    """A workspace at Bird, by its key."""

    features = FEATURES

    def __init__(self, http: HttpClient, *, with_validity: bool) -> None:
        self._http, self._with_validity, self._lists = http, with_validity, Lists(http)

    def send(self, sms: Outgoing) -> Outcome:
        """Send one request for one SMS, our reference its key."""
        body = _request(sms) | (_validity(sms) if self._with_validity else {})
        answer = self._http.post(MESSAGES, body, headers={"Idempotency-Key": sms.reference})
        if not isinstance(answer, Answer):
            return answer
        return _taken(answer.body) if answer.status < 300 else _not_taken(answer)

    def lookup(self, asked: Sequence[Open]) -> Iterator[DeliveryReport]:
        """Ask for many SMS by date, few old ones by id; one without an id that isn't listed, once more by number."""
        return look_up(asked, self._http.now(), by_id=self._by_id, by_date=self._by_date, alone=self._by_number)

    def inbox(self, since: datetime) -> Iterator[Sequence[Received]]:
        """Ask for what came in at any number of the workspace, the newest first."""
        return self._lists.inbox(since)

    def opt_outs(self, since: datetime) -> Iterator[Sequence[OptedOut]]:
        """Ask for the suppressions in force, each of one sender ID; those for anything but our texts count as well."""
        return self._lists.opt_outs(since)

    def account(self) -> str:
        """Ask for a page of the list: nothing is documented that tells the credit."""
        self._http.get(MESSAGES, {"limit": "1", "direction": "outbound"})
        return "Bird knows the account"

    def _by_id(self, sms: Open) -> Iterator[DeliveryReport]:
        body = self._http.get(f"{MESSAGES}/{quote(str(sms.gateway_id), safe='')}", {}, none_at=404)
        if message := message_with(body, "id", sms.gateway_id, gateway="bird"):
            yield _report(message, sms.reference, str(sms.gateway_id))

    def _by_date(self, asked: Sequence[Open], since: datetime) -> Iterator[DeliveryReport]:
        return self._reports(asked, {"created_after": written(since)})

    def _by_number(self, sms: Open, since: datetime) -> Iterator[DeliveryReport]:
        return self._reports([sms], {"created_after": written(since), "to": sms.phone})

    def _reports(self, asked: Sequence[Open], filters: Mapping[str, str]) -> Iterator[DeliveryReport]:
        rows = chain.from_iterable(self._lists.sent(filters))
        messages = ((shown(message.get("id")), _ref(message), message) for message in rows)
        for reference, message_id, message in listed(asked, messages):
            yield _report(message, reference, message_id)


def open_gateway(options: Options) -> Bird:
    """Open the workspace of the key, in the region that it names. Raises ConfigError."""
    api_key = options.own["api_key"]
    base_url = f"https://{api_key.split('_')[1]}.platform.bird.com"
    http = HttpClient(options, base_url, headers={"Authorization": f"Bearer {api_key}"}, wait=_WAIT)
    return Bird(http, with_validity="validity_period" in options.own)


def _request(sms: Outgoing) -> dict[str, object]:
    """The body of a send, made only of what the claim has frozen: a repeat is the same."""
    return {
        "to": sms.phone,
        "from": sms.sender_id,
        "text": sms.text,
        "category": _CATEGORY,
        "metadata": {"ref": sms.reference},
    }


def _validity(sms: Outgoing) -> dict[str, object]:
    """The validity, counted from the whole second of the claim, as the outbox keeps it: a repeat is the same."""
    ahead = int((sms.valid_until - sms.handed_over_at.replace(microsecond=0)).total_seconds())
    return {"validity_period": min(max(ahead, _VALID_AT_LEAST), _VALID_AT_MOST)}


def _taken(body: object) -> Accepted | Uncertain:
    if isinstance(body, dict) and (message_id := body.get("id")) and message_id == shown(message_id):
        return Accepted(gateway_id=message_id, segments=_segments(body), price=_price(body))
    return Uncertain("bird took it without saying as which one message")


def _not_taken(answer: Answer) -> Rejected | Refused | Unavailable | Uncertain:
    words = _words(answer.body)
    of_the_sender = answer.status in {400, 422} and "sender" in words.casefold()
    outcome = not_taken("bird", answer, words, of_the_sender=of_the_sender)
    if answer.status == 422 and "SMSUnsupportedFeature" in words:
        outcome = Refused(f"the account isn't in the preview of it: take gateway.validity_period out ({words})")
    if isinstance(outcome, Refused) and answer.headers.get("Idempotency-Replay") == "true":
        return Unavailable("bird repeats what it said before to this one; it does so for about 3 hours")
    return outcome


def _words(body: object) -> str:
    match body:
        case {"error": dict(error)}:
            return code(error.get("name"), error.get("code"), error.get("param"))
    return ""


def _ref(message: Row) -> str:
    match message.get("metadata"):
        case {"ref": str(ref)}:
            return ref
    return ""


def _report(message: Row, reference: str, message_id: str) -> DeliveryReport:
    word, error = shown(message.get("status")), message.get("last_error")
    said = STATUSES.get(word)
    why, failed_at = (shown(error.get("code")), error.get("occurred_at")) if isinstance(error, dict) else ("", None)
    return DeliveryReport(
        reference=reference,
        status=said,
        raw=masked(word, why),
        gateway_id=message_id or None,
        reported_at=shown(message.get("delivered_at") or failed_at or message.get("sent_at")) or None,
        segments=_segments(message),
        price=_price(message),
        mark=MARKS.get(why) if said is Status.FAILED else None,
    )


def _segments(message: Row) -> int | None:
    match message.get("segments"):
        case {"count": number}:
            return count(number)
    return None


def _price(message: Row) -> str | None:
    match message.get("cost"):
        case {"amount": str(amount), "currency_code": currency}:
            return price(amount, currency)
    return None
