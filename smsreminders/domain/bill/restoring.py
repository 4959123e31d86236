"""What a restored database lost: which notifications a closed month billed, and when a reminder was likely sent.

The CSV doesn't name them. Where just as many are known as a line counts, with just its segments, they are the ones.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from smsreminders.domain.bill.billing import InvoiceLine, Period, Price, Vat
from smsreminders.domain.bill.closing import ClosingLine, Delivery, TakenBack


class Bills(NamedTuple):
    """What a line bills or credits: the texts of a practice's service in a month."""

    practice_id: int
    service: str
    usage_month: Period
    is_credit: bool


def restored_lines(
    lines: Iterable[InvoiceLine],
    practice_ids: Mapping[str, int],
    *,
    deliveries: Iterable[Delivery],
    taken_back: Iterable[TakenBack],
    price: Price,
    vat: Vat,
) -> list[ClosingLine]:
    """Give each line the notifications that it can only be about, or none where that can't be told."""
    charged: dict[tuple[object, ...], list[tuple[int, int]]] = {}
    for delivery in deliveries:
        key = (delivery.practice_id, delivery.service, Period.of(delivery.sent_on), False)
        terms = (price(delivery.sent_on, delivery.practice_id), vat(delivery.sent_on))
        charged.setdefault((*key, *terms), []).append((delivery.notification_id, delivery.segments))
    for back in taken_back:
        key = (back.practice_id, back.service, back.usage_month, True)
        charged.setdefault((*key, back.rate, back.vat_rate), []).append((back.notification_id, back.segments))
    restored = []
    for line in lines:
        bills = bills_of(line, practice_ids[line.practice])
        known = charged.get((*bills, line.rate, line.vat_rate), [])
        fits = (len(known), sum(segments for _, segments in known)) == (abs(line.notifications), abs(line.segments))
        restored.append(ClosingLine(bills.practice_id, line, tuple(id_ for id_, _ in known) if fits else ()))
    return restored


def bills_of(line: InvoiceLine, practice_id: int) -> Bills:
    """Say what a line bills or credits."""
    return Bills(practice_id, line.service, line.usage_month, line.segments < 0)


def likely_day(
    starts_on: date, *, weekdays: Collection[int], holidays: Collection[date], first: date, today: date
) -> date:
    """Guess on which local date a reminder was sent that only the gateway knows: the working day before.

    Not before `first`, the day of the last run that is known, nor after today. It is the month that is billed.
    """
    day = starts_on - timedelta(days=1)
    while day > first and (day.weekday() not in weekdays or day in holidays):
        day -= timedelta(days=1)
    return min(max(day, first), today)
