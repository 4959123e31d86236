"""The rates and VAT rates as they are shown: the columns of lists, and one that was added or removed in a line."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from smsreminders.cli.show.columns import Column
from smsreminders.cli.show.practice import practice_name
from smsreminders.domain.bill.billing import Rate, VatRate, show_percentage, show_rate
from smsreminders.domain.bill.prices import NAMES, Priced, PriceEvent
from smsreminders.domain.practices import Practice

if TYPE_CHECKING:
    from smsreminders.cli.show.columns import Columns


@dataclass(frozen=True, slots=True)
class Price:
    """A rate or VAT rate from a day on; the configuration's counts from no day on, a general one has no practice."""

    amount: str
    valid_from: date | None = None
    practice: str | None = None


COLUMNS: "Columns[Price]" = (
    Column("practice", lambda price, _: price.practice, 70),
    Column("from", lambda price, _: price.valid_from, 80),
    Column("rate", lambda price, _: Decimal(price.amount), 90),
    Column("currency", lambda _, view: view.currency, 60),
)
VAT_COLUMNS: "Columns[Price]" = (COLUMNS[1], Column("vat_rate", lambda price, _: Decimal(price.amount), 90))
_DONE: "Columns[tuple[PriceEvent, Price]]" = (
    Column("at", lambda done, view: view.local(done[0].at), 80),
    Column("by", lambda done, _: done[0].by, 70),
    Column("done", lambda done, _: done[0].verb, 85),
)
_FROM: "Column[tuple[PriceEvent, Price]]" = Column("from", lambda done, _: done[1].valid_from, 75)
HISTORY: "dict[Priced, Columns[tuple[PriceEvent, Price]]]" = {
    Priced.RATE: (
        *_DONE,
        Column("practice", lambda done, _: done[1].practice, 60),
        _FROM,
        Column("rate", lambda done, _: Decimal(done[1].amount), 90),
    ),
    Priced.VAT: (*_DONE, _FROM, Column("vat_rate", lambda done, _: Decimal(done[1].amount), 90)),
}


def rates_shown(configured: Decimal, added: Iterable[Rate], practices: Iterable[Practice]) -> list[Price]:
    """List the configuration's rate, then those that were added."""
    codes = _codes(practices)
    rates = (Price(show_rate(rate.amount), rate.valid_from, codes[rate.practice_id]) for rate in added)
    return [Price(show_rate(configured)), *rates]


def vat_shown(configured: Decimal, added: Iterable[VatRate]) -> list[Price]:
    """List the configuration's VAT rate, then those that were added."""
    return [
        Price(show_percentage(configured)),
        *(Price(show_percentage(vat.percentage), vat.valid_from) for vat in added),
    ]


def history_shown(
    events: Iterable[PriceEvent], priced: Priced, practices: Iterable[Practice] = ()
) -> list[tuple[PriceEvent, Price]]:
    """List what was added and removed, the oldest first."""
    codes = _codes(practices)
    return [
        (event, Price(_amount(event), event.valid_from, codes[event.practice_id]))
        for event in events
        if event.priced is priced
    ]


def _codes(practices: Iterable[Practice]) -> dict[int | None, str | None]:
    return {None: None} | {practice.id: practice.code for practice in practices}


def rate_line(rate: PriceEvent, practice: Practice | None) -> str:
    """Say which rate was added, and whether it is one practice's own."""
    return f"Added the rate {_amount(rate)} {_whose(practice)} from {rate.valid_from} on."


def vat_line(vat: PriceEvent) -> str:
    """Say which VAT rate was added."""
    return f"Added the VAT rate {_amount(vat)} % for what is sent from {vat.valid_from} on."


def removed_line(gone: PriceEvent, practice: Practice | None) -> str:
    """Say which rate or VAT rate was removed."""
    what = f"{NAMES[gone.priced]} {_amount(gone)}"
    if gone.priced is Priced.VAT:
        return f"Removed the {what} % from {gone.valid_from} on."
    return f"Removed the {what} {_whose(practice)} from {gone.valid_from} on."


def far_off_line(rate: PriceEvent, present: Decimal) -> str:
    """Ask about a rate that is far from the present one."""
    return f"The rate {_amount(rate)} is far from the present one, {show_rate(present)}: is that right?"


def _amount(event: PriceEvent) -> str:
    return show_rate(event.amount) if event.priced is Priced.RATE else show_percentage(event.amount)


def _whose(practice: Practice | None) -> str:
    return f"of {practice_name(practice)}" if practice else "of every practice without its own"
