"""What came in at Infobip: each SMS is given once, for 48 hours, so that nothing that was read may get lost here.

Sources: the models and requests of infobip-api-python-client 6.0.0 (GET /sms/1/inbox/reports). Nothing here was tried
on the live service. An SMS without an id, or with a time that can't be read, is told all the same. Pages are small: one
that is longer than any answer may be would be given, and lost.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from smsreminders.domain.round.inbound import Received
from smsreminders.gateways.http.answers import Row, count, not_understood
from smsreminders.gateways.http.client import HttpClient
from smsreminders.gateways.http.inbound import INBOX, e164, id_of, moment, readable

_PATH = "/sms/1/inbox/reports"
_AT_A_TIME, _MOST_PAGES = 20, 1000


def inbox(http: HttpClient, since: datetime) -> Iterator[Sequence[Received]]:
    """Ask for what wasn't given yet, page by page, whenever it came in; `since` stands for a time that can't be read.

    What a page held is on the caller's disk before the next is asked for. Raises TryAgainLater, AdministratorNeeded.
    """
    for _ in range(_MOST_PAGES):
        body = http.get(_PATH, {"limit": str(_AT_A_TIME)}, listing=INBOX)
        results = body.get("results") if isinstance(body, dict) else None
        if not isinstance(body, dict) or not isinstance(results, list):
            raise not_understood("infobip's inbox")
        yield [_received(row, http.now() or since) for row in results if isinstance(row, dict)]
        pending = count(body.get("pendingMessageCount"))
        if not results or pending == 0 or (pending is None and len(results) < _AT_A_TIME):
            return


def _received(row: Row, otherwise: datetime) -> Received:
    return Received(
        gateway_id=id_of(row, "messageId", "from", "to", "text", "cleanText", "receivedAt"),
        phone=e164(row.get("from")),
        to=e164(row.get("to")),
        text=readable(row.get("text") or row.get("cleanText")),
        received_at=moment(row.get("receivedAt")) or otherwise,
    )
