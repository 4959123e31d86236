"""Close a month: decide what it charges and write it down for good, in one transaction."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from hashlib import sha256
from itertools import chain

from smsreminders.domain.billing import InvoiceLine, Period, vat_on
from smsreminders.domain.closing import Closing, close
from smsreminders.domain.months import check_order, check_time
from smsreminders.errors import AdministratorNeeded
from smsreminders.jobs.clock import Clock
from smsreminders.jobs.pricing import month_prices
from smsreminders.store.closing import (
    ClosedPeriod,
    ClosedPractice,
    closed_periods,
    deliveries,
    first_unbilled,
    last_closed,
    lines_of,
    save_period,
    save_practice,
    taken_back,
)
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.practices import all_practices

AsCsv = Callable[[Sequence[InvoiceLine], str], str]


def closed_month(db: Database, period: Period, as_csv: AsCsv) -> ClosedPeriod | None:
    """The month if it is closed. Raises AdministratorNeeded where its lines are no more what was closed."""
    found = next((one for one in closed_periods(db) if one.period == period), None)
    if found and _digest(as_csv(lines_of(db, found), found.currency)) != found.csv_sha256:
        raise AdministratorNeeded(
            f"the bill of {period} is not the one that was closed (its SHA-256 differs): put the last backup back"
        )
    return found


def close_month(
    db: Database,
    period: Period,
    *,
    general_rate: Decimal,
    vat: Decimal,
    currency: str,
    zone: tzinfo,
    force: bool,
    as_csv: AsCsv,
    clock: Clock,
) -> None:
    """Close a month for all practices; one that is closed stays as it is.

    Gathers and writes in one transaction, so a report that comes meanwhile is either in it or late. Raises
    TryAgainLater before its time, UsageError where another month comes first.
    """
    with write_transaction(db):
        now = clock.now()  # not before the lock: what was known by then is in what is gathered
        if any(one.period == period for one in closed_periods(db)):
            return
        check_time(period, now, zone, force=force)
        last = last_closed(db)
        check_order(period, last, first_unbilled(db, last, period.first))
        closing = decide(db, period, general_rate=general_rate)
        lines = [one.line for one in closing.lines]
        digest = _digest(as_csv(lines, currency))
        month = ClosedPeriod(0, period, _whole_seconds(now), currency, vat, general_rate, digest)
        period_id = save_period(db, month, closing.lines, [one.notification_id for one in closing.waived])
        for practice in all_practices(db):
            own = [line.amount for line in lines if line.practice == practice.code]
            if own:
                amount = sum(own, Decimal(0))
                legal, sums = practice.legal.in_one_line(), (amount, vat_on(amount, vat))
                save_practice(db, period_id, ClosedPractice(practice.id, practice.code, practice.name, legal, *sums))


def decide(db: Database, period: Period, *, general_rate: Decimal) -> Closing:
    """What closing an open month would charge at this moment.

    At the general rate of the configuration, or that of the close that a month was charged or passed by in. Late and
    correction lines stand on the month that is closed next, so not where another comes first.
    """
    price, last = month_prices(db, general_rate), last_closed(db)
    own = deliveries(db, period.first, period.end)
    if last is None or first_unbilled(db, last, period.first):
        return close(period, own, [], last_closed=last, price=price)
    late = deliveries(db, date.min, last.end)
    return close(period, chain(late, own), taken_back(db), last_closed=last, price=price)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _whole_seconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
