"""A seven.io on 127.0.0.1 that behaves as its documents say: it takes SMS, and has a logbook and a balance.

with FakeSeven() as seven:
    ...                                   # send to seven.url with seven.api_key
    seven.journal                         # what it took, each a dict
    seven.report(reference, "DELIVERED")  # what its logbook says from now on
    seven.receives("+31612345678", "STOP", at=now)
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from smsreminders.domain.segments import count_segments
from tests.gateways.faults import FAULTS, Fault, FaultyServer, Seen

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

_MESSAGE = b'{"id":%s,"recipient":"%s","parts":1,"price":0.075,"success":%s,"error":%s}'
_TAKEN = _MESSAGE % (b'"1"', b"31612345678", b"true", b"null")


def _answer(success: bytes, *messages: bytes) -> Fault:
    return Fault(200, b'{"success":%s,"messages":[%s]}' % (success, b",".join(messages)), taken=True)


SEVEN_FAULTS: dict[str, Fault] = {
    "bare-100": Fault(200, b"100", taken=True),
    "bare-101": Fault(200, b"101", taken=True),
    "bare-402": Fault(200, b"402"),
    "bare-600": Fault(200, b"600"),
    "bare-700": Fault(200, b"700"),
    "bare-text": Fault(200, b'"100"', taken=True),
    "bare-unknown": Fault(200, b"31612345678"),
    "old-form": Fault(200, b"100\n77000000001", taken=True),
    "no-message": _answer(b'"100"'),
    "two-messages": _answer(b'"100"', _TAKEN, _TAKEN),
    "another-number": _answer(b'"100"', _MESSAGE % (b'"1"', b"31687654321", b"true", b"null")),
    "no-id": _answer(b'"100"', _MESSAGE % (b"null", b"31612345678", b"true", b"null")),
    "empty-id": _answer(b'"100"', _MESSAGE % (b'""', b"31612345678", b"true", b"null")),
    "odd-id": _answer(b'"100"', _MESSAGE % (b'"\\u001b[2J"', b"31612345678", b"true", b"null")),
    "true-id": _answer(b'"100"', _MESSAGE % (b"true", b"31612345678", b"true", b"null")),
    "failed-of-unknown": _answer(b'"100"', _MESSAGE % (b"null", b"31612345678", b"false", b"null")),
    "failed-by-402": _answer(b'"101"', _MESSAGE % (b"null", b"31612345678", b"false", b'"402"')),
    "no-success": Fault(200, b'{"messages":[%s]}' % _TAKEN, taken=True),
    "another-success": _answer(b'"777"', _TAKEN),
    "text-for-true": _answer(b'"100"', _MESSAGE % (b'"1"', b"31612345678", b'"true"', b"null")),
    "messages-null": Fault(200, b'{"success":"100","messages":null}', taken=True),
    "message-null": _answer(b'"100"', b"null"),
}


@dataclass(slots=True)
class _Message:
    message_id: str
    reference: str
    phone: str
    sender: str
    text: str
    at: datetime
    minutes: int
    dlr: str | None = None


class FakeSeven(FaultyServer):
    """A context manager. Its time stands still at `now`, which may be set."""

    faults = FAULTS | SEVEN_FAULTS

    def __init__(self, *, api_key: str = "canary-key-5eedf00d", now: datetime = NOW) -> None:
        super().__init__()
        self.api_key, self.now = api_key, now
        self._messages: list[_Message] = []
        self._inbox: list[dict[str, object]] = []

    @property
    def journal(self) -> list[dict[str, object]]:
        """The messages that it took, in order: reference, phone, text, sender, message_id, minutes and at."""
        with self.lock:
            return [
                {
                    "reference": sms.reference,
                    "phone": sms.phone,
                    "text": sms.text,
                    "sender": sms.sender,
                    "message_id": sms.message_id,
                    "minutes": sms.minutes,
                    "at": sms.at,
                }
                for sms in self._messages
            ]

    def report(self, reference: str, dlr: str | None) -> None:
        """What the logbook says from now on of the messages with this reference."""
        with self.lock:
            meant = [sms for sms in self._messages if sms.reference == reference]
            assert meant, "it took no such message"
            for sms in meant:
                sms.dlr = dlr

    def receives(self, phone: str, text: str, *, at: datetime) -> None:
        """Let an SMS come in; its logbook is on a German clock, without saying so."""
        with self.lock:
            came_in: dict[str, object] = {
                "id": str(88_000_000_000 + len(self._inbox)),
                "from": phone.removeprefix("+"),
                "to": "3197010240000",
                "text": text,
                "timestamp": f"{at.astimezone(ZoneInfo('Europe/Berlin')):%Y-%m-%d %H:%M:%S}",
                "reply_to_message_id": None,
                "price": "0.0000",
            }
            self._inbox.insert(0, came_in)

    def answer(self, request: Seen) -> tuple[int, object]:
        if request.headers.get("x-api-key") != self.api_key:
            return 200, 900
        with self.lock:
            match request.method, request.path:
                case "POST", "/api/sms":
                    return 200, self._take(request.body)
                case "GET", "/api/journal/outbound":
                    return 200, self._list(request.query)
                case "GET", "/api/journal/inbound":
                    return 200, self._came_in(request.query)
                case "GET", "/api/balance":
                    return 200, {"amount": 593.994, "currency": "EUR"}
        return 404, {}

    def _take(self, body: object) -> object:
        assert isinstance(body, dict)
        assert set(body) <= {"to", "from", "text", "foreign_id", "ttl"}, body
        to, sender, text = str(body["to"]), body["from"], body["text"]
        if not re.fullmatch(r"(?:\+|00)?[1-9][0-9]{7,14}", to):
            return 202
        if not re.fullmatch(r"[A-Za-z0-9 ]{1,11}|[0-9]{1,16}", sender):
            return 306
        if not text or len(text) > 1520:
            return 401 if text else 305
        assert re.fullmatch(r"[A-Za-z0-9.\-_@]+", body["foreign_id"])
        assert type(body["ttl"]) is int
        assert 1 <= body["ttl"] <= 2880
        number = len(self._messages) + 1
        sms = _Message(
            str(77_000_000_000 + number),
            body["foreign_id"],
            to.removeprefix("+").removeprefix("00"),
            sender,
            text,
            self.now + timedelta(milliseconds=number),
            body["ttl"],
        )
        self._messages.append(sms)
        parts = count_segments(text)
        message = {"id": sms.message_id, "sender": sender, "recipient": sms.phone, "text": text, "label": None}
        message |= {"encoding": "gsm" if parts.encoding == "GSM-7" else "ucs2", "parts": parts.segments}
        message |= {"price": 0.075, "success": True, "error": None, "error_text": None}
        answer = {"success": "100", "total_price": 0.075, "balance": 593.994, "debug": "false", "sms_type": "direct"}
        return answer | {"messages": [message]}

    def _list(self, asked: Mapping[str, str]) -> object:
        assert set(asked) <= {"id", "date_from", "date_to", "to", "state", "limit", "offset"}
        limit, offset = int(asked.get("limit", "100")), int(asked.get("offset", "0"))
        assert 1 <= limit <= 100
        start = date.fromisoformat(asked.get("date_from", "2000-01-01"))
        fits = [sms for sms in reversed(self._messages) if sms.at.date() >= start]
        matching = [sms for sms in fits if asked.get("id", sms.message_id) == sms.message_id]
        return [_shown(sms) for sms in matching[offset : offset + limit]]

    def _came_in(self, asked: Mapping[str, str]) -> object:
        assert set(asked) <= {"id", "date_from", "date_to", "from", "limit", "offset"}
        limit, offset = int(asked.get("limit", "100")), int(asked.get("offset", "0"))
        assert 1 <= limit <= 100
        fits = [sms for sms in self._inbox if str(sms["timestamp"]) >= asked.get("date_from", "")]
        return fits[offset : offset + limit]


def _shown(sms: _Message) -> dict[str, object]:
    at = sms.at.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    return {
        "id": sms.message_id,
        "to": sms.phone,
        "from": sms.sender,
        "text": sms.text,
        "timestamp": at,
        "price": "0.0750",
        "dlr": sms.dlr,
        "dlr_timestamp": at if sms.dlr else None,
        "mccmnc": "20404",
        "latency": "14.3830",
        "type": "direct",
        "channel": "SMS",
        "connection": "http",
        "label": None,
        "foreign_id": sms.reference,
    }
