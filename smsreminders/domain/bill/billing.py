"""What is billed: periods, rates, lines and rounding. Money is Decimal read from text; a line is in whole cents.

Only what was delivered is billed: its segments, as counted by us and frozen by the claim, at the rate of the local
date of sending. Amounts are without VAT; VAT is taken once a bill.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from dateutil.relativedelta import relativedelta

from smsreminders.errors import UsageError

REGULAR = "regular"
Price = Callable[[date, int], Decimal]  # of a segment, by the local date of sending and the practice
Vat = Callable[[date], Decimal]  # the VAT rate of a local date of sending, in %
_CENT = Decimal("0.01")
_ALL = Decimal(100)
_AMOUNT = re.compile(r"[0-9]{1,6}(\.[0-9]{1,4})?")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A calendar month in the practice's time zone: the month of sending."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read a month such as `2026-10`. Raises UsageError."""
        if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", text):
            raise UsageError(f'"{text}" is no month: write it like 2026-10')
        return cls(int(text[:4]), int(text[5:]))

    @classmethod
    def of(cls, day: date) -> "Period":
        """Find the period that holds a local date."""
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        """The first local date of the period."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Return the last local date of the period."""
        return self.end - timedelta(days=1)

    @property
    def end(self) -> date:
        """The first local date after the period, which is half-open."""
        return self.first + relativedelta(months=1)

    @property
    def previous(self) -> "Period":
        """The month before the period."""
        return Period.of(self.first - relativedelta(months=1))


@dataclass(frozen=True, slots=True)
class MoneyTerms:
    """The terms of a bill: the general `rate` of a segment without VAT, the `vat` in per cent, and the currency."""

    rate: Decimal
    vat: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Rate:
    """The price of a segment from a local date on: general, or one practice's own."""

    amount: Decimal
    valid_from: date
    practice_id: int | None = None


@dataclass(frozen=True, slots=True)
class VatRate:
    """The VAT in per cent on what is sent from a local date on."""

    percentage: Decimal
    valid_from: date


@dataclass(frozen=True, slots=True)
class Usage:
    """How much was delivered of what a service of a practice sent on one local date."""

    practice_id: int
    practice: str
    practice_name: str
    service: str
    sent_on: date
    notifications: int
    segments: int


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line of the bill; `rate` is of a segment, `amount` in whole cents without VAT, which is at `vat_rate` %."""

    period: Period
    practice: str
    practice_name: str
    service: str
    kind: str
    usage_month: Period
    notifications: int
    segments: int
    rate: Decimal
    vat_rate: Decimal
    amount: Decimal


def price_on(day: date, practice_id: int, rates: Iterable[Rate]) -> Decimal:
    """Find the rate of a local date: the newest that is valid by then, a practice's own before the general one.

    Raises UsageError if there is none.
    """
    valid = [r for r in rates if r.practice_id in (None, practice_id) and r.valid_from <= day]
    if not valid:
        raise UsageError(f"there is no rate for {day}: run `smsreminders rate add AMOUNT --from DATE`")
    return max(valid, key=lambda r: (r.practice_id is not None, r.valid_from)).amount


def vat_rate_on(day: date, vat_rates: Iterable[VatRate]) -> Decimal:
    """Find the VAT rate of a local date: the newest that is valid by then. There is always one, from the beginning."""
    return max((rate for rate in vat_rates if rate.valid_from <= day), key=lambda rate: rate.valid_from).percentage


def to_cents(amount: Decimal) -> Decimal:
    """Round an amount half up to whole cents, away from zero: 0.105 is 0.11 and -0.105 is -0.11. Zero has no sign."""
    return amount.quantize(_CENT, ROUND_HALF_UP) + 0


def vat_on(amount: Decimal, percentage: Decimal) -> Decimal:
    """Take the VAT on a sum of rounded lines, rounded once."""
    return to_cents(amount * percentage / 100)


def read_amount(text: str) -> Decimal:
    """Read an amount of money such as `0.10`, at most four decimals. Raises UsageError."""
    if not _AMOUNT.fullmatch(text):
        raise UsageError(f'"{text}" is no amount: write it like 0.10')
    return Decimal(text)


def read_currency(text: str) -> str:
    """Read a currency such as `EUR`: the three capitals of ISO 4217. Raises UsageError."""
    if not re.fullmatch(r"[A-Z]{3}", text):
        raise UsageError(f'"{text}" is no currency: write its three capitals, like EUR')
    return text


def read_percentage(text: str) -> Decimal:
    """Read a percentage from text such as `21`: from 0 to 100, at most four decimals. Raises UsageError."""
    if not _AMOUNT.fullmatch(text) or Decimal(text) > _ALL:
        raise UsageError(f'"{text}" is no percentage from 0 to 100: write it like 21')
    return Decimal(text)


def show_percentage(percentage: Decimal) -> str:
    """Write a percentage with as many decimals as it needs: 21, or 5.5."""
    return f"{percentage.normalize():f}"


def show_rate(rate: Decimal) -> str:
    """Write a rate with two decimals, or more where it has more."""
    return str(rate.quantize(_CENT)) if rate == rate.quantize(_CENT) else str(rate.normalize())
