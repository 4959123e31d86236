"""What is otherwise on a bill than on the closed one before it."""

from smsreminders.domain.bill.billing import MoneyTerms, Period
from smsreminders.domain.bill.terms import Change, changes, terms_of
from smsreminders.domain.bill.totals import totals_of
from smsreminders.jobs.bill.close import decide
from smsreminders.store.bill.billing import usage
from smsreminders.store.bill.closed import closed_periods, lines_of, totals_of_month
from smsreminders.store.database import Database, one_view
from smsreminders.store.practices import all_practices


def changes_since_last(db: Database, period: Period, terms: MoneyTerms) -> list[Change]:
    """List which terms of a month's bill are otherwise than on the closed one before; none on the first."""
    with one_view(db):
        known = closed_periods(db)
        before = [month for month in known if month.period < period]
        this = next((month for month in known if month.period == period), None)
        if not before or (this is None and any(month.period > period for month in known)):
            return []
        last = before[-1]
        was = terms_of(last.terms, lines_of(db, last), totals_of_month(db, last))
        if this:
            return changes(was, terms_of(this.terms, lines_of(db, this), totals_of_month(db, this)))
        practices = all_practices(db, removed=True)
        days = list(usage(db, period, {practice.id for practice in practices}))
        lines = [charged.line for charged in decide(db, period, terms=terms, summed=days).lines]
        return changes(was, terms_of(terms, lines, totals_of(lines, practices)))
