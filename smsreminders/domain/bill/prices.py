"""What people said of rates and VAT rates: each was added, and may have been removed; both are kept for good."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from smsreminders.domain.bill.billing import Rate, VatRate
from smsreminders.errors import UsageError

_FAR = 10  # times as much, or as little: more looks like a slip of the hand


class Priced(StrEnum):
    """What a price event is about."""

    RATE = "rate"
    VAT = "vat"


NAMES = {Priced.RATE: "rate", Priced.VAT: "VAT rate"}


class Verb(StrEnum):
    """What was done with a rate or a VAT rate."""

    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class PriceEvent:
    """Somebody added or removed a rate (of every practice, or of one) or a VAT rate (of every practice)."""

    at: datetime
    by: str
    priced: Priced
    verb: Verb
    amount: Decimal
    valid_from: date
    practice_id: int | None = None


def in_force(events: Iterable[PriceEvent], priced: Priced) -> list[PriceEvent]:
    """Choose what was added and not removed since; `events` are in the order in which they happened."""
    last = {(event.valid_from, event.practice_id or 0): event for event in events if event.priced is priced}
    return [last[key] for key in sorted(last) if last[key].verb is Verb.ADDED]


def rates_in_force(events: Iterable[PriceEvent]) -> list[Rate]:
    """Choose the rates, the oldest first, of every practice before those of one."""
    return [Rate(event.amount, event.valid_from, event.practice_id) for event in in_force(events, Priced.RATE)]


def vat_in_force(events: Iterable[PriceEvent]) -> list[VatRate]:
    """Choose the VAT rates, the oldest first."""
    return [VatRate(event.amount, event.valid_from) for event in in_force(events, Priced.VAT)]


def same_place(events: Iterable[PriceEvent], wanted: PriceEvent) -> PriceEvent | None:
    """Find what holds from the same day on for the same practice."""
    places = {(event.valid_from, event.practice_id): event for event in in_force(events, wanted.priced)}
    return places.get((wanted.valid_from, wanted.practice_id))


def check_free(standing: PriceEvent | None) -> None:
    """Refuse a second rate from one day on, which must be said to replace the first. Raises UsageError."""
    if standing is not None:
        raise UsageError(
            f"there is a {NAMES[standing.priced]} from {standing.valid_from} on already: "
            "say --replace to put this one in its place, or add it from another date"
        )


def check_found(standing: PriceEvent | None, wanted: PriceEvent) -> PriceEvent:
    """Return what is to be removed. Raises UsageError where there is nothing from that day on."""
    if standing is None:
        raise UsageError(
            f"there is no {NAMES[wanted.priced]} that begins on {wanted.valid_from}: "
            f"see `smsreminders {wanted.priced} list`"
        )
    return standing


def is_far_off(amount: Decimal, present: Decimal) -> bool:
    """Tell whether a rate is above ten times or below a tenth of the present one, so that a person is asked."""
    return amount > present * _FAR or amount * _FAR < present
