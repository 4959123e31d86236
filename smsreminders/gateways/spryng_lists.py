"""What Spryng lists beside what we sent: the SMS that came in, and the numbers that opted out.

Sources: developer.spryng.nl/messaging/v2-messages-get-inbox and /opt-outs/v2-optouts-get-all. Nothing here was tried on
the live service. The sample of the inbox shows no text although the list can be asked for it, so a message without one
is asked for once more by its id, where the sample has it as `content`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

from smsreminders.domain.round.inbound import OptedOut, Received
from smsreminders.gateways.http.answers import Row, not_understood, rows_of, shown, written
from smsreminders.gateways.http.client import HttpClient
from smsreminders.gateways.http.inbound import INBOX, OPT_OUTS, e164, id_of, moment, readable
from smsreminders.gateways.http.lookup import message_with
from smsreminders.gateways.http.pages import pages_by_number

_MOST_PAGES = 2000
_WITH_TEXTS = 80  # 1,600 characters each, written as \u00eb, stay below the longest answer
_NUMBERS = 500


class Lists:
    """The lists of an account, by its `account_reference`."""

    def __init__(self, http: HttpClient, account_reference: str) -> None:
        self._http, self._headers = http, {"AccountReference": account_reference}

    def inbox(self, since: datetime) -> Iterator[Sequence[Received]]:
        """Ask for what came in since a moment, the oldest first. Raises TryAgainLater, AdministratorNeeded."""
        asked = {
            "startTime": written(since),
            "direction": "Inbound",
            "retrieveMessageBody": "true",
            "pageSize": str(_WITH_TEXTS),
            "sortBy": "submittedAt",
            "sortOrder": "Asc",
        }

        def page(number: int) -> tuple[list[Row], int]:
            body = self._get("/v2/inbox", {**asked, "pageNo": str(number)}, INBOX)
            return page_of(body, number, what="spryng's inbox")

        for rows in pages_by_number(page, gateway="spryng"):
            yield [self._received(row, since) for row in rows]

    def opt_outs(self, since: datetime) -> Iterator[Sequence[OptedOut]]:
        """Ask for the numbers that opted out since a moment. Raises TryAgainLater, AdministratorNeeded."""
        asked = {
            "Channel": "SMS",
            "StartTime": written(since),
            "PageSize": str(_NUMBERS),
            "SortBy": "createdAt",
            "SortOrder": "Asc",
        }

        def page(number: int) -> tuple[list[Row], int]:
            body = self._get("/v2/optouts", {**asked, "PageNo": str(number)}, OPT_OUTS)
            return page_of(body, number, of="optOuts", what="spryng's list of opt-outs")

        for rows in pages_by_number(page, gateway="spryng"):
            numbers = ((e164(row.get("value")), moment(row.get("createTimestamp"))) for row in rows)
            yield [OptedOut(phone, at) for phone, at in numbers if phone.startswith("+")]

    def _received(self, row: Row, since: datetime) -> Received:
        return Received(
            gateway_id=id_of(row, "messageId", "msisdn", "originator", "content", "submittedAt"),
            phone=e164(row.get("msisdn")),
            to=e164(row.get("originator")),
            text=readable(row["content"] if "content" in row else self._text(shown(row.get("messageId")))),
            received_at=moment(row.get("submittedAt")) or self._http.now() or since,
        )

    def _text(self, message_id: str) -> object:
        if not message_id:
            return None
        path = f"/v2/messages/{quote(message_id, safe='')}"
        body = self._http.get(path, {}, headers=self._headers, none_at=404)
        message = message_with(body, "messageId", message_id, gateway="spryng", within="data")
        return message.get("content") if message else None

    def _get(self, path: str, asked: Mapping[str, str], listing: str) -> object:
        return self._http.get(path, asked, headers=self._headers, listing=listing)


def page_of(
    body: object, number: int, *, of: str = "messages", what: str = "spryng's list of messages"
) -> tuple[list[Row], int]:
    """The entries of a page and how many pages there are. Raises TryAgainLater."""
    match body:
        case {"data": {"currentPage": int(current), "totalPages": int(total), **others}}:
            if current == number and total <= _MOST_PAGES and (rows := rows_of(others.get(of))) is not None:
                return rows, total
    raise not_understood(f"{what} (page {number})")
