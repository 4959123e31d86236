"""Close a month: decide what it charges and write it down for good, in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from hashlib import sha256
from itertools import chain

from smsreminders.domain.bill.billing import InvoiceLine, MoneyTerms, Period, Usage
from smsreminders.domain.bill.closing import Closing, check_currency, close
from smsreminders.domain.bill.months import LastClose, check_order, check_time, is_forgotten
from smsreminders.domain.bill.totals import Total, totals_of
from smsreminders.domain.clock import Clock
from smsreminders.errors import AdministratorNeeded
from smsreminders.jobs.bill.prices import month_prices, month_vat
from smsreminders.store.bill.billing import has_rehearsed
from smsreminders.store.bill.closed import ClosedPeriod, closed_periods, contents
from smsreminders.store.bill.closing import (
    deliveries,
    first_unbilled,
    last_closed,
    last_event,
    next_period_id,
    save_lines,
    save_totals,
    save_waivers,
    seal,
    taken_back,
)
from smsreminders.store.bill.last_close import close_beside, note_close_beside
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.practices import all_practices

AsCsv = Callable[[Sequence[InvoiceLine], Sequence[Total], str], str]


def closed_month(db: Database, period: Period) -> ClosedPeriod | None:
    """Look up a closed month; None while it is open. Raises AdministratorNeeded where it is no more what was closed."""
    month = next((month for month in closed_periods(db) if month.period == period), None)
    if month and (digest_of(month.csv), digest_of(contents(db, month))) != (month.csv_sha256, month.contents_sha256):
        raise AdministratorNeeded(
            f"the bill of {period} is not the one that was closed (its SHA-256 differs): put the last backup back"
        )
    return month


def close_month(
    db: Database,
    period: Period,
    *,
    terms: MoneyTerms,
    zone: tzinfo,
    force: bool,
    as_csv: AsCsv,
    clock: Clock,
) -> None:
    """Close a month for all practices; one that is closed stays as it is.

    Gathers and writes in one transaction, so a report that comes meanwhile is either in it or late. Raises
    TryAgainLater before its time, UsageError where another month comes first. The guards come before it.
    """
    with write_transaction(db):
        now = clock.now()  # not before the lock: what was known by then is in what is gathered
        if all(month.period != period for month in closed_periods(db)):
            check_time(period, now, zone, force=force)
            _close(db, period, terms=terms, as_csv=as_csv, now=now)
    note_last_close(db)


def refuse_rehearsed(db: Database, period: Period) -> None:
    """Refuse to close a month in which texts were rehearsed, while the gateway still sends nothing.

    Raises AdministratorNeeded.
    """
    if has_rehearsed(db, period):
        raise AdministratorNeeded(
            f"{period} was rehearsed: the gateway of the configuration sends nothing, and nobody owes anything for it; "
            "configure a real one ([gateway]), then close the month: what was rehearsed is in no bill"
        )


def note_last_close(db: Database) -> None:
    """Write the newest closed month beside the lock, unless a later one stands there, which is to be taken back yet."""
    newest, beside = closed_periods(db)[-1], close_beside(db)
    last = LastClose(newest.period, newest.csv_sha256)
    if beside is None or (beside != last and beside.period <= last.period):
        note_close_beside(db, last)


def _close(db: Database, period: Period, *, terms: MoneyTerms, as_csv: AsCsv, now: datetime) -> None:
    last = last_closed(db)
    check_order(period, last, first_unbilled(db, last, period.first))
    closing = decide(db, period, terms=terms)
    id_, lines = next_period_id(db), [charged.line for charged in closing.lines]
    save_lines(db, id_, closing.lines)
    save_waivers(db, id_, closing.waived)
    totals = totals_of(lines, all_practices(db, removed=True))
    save_totals(db, id_, totals)
    csv = as_csv(lines, totals, terms.currency)
    at, digest = _whole_seconds(now), digest_of(csv)
    month = ClosedPeriod(id_, period, at, terms, csv, digest, "", last_event=last_event(db))
    seal(db, replace(month, contents_sha256=digest_of(contents(db, month))))


def decide(
    db: Database,
    period: Period,
    *,
    terms: MoneyTerms,
    summed: Sequence[Usage] | None = None,
) -> Closing:
    """Decide what closing an open month would charge now; for a mere look, pass its usage by day as `summed`.

    A look takes as many rows as there are sums, the close itself each notification. Late ones are those that became
    delivered since the last close: by the order of the events, since a clock may have leapt.

    At the rate and VAT rate of the day of sending; before the first that was added those of these terms, or of the
    close that a month was charged or passed by in. Late and
    correction lines stand on the month that is closed next, so not where another comes first. Raises
    AdministratorNeeded where they are in another currency.
    """
    price, vat, known = month_prices(db, terms.rate), month_vat(db, terms.vat), closed_periods(db)
    last = known[-1] if known else None
    own = deliveries(db, period.first, period.end) if summed is None else ()
    days = summed or ()
    if last is None or first_unbilled(db, last.period, period.first):
        return close(period, own, [], summed=days, last_closed=None, price=price, vat=vat)
    late = deliveries(db, date.min, last.period.end, after_event=last.last_event)
    closing = close(
        period, chain(late, own), taken_back(db), summed=days, last_closed=last.period, price=price, vat=vat
    )
    check_currency(closing, last.terms.currency, terms.currency)
    return closing


def month_to_close(db: Database, now: datetime, zone: tzinfo, *, patience: timedelta = timedelta(0)) -> Period | None:
    """Find the first month that could have been closed for as long as `patience`, and isn't."""
    this_month = Period.of(now.astimezone(zone).date())
    waiting = first_unbilled(db, last_closed(db), this_month.first)
    return waiting if is_forgotten(waiting, now, zone, patience=patience) else None


def digest_of(text: str) -> str:
    """Take the SHA-256 of a text."""
    return sha256(text.encode()).hexdigest()


def _whole_seconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
