"""The other lists of a Spryng on 127.0.0.1, as its documents have them: what came in, and who opted out.

Not documented: whether the inbox shows texts. It does, unless `shows_texts` is False; a message by its id always does.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tests.gateways.faults import Seen

_FILTERS = {"startTime", "endTime", "msisdn", "originator", "pageSize", "pageNo", "sortBy", "sortOrder", "direction"}
_FILTERS |= {"retrieveMessageBody"}
_OPT_OUT_FILTERS = {"Address", "Channel", "StartTime", "EndTime", "SortBy", "SortOrder", "OptOutMethod"}
_OPT_OUT_FILTERS |= {"PageNo", "PageSize"}


@dataclass(frozen=True, slots=True)
class _Entry:
    id: str
    phone: str
    text: str
    at: datetime


class SpryngLists:
    """What an account got; an id is of the number of the entry, so that no two are the same."""

    def __init__(self, account_reference: str) -> None:
        self.shows_texts = True
        self._account = account_reference
        self._inbox: list[_Entry] = []
        self._opt_outs: list[_Entry] = []

    def receives(self, phone: str, text: str, *, at: datetime) -> None:
        self._inbox.append(_Entry(str(UUID(int=2**80 + len(self._inbox))), phone, text, at))

    def opts_out(self, phone: str, *, at: datetime) -> None:
        self._opt_outs.append(_Entry(str(UUID(int=2**90 + len(self._opt_outs))), phone, "", at))

    def answer(self, request: Seen) -> tuple[int, object] | None:
        """The answer to a request for these lists or for a message that came in; None for any other."""
        for sms in self._inbox:
            if request.path == f"/v2/messages/{sms.id}":
                return 200, {"data": self._shown(sms) | {"content": sms.text}}
        if request.path not in {"/v2/inbox", "/v2/optouts"}:
            return None
        inbox = request.path == "/v2/inbox"
        named = {name.lower(): value for name, value in request.query.items()}
        size, number = int(named.get("pagesize", "1")), int(named.get("pageno", "1"))
        wrong = set(request.query) - (_FILTERS if inbox else _OPT_OUT_FILTERS)
        if wrong or not 1 <= size <= 1000 or request.headers.get("accountreference") != self._account:
            return 400, {"errors": [{"errorCode": "invalidRequest", "errorMessage": f"{sorted(wrong)}"}]}
        start = datetime.fromisoformat(named.get("starttime", "2000-01-01T00:00:00Z"))
        fits = sorted(
            (entry for entry in (self._inbox if inbox else self._opt_outs) if entry.at >= start),
            key=lambda entry: entry.at,
            reverse=named.get("sortorder", "Desc") == "Desc",
        )
        page = fits[(number - 1) * size : number * size]
        shown = [self._shown(entry) if inbox else self._opted_out(entry) for entry in page]
        counts = {"totalCount": len(fits), "currentPage": number, "totalPages": -(-len(fits) // size)}
        return 200, {"data": {"messages" if inbox else "optOuts": shown, **counts}}

    def _shown(self, sms: _Entry) -> dict[str, object]:
        at = sms.at.isoformat().replace("+00:00", "Z")
        return {
            "messageId": sms.id,
            "requestId": sms.id,
            "accountReference": self._account,
            "channel": "SMS",
            "messageType": "Inbound",
            "originator": "3197010240000",
            "isBillable": True,
            "msisdn": sms.phone,
            "status": "Received",
            "reason": "Inbound",
            "destinationCode": "nl",
            "messagePartCount": 1,
            "submittedAt": at,
            "lastUpdateTimestamp": at,
            "direction": "Inbound",
            "isRead": False,
        } | ({"content": sms.text} if self.shows_texts else {})

    def _opted_out(self, entry: _Entry) -> dict[str, object]:
        at = entry.at.isoformat().replace("+00:00", "Z")
        ids = {"id": entry.id, "accountReference": self._account, "channel": "SMS"}
        return {**ids, "value": entry.phone, "createTimestamp": at}
