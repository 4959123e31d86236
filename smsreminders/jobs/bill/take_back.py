"""Take a closed month back from its CSV, after a restore: it is closed with these bytes, and billed no second time."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from smsreminders.domain.bill.billing import MoneyTerms, Period
from smsreminders.domain.bill.closing import ClosingLine
from smsreminders.domain.bill.months import LastClose, check_taken_back
from smsreminders.domain.bill.restoring import restored_lines
from smsreminders.domain.bill.totals import Total, totals_of
from smsreminders.domain.clock import Clock
from smsreminders.domain.practices import Practice
from smsreminders.errors import InputFileError, UsageError
from smsreminders.jobs.bill.close import AsCsv, digest_of, note_last_close
from smsreminders.jobs.bill.closed_csv import ClosedCsv
from smsreminders.jobs.bill.prices import month_prices, month_vat
from smsreminders.store.bill.closed import ClosedPeriod, closed_periods, contents
from smsreminders.store.bill.closing import (
    deliveries,
    first_unbilled,
    last_closed,
    next_period_id,
    save_lines,
    save_totals,
    seal,
    taken_back,
)
from smsreminders.store.bill.last_close import close_beside, forget_close_beside
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.practices import all_practices


@dataclass(frozen=True, slots=True)
class TakeBackResult:
    """The month that was taken back, its lines, and how many of them have notifications that this database knows."""

    period: Period
    lines: int
    known: int


def take_back(db: Database, closed: ClosedCsv, *, terms: MoneyTerms, as_csv: AsCsv, clock: Clock) -> TakeBackResult:
    """Close a month with the bytes of its CSV. What a line can only be about is charged by it.

    Of the rest of that practice's service and month nothing more is billed, for it may be on this bill. Raises
    InputFileError for a file that isn't the one that was closed, UsageError where another month comes first.
    """
    with write_transaction(db):
        digest, beside = sha256(closed.text.encode()).hexdigest(), close_beside(db)
        period = _period(closed, digest, beside)
        standing = next((month for month in closed_periods(db) if month.period == period), None)
        if standing is None:
            last = last_closed(db)
            check_taken_back(period, digest, last, first_unbilled(db, last, period.first), beside)
            lines, totals = _understood(db, closed, terms)
            if as_csv([restored.line for restored in lines], totals, closed.currency or terms.currency) != closed.text:
                raise InputFileError(
                    f"the CSV of {period} was changed since: give it as `report --format csv` wrote it"
                )
            _save(db, lines, totals, closed=closed, period=period, terms=terms, now=clock.now())
        elif standing.csv != closed.text:
            raise UsageError(f"{period} is closed here already, with other bytes: nothing was changed")
        else:
            lines = []
    note_last_close(db)
    return TakeBackResult(period, len(lines), sum(bool(line.notification_ids) for line in lines))


def never_sent(db: Database, period: Period) -> None:
    """Forget the last close, whose bill never went to anybody: the month may be closed anew. Raises UsageError."""
    beside = close_beside(db)
    if beside is None or beside.period != period or any(month.period == period for month in closed_periods(db)):
        raise UsageError(f"{period} is not a month that was closed last and is lost: nothing was changed")
    forget_close_beside(db)


def _period(closed: ClosedCsv, digest: str, beside: LastClose | None) -> Period:
    if closed.period:
        return closed.period
    if beside and beside.sha256 == digest:
        return beside.period
    raise UsageError("the CSV has no line: nothing in it can be billed twice, so nothing need be taken back")


def _understood(db: Database, closed: ClosedCsv, terms: MoneyTerms) -> tuple[list[ClosingLine], list[Total]]:
    """Find the practices and notifications of the lines, and the totals under the names of that time."""
    practices = {practice.code: practice for practice in all_practices(db, removed=True)}
    if unknown := {line.practice for line in closed.lines} - practices.keys():
        raise UsageError(f"there is no practice {', '.join(sorted(unknown))}: add it first, then run this again")
    months = {line.usage_month for line in closed.lines}
    lines = restored_lines(
        closed.lines,
        {code: practice.id for code, practice in practices.items()},
        deliveries=(delivery for month in sorted(months) for delivery in deliveries(db, month.first, month.end)),
        taken_back=taken_back(db),
        price=month_prices(db, terms.rate),
        vat=month_vat(db, terms.vat),
    )
    names = {line.practice: line.practice_name for line in closed.lines}
    return lines, totals_of(closed.lines, _as_then(practices.values(), names, closed))


def _as_then(practices: Iterable[Practice], names: dict[str, str], closed: ClosedCsv) -> list[Practice]:
    return [
        replace(
            practice,
            name=names[practice.code],
            legal=replace(practice.legal, buyer_reference=closed.references[practice.code]),
        )
        for practice in practices
        if practice.code in names
    ]


def _save(
    db: Database,
    lines: list[ClosingLine],
    totals: list[Total],
    *,
    closed: ClosedCsv,
    period: Period,
    terms: MoneyTerms,
    now: datetime,
) -> None:
    id_, held = next_period_id(db), replace(terms, currency=closed.currency or terms.currency)
    save_lines(db, id_, lines)
    save_totals(db, id_, totals)
    at = now.replace(microsecond=0)
    month = ClosedPeriod(id_, period, at, held, closed.text, digest_of(closed.text), "", is_restored=True)
    seal(db, replace(month, contents_sha256=digest_of(contents(db, month))))
