"""What segments cost, and the VAT: what was added to the database, and the configuration's before the first of that."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache

from smsreminders.domain.bill.billing import MoneyTerms, Period, Price, Rate, Vat, VatRate, price_on, vat_rate_on
from smsreminders.domain.bill.prices import rates_in_force, vat_in_force
from smsreminders.store.bill.billing import price_events
from smsreminders.store.bill.closed import ClosedPeriod, closed_periods
from smsreminders.store.database import Database

_NO_PRACTICE = 0  # practices without a rate of their own share one entry of the cache


def all_rates(db: Database, general_rate: Decimal) -> list[Rate]:
    """List the rates that count: the configuration's from the beginning, and those that were added."""
    return [Rate(general_rate, date.min), *rates_in_force(price_events(db))]


def cost(db: Database, segments: Mapping[int, int], *, day: date, general_rate: Decimal) -> Decimal:
    """Price segments, by practice, that were sent on this local date, if all of them are delivered."""
    known = all_rates(db, general_rate)
    return sum((count * price_on(day, practice, known) for practice, count in segments.items()), Decimal(0))


def closed_with(known: Iterable[ClosedPeriod], period: Period) -> ClosedPeriod | None:
    """Find the close in which a month was charged, or which passed it by; None while it is open."""
    return min((month for month in known if month.period >= period), key=lambda month: month.period, default=None)


def month_prices(db: Database, general_rate: Decimal) -> Price:
    """Make the price list by local date and practice; a closed month keeps the general rate of its close."""
    configured, added = _configured(db, lambda terms: terms.rate, general_rate), rates_in_force(price_events(db))
    with_own = {rate.practice_id for rate in added}

    @cache
    def price(day: date, practice_id: int) -> Decimal:
        return price_on(day, practice_id, [Rate(configured(day), date.min), *added])

    return lambda day, practice_id: price(day, practice_id if practice_id in with_own else _NO_PRACTICE)


def month_vat(db: Database, percentage: Decimal) -> Vat:
    """Make the list of VAT rates by local date of sending; a closed month keeps the configuration's of its close."""
    configured, added = _configured(db, lambda terms: terms.vat, percentage), vat_in_force(price_events(db))
    return cache(lambda day: vat_rate_on(day, [VatRate(configured(day), date.min), *added]))


def _configured(db: Database, of_terms: Callable[[MoneyTerms], Decimal], now: Decimal) -> Callable[[date], Decimal]:
    """Find what the configuration had for a local date: that of its month's close, or else what it has now."""
    known = closed_periods(db)

    @cache
    def of_month(month: Period) -> Decimal:
        closed = closed_with(known, month)
        return of_terms(closed.terms) if closed else now

    return lambda day: of_month(Period.of(day))
