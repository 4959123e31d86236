"""The bill of a month: what a close would charge now, or what the close charged."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from smsreminders.domain.bill.billing import InvoiceLine, MoneyTerms, Period, Usage
from smsreminders.domain.bill.totals import Total, totals_of
from smsreminders.domain.practices import Practice
from smsreminders.jobs.bill.close import closed_month, decide
from smsreminders.jobs.bill.prices import closed_with, month_vat
from smsreminders.store.bill.billing import has_rehearsed, usage
from smsreminders.store.bill.closed import ClosedPeriod, closed_periods, days_of, lines_of, totals_of_month, waived_by
from smsreminders.store.database import Database, one_view


@dataclass(frozen=True, slots=True)
class Bill:
    """The lines of a period with their totals, and the days that the regular ones are made of.

    The VAT rate of `terms` is that of its last day. `closed_at` is None while it is open: then it is what a close would
    write down at this moment. `passed_by` is the month that was closed without it: it has no bill of its own and never
    will. A `rehearsal` holds what a gateway that sends nothing reported: nobody owes it. `csv` is the one that was
    printed at the close, where this is the bill of all practices.
    """

    period: Period
    lines: list[InvoiceLine]
    totals: list[Total]
    days: list[Usage]
    terms: MoneyTerms
    closed_at: datetime | None = None
    waived: int = 0
    passed_by: Period | None = None
    rehearsal: bool = False
    csv: str | None = None


def bill(
    db: Database,
    period: Period,
    practices: Sequence[Practice],
    terms: MoneyTerms,
    *,
    rehearsal: bool = False,
) -> Bill:
    """Make the bill of these practices for a period; VAT is taken once on each practice's sum of a VAT rate.

    An open month holds what was rehearsed too where the gateway still sends nothing (`rehearsal`). A closed month is
    shown as it was closed. Raises AdministratorNeeded where it is not that any more.
    """
    ids = {practice.id for practice in practices}
    with one_view(db):
        vat = month_vat(db, terms.vat)(period.last)
        if closed := closed_month(db, period):
            return _closed_bill(db, closed, ids, vat=vat)
        if later := closed_with(closed_periods(db), period):
            held = replace(later.terms, vat=vat)
            return Bill(period, [], [], [], held, later.closed_at, passed_by=later.period)
        days = list(usage(db, period, ids, rehearsed=rehearsal))
        rehearsed = rehearsal and has_rehearsed(db, period)
        closing = decide(db, period, terms=terms, summed=days)
    lines = [charged.line for charged in closing.lines if charged.practice_id in ids]
    waived = sum(waived.practice_id in ids for waived in closing.waived)
    return Bill(
        period, lines, totals_of(lines, practices), days, replace(terms, vat=vat), waived=waived, rehearsal=rehearsed
    )


def _closed_bill(db: Database, closed: ClosedPeriod, practice_ids: Collection[int], *, vat: Decimal) -> Bill:
    totals = totals_of_month(db, closed)
    owed = [total for total in totals if total.practice_id in practice_ids]
    codes = {total.practice for total in owed}
    return Bill(
        closed.period,
        [line for line in lines_of(db, closed) if line.practice in codes],
        owed,
        [day for day in days_of(db, closed) if day.practice in codes],
        replace(closed.terms, vat=vat),
        closed.closed_at,
        waived_by(db, closed, practice_ids),
        csv=closed.csv if owed == totals else None,
    )
