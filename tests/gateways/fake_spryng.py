"""A Spryng on 127.0.0.1 that behaves as its documents say (API v2), for the tests of every floor.

with FakeSpryng() as spryng:
    ...                                                   # send to spryng.url with spryng.api_key
    spryng.journal                                        # what it took, each a dict
    spryng.report("+31612345678", "Sent", "Delivered")    # what its list says from now on
    spryng.lists.receives("+31612345678", "STOP", at=now) # what came in, and who opted out: spryng_lists.py
    spryng.fail_next("504", times=2, taken=True)          # a fault of faults.FAULTS, or of SPRYNG_FAULTS
    with spryng.refusing(): ...                           # nothing listens at its address
"""

import re
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from smsreminders.domain.segments import count_segments, encoding_of
from tests.gateways.faults import FAULTS, Fault, FaultyServer, Seen
from tests.gateways.spryng_lists import SpryngLists

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

_ID = '"requestId":"00000000-0000-0000-0000-000000000001"'
SPRYNG_FAULTS: dict[str, Fault] = {
    "400-sender": Fault(400, b'{"errors":[{"errorCode":"senderIdInvalid","errorMessage":"Sender is not registered"}]}'),
    "400-code": Fault(
        400, b'{"errors":[{"errorCode":"<b>msisdnInvalid</b> +31612345678"},{"errorMessage":"no code"}]}'
    ),
    "no-id": Fault(body=b'{"data":{%s}}' % _ID.encode(), taken=True),
    "no-ids": Fault(body=b'{"data":{%s,"messageIds":[]}}' % _ID.encode(), taken=True),
    "null-id": Fault(body=b'{"data":{%s,"messageIds":[null]}}' % _ID.encode(), taken=True),
    "empty-id": Fault(body=b'{"data":{%s,"messageIds":[""]}}' % _ID.encode(), taken=True),
    "odd-id": Fault(body=b'{"data":{%s,"messageIds":["\\u001b[2J"]}}' % _ID.encode(), taken=True),
    "two-ids": Fault(body=b'{"data":{%s,"messageIds":["a","b"]}}' % _ID.encode(), taken=True),
    "no-request-id": Fault(body=b'{"data":{"messageIds":["a"]}}', taken=True),
    "data-null": Fault(body=b'{"data":null}', taken=True),
}

_FIELDS = {
    "accountReference",
    "channel",
    "from",
    "name",
    "characterSet",
    "validity",
    "messageType",
    "body",
    "recipients",
}
_FIELDS |= {"addressBook", "metaData"}
_TYPES = {
    "MarketingAndResearch",
    "NotificationsAndReminders",
    "AuthenticationAndSecurity",
    "PaymentsAndCollections",
    "InternalOperations",
    "CustomerSupport",
    "Conversational",
}


@dataclass(slots=True)
class _Message:
    message_id: str
    reference: str
    phone: str
    sender: str
    text: str
    at: datetime
    status: str = "In Progress"
    reason: str = ""


class _Refused(Exception):
    """An error answer: `status` and `code`."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


class FakeSpryng(FaultyServer):
    """A context manager. Its time stands still at `now`, which may be set; it takes a validity as of that time."""

    faults = FAULTS | SPRYNG_FAULTS

    def __init__(
        self,
        *,
        api_key: str = "canary-key-f00dfeed",
        account_reference: str = "SPNL0000001",
        now: datetime = NOW,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(tls=tls)
        self.api_key, self.account_reference, self.now = api_key, account_reference, now
        self._messages: list[_Message] = []
        self.lists = SpryngLists(account_reference)

    @property
    def journal(self) -> list[dict[str, object]]:
        """The messages that it took, in order: reference, phone, text, sender, message_id and at."""
        with self.lock:
            return [
                {
                    "reference": sms.reference,
                    "phone": sms.phone,
                    "text": sms.text,
                    "sender": sms.sender,
                    "message_id": sms.message_id,
                    "at": sms.at,
                }
                for sms in self._messages
            ]

    def report(self, reference_or_phone: str, status: str, reason: str = "") -> None:
        """What the list says from now on of the messages with this reference, or to this number."""
        with self.lock:
            meant = [sms for sms in self._messages if reference_or_phone in {sms.reference, sms.phone}]
            assert meant, "it took no such message"
            for sms in meant:
                sms.status, sms.reason = status, reason

    def answer(self, request: Seen) -> tuple[int, object]:
        try:
            _require(request.headers.get("x-api-key") == self.api_key, "unauthenticatedError", 401)
            if (listed := self.lists.answer(request)) is not None:
                return listed
            with self.lock:
                for sms in self._messages:
                    if request.path == f"/v2/messages/{sms.message_id}":
                        return 200, {"data": self._shown(sms)}
            _require(request.path == "/v2/messages", "message_not_found", 404)
            with self.lock:
                return self._take(request.body) if request.method == "POST" else self._list(request)
        except _Refused as error:
            return error.status, {"errors": [{"errorCode": error.code, "errorMessage": f"Refused: {error.code}"}]}

    def _take(self, body: object) -> tuple[int, object]:
        assert isinstance(body, dict)
        _require(not set(body) - _FIELDS, "invalidRequest")
        _require(body.get("accountReference") == self.account_reference, "accountNotAllowed", 403)
        _require(body.get("channel") == "SMS", "channelInvalid")
        _require(body.get("messageType", "Conversational") in _TYPES, "messageTypeInvalid")
        sender, text, recipients = str(body.get("from")), body["body"]["text"], body["recipients"]
        _require(bool(re.fullmatch(r"\+?[0-9]{3,15}|[A-Za-z0-9 ]{1,11}", sender)), "senderIdInvalid")
        _require(
            len(recipients) > 0 and all(set(recipient) == {"msisdn"} for recipient in recipients), "recipientsInvalid"
        )
        _require(
            all(re.fullmatch(r"\+?[1-9][0-9]{7,14}", recipient["msisdn"]) for recipient in recipients), "msisdnInvalid"
        )
        _require(not re.search(r"\[.*\]", text), "variableMissing")
        character_set = body.get("characterSet", "Auto")
        _require(character_set in {"Auto", "GSM", "Unicode"}, "characterSetInvalid")
        _require(character_set != "GSM" or encoding_of(text) == "GSM-7", "characterSetInvalid")
        if "validity" in body:
            ahead = datetime.fromisoformat(body["validity"]) - self.now
            _require(timedelta(minutes=1) < ahead < timedelta(hours=72), "validityInvalid")
        ids = []
        for recipient in recipients:
            number = len(self._messages) + 1
            at = self.now + timedelta(microseconds=number)
            message_id = str(UUID(int=number))
            self._messages.append(_Message(message_id, body.get("name", ""), recipient["msisdn"], sender, text, at))
            ids.append(message_id)
        return 202, {"data": {"requestId": str(UUID(int=2**64 + len(self._messages))), "messageIds": ids}}

    def _list(self, request: Seen) -> tuple[int, object]:
        asked = request.query
        _require(request.headers.get("accountreference") == self.account_reference, "accountNotAllowed", 403)
        size, number = int(asked.get("pageSize", "1")), int(asked.get("pageNo", "1"))
        _require(1 <= size <= 1000 and number >= 1, "pagingInvalid")
        start = datetime.fromisoformat(asked.get("startTime", "2000-01-01T00:00:00Z"))
        end = datetime.fromisoformat(asked.get("endTime", "2100-01-01T00:00:00Z"))
        matching = [
            sms
            for sms in self._messages
            if start <= sms.at <= end
            and asked.get("requestName", sms.reference) == sms.reference
            and asked.get("direction", "Outbound") == "Outbound"
        ]
        if asked.get("sortOrder", "Desc") == "Desc":
            matching.reverse()
        page = [self._shown(sms) for sms in matching[(number - 1) * size : number * size]]
        pages = -(-len(matching) // size)
        return 200, {
            "data": {"messages": page, "totalCount": len(matching), "currentPage": number, "totalPages": pages}
        }

    def _shown(self, sms: _Message) -> dict[str, object]:
        at = sms.at.isoformat().replace("+00:00", "Z")
        shown: dict[str, object] = {
            "messageId": sms.message_id,
            "requestId": sms.message_id,
            "accountReference": self.account_reference,
            "requestName": sms.reference,
            "channel": "SMS",
            "originator": sms.sender,
            "isBillable": True,
            "msisdn": sms.phone,
            "status": sms.status,
            "messagePartCount": count_segments(sms.text).segments,
            "submittedAt": at,
            "lastUpdateTimestamp": at,
            "direction": "Outbound",
        }
        return shown | ({"reason": sms.reason} if sms.reason else {})


def _require(fits: bool, code: str, status: int = 400) -> None:
    if not fits:
        raise _Refused(status, code)
