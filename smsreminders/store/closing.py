"""Closed months: written once, in one transaction, and never changed."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from smsreminders.domain.billing import InvoiceLine, Period, Usage
from smsreminders.domain.closing import ClosingLine, Delivery, TakenBack
from smsreminders.store.database import Database
from smsreminders.store.times import date_from_text, from_text, to_text


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """A closed month, with what held when it was closed."""

    id: int
    period: Period
    closed_at: datetime
    currency: str
    vat_rate: Decimal
    general_rate: Decimal
    csv_sha256: str


@dataclass(frozen=True, slots=True)
class ClosedPractice:
    """What a practice owes for a closed month, as it was called then; `legal` is in one line."""

    practice_id: int
    code: str
    name: str
    legal: str
    amount: Decimal
    vat: Decimal


def closed_periods(db: Database) -> list[ClosedPeriod]:
    """Every closed month, the oldest first."""
    rows = db.execute(
        "select id, period, closed_at, currency, vat_rate, general_rate, csv_sha256 from closed_periods order by period"
    )
    return [
        ClosedPeriod(id_, Period.parse(period), from_text(at), currency, Decimal(vat), Decimal(rate), digest)
        for id_, period, at, currency, vat, rate, digest in rows
    ]


def last_closed(db: Database) -> Period | None:
    """The newest closed month: what lies before it counts as closed too."""
    (newest,) = db.execute("select max(period) from closed_periods").fetchone()
    return Period.parse(newest) if newest else None


def first_unbilled(db: Database, last: Period | None, before: date) -> Period | None:
    """The first month after the last closed one, and before a date, with something delivered: it is on no bill yet."""
    row = db.execute(
        "select substr(sent_on, 1, 7) from notifications where status = 'delivered' and sent_on >= ? and sent_on < ?"
        " order by sent_on limit 1",
        [last.end.isoformat() if last else "", before.isoformat()],
    ).fetchone()
    return Period.parse(row[0]) if row else None


def deliveries(db: Database, first: date, end: date) -> Iterator[Delivery]:
    """What was delivered of what was sent on local dates in [first, end), and is neither charged nor waived."""
    rows = db.execute(
        "select n.id, n.practice_id, p.code, p.name, s.name, n.sent_at, n.sent_on, n.delivered_at, n.segments"
        " from notifications n join practices p on p.id = n.practice_id join services s on s.id = n.service_id"
        " where n.status = 'delivered' and n.sent_on >= ? and n.sent_on < ?"
        " and not exists (select 1 from charges c where c.notification_id = n.id)"
        " and not exists (select 1 from waivers w where w.notification_id = n.id)",
        [first.isoformat(), end.isoformat()],
    )
    for id_, practice_id, code, name, service, sent_at, sent_on, known_at, segments in rows:
        moments = (from_text(sent_at), date_from_text(sent_on), from_text(known_at))
        yield Delivery(id_, practice_id, code, name, service, *moments, segments)


def taken_back(db: Database) -> Iterator[TakenBack]:
    """What was charged, is delivered no more, and is not credited yet."""
    rows = db.execute(
        "select n.id, l.practice_id, l.practice, p.name, l.service, l.usage_month, n.segments, l.rate"
        " from notifications n join charges c on c.notification_id = n.id and c.is_credit = 0"
        " join invoice_lines l on l.id = c.line_id join practices p on p.id = l.practice_id where n.status = 'failed'"
        " and not exists (select 1 from charges x where x.notification_id = n.id and x.is_credit = 1)"
    )
    for id_, practice_id, code, name, service, month, segments, rate in rows:
        yield TakenBack(id_, practice_id, code, name, service, Period.parse(month), segments, Decimal(rate))


def save_period(db: Database, closed: ClosedPeriod, lines: Iterable[ClosingLine], waived: Iterable[int]) -> int:
    """Write a closed month with its lines and the notifications that each is made of; its id."""
    (period_id,) = db.execute(
        "insert into closed_periods (period, closed_at, currency, vat_rate, general_rate, csv_sha256)"
        " values (?, ?, ?, ?, ?, ?) returning id",
        [
            str(closed.period),
            to_text(closed.closed_at),
            closed.currency,
            str(closed.vat_rate),
            str(closed.general_rate),
            closed.csv_sha256,
        ],
    ).fetchone()
    for one in lines:
        line = one.line
        (line_id,) = db.execute(
            "insert into invoice_lines (period_id, practice_id, practice, practice_name, service, kind, usage_month,"
            " notifications, segments, rate, amount) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id",
            [
                period_id,
                one.practice_id,
                line.practice,
                line.practice_name,
                line.service,
                line.kind,
                str(line.usage_month),
                line.notifications,
                line.segments,
                str(line.rate),
                str(line.amount),
            ],
        ).fetchone()
        db.execute(
            "insert into charges (notification_id, is_credit, line_id) select value, ?, ? from json_each(?)",
            [int(line.segments < 0), line_id, json.dumps(one.notification_ids)],
        )
    db.execute(
        "insert into waivers (notification_id, period_id) select value, ? from json_each(?)",
        [period_id, json.dumps(list(waived))],
    )
    return int(period_id)


def save_practice(db: Database, period_id: int, closed: ClosedPractice) -> None:
    """Write what a practice owes for a closed month."""
    db.execute(
        "insert into closed_practices (period_id, practice_id, code, name, legal, amount, vat)"
        " values (?, ?, ?, ?, ?, ?, ?)",
        [
            period_id,
            closed.practice_id,
            closed.code,
            closed.name,
            closed.legal,
            str(closed.amount),
            str(closed.vat),
        ],
    )


def lines_of(db: Database, closed: ClosedPeriod) -> list[InvoiceLine]:
    """The lines of a closed month, as they were written."""
    rows = db.execute(
        "select practice, practice_name, service, kind, usage_month, notifications, segments, rate, amount"
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
            Decimal(amount),
        )
        for code, name, service, kind, month, count, segments, rate, amount in rows
    ]


def practices_of(db: Database, closed: ClosedPeriod) -> list[ClosedPractice]:
    """What each practice owes for a closed month."""
    rows = db.execute(
        "select practice_id, code, name, legal, amount, vat from closed_practices where period_id = ? order by code",
        [closed.id],
    )
    return [
        ClosedPractice(id_, code, name, legal, Decimal(amount), Decimal(vat))
        for id_, code, name, legal, amount, vat in rows
    ]


def days_of(db: Database, closed: ClosedPeriod) -> list[Usage]:
    """What the regular lines of a closed month are made of, by the local date of sending."""
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
    """How many notifications of these practices were waived when a month was closed."""
    (count,) = db.execute(
        "select count(*) from waivers w join notifications n on n.id = w.notification_id"
        " where w.period_id = ? and n.practice_id in (select value from json_each(?))",
        [closed.id, json.dumps(list(practice_ids))],
    ).fetchone()
    return int(count)
