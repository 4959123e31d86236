"""The bill of an open period: what was delivered of what was sent in it, by practice, service and rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from smsreminders.domain.billing import InvoiceLine, Period, Usage, invoice_lines, vat_on
from smsreminders.domain.practices import Practice
from smsreminders.jobs.pricing import all_rates
from smsreminders.store.billing import usage
from smsreminders.store.database import Database


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of a practice's lines, with the VAT on it; all in whole cents."""

    practice: str
    practice_name: str
    amount: Decimal
    vat: Decimal

    @property
    def with_vat(self) -> Decimal:
        """What there is to pay."""
        return self.amount + self.vat


@dataclass(frozen=True, slots=True)
class Bill:
    """The lines of a period with their totals, and the days that they are made of."""

    period: Period
    lines: list[InvoiceLine]
    totals: list[Total]
    days: list[Usage]


def bill(db: Database, period: Period, practices: Sequence[Practice], *, general_rate: Decimal, vat: Decimal) -> Bill:
    """What these practices owe for a period as it is known now; VAT is taken once on each practice's sum."""
    days = list(usage(db, period, [practice.id for practice in practices]))
    lines = invoice_lines(period, days, all_rates(db, general_rate))
    totals = []
    for practice in practices:
        own = [line for line in lines if line.practice == practice.code]
        if own:
            amount = sum((line.amount for line in own), Decimal(0))
            totals.append(Total(practice.code, practice.name, amount, vat_on(amount, vat)))
    return Bill(period, lines, totals, days)
