"""What came in at Gammu SMSD: the parts of one SMS, each a row of its own, become one text again.

SMSD itself waits for missing parts (its `MultipartTimeout`, 10 minutes), then it writes row after row what it has. 1.42
gives the first part the whole text and the others none: the texts in their order are the whole either way. Some rows
may not be there yet when SMSD is asked, so here too parts wait for 10 minutes.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from smsreminders.domain.round.inbound import Received
from smsreminders.gateways.gammu_tables import InboxRow
from smsreminders.gateways.http.inbound import e164, moment, readable

WAIT = timedelta(minutes=10)  # for the other parts

_REFERENCES = {0x00: 1, 0x08: 2}  # 3GPP TS 23.040 9.2.3.24: elements of a header, and the octets of their reference

_Parts = dict[int, InboxRow]  # by their place in the SMS


def joined(rows: Iterable[InboxRow], since: datetime) -> Iterator[Received]:
    """Join the rows of an inbox, in order of their ids, into the SMS of which the first row was noted since a moment.

    Parts belong together by sender, reference and count, and are noted within 10 minutes of the first: so the rows must
    begin as long before. While some are missing they wait as long, then they are given without. The id is that of the
    first row, so it stays the same.
    """
    messages: list[tuple[int, _Parts]] = []
    latest: dict[tuple[str, int, int], _Parts] = {}
    for row in rows:
        reference, count, place = _part(row.header)
        parts = latest.get((row.sender, reference, count), {})
        if count == 1 or not parts or place in parts or row.noted_at - _first(parts).noted_at > WAIT.total_seconds():
            parts = latest[row.sender, reference, count] = {}
            messages.append((count, parts))
        parts[place] = row
    for count, parts in messages:
        first = _first(parts)
        received_at = moment(first.received_at)
        whole = len(parts) == count or first.waited
        if received_at and whole and first.noted_at >= int(since.timestamp()):
            text = "".join(row.text for _, row in sorted(parts.items()))
            yield Received(first.id, e164(first.sender), "", readable(text), received_at)


def _first(parts: _Parts) -> InboxRow:
    return next(iter(parts.values()))


def _part(header: str) -> tuple[int, int, int]:
    """Read of which message an SMS is a part, of how many, and which: from its header in hexadecimal digits.

    One with another header, or one that can't be read, is a message of its own.
    """
    try:
        octets = bytes.fromhex(header)[1:]
    except ValueError:
        return 0, 1, 1
    while len(octets) >= 2:
        element, length = octets[:2]
        value, octets = octets[2 : 2 + length], octets[2 + length :]
        size = _REFERENCES.get(element)
        if size and length == len(value) == size + 2 and 1 <= value[-1] <= value[-2]:
            return int.from_bytes(value[:size]), value[-2], value[-1]
    return 0, 1, 1
