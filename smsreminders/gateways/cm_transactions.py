"""The Transactions API of CM.com: what became of many messages by date, or of one by its reference.

How a second page is asked for is not documented, so a list is asked for in periods that fit on one page. Nor is
whether a row names its reference, so only a list by reference proves that there is none.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from smsreminders.domain.round.sending import Open
from smsreminders.errors import TryAgainLater
from smsreminders.gateways.http.answers import Row, digits, not_understood, rows_of, shown, written
from smsreminders.gateways.http.client import HttpClient
from smsreminders.gateways.http.lookup import MARGIN
from smsreminders.gateways.http.periods import cut

_OF_A_PERIOD = 950  # a page has 1000: room for what isn't asked for, and for the second in which periods overlap
_MOST_PERIODS = 100  # or as many as are asked for, which one by one would take as many requests
_NOTHING = "There are no transactions available"


class Transactions:
    """The transactions of an account; one is `kept` for at most so long."""

    def __init__(self, http: HttpClient, kept: timedelta) -> None:
        self._http, self._kept = http, kept

    def by_date(self, asked: Sequence[Open]) -> dict[str, list[Row]]:
        """The rows that name the reference of one of these SMS, by reference; none where the list can't be had.

        They prove no absence, so a failure here only means that each is asked for by its reference.
        """
        rows_by: dict[str, list[Row]] = {sms.reference: [] for sms in asked}
        try:
            for row in self._around(sorted(sms.sent_at for sms in asked)):
                rows = rows_by.get(shown(row.get("reference")))
                if rows is not None and row not in rows:
                    rows.append(row)
        except TryAgainLater:
            return {}
        return rows_by

    def by_reference(self, sms: Open) -> list[Row]:
        """The rows of one SMS; none where CM never took it. Raises TryAgainLater where that is in doubt.

        By dates that leave nothing out: after a restore nobody knows when it went, but that CM still has it.
        """
        dates = _dates(sms.sent_at - MARGIN, sms.sent_at + self._kept + 2 * MARGIN)
        rows, pages = self.page(dates | {"reference": sms.reference})
        if pages > 1 or not all(_is_named(row) or _is_like(row, sms) for row in rows):
            raise TryAgainLater("cm's list shows other messages than the one that was asked for")
        return [row for row in rows if not _is_named(row) or row["reference"] == sms.reference]

    def page(self, filters: Mapping[str, str]) -> tuple[list[Row], int]:
        """The rows of the first page of a list, and how many pages it has. Raises TryAgainLater."""
        return _page(self._http.get("/v1.2/transactions/", filters))

    def _around(self, times: Sequence[datetime]) -> Iterator[Row]:
        """The rows of the time around these, in periods that fit on one page each."""
        periods = cut(times[0] - MARGIN, times[-1] + MARGIN, times, parts=-(-len(times) // _OF_A_PERIOD))
        for _ in range(max(_MOST_PERIODS, len(times))):
            if not periods:
                return
            start, end = periods.pop()
            rows, pages = self.page(_dates(start, end))
            if pages <= 1:
                yield from rows
            else:
                periods += cut(start, end, times, parts=pages + 1)
        raise TryAgainLater("cm's list of transactions is too long")


def _dates(start: datetime, end: datetime) -> dict[str, str]:
    return {"startdate": written(start), "enddate": written(end)}


def _page(body: object) -> tuple[list[Row], int]:
    match body:
        case {"status": 1, "result": result, "pagination": {"currentPage": 1, "totalPages": int(pages)}}:
            if (rows := rows_of(result)) is not None:
                return rows, pages
        case {"status": 1, "message": str(message), **rest}:
            if message.startswith(_NOTHING) and not rest.get("result"):
                return [], 0
    raise not_understood("cm's list of transactions")


def _is_named(row: Row) -> bool:
    return row.get("reference") not in (None, "")


def _is_like(row: Row, sms: Open) -> bool:
    """Whether a row without a reference can be the message: its number, and its text where that is shown."""
    text = row.get("message") or sms.text
    same_text = isinstance(text, str) and text.split() == sms.text.split()
    return same_text and digits(row.get("recipient")) == digits(sms.phone)
