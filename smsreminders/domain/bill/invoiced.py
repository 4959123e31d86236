"""A row of the gateway's invoice: which rows are parts of one message, what a price is, and which price is usual."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

_SIGN = r"(?:[A-Z]{3}|[€$£])?"
_PRICE = re.compile(
    rf"{_SIGN}(-?)[ \u00a0\u202f]*{_SIGN}[ \u00a0\u202f]*(-?)([0-9.,]+)[ \u00a0\u202f]*{_SIGN}", re.ASCII
)
_NUMBER = re.compile(
    r"[0-9]{0,6}[.,][0-9]{1,8}|[0-9]{1,6}|[0-9]{1,3}(\.[0-9]{3})+,[0-9]{1,8}|[0-9]{1,3}(,[0-9]{3})+\.[0-9]{1,8}"
)


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
    """A row of the gateway's invoice: a message or a part of one, by our reference or by the gateway's id.

    `segments` and `price` are None where the invoice doesn't tell them.
    """

    line: int
    reference: str | None
    gateway_id: str | None
    segments: int | None
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class UsualPrice:
    """The price of a segment that more than half of the messages have, and how many decimals prices are told in."""

    price: Decimal
    decimals: int

    def fits(self, own: Own, row: InvoiceRow) -> bool:
        """Tell whether a message has this price, as far as its price was rounded; one without a price has it."""
        if row.price is None:
            return True
        segments = row.segments or own.segments
        return abs(row.price - segments * self.price) <= (segments - 1) * Decimal(1).scaleb(-self.decimals)


def usual_price(messages: Iterable[tuple[Own, InvoiceRow]]) -> UsualPrice | None:
    """Find the price of a segment that more than half of the messages with a price have; None if there is none."""
    priced = [(row.price, row.segments or own.segments) for own, row in messages if row.price is not None]
    by_segment = Counter(Fraction(price) / segments for price, segments in priced)
    if not by_segment:
        return None
    (usual, times), *_ = by_segment.most_common(1)
    if times * 2 <= len(priced):
        return None
    price = next(price / segments for price, segments in priced if Fraction(price) / segments == usual)
    return UsualPrice(price, max(_decimals(price) for price, _ in priced))


def put_together(own: Own, rows: Sequence[InvoiceRow]) -> list[InvoiceRow]:
    """Make one row of those that are the parts of a message; else give the rows as they are.

    They are its parts where their segments add up to ours or to the gateway's own count, or each tells one of several
    segments; without segments where there are as many rows as segments.
    """
    if len(rows) < 2:
        return list(rows)
    counts = [row.segments for row in rows if row.segments is not None]
    if not counts:
        parts = len(rows) in {own.segments, own.gateway_segments}
    else:
        adds_up = sum(counts) in {own.segments, own.gateway_segments}
        parts = len(counts) == len(rows) and (adds_up or (own.segments > 1 and set(counts) == {1}))
    if not parts:
        return list(rows)
    prices = [row.price for row in rows if row.price is not None]
    return [
        replace(rows[0], segments=sum(counts) if counts else None, price=sum(prices, Decimal(0)) if prices else None)
    ]


def read_price(text: str) -> Decimal | None:
    """Read a price such as `0.075`, `€ 0,075` or `EUR 1.234,56`; None if it is none."""
    match = _PRICE.fullmatch(text.strip())
    if match is None or (match[1] and match[2]) or not _NUMBER.fullmatch(match[3]):
        return None
    digits = match[3]
    if "." in digits and "," in digits:
        digits = digits.replace(min(".", ",", key=digits.rindex), "")
    return Decimal(f"{match[1]}{match[2]}{digits.replace(',', '.')}")


def _decimals(price: Decimal) -> int:
    return max(0, -int(price.as_tuple().exponent))
