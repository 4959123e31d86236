"""What segments cost: the rates of the database, and the general one of the configuration before them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from smsreminders.domain.billing import Rate, price_on
from smsreminders.store.billing import rates
from smsreminders.store.database import Database


def all_rates(db: Database, general_rate: Decimal) -> list[Rate]:
    """The rates that count: the configuration's from the beginning, and those that were added."""
    return [Rate(general_rate, date.min), *rates(db)]


def cost(db: Database, segments: Mapping[int, int], *, day: date, general_rate: Decimal) -> Decimal:
    """What segments, by practice, cost if they were sent on this local date and are delivered."""
    known = all_rates(db, general_rate)
    return sum((count * price_on(day, practice, known) for practice, count in segments.items()), Decimal(0))
