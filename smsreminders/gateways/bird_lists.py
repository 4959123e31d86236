"""What Bird lists: messages, by direction and date, and suppressions: which sender may no longer text whom.

Sources: the models and requests of messagebird-sdk 0.106.0. Suppressions can't be asked for by date; the list has those
in force, the latest opt-out first, and one may be told late. So it is read up to a page of which all are a week older.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from smsreminders.domain.round.inbound import OptedOut, Received
from smsreminders.gateways.http.answers import Row, not_understood, rows_of, written
from smsreminders.gateways.http.client import HttpClient
from smsreminders.gateways.http.inbound import INBOX, OPT_OUTS, e164, id_of, moment, readable
from smsreminders.gateways.http.pages import pages_by_cursor

MESSAGES, SUPPRESSIONS = "/v1/sms/messages", "/v1/sms/suppressions"

_AT_A_TIME, _MOST_PAGES = 100, 10_000  # 100 is their most
_WITH_TEXTS = 50  # of what came in, texts of ten segments, each character written as \u00eb
_LATE = timedelta(days=7)


class Lists:
    """The lists of a workspace."""

    def __init__(self, http: HttpClient) -> None:
        self._http = http

    def sent(self, filters: Mapping[str, str]) -> Iterator[Sequence[Row]]:
        """Ask for what we sent, the newest first as Bird gives it: a cursor keeps its place when new ones come."""
        return self._pages(MESSAGES, {**filters, "direction": "outbound", "limit": str(_AT_A_TIME)})

    def inbox(self, since: datetime) -> Iterator[Sequence[Received]]:
        """Ask for what came in since a moment, the newest first. Raises TryAgainLater, AdministratorNeeded."""
        asked = {"created_after": written(since), "direction": "inbound", "limit": str(_WITH_TEXTS)}
        for page in self._pages(MESSAGES, asked, INBOX):
            yield [self._received(row, since) for row in page if row.get("direction") != "outbound"]

    def opt_outs(self, since: datetime) -> Iterator[Sequence[OptedOut]]:
        """Ask for the suppressions that were recorded since a moment. Raises TryAgainLater, AdministratorNeeded."""
        for page in self._pages(SUPPRESSIONS, {"limit": str(_AT_A_TIME)}, OPT_OUTS):
            opt_outs = [(_opted_out(row), _recorded_at(row)) for row in page]
            yield [number for number, at in opt_outs if number.phone.startswith("+") and (at is None or at >= since)]
            if page and all(number.since is not None and number.since < since - _LATE for number, _ in opt_outs):
                return

    def _received(self, row: Row, since: datetime) -> Received:
        return Received(
            gateway_id=id_of(row, "id", "from", "to", "text", "created_at"),
            phone=e164(row.get("from")),
            to=e164(row.get("to")),
            text=readable(row.get("text")),
            received_at=moment(row.get("created_at")) or self._http.now() or since,
        )

    def _pages(self, path: str, asked: Mapping[str, str], listing: str = "") -> Iterator[Sequence[Row]]:
        def page(cursor: str) -> tuple[list[Row], str | None]:
            following = {"starting_after": cursor} if cursor else {}
            return _page(self._http.get(path, {**asked, **following}, listing=listing))

        return pages_by_cursor(page, gateway="bird", most=_MOST_PAGES)


def _page(body: object) -> tuple[list[Row], str | None]:
    """The entries of a page and the cursor of the next, None at the end. Raises TryAgainLater."""
    match body:
        case {"data": data, "next_cursor": str() | None as cursor} if cursor != "":
            if (rows := rows_of(data)) is not None:
                return rows, cursor
    raise not_understood("bird's list")


def _opted_out(row: Row) -> OptedOut:
    return OptedOut(e164(row.get("destination")), moment(row.get("effective_at")), e164(row.get("originator")))


def _recorded_at(row: Row) -> datetime | None:
    """When Bird was told of an opt-out, or told again; None where that can't be read."""
    times = [moment(row.get(name)) for name in ("created_at", "last_asserted_at")]
    return max((time for time in times if time), default=None)
