"""The bill of a period: of an open one as it is known now, of a closed one as it was closed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from smsreminders.domain.billing import InvoiceLine, Period, Usage, invoice_lines, vat_on
from smsreminders.domain.practices import Practice
from smsreminders.jobs.closing import AsCsv, closed_month, closed_with
from smsreminders.jobs.pricing import all_rates
from smsreminders.store.billing import usage
from smsreminders.store.closing import ClosedPeriod, closed_periods, days_of, lines_of, practices_of, waived_by
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
    """The lines of a period with their totals, and the days that the regular ones are made of.

    `closed_at` is None while it is open: then the lines are what was delivered of its own sending, as known now.
    `passed_by` is the month that was closed without it: it has no bill of its own and never will.
    """

    period: Period
    lines: list[InvoiceLine]
    totals: list[Total]
    days: list[Usage]
    currency: str
    vat: Decimal
    closed_at: datetime | None = None
    waived: int = 0
    passed_by: Period | None = None


def bill(
    db: Database,
    period: Period,
    practices: Sequence[Practice],
    *,
    general_rate: Decimal,
    vat: Decimal,
    currency: str,
    as_csv: AsCsv,
) -> Bill:
    """What these practices owe for a period; VAT is taken once on each practice's sum.

    A closed one is shown as it was closed. Raises AdministratorNeeded where it is not that any more.
    """
    if closed := closed_month(db, period, as_csv):
        return _closed_bill(db, closed, {practice.id for practice in practices})
    if later := closed_with(closed_periods(db), period):
        return Bill(period, [], [], [], later.currency, later.vat_rate, later.closed_at, passed_by=later.period)
    days = list(usage(db, period, [practice.id for practice in practices]))
    lines = invoice_lines(period, days, all_rates(db, general_rate))
    totals = []
    for practice in practices:
        own = [line for line in lines if line.practice == practice.code]
        if own:
            amount = sum((line.amount for line in own), Decimal(0))
            totals.append(Total(practice.code, practice.name, amount, vat_on(amount, vat)))
    return Bill(period, lines, totals, days, currency, vat)


def _closed_bill(db: Database, closed: ClosedPeriod, practice_ids: Collection[int]) -> Bill:
    owed = [one for one in practices_of(db, closed) if one.practice_id in practice_ids]
    codes = {one.code for one in owed}
    return Bill(
        closed.period,
        [line for line in lines_of(db, closed) if line.practice in codes],
        [Total(one.code, one.name, one.amount, one.vat) for one in owed],
        [day for day in days_of(db, closed) if day.practice in codes],
        closed.currency,
        closed.vat_rate,
        closed.closed_at,
        waived_by(db, closed),
    )
