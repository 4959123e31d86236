"""Which are asked for one by one and which by a list, and what a list shows of them.

A list begins at the oldest that it is to show.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from smsreminders.domain.sending import DeliveryReport, Open

_OLD = timedelta(days=4)  # later than that most have had their report
_FEW = 50

Message = TypeVar("Message")


def apart(asked: Sequence[Open], now: datetime | None) -> tuple[list[Open], list[Open]]:
    """The old ones that the gateway has given an id, if they are few, and the rest; none are old without a clock.

    So one that had no report for weeks doesn't make every question read the list of all those weeks.
    """
    old = [one for one in asked if now is not None and one.gateway_id and now - one.sent_at > _OLD]
    if not old or len(old) > _FEW:
        return [], list(asked)
    alone = {one.reference for one in old}
    return old, [one for one in asked if one.reference not in alone]


def listed(asked: Sequence[Open], messages: Iterable[tuple[str, str, Message]]) -> Iterator[tuple[str, str, Message]]:
    """Those of a list's messages, each with its id and the reference that it names, that are asked for: by either.

    Each with our reference and its id, and once; two messages with one reference are two.
    """
    of_id = {one.gateway_id: one.reference for one in asked if one.gateway_id}
    references = {one.reference for one in asked}
    told = set()
    for message_id, named, message in messages:
        reference = of_id.get(message_id, named if named in references else None)
        if reference is not None and (reference, message_id) not in told:
            told.add((reference, message_id))
            yield reference, message_id, message


def once_more(
    asked: Sequence[Open], together: Iterable[DeliveryReport], alone: Callable[[Open], Iterable[DeliveryReport]]
) -> Iterator[DeliveryReport]:
    """The reports on all of these together, then on each without an id that those don't show, asked for alone."""
    found = set()
    for report in together:
        found.add(report.reference)
        yield report
    for one in asked:
        if one.gateway_id is None and one.reference not in found:
            yield from alone(one)
