"""A Bird on 127.0.0.1 that behaves as its documents say (platform API, SMS), for the tests of the gateways.

with FakeBird() as bird:
    ...                                           # send to bird.url with bird.api_key
    bird.journal                                  # what it took, each a dict
    bird.report(reference, "delivered")           # what its list says from now on
    bird.now += timedelta(hours=3)                # its keys are forgotten after about 3 hours
    bird.lists.receives("+31612345678", "STOP", at=now)   # what came in, and who opted out: bird_lists.py
    bird.fail_next("402-credit")                  # a fault of faults.FAULTS, or of BIRD_FAULTS
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from json import dumps

from smsreminders.domain.segments import count_segments, encoding_of
from tests.gateways.bird_lists import BirdLists
from tests.gateways.faults import FAULTS, Fault, FaultyServer, Seen

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def error(status: int, kind: str, name: str, code: str, **more: object) -> dict[str, object]:
    """An error as ErrorBody has it."""
    url = f"https://docs.bird.com/errors/{code}"
    error = {"type": kind, "code": code, "name": name, "message": f"Refused ({status}).", "doc_url": url}
    return {"error": error | {"request_id": "req_01krdgeqcxet5s7t44vh8rt9mg"} | more}


def _fault(status: int, kind: str, name: str, code: str, **more: object) -> Fault:
    return Fault(status, dumps(error(status, kind, name, code, **more)).encode())


BIRD_FAULTS: dict[str, Fault] = {
    "401-key": _fault(401, "auth_error", "InvalidAPIKey", "E01003"),
    "402-credit": _fault(402, "billing_error", "InsufficientBalance", "E05001"),
    "403-scope": _fault(403, "permission_error", "PermissionDenied", "E01007"),
    "409-in-progress": _fault(409, "conflict_error", "RequestInProgress", "E01004"),
    "409-reuse": _fault(409, "conflict_error", "IdempotencyKeyReuse", "E01005"),
    "422-recipient": _fault(422, "validation_error", "SMSInvalidRecipient", "E20001", param="to"),
    "422-sender": _fault(422, "validation_error", "SMSSenderNotConfigured", "E20002", param="from"),
    "422-category": _fault(422, "validation_error", "SenderCategoryNotPermitted", "E20003", param="category"),
    "422-odd": Fault(422, b'{"error":{"name":"<b>SMSInvalidRecipient</b>","param":"+31612345678","code":null}}'),
    "no-id": Fault(body=b'{"status":"accepted"}', taken=True),
    "null-id": Fault(body=b'{"id":null}', taken=True),
    "empty-id": Fault(body=b'{"id":""}', taken=True),
    "odd-id": Fault(body=b'{"id":"\\u001b[2J"}', taken=True),
    "number-id": Fault(body=b'{"id":1}', taken=True),
    "batch": Fault(body=b'{"data":[{"id":"sms_1"}],"summary":{"accepted_count":1}}', taken=True),
}

_FIELDS = {"to", "from", "text", "category", "metadata", "tags", "options", "validity_period"}
_CATEGORIES = {"transactional", "marketing", "authentication", "service"}
_FILTERS = {"limit", "starting_after", "ending_before", "created_after", "created_before", "direction", "status", "to"}
_KEPT = timedelta(hours=3)


@dataclass(slots=True)
class _Message:
    message_id: str
    body: dict[str, object]
    at: datetime
    more: dict[str, object] = field(default_factory=lambda: {"status": "accepted"})


class _Refused(Exception):
    """An error answer."""

    def __init__(self, status: int, kind: str, name: str, code: str, param: str) -> None:
        super().__init__(name)
        self.status, self.body = status, error(status, kind, name, code, **({"param": param} if param else {}))


class FakeBird(FaultyServer):
    """A context manager. Its time stands still at `now`, which may be set, and so may `in_preview`."""

    faults = FAULTS | BIRD_FAULTS

    def __init__(self, *, api_key: str = "bk_eu1_canary0f00dfeed", now: datetime = NOW) -> None:
        super().__init__()
        self.api_key, self.now, self.in_preview = api_key, now, True
        self._messages: list[_Message] = []
        self.lists = BirdLists()
        self._keys: dict[str, tuple[datetime, object, tuple[int, object]]] = {}

    @property
    def journal(self) -> list[dict[str, object]]:
        """The messages that it took, in order: reference, message_id, and what was asked for."""
        with self.lock:
            return [
                {"reference": _metadata(sms).get("ref"), "message_id": sms.message_id, **sms.body}
                for sms in self._messages
            ]

    def report(self, reference: str, status: str, **more: object) -> None:
        """What its list says from now on of the messages with this reference."""
        with self.lock:
            meant = [sms for sms in self._messages if _metadata(sms).get("ref") == reference]
            assert meant, "it took no such message"
            for sms in meant:
                sms.more = {"status": status, **more}

    def answer(self, request: Seen) -> tuple[int, object]:
        try:
            _require(bool(request.headers.get("user-agent")), "MissingUserAgent", 403)
            _require(request.headers.get("authorization") == f"Bearer {self.api_key}", "InvalidAPIKey", 401)
            if (listed := self.lists.answer(request)) is not None:
                return listed
            with self.lock:
                for sms in self._messages:
                    if request.path == f"/v1/sms/messages/{sms.message_id}":
                        return 200, self._shown(sms)
            _require(request.path == "/v1/sms/messages", "NotFound", 404)
            with self.lock:
                return self._once(request) if request.method == "POST" else self._list(request.query)
        except _Refused as refused:
            return refused.status, refused.body

    def _once(self, request: Seen) -> tuple[int, object]:
        """What has the same key as before gets the same answer, 4xx too."""
        key = request.headers.get("idempotency-key")
        _require(key is None or 1 <= len(key) <= 255, "InvalidRequest", 400)
        if key is None:
            return self._take(request.body)
        before = self._keys.get(key)
        if before is None or self.now - before[0] >= _KEPT:
            try:
                answer = self._take(request.body)
            except _Refused as refused:
                answer = refused.status, refused.body
            before = self._keys[key] = (self.now, request.body, answer)
        _require(before[1] == request.body, "IdempotencyKeyReuse", 409)
        return before[2]

    def _take(self, body: object) -> tuple[int, object]:
        assert isinstance(body, dict)
        _require(not set(body) - _FIELDS, "ValidationError", param=".")
        _require("validity_period" not in body or self.in_preview, "SMSUnsupportedFeature", param="validity_period")
        _require(60 <= body.get("validity_period", 60) <= 172_800, "ValidationError", param="validity_period")
        _require(bool(re.fullmatch(r"\+[1-9][0-9]{7,14}", body["to"])), "SMSInvalidRecipient", param="to")
        sender = bool(re.fullmatch(r"\+[0-9]{8,15}|[0-9]{3,6}|[A-Za-z0-9]{1,11}", body["from"]))
        _require(sender, "SMSSenderNotConfigured", param="from")
        _require(body.get("category") in _CATEGORIES, "ValidationError", param="category")
        _require(1 <= count_segments(body["text"]).segments <= 12, "SMSTextTooLong", param="text")
        _require(len(dumps(body.get("metadata", {}))) <= 2048, "ValidationError", param="metadata")
        number = len(self._messages) + 1
        self._messages.append(_Message(f"sms_{number:026d}", body, self.now + timedelta(microseconds=number)))
        return 202, self._shown(self._messages[-1])

    def _list(self, asked: dict[str, str]) -> tuple[int, object]:
        _require(not set(asked) - _FILTERS, "ValidationError", param=".")
        limit = int(asked.get("limit", "25"))
        _require(1 <= limit <= 100, "ValidationError", param="limit")
        start = datetime.fromisoformat(asked.get("created_after", "2000-01-01T00:00:00Z"))
        fits = [
            sms
            for sms in reversed(self._messages)
            if sms.at > start
            and asked.get("to", sms.body["to"]) == sms.body["to"]
            and asked.get("direction", "outbound") == "outbound"
        ]
        if "starting_after" in asked:
            last = _position(asked["starting_after"])
            fits = [sms for sms in fits if sms.message_id < last]
        page, rest = fits[:limit], fits[limit:]
        cursors = {"prev_cursor": None, "refresh_cursor": _cursor(page[0].message_id) if page else None}
        data = [self._shown(sms) for sms in page]
        return 200, {"data": data, "next_cursor": _cursor(page[-1].message_id) if rest else None, **cursors}

    def _shown(self, sms: _Message) -> dict[str, object]:
        text = str(sms.body["text"])
        encoding = {"GSM-7": "GSM_7BIT", "UCS-2": "UCS2"}[encoding_of(text)]
        of_templates = ("requested_language", "resolved_language", "template_id", "template_version_id")
        return {
            **dict.fromkeys((*of_templates, "template_content_hash")),
            "id": sms.message_id,
            "direction": "outbound",
            **sms.body,
            "segments": {"count": count_segments(text).segments, "encoding": encoding, "characters": len(text)},
            "cost": None,
            "last_error": None,
            "created_at": sms.at.isoformat().replace("+00:00", "Z"),
            **sms.more,
        }


def _metadata(sms: _Message) -> dict[str, object]:
    metadata = sms.body.get("metadata", {})
    assert isinstance(metadata, dict)
    return metadata


def _cursor(message_id: str) -> str:
    return urlsafe_b64encode(message_id.encode()).decode()


def _position(cursor: str) -> str:
    return urlsafe_b64decode(cursor).decode()


def _require(fits: bool, name: str, status: int = 422, *, param: str = "") -> None:
    kinds = {400: "bad_request_error", 401: "auth_error", 403: "permission_error", 404: "not_found_error"}
    kinds |= {409: "conflict_error", 422: "validation_error"}
    if not fits:
        raise _Refused(status, kinds[status], name, "E01001", param)
