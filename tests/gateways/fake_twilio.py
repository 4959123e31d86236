"""A Twilio on 127.0.0.1 that behaves as its documents say (API 2010-04-01), for the tests of every floor.

with FakeTwilio() as twilio:
    ...                                                        # send to twilio.url with twilio.auth_token
    twilio.journal                                             # what it took, each a dict
    twilio.report("Herinnering: ...", "undelivered", 30005)    # by text or sid: what it says from now on
    twilio.receives("+31612345678", "STOP", at=now)            # an SMS that came in
    twilio.fail_next("504", times=2, taken=True)               # a fault of faults.FAULTS, or of TWILIO_FAULTS
"""

import re
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlencode

from smsreminders.domain.segments import count_segments
from tests.gateways.faults import FAULTS, Fault, FaultyServer, Seen

OURS = "+3197010240000"
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

TWILIO_FAULTS: dict[str, Fault] = {
    "no-sid": Fault(201, b'{"status":"queued"}', taken=True),
    "null-sid": Fault(201, b'{"sid":null,"status":"queued"}', taken=True),
    "empty-sid": Fault(201, b'{"sid":"","status":"queued"}', taken=True),
    "odd-sid": Fault(201, b'{"sid":"\\u001b[2J","status":"queued"}', taken=True),
    "short-sid": Fault(201, b'{"sid":"SM1","status":"queued"}', taken=True),
    "two": Fault(201, b'{"messages":[{"sid":"SM%s"},{"sid":"SM%s"}]}' % (b"a" * 32, b"b" * 32), taken=True),
}
_FIELDS = {"To", "From", "Body", "ValidityPeriod", "SmartEncoded"}  # of those that it takes, what we mean to send
_FILTERS = {"To", "From", "DateSent", "DateSent<", "DateSent>", "PageSize", "Page", "PageToken"}


@dataclass(slots=True)
class _Message:
    sid: str
    phone: str
    sender: str
    text: str
    at: datetime
    status: str = "queued"
    error: int | None = None
    sent: datetime | None = None
    more: dict[str, object] = field(default_factory=dict)


class _Refused(Exception):
    """An error answer: `status` and Twilio's `code`."""

    def __init__(self, code: int, status: int) -> None:
        super().__init__(code)
        self.code, self.status = code, status


class FakeTwilio(FaultyServer):
    """A context manager. Its time stands still at `now`, which may be set."""

    faults = FAULTS | TWILIO_FAULTS

    def __init__(self, *, now: datetime = NOW) -> None:
        super().__init__()
        self.account_sid, self.auth_token, self.now = "AC" + "0a" * 16, "canary-token-f00dfeed", now
        self._messages: list[_Message] = []

    @property
    def path(self) -> str:
        return f"/2010-04-01/Accounts/{self.account_sid}/Messages"

    @property
    def journal(self) -> list[dict[str, str]]:
        """The messages that it took, in order: sid, phone, sender and text."""
        with self.lock:
            return [
                {"sid": sms.sid, "phone": sms.phone, "sender": sms.sender, "text": sms.text}
                for sms in self._messages
                if sms.status != "received"
            ]

    def report(self, text_or_sid: str, status: str, error: int | None = None, **more: object) -> None:
        """What it says from now on of the messages with this text or sid; `more` of what it says besides."""
        with self.lock:
            meant = [sms for sms in self._messages if text_or_sid in {sms.text, sms.sid}]
            assert meant, "it took no such message"
            for sms in meant:
                sms.status, sms.error = status, error
                sms.sent = None if status in {"queued", "accepted", "scheduled"} else sms.at
                sms.more |= more

    def receives(self, phone: str, text: str, *, at: datetime) -> None:
        """Let an SMS come in, to the one number of the account."""
        with self.lock:
            sid = f"SM{len(self._messages) + 2**64 + 1:032x}"
            came_in: dict[str, object] = {"direction": "inbound", "num_segments": "1", "price": None}
            self._messages.append(_Message(sid, OURS, phone, text, at, "received", sent=at, more=came_in))

    def answer(self, request: Seen) -> tuple[int, object]:
        try:
            basic = b64encode(f"{self.account_sid}:{self.auth_token}".encode()).decode()
            _require(request.headers.get("authorization") == f"Basic {basic}", 20003, 401)
            with self.lock:
                if request.path == f"{self.path}.json":
                    return self._take(request) if request.method == "POST" else self._list(request.query)
                matching = [sms for sms in self._messages if request.path == f"{self.path}/{sms.sid}.json"]
                _require(bool(matching) and request.method == "GET", 20404, 404)
                return 200, self._shown(matching[0])
        except _Refused as error:
            words = {"message": f"Refused: {request.body}", "more_info": f"https://www.twilio.com/docs/{error.code}"}
            return error.status, {"code": error.code, "status": error.status, **words}

    def _take(self, request: Seen) -> tuple[int, object]:
        form = request.body
        _require(request.headers["content-type"] == "application/x-www-form-urlencoded", 20415, 415)
        assert isinstance(form, dict)
        _require(form.keys() <= _FIELDS, 20001)
        _require(bool(re.fullmatch(r"\+[1-9][0-9]{7,14}", form.get("To", ""))), 21211)
        _require(bool(re.fullmatch(r"\+?[0-9]{3,15}|[A-Za-z0-9 ]{1,11}", form.get("From", ""))), 21212)
        _require(bool(form.get("Body")), 21602)
        _require(len(form["Body"]) <= 1600, 21617)
        _require(form.get("SmartEncoded", "false") in {"true", "false"}, 20001)
        _require(form.get("ValidityPeriod", "1").isdecimal() and 1 <= int(form["ValidityPeriod"]) <= 36_000, 20001)
        sid = f"SM{len(self._messages) + 2**64 + 1:032x}"
        self._messages.append(_Message(sid, form["To"], form["From"], form["Body"], self.now))
        return 201, self._shown(self._messages[-1])

    def _list(self, asked: dict[str, str]) -> tuple[int, object]:
        _require(asked.keys() <= _FILTERS, 20001)
        size, page = int(asked.get("PageSize", "50")), int(asked.get("Page", "0"))
        _require(1 <= size <= 1000, 20001)
        matching = [sms for sms in reversed(self._messages) if asked.get("To", sms.phone) == sms.phone]
        if since := asked.get("DateSent>"):
            matching = [sms for sms in matching if sms.sent and sms.sent >= datetime.fromisoformat(since)]
        if token := asked.get("PageToken"):
            matching = matching[[sms.sid for sms in matching].index(token.removeprefix("PA")) + 1 :]
        shown, rest = matching[:size], matching[size:]
        following = asked | {"Page": str(page + 1), "PageToken": f"PA{shown[-1].sid}"} if rest else None
        return 200, {
            "messages": [self._shown(sms) for sms in shown],
            "page": page,
            "page_size": size,
            "next_page_uri": f"{self.path}.json?{urlencode(following)}" if following else None,
            "previous_page_uri": None,
        }

    def _shown(self, sms: _Message) -> dict[str, object]:
        return {
            "account_sid": self.account_sid,
            "api_version": "2010-04-01",
            "body": sms.text,
            "date_created": format_datetime(sms.at),
            "date_sent": format_datetime(sms.sent) if sms.sent else None,
            "date_updated": format_datetime(sms.at),
            "direction": "outbound-api",
            "error_code": sms.error,
            "error_message": None,
            "from": sms.sender,
            "num_media": "0",
            "num_segments": str(count_segments(sms.text).segments),
            "price": "-0.07500" if sms.sent else None,
            "price_unit": "USD",
            "sid": sms.sid,
            "status": sms.status,
            "to": sms.phone,
            "uri": f"{self.path}/{sms.sid}.json",
        } | sms.more


def _require(fits: bool, code: int, status: int = 400) -> None:
    if not fits:
        raise _Refused(code, status)
