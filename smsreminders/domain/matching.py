"""Our segments against the gateway's own count and its invoice: what only one side has, or counts differently."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Why(StrEnum):
    """How our count and the gateway's invoice differ over a message."""

    ONLY_OURS = "only-ours"  # the gateway took it, and its invoice doesn't have it
    ONLY_INVOICE = "only-invoice"  # a row of which we know nothing
    NOT_EXPECTED = "not-expected"  # ours, but of another month, or as far as we know never taken
    TWICE = "twice"  # a second row of one message
    COUNTED = "counted"  # their segments aren't ours


@dataclass(frozen=True, slots=True)
class Own:
    """A notification on our side: our segments, frozen by the claim, and the gateway's own count if it told one.

    `expected`: sent in the month, and the gateway took it.
    """

    id: int
    reference: str
    gateway_id: str | None
    status: str
    segments: int
    gateway_segments: int | None
    expected: bool = True


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """A row of the gateway's invoice: one message, by our reference or by the gateway's id."""

    line: int
    reference: str | None
    gateway_id: str | None
    segments: int
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A message over which the sides differ: `own` is None where we don't know it, `row` where it isn't invoiced."""

    why: Why
    own: Own | None
    row: InvoiceRow | None


@dataclass(frozen=True, slots=True)
class Side:
    """The sums of one side of a match; the price is None where that side knows none."""

    messages: int
    segments: int
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """What differs, first ours by id, then the rows that we don't know; and the sums of the three sides."""

    differences: list[Difference]
    ours: Side
    counted: Side
    invoice: Side


def match(ours: Iterable[Own], invoice: Sequence[InvoiceRow]) -> Match:
    """Compare our notifications with an invoice; a row is found by our reference, else by the gateway's id.

    That the gateway told no count of its own is no difference: some never do.
    """
    known = sorted(ours, key=lambda notification: notification.id)
    by_reference: dict[str | None, Own] = {notification.reference: notification for notification in known}
    by_gateway_id: dict[str | None, Own] = {
        notification.gateway_id: notification for notification in known if notification.gateway_id
    }
    rows: dict[int, list[InvoiceRow]] = defaultdict(list)
    strange = []
    for row in sorted(invoice, key=lambda row: row.line):
        own = by_reference.get(row.reference) or by_gateway_id.get(row.gateway_id)
        if own:
            rows[own.id].append(row)
        else:
            strange.append(Difference(Why.ONLY_INVOICE, None, row))
    differences = [difference for own in known for difference in _over(own, rows[own.id])]
    expected = [notification for notification in known if notification.expected]
    counts = [own.gateway_segments for own in expected if own.gateway_segments is not None]
    prices = [row.price for row in invoice if row.price is not None]
    return Match(
        differences + strange,
        Side(len(expected), sum(own.segments for own in expected)),
        Side(len(counts), sum(counts)),
        Side(len(invoice), sum(row.segments for row in invoice), sum(prices, Decimal(0)) if prices else None),
    )


def _over(own: Own, rows: Sequence[InvoiceRow]) -> list[Difference]:
    """Compare one of our notifications with its invoice rows; nothing is expected of what the gateway didn't take."""
    first = rows[0] if rows else None
    differences = []
    if own.expected and first is None:
        differences.append(Difference(Why.ONLY_OURS, own, None))
    if not own.expected and first is not None:
        differences.append(Difference(Why.NOT_EXPECTED, own, first))
    invoiced = own.segments if first is None else first.segments
    if own.expected and {invoiced, own.gateway_segments} - {own.segments, None}:
        differences.append(Difference(Why.COUNTED, own, first))
    return differences + [Difference(Why.TWICE, own, row) for row in rows[1:]]
