"""Reading closed months: terms, lines, totals and days, just as the close wrote them."""

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from smsreminders.domain.bill.billing import InvoiceLine, MoneyTerms, Period, Usage
from smsreminders.domain.bill.totals import Total, VatSum
from smsreminders.domain.legal import LEGAL_FIELDS, LegalDetails
from smsreminders.store.database import Database
from smsreminders.store.times import date_from_text, from_text, to_text


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """A closed month, with what held when it was closed; `csv` is its bill as it was printed then."""

    id: int
    period: Period
    closed_at: datetime
    terms: MoneyTerms
    csv: str
    csv_sha256: str
    contents_sha256: str
    is_restored: bool = False  # taken back from its CSV: its lines may have no notifications of their own
    last_event: int | None = None  # the newest event that the close knew; None: nobody can tell which it knew


_TERMS = "id, period, closed_at, currency, vat_rate, general_rate"
_CONTENTS = (  # what `contents_sha256` is of: changed here, every closed month would count as damaged
    (
        f"select practice_id, code, name, {', '.join(LEGAL_FIELDS)} from closed_practices"
        " where period_id = :id order by practice_id"
    ),
    "select practice_id, vat_rate, amount, vat from closed_totals where period_id = :id order by practice_id, vat_rate",
    (
        "select id, practice_id, practice, practice_name, service, kind, usage_month, notifications, segments, rate,"
        " vat_rate, amount from invoice_lines where period_id = :id order by id"
    ),
    (
        "select c.notification_id, c.is_credit, c.line_id from invoice_lines l join charges c on c.line_id = l.id"
        " where l.period_id = :id order by c.line_id, c.notification_id"
    ),
    "select notification_id from waivers where period_id = :id order by notification_id",
)


def closed_periods(db: Database) -> list[ClosedPeriod]:
    """Every closed month, the oldest first."""
    rows = db.execute(
        f"select {_TERMS}, csv, csv_sha256, contents_sha256, is_restored, last_event"
        " from closed_periods order by period"
    )
    return [
        ClosedPeriod(
            id_,
            Period.parse(period),
            from_text(at),
            MoneyTerms(Decimal(rate), Decimal(vat), currency),
            text,
            text_sha256,
            contents_sha256,
            bool(is_restored),
            last_event,
        )
        for id_, period, at, currency, vat, rate, text, text_sha256, contents_sha256, is_restored, last_event in rows
    ]


def contents(db: Database, closed: ClosedPeriod) -> str:
    """All that is kept of a closed month except its CSV, as one text of which a SHA-256 can be taken."""
    terms = [str(closed.period), to_text(closed.closed_at), closed.terms.currency, str(closed.terms.vat)]
    rows = [db.execute(query, {"id": closed.id}).fetchall() for query in _CONTENTS]
    return json.dumps([*terms, str(closed.terms.rate), closed.is_restored, *rows])


def lines_of(db: Database, closed: ClosedPeriod) -> list[InvoiceLine]:
    """The lines of a closed month's bill, in the order in which they were written."""
    rows = db.execute(
        "select practice, practice_name, service, kind, usage_month, notifications, segments, rate, vat_rate, amount"
        " from invoice_lines where period_id = ? order by id",
        [closed.id],
    )
    return [
        InvoiceLine(
            closed.period,
            code,
            name,
            service,
            kind,
            Period.parse(month),
            count,
            segments,
            Decimal(rate),
            Decimal(vat_rate),
            Decimal(amount),
        )
        for code, name, service, kind, month, count, segments, rate, vat_rate, amount in rows
    ]


def totals_of_month(db: Database, closed: ClosedPeriod) -> list[Total]:
    """What each practice owes for a closed month, by code."""
    sums: dict[int, list[VatSum]] = defaultdict(list)
    for id_, rate, amount, vat in db.execute(
        "select practice_id, vat_rate, amount, vat from closed_totals where period_id = ?", [closed.id]
    ):
        sums[id_].append(VatSum(Decimal(rate), Decimal(amount), Decimal(vat)))
    rows = db.execute(
        f"select practice_id, code, name, {', '.join(LEGAL_FIELDS)} from closed_practices"
        " where period_id = ? order by code",
        [closed.id],
    )
    return [
        Total(id_, code, name, LegalDetails(*legal), tuple(sorted(sums[id_], key=lambda vat_sum: vat_sum.vat_rate)))
        for id_, code, name, *legal in rows
    ]


def days_of(db: Database, closed: ClosedPeriod) -> list[Usage]:
    """The delivered notifications and segments of a closed month's regular lines, by the local date of sending."""
    rows = db.execute(
        "select l.practice_id, l.practice, l.practice_name, l.service, n.sent_on, count(*), sum(n.segments)"
        " from invoice_lines l join charges c on c.line_id = l.id join notifications n on n.id = c.notification_id"
        " where l.period_id = ? and l.kind = 'regular'"
        " group by l.practice, l.service, n.sent_on order by l.practice, l.service, n.sent_on",
        [closed.id],
    )
    return [
        Usage(practice_id, code, name, service, date_from_text(day), notifications, segments)
        for practice_id, code, name, service, day, notifications, segments in rows
    ]


def waived_by(db: Database, closed: ClosedPeriod, practice_ids: Collection[int]) -> int:
    """Count the notifications of these practices that were waived when a month was closed."""
    (count,) = db.execute(
        "select count(*) from waivers w join notifications n on n.id = w.notification_id"
        " where w.period_id = ? and n.practice_id in (select value from json_each(?))",
        [closed.id, json.dumps(list(practice_ids))],
    ).fetchone()
    return int(count)
