"""What segments cost: the rates of the database, and the general one of the configuration before them."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache

from smsreminders.domain.billing import Period, Rate, price_on
from smsreminders.domain.closing import Price
from smsreminders.store.billing import rates
from smsreminders.store.closed import ClosedPeriod, closed_periods
from smsreminders.store.database import Database

_NO_PRACTICE = 0  # practices without a rate of their own share one entry of the cache


def all_rates(db: Database, general_rate: Decimal) -> list[Rate]:
    """List the rates that count: the configuration's from the beginning, and those that were added."""
    return [Rate(general_rate, date.min), *rates(db)]


def cost(db: Database, segments: Mapping[int, int], *, day: date, general_rate: Decimal) -> Decimal:
    """Price segments, by practice, that were sent on this local date, if all of them are delivered."""
    known = all_rates(db, general_rate)
    return sum((count * price_on(day, practice, known) for practice, count in segments.items()), Decimal(0))


def closed_with(known: Iterable[ClosedPeriod], period: Period) -> ClosedPeriod | None:
    """Find the close in which a month was charged, or which passed it by; None while it is open."""
    return min((month for month in known if month.period >= period), key=lambda month: month.period, default=None)


def month_prices(db: Database, general_rate: Decimal) -> Price:
    """Make the price list by local date and practice; a closed month keeps the general rate of its close."""
    known, added = closed_periods(db), rates(db)
    with_own = {rate.practice_id for rate in added}

    @cache
    def price(day: date, practice_id: int) -> Decimal:
        closed = closed_with(known, Period.of(day))
        return price_on(day, practice_id, [Rate(closed.terms.rate if closed else general_rate, date.min), *added])

    return lambda day, practice_id: price(day, practice_id if practice_id in with_own else _NO_PRACTICE)
