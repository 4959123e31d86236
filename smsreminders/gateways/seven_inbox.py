"""What came in at seven.io: its logbook of the SMS that came in, by date.

Sources: docs.seven.io, and an account that others measured in August 2026: the filter by date works, and a key of its
sandbox reads the real account's logbook. Not documented: the time zone of a `timestamp`, which is taken for that of
Germany, so a day more is asked for; the order of the entries, so it is read up to an empty page.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from smsreminders.domain.round.inbound import Received
from smsreminders.gateways.http.answers import Row
from smsreminders.gateways.http.inbound import e164, id_of, moment, readable
from smsreminders.gateways.http.lookup import MARGIN
from smsreminders.gateways.http.pages import pages_by_offset

_ZONE = ZoneInfo("Europe/Berlin")
_PAGE_SIZE, _MOST_PAGES = 100, 1000


def inbox(
    entries: Callable[[Mapping[str, str]], Sequence[tuple[str, Row]]], since: datetime, now: datetime | None
) -> Iterator[Sequence[Received]]:
    """Read what came in since the day before; `entries` asks for a page of the logbook, each entry with its id."""
    paging = {"date_from": (since - MARGIN).date().isoformat(), "limit": str(_PAGE_SIZE)}

    def page(offset: int) -> Sequence[tuple[str, Row]]:
        return entries({**paging, "offset": str(offset)})

    for rows in pages_by_offset(page, gateway="seven", most=_MOST_PAGES):
        yield [_received(row_id, row, now or since) for row_id, row in rows.items()]


def made_id(row: Row) -> str:
    """Make an id for an entry without one, of what it says."""
    return id_of(row, "id", "from", "to", "text", "timestamp")


def _received(row_id: str, row: Row, otherwise: datetime) -> Received:
    return Received(
        gateway_id=row_id,
        phone=e164(row.get("from")),
        to=e164(row.get("to")),
        text=readable(row.get("text")),
        received_at=moment(row.get("timestamp"), zone=_ZONE) or otherwise,
    )
