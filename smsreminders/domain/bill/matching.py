"""Our segments against the gateway's own count and its invoice: what only one side has, or counts differently."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from smsreminders.domain.bill.invoiced import InvoiceRow, Own, UsualPrice, put_together, usual_price


class Why(StrEnum):
    """How our count and the gateway's invoice differ over a message."""

    ONLY_OURS = "only-ours"  # the gateway took it, and its invoice doesn't have it
    ONLY_INVOICE = "only-invoice"  # a row of which we know nothing
    NOT_EXPECTED = "not-expected"  # ours, but of another month, or as far as we know never taken
    TWICE = "twice"  # a second row of one message
    COUNTED = "counted"  # their segments aren't ours
    PRICED = "priced"  # its price isn't the usual one of so many segments


@dataclass(frozen=True, slots=True)
class Difference:
    """A message over which the sides differ: `own` is None where we don't know it, `row` where it isn't invoiced."""

    why: Why
    own: Own | None
    row: InvoiceRow | None


@dataclass(frozen=True, slots=True)
class Side:
    """The sums of one side; None is one that it doesn't tell."""

    messages: int | None
    segments: int | None
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """What differs, first ours by id, then the rows that we don't know; and the sums of the three sides.

    `usual_price` is that of most segments, and None where no price is that of more than half of the messages.
    """

    differences: list[Difference]
    ours: Side
    counted: Side
    invoice: Side
    usual_price: Decimal | None = None


def match(ours: Iterable[Own], invoice: Sequence[InvoiceRow]) -> Match:
    """Set the sides against each other; a row is found by our reference, else by the gateway's id.

    That the gateway told no count of its own is no difference: some never do. Rows that are parts of one message are
    one, with their sums.
    """
    known = sorted(ours, key=lambda own: own.id)
    by_reference = {own.reference: own for own in known}
    by_gateway_id = {own.gateway_id: own for own in known if own.gateway_id}
    rows: dict[int, list[InvoiceRow]] = defaultdict(list)
    strange = []
    for row in sorted(invoice, key=lambda row: row.line):
        own = by_reference.get(row.reference or "") or by_gateway_id.get(row.gateway_id or "")
        if own:
            rows[own.id].append(row)
        else:
            strange.append(Difference(Why.ONLY_INVOICE, None, row))
    messages = {own.id: put_together(own, rows[own.id]) for own in known}
    usual = usual_price([(own, messages[own.id][0]) for own in known if messages[own.id]])
    differences = [difference for own in known for difference in _over(own, messages[own.id], usual)]
    expected = [own for own in known if own.expected]
    counts = [own.gateway_segments for own in expected if own.gateway_segments is not None]
    return Match(
        differences + strange,
        Side(len(expected), sum(own.segments for own in expected)),
        Side(len(counts), sum(counts)),
        _invoiced(sum(map(len, messages.values())) + len(strange), invoice),
        usual.price if usual else None,
    )


def sums_that_differ(ours: Side, invoice: Side) -> list[str]:
    """Name the sums that both sides tell and that differ: messages, segments. A price we have none of."""
    both = {"messages": (ours.messages, invoice.messages), "segments": (ours.segments, invoice.segments)}
    return [name for name, (own, invoiced) in both.items() if invoiced not in {None, own}]


def _invoiced(messages: int, invoice: Sequence[InvoiceRow]) -> Side:
    """Sum the invoice; it tells segments or prices where any row does."""
    counts = [row.segments for row in invoice if row.segments is not None]
    prices = [row.price for row in invoice if row.price is not None]
    return Side(messages, sum(counts) if counts or not invoice else None, sum(prices, Decimal(0)) if prices else None)


def _over(own: Own, rows: Sequence[InvoiceRow], usual: UsualPrice | None) -> list[Difference]:
    """List what differs over one of ours, with its rows in their order; of one that wasn't taken no row is expected."""
    first = rows[0] if rows else None
    differences = []
    if own.expected and first is None:
        differences.append(Difference(Why.ONLY_OURS, own, None))
    if not own.expected and first is not None:
        differences.append(Difference(Why.NOT_EXPECTED, own, first))
    invoiced = first.segments if first else None
    if own.expected and {invoiced, own.gateway_segments} - {own.segments, None}:
        differences.append(Difference(Why.COUNTED, own, first))
    if first and usual and not usual.fits(own, first):
        differences.append(Difference(Why.PRICED, own, first))
    return differences + [Difference(Why.TWICE, own, row) for row in rows[1:]]
