"""An Infobip on 127.0.0.1 that behaves as its documents say (SMS API v3), for the tests of every floor.

with FakeInfobip() as infobip:
    ...                                              # send to infobip.url with infobip.api_key
    infobip.journal                                  # what it took, each a dict
    infobip.report(reference, DELIVERED)             # what its logs say from now on: (group, id, name)
    infobip.receives("+31612345678", "STOP", at=now) # an SMS that came in, which is given once
    infobip.reject_next(12, "REJECTED_...")          # taken in, and rejected in the same answer
    infobip.fail_next("504", times=2, taken=True)    # a fault of faults.FAULTS, or of INFOBIP_FAULTS
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

from smsreminders.domain.segments import count_segments
from tests.gateways.faults import FAULTS, Fault, FaultyServer, Seen

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

Word = tuple[int, int, str]
PENDING: Word = (1, 26, "PENDING_ACCEPTED")
DELIVERED: Word = (3, 5, "DELIVERED_TO_HANDSET")
UNDELIVERABLE: Word = (2, 9, "UNDELIVERABLE_NOT_DELIVERED")

_GROUPS = {0: "ACCEPTED", 1: "PENDING", 2: "UNDELIVERABLE", 3: "DELIVERED", 4: "EXPIRED", 5: "REJECTED"}
_OK = b'"status":{"groupId":1,"id":26,"name":"PENDING_ACCEPTED"}'
INFOBIP_FAULTS: dict[str, Fault] = {
    "no-messages": Fault(200, b'{"bulkId":"b","messages":[]}', taken=True),
    "null-messages": Fault(200, b'{"bulkId":"b","messages":null}', taken=True),
    "no-id": Fault(200, b'{"messages":[{%s}]}' % _OK, taken=True),
    "null-id": Fault(200, b'{"messages":[{"messageId":null,%s}]}' % _OK, taken=True),
    "another-id": Fault(200, b'{"messages":[{"messageId":"another",%s}]}' % _OK, taken=True),
    "two": Fault(200, b'{"messages":[{"messageId":"%032d",%s},{"messageId":"x",%s}]}' % (1, _OK, _OK), taken=True),
    "no-status": Fault(200, b'{"messages":[{"messageId":"%032d"}]}' % 1, taken=True),
    "odd-group": Fault(200, b'{"messages":[{"messageId":"%032d","status":{"groupId":9,"id":1}}]}' % 1, taken=True),
    "error-in-it": Fault(200, b'{"errorCode":"E500","description":"","action":"","violations":[]}', taken=True),
}


@dataclass(slots=True)
class _Message:
    reference: str
    phone: str
    sender: str
    text: str
    word: Word = PENDING
    more: dict[str, object] = field(default_factory=dict)


class _Refused(Exception):
    """An error answer: `status`, and the property that is wrong."""

    def __init__(self, status: int, wrong: str) -> None:
        super().__init__(wrong)
        self.status, self.wrong = status, wrong


class FakeInfobip(FaultyServer):
    """A context manager. Its time stands still. `page_size` is the most that a page of its logs has,
    `heeds` which of several references in one request it finds.
    """

    faults = FAULTS | INFOBIP_FAULTS

    def __init__(self, *, api_key: str = "canary-key-f00dfeed") -> None:
        super().__init__()
        self.api_key, self.page_size = api_key, 1000
        self.heeds: Literal["all", "first", "last", "none"] = "all"
        self._messages: list[_Message] = []
        self._inbox: list[dict[str, object]] = []
        self._next_word, self._given = PENDING, 0

    @property
    def journal(self) -> list[dict[str, str]]:
        """The messages that it took, in order: reference, phone, sender and text."""
        with self.lock:
            return [
                {"reference": sms.reference, "phone": sms.phone, "sender": sms.sender, "text": sms.text}
                for sms in self._messages
                if sms.word[0] != 5
            ]

    def report(self, reference: str, word: Word, **more: object) -> None:
        """What the logs say from now on of the messages with this reference; `more` of what they say besides."""
        with self.lock:
            meant = [sms for sms in self._messages if sms.reference == reference]
            assert meant, "it took no such message"
            for sms in meant:
                sms.word = word
                sms.more |= more

    def reject_next(self, number: int, name: str) -> None:
        """Reject the next message in the answer that takes it in."""
        self._next_word = (5, number, name)

    def receives(self, phone: str, text: str, *, at: datetime) -> None:
        """Let an SMS come in, to be given once."""
        with self.lock:
            came_in: dict[str, object] = {
                "messageId": f"{880000000000000000 + len(self._inbox) + self._given}",
                "from": phone.removeprefix("+"),
                "to": "3197010240000",
                "text": text,
                "cleanText": text,
                "keyword": "",
                "receivedAt": f"{at.astimezone(timezone(timedelta(hours=1))):%Y-%m-%dT%H:%M:%S.000%z}",
                "smsCount": 1,
                "price": {"pricePerMessage": 0, "currency": "EUR"},
                "callbackData": None,
            }
            self._inbox.append(came_in)

    def answer(self, request: Seen) -> tuple[int, object]:
        try:
            _require(request.headers.get("authorization") == f"App {self.api_key}", "", 401)
            known = {("POST", "/sms/3/messages"): self._take, ("GET", "/sms/3/logs"): self._logs}
            known |= {("GET", "/sms/1/inbox/reports"): self._come_in}
            _require((request.method, request.path) in known, "", 404)
            with self.lock:
                return known[request.method, request.path](request)
        except _Refused as error:
            violations = [{"property": error.wrong, "violation": f"wrong: {request.body}"}] if error.wrong else []
            words = {"description": "Request cannot be processed.", "action": "Check the syntax.", "resources": []}
            return error.status, {"errorCode": f"E{error.status}", "violations": violations, **words}

    def _come_in(self, request: Seen) -> tuple[int, object]:
        _require(set(request.query) <= {"limit", "applicationId", "entityId", "campaignReferenceId"}, "query")
        limit = int(request.query.get("limit", "50"))
        _require(1 <= limit <= 1000, "limit")
        some, self._inbox = self._inbox[:limit], self._inbox[limit:]
        self._given += len(some)
        return 200, {"results": some, "messageCount": len(some), "pendingMessageCount": len(self._inbox)}

    def _take(self, request: Seen) -> tuple[int, object]:
        body = request.body
        assert isinstance(body, dict)
        _require(request.headers["content-type"] == "application/json", "contentType", 415)
        _require(body.keys() <= {"messages", "options"}, "request")
        _require(body.get("options", {}).keys() <= {"includeSmsCountInResponse"}, "options")
        [message] = body["messages"]
        _require(message.keys() <= {"sender", "destinations", "content", "options"}, "messages[0]")
        _require(bool(re.fullmatch(r"[0-9]{3,15}|[A-Za-z0-9 ]{1,11}", message["sender"])), "messages[0].sender")
        [to] = message["destinations"]
        _require(to.keys() <= {"to", "messageId"} and len(to["messageId"]) <= 200, "messages[0].destinations[0]")
        _require(bool(re.fullmatch(r"[1-9][0-9]{7,14}", to["to"])), "messages[0].destinations[0].to")
        _require(message["content"].keys() == {"text"} and bool(message["content"]["text"]), "messages[0].content")
        valid_for = message["options"]["validityPeriod"]
        _require(message["options"].keys() == {"validityPeriod"}, "messages[0].options")
        _require(valid_for["timeUnit"] == "MINUTES" and 1 <= valid_for["amount"] <= 2880, "messages[0].options")
        sms = _Message(to["messageId"], to["to"], message["sender"], message["content"]["text"], self._next_word)
        self._next_word = PENDING
        self._messages.append(sms)
        shown = {"messageId": sms.reference, "status": _status(sms), "destination": sms.phone}
        details = {"details": {"messageCount": count_segments(sms.text).segments}}
        return 200, {"bulkId": "bulk", "messages": [shown | details]}

    def _logs(self, request: Seen) -> tuple[int, object]:
        asked = request.query
        _require(asked.keys() <= {"messageId", "limit", "useCursor", "cursor"}, "query")
        ids = [value for name, value in request.asked if name == "messageId"]
        _require(len(",".join(ids)) <= 2048, "messageId")
        if len(ids) > 1:
            ids = {"all": ids, "first": ids[:1], "last": ids[-1:], "none": [""]}[self.heeds]
        limit = min(int(asked.get("limit", "50")), self.page_size)
        _require(1 <= int(asked.get("limit", "50")) <= 1000, "limit")
        _require(asked.get("useCursor", "true") == "true" and ("cursor" not in asked or "useCursor" in asked), "cursor")
        matching = [sms for sms in reversed(self._messages) if not ids or sms.reference in ids]
        start = int(asked.get("cursor", "at-0").removeprefix("at-"))
        answer: dict[str, object] = {"results": [self._shown(sms) for sms in matching[start : start + limit]]}
        if "useCursor" in asked:
            more = start + limit < len(matching)
            answer["cursor"] = {"limit": limit} | ({"nextCursor": f"at-{start + limit}"} if more else {})
        return 200, answer

    def _shown(self, sms: _Message) -> dict[str, object]:
        done = sms.word[0] > 1
        return {
            "sender": sms.sender,
            "destination": sms.phone,
            "bulkId": "bulk",
            "messageId": sms.reference,
            "sentAt": "2026-11-23T09:00:00.000+0100",
            "messageCount": count_segments(sms.text).segments,
            "price": {"pricePerMessage": 0.075, "currency": "EUR"},
            "status": _status(sms),
            "error": {"groupId": 0, "groupName": "OK", "id": 0, "name": "NO_ERROR", "permanent": False},
            "content": {"text": sms.text},
            **({"doneAt": "2026-11-23T09:00:07.000+0100"} if done else {}),
        } | sms.more


def _status(sms: _Message) -> dict[str, object]:
    group, number, name = sms.word
    return {"groupId": group, "groupName": _GROUPS.get(group, name), "id": number, "name": name, "description": name}


def _require(fits: bool, wrong: str, status: int = 400) -> None:
    if not fits:
        raise _Refused(status, wrong)
