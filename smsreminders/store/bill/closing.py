"""Closing a month: what is to be charged, and the rows that the close writes once and for all."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from datetime import date
from decimal import Decimal

from smsreminders.domain.bill.billing import Period
from smsreminders.domain.bill.closing import ClosingLine, Delivery, TakenBack
from smsreminders.domain.bill.restoring import Bills
from smsreminders.domain.bill.totals import Total
from smsreminders.domain.legal import LEGAL_FIELDS
from smsreminders.store.bill.closed import ClosedPeriod
from smsreminders.store.database import Database
from smsreminders.store.times import date_from_text, from_text, to_text


def last_closed(db: Database) -> Period | None:
    """The newest closed month: what lies before it counts as closed too."""
    (newest,) = db.execute("select max(period) from closed_periods").fetchone()
    return Period.parse(newest) if newest else None


def first_unbilled(db: Database, last: Period | None, before: date) -> Period | None:
    """The first month with a delivered notification that is on no bill: after the last closed month, before a date."""
    row = db.execute(
        "select substr(sent_on, 1, 7) from notifications"
        " where status = 'delivered' and rehearsed = 0 and sent_on >= ? and sent_on < ? order by sent_on limit 1",
        [last.end.isoformat() if last else "", before.isoformat()],
    ).fetchone()
    return Period.parse(row[0]) if row else None


def deliveries(db: Database, first: date, end: date, *, after_event: int | None = None) -> Iterator[Delivery]:
    """The delivered notifications, sent on local dates in [first, end), that are neither charged nor waived.

    With `after_event` only those that became delivered by a later event than the one with this id.
    """
    news = "n.id in (select notification_id from notification_events where id > ? and status = 'delivered')"
    is_among = "" if after_event is None else f" and {news}"
    own = "" if after_event is None else "+"  # so that SQLite goes by the events and not by the days of sending
    rows = db.execute(
        "select n.id, n.practice_id, p.code, p.name, s.name, n.sent_at, n.sent_on, n.delivered_at, n.segments"
        " from notifications n join practices p on p.id = n.practice_id join services s on s.id = n.service_id"
        f" where n.rehearsed = 0 and {own}n.status = 'delivered' and {own}n.sent_on >= ? and {own}n.sent_on < ?"
        f"{is_among}"
        " and not exists (select 1 from charges c where c.notification_id = n.id)"
        " and not exists (select 1 from waivers w where w.notification_id = n.id)",
        [first.isoformat(), end.isoformat(), *([] if after_event is None else [after_event])],
    )
    untold = _untold(db)
    for id_, practice_id, code, name, service, sent_at, sent_on, known_at, segments in rows:
        if untold and Bills(practice_id, service, Period.of(date_from_text(sent_on)), False) in untold:
            continue
        moments = (from_text(sent_at), date_from_text(sent_on), from_text(known_at))
        yield Delivery(id_, practice_id, code, name, service, *moments, segments)


def taken_back(db: Database) -> Iterator[TakenBack]:
    """The notifications that were charged, are not delivered any more, and are not credited yet."""
    rows = db.execute(
        "select n.id, l.practice_id, p.code, p.name, l.service, l.usage_month, n.segments, l.rate,"
        " l.vat_rate"
        " from notifications n indexed by notifications_taken_back"
        " join charges c on c.notification_id = n.id and c.is_credit = 0"
        " join invoice_lines l on l.id = c.line_id join practices p on p.id = l.practice_id"
        " where n.status = 'failed' and n.delivered_at is not null"
        " and not exists (select 1 from charges x where x.notification_id = n.id and x.is_credit = 1)"
    )
    untold = _untold(db)
    for id_, practice_id, code, name, service, month, segments, *charged in rows:
        if untold and Bills(practice_id, service, Period.parse(month), True) in untold:
            continue
        yield TakenBack(id_, practice_id, code, name, service, Period.parse(month), segments, *map(Decimal, charged))


def _untold(db: Database) -> set[Bills]:
    """Find what is billed or credited by a line that was taken back without its notifications: no more of it is."""
    rows = db.execute(
        "select l.practice_id, l.service, l.usage_month, l.segments < 0 from invoice_lines l"
        " join closed_periods p on p.id = l.period_id where p.is_restored = 1"
        " and not exists (select 1 from charges c where c.line_id = l.id)"
    )
    return {
        Bills(practice_id, service, Period.parse(month), bool(credit)) for practice_id, service, month, credit in rows
    }


def last_event(db: Database) -> int:
    """The id of the newest event of all notifications, 0 where there is none: ids go up with every event."""
    (newest,) = db.execute("select coalesce(max(id), 0) from notification_events").fetchone()
    return int(newest)


def next_period_id(db: Database) -> int:
    """The id that the month being closed will get: its row is written last, when all else of it is there."""
    (id_,) = db.execute("select coalesce(max(id), 0) + 1 from closed_periods").fetchone()
    return int(id_)


def save_lines(db: Database, period_id: int, lines: Iterable[ClosingLine]) -> None:
    """Write the lines of a closed month's bill, each with the notifications that it charges or credits."""
    for closing_line in lines:
        line = closing_line.line
        (line_id,) = db.execute(
            "insert into invoice_lines (period_id, practice_id, practice, practice_name, service, kind, usage_month,"
            " notifications, segments, rate, vat_rate, amount)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id",
            [
                period_id,
                closing_line.practice_id,
                line.practice,
                line.practice_name,
                line.service,
                line.kind,
                str(line.usage_month),
                line.notifications,
                line.segments,
                str(line.rate),
                str(line.vat_rate),
                str(line.amount),
            ],
        ).fetchone()
        db.execute(
            "insert into charges (notification_id, is_credit, line_id) select value, ?, ? from json_each(?)",
            [int(line.segments < 0), line_id, json.dumps(closing_line.notification_ids)],
        )


def save_waivers(db: Database, period_id: int, waived: Iterable[Delivery]) -> None:
    """Write which notifications are waived by a close: they are never billed."""
    db.execute(
        "insert into waivers (notification_id, period_id) select value, ? from json_each(?)",
        [period_id, json.dumps([delivery.notification_id for delivery in waived])],
    )


def save_totals(db: Database, period_id: int, totals: Iterable[Total]) -> None:
    """Write what each practice owes for a closed month, with its name and legal details as they are now."""
    for total in totals:
        db.execute(
            f"insert into closed_practices (period_id, practice_id, code, name, {', '.join(LEGAL_FIELDS)})"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [period_id, total.practice_id, total.practice, total.practice_name, *astuple(total.legal)],
        )
        for vat_sum in total.sums:
            db.execute(
                "insert into closed_totals (period_id, practice_id, vat_rate, amount, vat) values (?, ?, ?, ?, ?)",
                [period_id, total.practice_id, str(vat_sum.vat_rate), str(vat_sum.amount), str(vat_sum.vat)],
            )


def seal(db: Database, closed: ClosedPeriod) -> None:
    """Write the row of the closed month itself: from then on the database refuses every change of that month."""
    db.execute(
        "insert into closed_periods (id, period, closed_at, currency, vat_rate, general_rate, csv, csv_sha256,"
        " contents_sha256, is_restored, last_event) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            closed.id,
            str(closed.period),
            to_text(closed.closed_at),
            closed.terms.currency,
            str(closed.terms.vat),
            str(closed.terms.rate),
            closed.csv,
            closed.csv_sha256,
            closed.contents_sha256,
            int(closed.is_restored),
            closed.last_event,
        ],
    )
