"""A CM.com on 127.0.0.1 that behaves as its documents say: it takes messages, and lists transactions.

with FakeCm() as cm:
    ...                                    # send to cm.url with cm.product_token
    cm.journal                             # what it took, each a dict
    cm.report(reference, 20, "Delivered")  # what its transactions say from now on
    cm.page_size = 2                       # a list of more than two has several pages, and only the first is given
    cm.names_references = False            # its rows don't name the reference
    cm.keeps_references = False            # a trial account: references don't work
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from smsreminders.domain.segments import count_segments
from tests.gateways.faults import FAULTS, Fault, FaultyServer, Seen

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

_ENTRY = b'{"to":"%s","status":"%s","reference":%s,"parts":1,"messageDetails":null,"messageErrorCode":%s}'
_OURS = b'"00000000000000000000000000000001"'
_TAKEN = _ENTRY % (b"0031612345678", b"Accepted", _OURS, b"0")


def _answer(error: int, *entries: bytes, status: int = 200) -> Fault:
    body = b'{"details":"made up +31612345678","errorCode":%d,"messages":[%s]}' % (error, b",".join(entries))
    return Fault(status, body, taken=b"Accepted" in body)


CM_FAULTS: dict[str, Fault] = {
    "no-entry": _answer(0),
    "two-entries": _answer(0, _TAKEN, _TAKEN),
    "another-number": _answer(0, _ENTRY % (b"0031687654321", b"Accepted", _OURS, b"0")),
    "accepted-but-201": _answer(201, _TAKEN),
    "accepted-but-303": _answer(0, _ENTRY % (b"0031612345678", b"Accepted", _OURS, b"303")),
    "rejected-but-0": _answer(201, _ENTRY % (b"0031612345678", b"Rejected", _OURS, b"0")),
    "another-word": _answer(0, _ENTRY % (b"0031612345678", b"Parked", _OURS, b"0")),
    "201-alone": _answer(201),
    "500": Fault(500, b'{"errorCode":500}'),
    "500-in-200": _answer(500),
    "999-in-200": _answer(999),
    "text-as-code": Fault(200, b'{"errorCode":"0","messages":[%s]}' % _TAKEN, taken=True),
    "messages-null": Fault(200, b'{"errorCode":0,"messages":null}', taken=True),
    "entry-null": Fault(200, b'{"errorCode":0,"messages":[null]}', taken=True),
    "only-details": Fault(200, b'{"details":"Created 1 message(s)"}', taken=True),
}

_FIELDS = {
    *("from", "to", "body", "reference", "allowedChannels", "validity"),
    *("minimumNumberOfMessageParts", "maximumNumberOfMessageParts"),
}


@dataclass(slots=True)
class _Message:
    reference: str
    phone: str
    sender: str
    text: str
    at: datetime
    valid_until: datetime
    status: int | None = 37
    word: str = "Accepted"
    error: str = ""


class _Refused(Exception):
    """An error of the request, or of an entry in it."""

    def __init__(self, number: int, *, of_an_entry: bool = False) -> None:
        super().__init__(str(number))
        self.number, self.of_an_entry = number, of_an_entry


class FakeCm(FaultyServer):
    """A context manager. Its time stands still at `now`, which may be set."""

    faults = FAULTS | CM_FAULTS

    def __init__(self, *, now: datetime = NOW) -> None:
        super().__init__()
        self.product_token, self.now = str(UUID(int=0xCA0A12EEF00D4BAD8CAB0123456789AB)), now
        self.page_size, self.names_references, self.keeps_references = 1000, True, True
        self._messages: list[_Message] = []

    @property
    def journal(self) -> list[dict[str, object]]:
        """The messages that it took, in order: reference, phone, text, sender, valid_until and at."""
        with self.lock:
            return [
                {
                    "reference": sms.reference,
                    "phone": sms.phone,
                    "text": sms.text,
                    "sender": sms.sender,
                    "valid_until": sms.valid_until,
                    "at": sms.at,
                }
                for sms in self._messages
            ]

    def report(self, reference: str, status: int | None, word: str, error: str = "") -> None:
        """What the transactions say from now on of the messages with this reference."""
        with self.lock:
            meant = [sms for sms in self._messages if sms.reference == reference]
            assert meant, "it took no such message"
            for sms in meant:
                sms.status, sms.word, sms.error = status, word, error

    def answer(self, request: Seen) -> tuple[int, object]:
        known = request.headers.get("x-cm-producttoken") == self.product_token
        if (request.method, request.path) == ("GET", "/v1.2/transactions/"):
            with self.lock:
                return (200, self._list(request.query)) if known else (401, {"message": "Unauthorized"})
        if (request.method, request.path) != ("POST", "/v1.0/message"):
            return 404, {}
        if not known:
            return 400, {"details": "No account found", "errorCode": 101, "messages": []}
        try:
            with self.lock:
                return 200, self._take(request.body)
        except _Refused as error:
            if error.of_an_entry:
                assert isinstance(request.body, dict)
                return 200, _rejected(request.body["messages"]["msg"][0], error.number)
            return 400, {"details": "made up", "errorCode": error.number, "messages": []}

    def _take(self, body: object) -> object:
        assert isinstance(body, dict)
        _require(set(body) == {"messages"} and set(body["messages"]) == {"msg"}, 202)
        _require(len(body["messages"]["msg"]) == 1, 203)
        [message] = body["messages"]["msg"]
        _require(not set(message) - _FIELDS and set(message["body"]) == {"type", "content"}, 305)
        _require(message["allowedChannels"] == ["SMS"] and message["body"]["type"] == "auto", 305)
        _require(bool(re.fullmatch(r"[0-9]{3,16}|[A-Za-z0-9 ]{1,11}", message["from"])), 301)
        _require(len(message["to"]) == 1 and set(message["to"][0]) == {"number"}, 302)
        _require(bool(re.fullmatch(r"00[1-9][0-9]{7,14}", message["to"][0]["number"])), 303, of_an_entry=True)
        _require(bool(re.fullmatch(r"[A-Za-z0-9]{1,32}", message["reference"])), 305)
        _require(1 <= message["minimumNumberOfMessageParts"] <= message["maximumNumberOfMessageParts"] <= 8, 305)
        valid_until = datetime.strptime(message["validity"], "%Y-%m-%d %H:%M:%S GMT").replace(tzinfo=UTC)
        _require(self.now < valid_until <= self.now + timedelta(hours=48), 305)
        text, phone = message["body"]["content"], message["to"][0]["number"]
        at = self.now + timedelta(seconds=len(self._messages))
        self._messages.append(_Message(message["reference"], phone, message["from"], text, at, valid_until))
        entry = {"to": phone, "status": "Accepted", "messageDetails": None}
        entry |= {"reference": message["reference"] if self.keeps_references else None}
        entry |= {"parts": count_segments(text).segments, "messageErrorCode": 0}
        return {"details": "Created 1 message(s)", "errorCode": 0, "messages": [entry]}

    def _list(self, asked: Mapping[str, str]) -> object:
        assert set(asked) <= {"startdate", "enddate", "reference", "channel"}
        start = datetime.fromisoformat(asked.get("startdate", "2000-01-01T00:00:00Z"))
        end = datetime.fromisoformat(asked.get("enddate", "2100-01-01T00:00:00Z"))
        matching = [
            sms
            for sms in self._messages
            if start <= sms.at < end and asked.get("reference", sms.reference) == sms.reference
            if self.keeps_references or "reference" not in asked
        ]
        if not matching:
            return {"status": 1, "message": "There are no transactions available with these parameters", "result": []}
        return {
            "status": 1,
            "message": "Ok",
            "pagination": {
                "currentPage": 1,
                "totalPages": -(-len(matching) // self.page_size),
                "pageSize": self.page_size,
            },
            "result": [self._shown(sms) for sms in matching[: self.page_size]],
        }

    def _shown(self, sms: _Message) -> dict[str, object]:
        shown: dict[str, object] = {
            "sender": sms.sender,
            "recipient": sms.phone,
            "message": sms.text,
            "standarderror": None,
            "errordescription": sms.error,
            "status": sms.status,
            "statusdescription": sms.word,
            "created": sms.at.isoformat(),
            "price": 0.075,
            "currency": "EUR",
        }
        return shown | ({"reference": sms.reference} if self.names_references and self.keeps_references else {})


def _rejected(message: Mapping[str, object], number: int) -> object:
    entry = {"to": "made up", "status": "Rejected", "reference": message["reference"], "parts": 0}
    entry |= {"messageDetails": "made up", "messageErrorCode": number}
    return {"details": "Created 0 message(s)", "errorCode": 201, "messages": [entry]}


def _require(fits: bool, number: int, *, of_an_entry: bool = False) -> None:
    if not fits:
        raise _Refused(number, of_an_entry=of_an_entry)
