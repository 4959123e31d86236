"""What a period charges when it is closed: its own deliveries, late ones of closed months, and what was taken back.

A notification is charged at most once and credited at most once. Once closed, a period never changes.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from smsreminders.domain.bill.billing import REGULAR, InvoiceLine, Period, Price, Usage, Vat, to_cents
from smsreminders.domain.bill.months import is_over
from smsreminders.domain.round.notifications import LATE_WITHIN
from smsreminders.errors import AdministratorNeeded

LATE, CORRECTION = "late", "correction"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A notification that was delivered and is on no closed bill; `known_at` is when we first knew, by our clock."""

    notification_id: int
    practice_id: int
    practice: str
    practice_name: str
    service: str
    sent_at: datetime
    sent_on: date
    known_at: datetime
    segments: int


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A notification that is on a closed bill, and of which a person said since that it was not delivered.

    `practice_name` is today's; segments, rate and VAT rate are those that were charged.
    """

    notification_id: int
    practice_id: int
    practice: str
    practice_name: str
    service: str
    usage_month: Period
    segments: int
    rate: Decimal
    vat_rate: Decimal


@dataclass(frozen=True, slots=True)
class ClosingLine:
    """A line of the bill with the notifications that it is made of, as far as they are known one by one."""

    practice_id: int
    line: InvoiceLine
    notification_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Closing:
    """What the close of a period writes down; `waived` is never billed."""

    lines: list[ClosingLine]
    waived: list[Delivery]


def close(
    period: Period,
    deliveries: Iterable[Delivery],
    taken_back: Iterable[TakenBack],
    *,
    summed: Iterable[Usage] = (),
    last_closed: Period | None,
    price: Price,
    vat: Vat,
) -> Closing:
    """Decide what a period charges. `price` and `vat` are those of a local date of sending.

    Delivered in the period: regular. Of a month up to the last closed one, which may have passed it by: late, at that
    day's price, within 35 days of sending, else waived. Taken back since it was charged: a negative correction at
    the rate and VAT rate that were charged. `summed` are deliveries of the period by day, in place of each one by
    itself.
    """
    charged: dict[_Key, _Charged] = defaultdict(_Charged)
    names: dict[int, str] = {}
    waived = []
    for day in summed:
        rate = price(day.sent_on, day.practice_id)
        key = _Key(day.practice, day.service, REGULAR, period, rate, vat(day.sent_on), day.practice_id)
        charged[key].add(day.notifications, day.segments)
        names[day.practice_id] = day.practice_name
    for delivery in deliveries:
        month = Period.of(delivery.sent_on)
        if month != period and not is_over(month, last_closed):
            continue
        if month != period and delivery.known_at - delivery.sent_at > LATE_WITHIN:
            waived.append(delivery)
            continue
        kind, rate = REGULAR if month == period else LATE, price(delivery.sent_on, delivery.practice_id)
        about = (month, rate, vat(delivery.sent_on), delivery.practice_id)
        key = _Key(delivery.practice, delivery.service, kind, *about)
        charged[key].add(1, delivery.segments, delivery.notification_id)
        names[delivery.practice_id] = delivery.practice_name
    for back in taken_back:
        about = (back.usage_month, back.rate, back.vat_rate, back.practice_id)
        key = _Key(back.practice, back.service, CORRECTION, *about)
        charged[key].add(-1, -back.segments, back.notification_id)
        names[back.practice_id] = back.practice_name
    lines = [_line(period, key, names[key.practice_id], charged[key]) for key in sorted(charged)]
    return Closing(lines, waived)


class _Key(NamedTuple):
    """What tells one line of a bill from another, in the order in which lines stand."""

    practice: str
    service: str
    kind: str
    usage_month: Period
    rate: Decimal
    vat_rate: Decimal
    practice_id: int


@dataclass(slots=True)
class _Charged:
    """The notifications and segments that add up to a line of a bill."""

    notifications: int = 0
    segments: int = 0
    ids: list[int] = field(default_factory=list)

    def add(self, notifications: int, segments: int, *ids: int) -> None:
        self.notifications += notifications
        self.segments += segments
        self.ids += ids


def _line(period: Period, key: _Key, practice_name: str, charged: _Charged) -> ClosingLine:
    line = InvoiceLine(
        period=period,
        practice=key.practice,
        practice_name=practice_name,
        service=key.service,
        kind=key.kind,
        usage_month=key.usage_month,
        notifications=charged.notifications,
        segments=charged.segments,
        rate=key.rate,
        vat_rate=key.vat_rate,
        amount=to_cents(charged.segments * key.rate),
    )
    return ClosingLine(key.practice_id, line, tuple(charged.ids))


def check_currency(closing: Closing, last_currency: str, currency: str) -> None:
    """Refuse late and correction lines in another currency than the months before. Raises AdministratorNeeded."""
    if last_currency == currency or all(charged.line.kind == REGULAR for charged in closing.lines):
        return
    raise AdministratorNeeded(
        f"there are late or correction lines in {last_currency}, and billing.currency is {currency}: "
        f"close one more month in {last_currency} first"
    )
