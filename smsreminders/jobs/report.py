"""The bill of a period: of an open one what a close would charge now, of a closed one as it was closed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from smsreminders.domain.billing import InvoiceLine, Period, Usage, vat_on
from smsreminders.domain.practices import Practice
from smsreminders.jobs.closing import AsCsv, closed_month, decide
from smsreminders.jobs.pricing import closed_with
from smsreminders.store.billing import usage
from smsreminders.store.closing import (
    ClosedPeriod,
    closed_periods,
    days_of,
    lines_of,
    practices_of,
    waived_by,
)
from smsreminders.store.database import Database, one_view


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

    `closed_at` is None while it is open: then it is what a close would write down at this moment. `passed_by` is the
    month that was closed without it: it has no bill of its own and never will.
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
    ids = {practice.id for practice in practices}
    with one_view(db):
        if closed := closed_month(db, period, as_csv):
            return _closed_bill(db, closed, ids)
        if later := closed_with(closed_periods(db), period):
            return Bill(period, [], [], [], later.currency, later.vat_rate, later.closed_at, passed_by=later.period)
        closing = decide(db, period, general_rate=general_rate)
        days = list(usage(db, period, ids))
    lines = [one.line for one in closing.lines if one.practice_id in ids]
    totals = []
    for practice in practices:
        own = [line.amount for line in lines if line.practice == practice.code]
        if own:
            amount = sum(own, Decimal(0))
            totals.append(Total(practice.code, practice.name, amount, vat_on(amount, vat)))
    waived = sum(one.practice_id in ids for one in closing.waived)
    return Bill(period, lines, totals, days, currency, vat, waived=waived)


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
        waived_by(db, closed, practice_ids),
    )
