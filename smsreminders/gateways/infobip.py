"""Infobip, SMS API v3 (infobip.com/docs/api): the id of an SMS is our reference; logs by it, for 48 hours.

Nothing here was tried on the live service. Each account has an address of its own: `base_url` must be given. Delivery
reports are handed out once and then gone, so the logs are read, which can be read again. `validityPeriod` is at most
48 hours and counts in Infobip's own sending. Not documented, so not relied on: for how long a known id is refused, and
whether the last page of the logs names a `nextCursor` (an empty page ends them too).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

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
    Unavailable,
    Uncertain,
)
from smsreminders.gateways.base import Options
from smsreminders.gateways.features import ANY_SENDER, Features, Key
from smsreminders.gateways.http.answers import Answer, Row, code, count, masked, not_understood, price, rows_of, shown
from smsreminders.gateways.http.client import HttpClient
from smsreminders.gateways.http.pages import by_cursor
from smsreminders.gateways.http.statuses import REFUSALS, not_taken, refused_sender
from smsreminders.gateways.infobip_inbox import inbox
from smsreminders.gateways.infobip_marks import REJECTED, of_a_report

FEATURES = Features(
    "Infobip",
    keys=(Key("api_key", "Infobip's portal makes one under Developer Tools, API keys", secret=True),),
    sender_ids=ANY_SENDER,
    kept=timedelta(hours=46),  # 48 hours, but for clocks that differ and a list that takes its time
    counts_segments=True,
    tells_price=True,
    hears=True,
    hears_once=True,
)

ANY = -1  # whatever the id within its group
STATUSES: dict[tuple[int, int], Status] = {  # group and id: infobip.com/docs, message status codes
    (0, ANY): Status.SENT,  # accepted
    (1, ANY): Status.SENT,  # pending
    (2, ANY): Status.FAILED,  # undeliverable
    (3, 2): Status.SENT,  # delivered to the operator, no further
    (3, 5): Status.DELIVERED,  # delivered to the handset
    (4, ANY): Status.EXPIRED,
    (4, 87): Status.FAILED,  # blocked as fraud
    (5, ANY): Status.FAILED,  # rejected by Infobip
}
_TAKEN, _REJECTED = {0, 1, 2, 3, 4}, 5  # groups
# what the ids of that group mean when it comes at once; any other one is this message's own fault
OF_THE_ACCOUNT: dict[int, str] = {
    12: REFUSALS[402],
    17: REFUSALS[402],
    18: "the account is for trying out, with one number: ask Infobip to lift that",
    19: "the account has no route to send by: ask Infobip to set one up",
}
OF_THE_SENDER = {11, 13}
NOT_NOW = {21}  # a fault of their system
OF_A_KNOWN_ID = {23}  # perhaps an earlier request of ours did get through

_FIRST = (Status.DELIVERED, None, Status.SENT)  # of several rows with one id, the one that leaves most open
_VALID_AT_LEAST, _VALID_AT_MOST = 1, 48 * 60  # minutes
_WAIT = 1.0  # seconds after a 429
_AT_A_TIME = 40  # references in one request: the parameter takes 2,048 characters
_LIMIT, _MOST_PAGES = 1000, 100


class Infobip:
    """An account at Infobip, by its address and key."""

    features = FEATURES

    def __init__(self, http: HttpClient) -> None:
        self._http = http

    def send(self, sms: Outgoing) -> Outcome:
        """Send one request for one SMS; our reference goes as its id."""
        answer = self._http.post("/sms/3/messages", _request(sms))
        if not isinstance(answer, Answer):
            return answer
        return _taken(answer.body, sms.reference) if answer.status < 300 else _not_taken(answer)

    def lookup(self, asked: Sequence[Open]) -> Iterator[DeliveryReport]:
        """Ask for many SMS by their references in one request; one that it doesn't show, once more alone.

        For whether several are told apart by repetition or by commas, their documents and their SDK don't agree.
        """
        references = [sms.reference for sms in asked]
        for start in range(0, len(references), _AT_A_TIME):
            some = references[start : start + _AT_A_TIME]
            reports = list(self._reports(some))
            yield from reports
            reported = {report.reference for report in reports}
            for reference in some if len(some) > 1 else ():
                if reference not in reported:
                    yield from self._reports([reference])

    def _reports(self, references: Sequence[str]) -> Iterator[DeliveryReport]:
        """One report for each of these references that the logs show."""
        reports: dict[str, list[DeliveryReport]] = {}
        for row in self._logs(references):
            report = _report(row)
            reports.setdefault(report.reference, []).append(report)
        yield from (_first(reports[reference]) for reference in references if reference in reports)

    def inbox(self, since: datetime) -> Iterator[Sequence[Received]]:
        """Ask for what wasn't given yet: each SMS is given once."""
        return inbox(self._http, since)

    def account(self) -> str:
        """Ask for the newest row of the logs."""
        _page(self._http.get("/sms/3/logs", {"limit": "1"}))
        return "Infobip knows the account"

    def _logs(self, references: Sequence[str]) -> Iterator[Row]:
        """The rows of these references, of every page."""
        asked = {"messageId": references, "limit": str(_LIMIT), "useCursor": "true"}

        def page(cursor: str) -> tuple[list[Row], str | None]:
            rows, following = _page(self._http.get("/sms/3/logs", asked | ({"cursor": cursor} if cursor else {})))
            at_the_end = not rows or (not following and len(rows) < _LIMIT)
            return rows, None if at_the_end else following

        return by_cursor(page, gateway="infobip", most=_MOST_PAGES)


def open_gateway(options: Options) -> Infobip:
    """Open the account that the options name. Raises ConfigError."""
    return Infobip(HttpClient(options, None, headers={"Authorization": f"App {options.own['api_key']}"}, wait=_WAIT))


def _request(sms: Outgoing) -> dict[str, object]:
    ahead = (sms.valid_until - sms.handed_over_at) // timedelta(minutes=1)
    valid_for = min(max(ahead, _VALID_AT_LEAST), _VALID_AT_MOST)
    message = {
        "sender": sms.sender_id.removeprefix("+"),
        "destinations": [{"to": sms.phone.removeprefix("+"), "messageId": sms.reference}],
        "content": {"text": sms.text},
        "options": {"validityPeriod": {"amount": valid_for, "timeUnit": "MINUTES"}},
    }
    return {"messages": [message], "options": {"includeSmsCountInResponse": True}}


def _taken(body: object, reference: str) -> Accepted | Rejected | Refused | Unavailable | Uncertain:
    match body:
        case {"messages": [{"messageId": str(its), "status": {"groupId": int(group), "id": int(number)}} as message]}:
            if its == reference and group in _TAKEN:
                return Accepted(segments=count(_within(message, "details").get("messageCount")))
            if its == reference and group == _REJECTED:
                return _rejected(number, code(_within(message, "status").get("name"), number))
    return Uncertain("infobip took it without saying as which one message")


def _rejected(number: int, word: str) -> Rejected | Refused | Unavailable | Uncertain:
    if number in OF_THE_ACCOUNT:
        return Refused(f"{OF_THE_ACCOUNT[number]} ({word})")
    if number in OF_THE_SENDER:
        return refused_sender(word)
    if number in NOT_NOW:
        return Unavailable(f"infobip can't take it now ({word})")
    if number in OF_A_KNOWN_ID:
        return Uncertain(f"infobip knows this id already ({word})")
    return Rejected(word, REJECTED.get(number))


def _not_taken(answer: Answer) -> Rejected | Refused | Uncertain:
    word, at_fault = "", ""
    match answer.body:
        case {"errorCode": str(error), "violations": [*violations]}:
            at_fault = code(*(violation.get("property") for violation in violations if isinstance(violation, dict)))
            word = code(error, at_fault)
        case {"errorCode": str(error)} | {"requestError": {"serviceException": {"messageId": str(error)}}}:
            word = code(error)
    return not_taken("infobip", answer, word, of_the_sender="sender" in at_fault.casefold())


def _page(body: object) -> tuple[list[Row], str]:
    """The rows of a page, and the cursor of the next or nothing. Raises TryAgainLater."""
    match body:
        case {"results": results, **others} if (rows := rows_of(results)) is not None and all(map(_has_id, rows)):
            match others.get("cursor"):
                case None | {"nextCursor": None}:
                    return rows, ""
                case {"nextCursor": str(cursor)}:
                    return rows, cursor
                case {**rest} if "nextCursor" not in rest:
                    return rows, ""
    raise not_understood("infobip's logs")


def _has_id(row: Row) -> bool:
    return isinstance(row.get("messageId"), str)


def _first(reports: Iterable[DeliveryReport]) -> DeliveryReport:
    """The report that leaves most open, of several about one SMS."""
    return min(reports, key=lambda report: _FIRST.index(report.status) if report.status in _FIRST else len(_FIRST))


def _report(row: Row) -> DeliveryReport:
    status, error, cost = _within(row, "status"), _within(row, "error"), _within(row, "price")
    group, number = status.get("groupId"), status.get("id")
    said, why = _status(group, number), shown(error.get("name"))
    return DeliveryReport(
        reference=str(row["messageId"]),
        status=said,
        raw=masked(shown(status.get("name")), why if error.get("id") else ""),
        reported_at=shown(row.get("doneAt")) or None,
        segments=count(row.get("messageCount")),
        price=price(cost.get("pricePerMessage"), cost.get("currency")),  # of one SMS: so they write it
        mark=of_a_report(group, number, error.get("id")) if said is Status.FAILED else None,
    )


def _status(group: object, number: object) -> Status | None:
    match group, number:
        case int(), int():
            return STATUSES.get((group, number), STATUSES.get((group, ANY)))
    return None


def _within(row: Row, name: str) -> Row:
    inner = row.get(name)
    return inner if isinstance(inner, dict) else {}
