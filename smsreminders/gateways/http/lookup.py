"""How a gateway is asked what became of many SMS: few old ones by their ids, the others by one list since a date."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from smsreminders.domain.round.sending import DeliveryReport, Open
from smsreminders.gateways.http.answers import Row, not_understood

MARGIN = timedelta(days=1)  # clocks and zones differ, and what the dates leave out would pass for never taken

_OLD = timedelta(days=4)  # later than that most have had their report
_FEW = 50

Message = TypeVar("Message")


def look_up(
    asked: Sequence[Open],
    now: datetime | None,
    *,
    by_id: Callable[[Open], Iterable[DeliveryReport]],
    by_date: Callable[[Sequence[Open], datetime], Iterable[DeliveryReport]],
    alone: Callable[[Open, datetime], Iterable[DeliveryReport]] | None = None,
) -> Iterator[DeliveryReport]:
    """Ask for few old SMS `by_id`, then for all others `by_date`, from a day before the oldest of them.

    One without an id that the list doesn't show is asked for `alone`, by something of its own, where that is possible.
    """
    old, others = old_apart(asked, now)
    for sms in old:
        yield from by_id(sms)
    if not others:
        return
    start = since(others)
    reported = set()
    for report in by_date(others, start):
        reported.add(report.reference)
        yield report
    for sms in others:
        if alone and sms.gateway_id is None and sms.reference not in reported:
            yield from alone(sms, start)


def since(asked: Sequence[Open]) -> datetime:
    """When a list must begin to show all of these SMS: a day before the oldest."""
    return min(sms.sent_at for sms in asked) - MARGIN


def old_apart(asked: Sequence[Open], now: datetime | None) -> tuple[list[Open], list[Open]]:
    """Part the old SMS that have an id of the gateway, if they are few, from the others; without a time none is old.

    So one that had no report for weeks doesn't make every question read the list of all those weeks.
    """
    old = [sms for sms in asked if now is not None and sms.gateway_id and now - sms.sent_at > _OLD]
    if not old or len(old) > _FEW:
        return [], list(asked)
    references = {sms.reference for sms in old}
    return old, [sms for sms in asked if sms.reference not in references]


def listed(asked: Sequence[Open], messages: Iterable[tuple[str, str, Message]]) -> Iterator[tuple[str, str, Message]]:
    """Pick the messages of a list that are asked for, by the id of each or by the reference that it names.

    Gives our reference, its id and the message, each once; two messages with one reference are two.
    """
    of_id = {sms.gateway_id: sms.reference for sms in asked if sms.gateway_id}
    references = {sms.reference for sms in asked}
    seen = set()
    for message_id, named, message in messages:
        reference = of_id.get(message_id, named if named in references else None)
        if reference is not None and (reference, message_id) not in seen:
            seen.add((reference, message_id))
            yield reference, message_id, message


def message_with(body: object, key: str, message_id: str | None, *, gateway: str, within: str = "") -> Row | None:
    """The message that a gateway was asked for by its id; None for no answer, which stands for a 404.

    The id must stand under `key`, of the answer itself or of the object `within` it. Raises TryAgainLater for anything
    else, which could be another message.
    """
    if body is None:
        return None
    message = body.get(within) if within and isinstance(body, dict) else body
    if isinstance(message, dict) and message.get(key) == message_id:
        return message
    raise not_understood(f"{gateway}'s message")
