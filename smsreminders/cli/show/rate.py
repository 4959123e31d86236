"""The rates and VAT rates as they are shown: a row each, and one that was added or removed in a line."""

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from smsreminders.cli.show.practice import practice_name
from smsreminders.domain.billing import Rate, VatRate, show_percentage, show_rate
from smsreminders.domain.practices import Practice
from smsreminders.domain.prices import NAMES, Priced, PriceEvent

if TYPE_CHECKING:
    from smsreminders.cli.show.columns import View

COLUMNS = ("practice", "from", "rate", "currency")
VAT_COLUMNS = ("from", "vat_rate")
HISTORY = {
    Priced.RATE: ("at", "by", "done", "practice", "from", "rate"),
    Priced.VAT: ("at", "by", "done", "from", "vat_rate"),
}


def rate_rows(
    configured: Decimal, added: Iterable[Rate], practices: Iterable[Practice], *, currency: str
) -> list[dict[str, object]]:
    """Show the configuration's rate, from no day on, then those that were added; a general one has no practice."""
    codes = {None: None} | {practice.id: practice.code for practice in practices}
    rows = [(None, None, configured)] + [(codes[rate.practice_id], rate.valid_from, rate.amount) for rate in added]
    return [
        {"practice": code, "from": valid_from, "rate": show_rate(amount), "currency": currency}
        for code, valid_from, amount in rows
    ]


def vat_rows(configured: Decimal, added: Iterable[VatRate]) -> list[dict[str, object]]:
    """Show the configuration's VAT rate, from no day on, then those that were added."""
    rows = [(None, configured)] + [(one.valid_from, one.percentage) for one in added]
    return [{"from": valid_from, "vat_rate": show_percentage(percentage)} for valid_from, percentage in rows]


def event_rows(
    events: Iterable[PriceEvent], priced: Priced, practices: Iterable[Practice], *, view: "View"
) -> list[dict[str, object]]:
    """Show what was added and removed, the oldest first."""
    codes = {None: None} | {practice.id: practice.code for practice in practices}
    return [
        {"at": view.local(one.at), "by": one.by, "done": one.verb}
        | ({"practice": codes[one.practice_id]} if priced is Priced.RATE else {})
        | {"from": one.valid_from, HISTORY[priced][-1]: _amount(one)}
        for one in events
        if one.priced is priced
    ]


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
