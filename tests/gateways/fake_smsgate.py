"""An SMS Gate server on 127.0.0.1 that behaves as its documents and source say, for the tests of the gateways.

with FakeSmsGate() as smsgate:
    ...                                              # send to smsgate.url with smsgate.username and smsgate.password
    smsgate.journal                                  # what it took, each a dict
    smsgate.report(reference, "Delivered")           # what its list says from now on
    smsgate.forget(reference)                        # as after a month
    smsgate.fail_next("503-queue")                   # a fault of faults.FAULTS, or of SMSGATE_FAULTS
"""

import re
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from tests.gateways.faults import FAULTS, Fault, FaultyServer, Seen

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

SMSGATE_FAULTS: dict[str, Fault] = {
    "400-device": Fault(400, b'{"message":"failed to select device: record not found"}'),
    "400-phone": Fault(400, b'{"message":"can\'t use phone in row 1: +31612345678 is invalid"}'),
    "409": Fault(409, b'{"message":"duplicate id"}'),
    "409-html": Fault(409, b"<html></html>"),
    "503-queue": Fault(503, b'{"message":"failed to enqueue message: queue limits exceeded: too old"}'),
    "503-blog": Fault(503, b'{"error":"QueueLimitExceeded","message":"too many"}'),
    "503-spec": Fault(503, b'{"code":503,"data":null,"message":"QueueLimitExceeded"}'),
    "503-other": Fault(503, b'{"message":"service unavailable"}'),
    "no-id": Fault(body=b'{"state":"Pending"}', taken=True),
    "null-id": Fault(body=b'{"id":null}', taken=True),
    "other-id": Fault(body=b'{"id":"PyDmBQZZXYmyxMwED8Fzy"}', taken=True),
    "two": Fault(body=b'[{"id":"a"},{"id":"b"}]', taken=True),
}

_FIELDS = {"id", "deviceId", "textMessage", "phoneNumbers", "withDeliveryReport", "validUntil", "ttl", "simNumber"}
_FILTERS = {"from", "to", "state", "deviceId", "limit", "offset", "includeContent"}


@dataclass(slots=True)
class _Message:
    body: dict[str, object]
    at: datetime
    device_id: str
    state: str = "Pending"
    error: str | None = None
    states: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.body["id"])

    @property
    def phone(self) -> str:
        numbers = self.body["phoneNumbers"]
        assert isinstance(numbers, list)
        return str(numbers[0])


class _Refused(Exception):
    """An error answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class FakeSmsGate(FaultyServer):
    """A context manager. Its time stands still at `now`; `most` is how much a page holds whatever is asked for.

    With `overlooks_offset` it pages as the server did for a while.
    """

    faults = FAULTS | SMSGATE_FAULTS
    path = "/api/3rdparty/v1/messages"

    def __init__(self, *, now: datetime = NOW) -> None:
        super().__init__()
        self.username, self.password, self.now = "AB12CD", "canary-f00dfeed", now
        self.devices = ["PyDmBQZZXYmyxMwED8Fzy", "another-phone-of-them"]
        self.most, self.overlooks_offset = 100, False
        self._messages: list[_Message] = []

    @property
    def journal(self) -> list[dict[str, object]]:
        """What was asked for with the messages that it took, in order."""
        with self.lock:
            return [sms.body for sms in self._messages]

    def report(self, reference: str, state: str, error: str | None = None) -> None:
        """What its list says from now on of the messages with this id; their numbers are hashed from now on."""
        with self.lock:
            meant = [sms for sms in self._messages if sms.id == reference]
            assert meant, "it took no such message"
            for sms in meant:
                sms.state, sms.error = state, error
                sms.states[state] = self.now.isoformat().replace("+00:00", "Z")

    def forget(self, reference: str) -> None:
        with self.lock:
            self._messages = [sms for sms in self._messages if sms.id != reference]

    def answer(self, request: Seen) -> tuple[int, object]:
        token = b64encode(f"{self.username}:{self.password}".encode()).decode()
        try:
            _require(request.headers.get("authorization") == f"Basic {token}", 401, "Unauthorized")
            _require(request.path.startswith(self.path), 404, "Cannot GET")
            with self.lock:
                if request.method == "POST":
                    return self._take(request.body)
                if request.path == self.path:
                    return self._list(request.query)
                return self._get(request.path.removeprefix(f"{self.path}/"))
        except _Refused as refused:
            return refused.status, {"message": str(refused)}

    def _take(self, body: object) -> tuple[int, object]:
        assert isinstance(body, dict)
        _require(not set(body) - _FIELDS, 400, "unknown field")
        _require(len(body["id"]) <= 36, 400, "failed to validate: Message.ID")
        device_id = body.get("deviceId", self.devices[len(self._messages) % len(self.devices)])
        _require(device_id in self.devices, 400, "failed to select device: record not found")
        _require(1 <= len(body["textMessage"]["text"]) <= 65_535, 400, "failed to validate: TextMessage")
        _require(len(body["phoneNumbers"]) == 1, 400, "failed to validate: PhoneNumbers")
        valid = re.fullmatch(r"\+[1-9][0-9]{7,14}", body["phoneNumbers"][0])
        _require(valid is not None, 400, "can't use phone in row 1: invalid phone number")
        _require("ttl" not in body or "validUntil" not in body, 400, "failed to validate: ValidUntil")
        datetime.fromisoformat(body["validUntil"])
        known = {(sms.id, sms.device_id) for sms in self._messages}
        _require((body["id"], device_id) not in known, 409, "duplicate id")  # unq_messages_id_device
        at = self.now + timedelta(microseconds=len(self._messages))
        self._messages.append(_Message(body, at, device_id))
        return 202, self._shown(self._messages[-1])

    def _list(self, asked: dict[str, str]) -> tuple[int, object]:
        _require(not set(asked) - _FILTERS, 400, "failed to validate")
        limit, offset = int(asked.get("limit", "50")), int(asked.get("offset", "0"))
        _require(1 <= limit <= 100 and offset >= 0, 400, "failed to validate: Limit")
        start = datetime.fromisoformat(asked.get("from", "2000-01-01T00:00:00Z"))
        fits = [self._shown(sms) for sms in reversed(self._messages) if sms.at >= start]
        offset = 0 if self.overlooks_offset else offset
        return 200, fits[offset : offset + min(limit, self.most)]

    def _get(self, message_id: str) -> tuple[int, object]:
        with_id = [sms for sms in self._messages if sms.id == message_id]
        _require(bool(with_id), 404, "message not found")
        _require(len(with_id) == 1, 500, "failed to get message state")
        return 200, self._shown(with_id[0])

    def _shown(self, sms: _Message) -> dict[str, object]:
        hashed = sms.state != "Pending"
        phone = sha256(sms.phone.encode()).hexdigest()[:16] if hashed else sms.phone
        return {
            "id": sms.id,
            "deviceId": sms.device_id,
            "state": sms.state,
            "isHashed": hashed,
            "isEncrypted": False,
            "recipients": [{"phoneNumber": phone, "state": sms.state} | ({"error": sms.error} if sms.error else {})],
            "states": sms.states,
        }


def _require(fits: bool, status: int, message: str) -> None:
    if not fits:
        raise _Refused(status, message)
