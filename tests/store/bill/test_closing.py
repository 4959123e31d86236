"""Closed months in the database: what is charged once, sealed at the end, and refuses every change from then on."""

import sqlite3
from datetime import date, timedelta
from decimal import Decimal

import pytest

from smsreminders.domain.bill.billing import InvoiceLine, MoneyTerms, Period
from smsreminders.domain.bill.closing import ClosingLine
from smsreminders.domain.bill.totals import Total, VatSum
from smsreminders.domain.legal import LegalDetails
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.store.bill.closed import ClosedPeriod, closed_periods, contents, lines_of, totals_of_month, waived_by
from smsreminders.store.bill.closing import (
    deliveries,
    first_unbilled,
    last_closed,
    next_period_id,
    save_lines,
    save_totals,
    save_waivers,
    seal,
    taken_back,
)
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.patients import Patient
from smsreminders.store.round.statuses import move
from tests.builders import NOW, a_notification, an_appointment

NOVEMBER, DECEMBER = Period(2026, 11), Period(2026, 12)
LEGAL = LegalDetails("Jansen BV", "Laan 1", "1234 AB", "Utrecht", "12345678", "NL123456789B01", "K-7")


@pytest.fixture
def three(db: Database, practice: Practice, patient: Patient) -> list[int]:
    """Three that were delivered in November, of one, two and one segments."""
    return [
        a_notification(
            db, practice, an_appointment(db, practice, patient, f"A{number}"), Status.DELIVERED, text="x" * length
        )
        for number, length in enumerate((10, 200, 10))
    ]


def a_line(practice: Practice, ids: list[int], segments: int) -> ClosingLine:
    line = InvoiceLine(
        period=NOVEMBER,
        practice=practice.code,
        practice_name=practice.name,
        service="Notificaties",
        kind="correction" if segments < 0 else "regular",
        usage_month=NOVEMBER,
        notifications=-len(ids) if segments < 0 else len(ids),
        segments=segments,
        rate=Decimal("0.10"),
        vat_rate=Decimal(21),
        amount=Decimal(segments) / 10,
    )
    return ClosingLine(practice.id, line, tuple(ids))


def a_month(id_: int, period: Period = NOVEMBER) -> ClosedPeriod:
    return ClosedPeriod(id_, period, NOW, MoneyTerms(Decimal("0.10"), Decimal(21), "EUR"), "csv", "1", "2")


def closed(db: Database, practice: Practice, three: list[int]) -> ClosedPeriod:
    """November with a line of two and one that was waived."""
    sums = (VatSum(Decimal(21), Decimal("0.30"), Decimal("0.06")),)
    late = [delivery for delivery in deliveries(db, date.min, date.max) if delivery.notification_id == three[2]]
    with write_transaction(db):
        month = a_month(next_period_id(db))
        save_lines(db, month.id, [a_line(practice, three[:2], 3)])
        save_waivers(db, month.id, late)
        save_totals(db, month.id, [Total(practice.id, practice.code, practice.name, LEGAL, sums)])
        seal(db, month)
    return month


def test_what_was_written_is_read_again(db: Database, practice: Practice, three: list[int]) -> None:
    month = closed(db, practice, three)
    assert closed_periods(db) == [month]
    assert lines_of(db, month) == [a_line(practice, three[:2], 3).line]
    (total,) = totals_of_month(db, month)
    assert (total.practice, total.legal, total.amount) == (practice.code, LEGAL, Decimal("0.30"))
    assert [waived_by(db, month, ids) for ids in ([practice.id], [99], [])] == [1, 0, 0]
    assert (last_closed(db), next_period_id(db)) == (NOVEMBER, month.id + 1)


def test_what_is_charged_or_waived_waits_no_more(db: Database, practice: Practice, three: list[int]) -> None:
    waiting = sorted(
        deliveries(db, date(2026, 11, 1), date(2026, 12, 1)), key=lambda delivery: delivery.notification_id
    )
    assert [(delivery.notification_id, delivery.segments) for delivery in waiting] == list(
        zip(three, [1, 2, 1], strict=True)
    )
    assert list(deliveries(db, date(2026, 12, 1), date.max)) == []
    closed(db, practice, three)
    assert list(deliveries(db, date.min, date.max)) == []


def test_the_first_month_with_something_to_bill_is_after_the_last_closed_month(db: Database, three: list[int]) -> None:
    assert len(three) == 3
    assert first_unbilled(db, None, date.max) == NOVEMBER
    assert first_unbilled(db, None, NOVEMBER.first) is None
    assert first_unbilled(db, NOVEMBER, date.max) is None


def test_what_was_taken_back_has_the_segments_and_the_price_that_were_charged(
    db: Database, practice: Practice, three: list[int]
) -> None:
    closed(db, practice, three)
    assert list(taken_back(db)) == []
    with write_transaction(db):
        move(db, three[1], Status.DELIVERED, Status.FAILED, now=NOW + timedelta(days=1))
    (back,) = taken_back(db)
    assert (back.notification_id, back.segments, back.rate, back.usage_month) == (
        three[1],
        2,
        Decimal("0.10"),
        NOVEMBER,
    )
    with write_transaction(db):
        save_lines(db, 2, [a_line(practice, [three[1]], -2)])
        seal(db, a_month(2, DECEMBER))
    assert list(taken_back(db)) == []


def test_a_month_that_is_not_sealed_is_not_kept(db: Database, practice: Practice, three: list[int]) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"), write_transaction(db):
        save_lines(db, 1, [a_line(practice, three, 4)])
    assert db.execute("select count(*) from invoice_lines").fetchone() == (0,)


def test_a_line_without_its_notifications_is_not_sealed(db: Database, practice: Practice, three: list[int]) -> None:
    db.execute("drop trigger charges_no_delete")
    db.execute("begin")
    save_lines(db, 1, [a_line(practice, three, 4)])
    db.execute("delete from charges where notification_id = ?", [three[0]])
    with pytest.raises(sqlite3.IntegrityError, match="a closed month never changes"):
        seal(db, a_month(1))
    db.execute("rollback")


def test_a_notification_is_charged_once(db: Database, practice: Practice, three: list[int]) -> None:
    closed(db, practice, three)
    with pytest.raises(sqlite3.IntegrityError), write_transaction(db):
        save_lines(db, 2, [a_line(practice, [three[0]], 1)])


def test_the_key_alone_charges_a_notification_once_and_credits_it_once(
    db: Database, practice: Practice, three: list[int]
) -> None:
    closed(db, practice, three)
    for table in ("charges", "invoice_lines"):
        db.execute(f"drop trigger {table}_no_insert")
    save_lines(db, 1, [a_line(practice, [three[0]], -1)])
    for segments in (1, -1):
        with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
            save_lines(db, 1, [a_line(practice, [three[0]], segments)])


@pytest.mark.parametrize("verb", ["insert", "insert or replace", "insert or ignore", "replace"])
@pytest.mark.parametrize(
    "row",
    [
        "closed_periods select * from closed_periods",
        (
            "closed_periods select id + 1, period, closed_at, currency, vat_rate, general_rate, csv, csv_sha256,"
            " contents_sha256, is_restored, last_event from closed_periods"
        ),
        "closed_practices select * from closed_practices",
        "closed_practices select period_id, 9, code, name, '', '', '', '', '', '', '' from closed_practices",
        "closed_totals select period_id, practice_id, vat_rate, '0.00', '0.00' from closed_totals",
        "closed_totals select period_id, practice_id, '9', amount, vat from closed_totals",
        (
            "invoice_lines select id, period_id + 1, practice_id, practice, practice_name, service, kind, usage_month,"
            " notifications, segments, rate, vat_rate, amount from invoice_lines"
        ),
        (
            "invoice_lines select null, period_id, practice_id, practice, practice_name, service, kind, usage_month,"
            " notifications, segments, rate, vat_rate, amount from invoice_lines"
        ),
        "charges select notification_id, is_credit, line_id from charges",
        "charges select notification_id, 1, line_id from charges",
        "waivers select notification_id, period_id from waivers",
        "waivers select notification_id, period_id + 1 from waivers",
        "waivers select 1, 1",
    ],
)
def test_nothing_is_added_to_what_is_closed_or_put_in_its_place(
    db: Database, practice: Practice, three: list[int], verb: str, row: str
) -> None:
    month = closed(db, practice, three)
    before = contents(db, month)
    db.execute("pragma foreign_keys = off")  # as another program may have them
    with pytest.raises(sqlite3.IntegrityError, match="a closed month never changes"):
        db.execute(f"{verb} into {row}")
    assert contents(db, month) == before


@pytest.mark.parametrize(
    "table", ["closed_periods", "closed_practices", "closed_totals", "invoice_lines", "charges", "waivers"]
)
def test_nothing_of_what_is_closed_is_changed_or_removed(
    db: Database, practice: Practice, three: list[int], table: str
) -> None:
    closed(db, practice, three)
    column = db.table(table).columns[1].name
    for change in (f"update {table} set {column} = {column}", f"delete from {table}"):  # noqa: S608
        with pytest.raises(sqlite3.IntegrityError, match="a closed month never changes"):
            db.execute(change)
