"""Closes over a real database: the vectors, what an open bill shows, and that none charges twice or loses anything."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from smsreminders.domain.bill.billing import Period, Rate, VatRate
from smsreminders.domain.bill.totals import VatSum
from smsreminders.domain.legal import LegalDetails
from smsreminders.domain.round.notifications import Status
from smsreminders.errors import AdministratorNeeded, UsageError
from smsreminders.jobs.bill.show import Bill
from smsreminders.jobs.desk.practice import rename_practice
from smsreminders.store.database import opened, write_transaction
from smsreminders.store.practices import change_practice, practice_by_code
from tests.builders import a_database, add_rate, add_vat, as_text
from tests.growing import Steps, counted, grow
from tests.jobs.builders import another_name
from tests.jobs.clock import FixedClock
from tests.jobs.ledger import Ledger

VECTORS = json.loads((Path(__file__).parents[2] / "data" / "billing-vectors.json").read_text(encoding="utf-8"))
OCTOBER, NOVEMBER, DECEMBER, JANUARY = Period(2026, 10), Period(2026, 11), Period(2026, 12), Period(2027, 1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@contextmanager
def a_ledger(folder: Path) -> Iterator[Ledger]:
    with opened(a_database(folder)) as db:
        db.execute("pragma synchronous = off")  # no power is cut here
        yield Ledger(db, FixedClock(at("2026-10-01T08:00:00Z")))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with a_ledger(tmp_path) as made:
        yield made


def kinds(bill: Bill) -> list[tuple[str, str, int, str]]:
    """What a bill charges: kind, usage month, segments and amount of each line."""
    return [(line.kind, str(line.usage_month), line.segments, str(line.amount)) for line in bill.lines]


# The vectors

LINE = ("service", "kind", "usage_month", "messages", "segments", "amount_cents")


def play(ledger: Ledger, case: dict[str, Any]) -> Iterator[tuple[dict[str, Any], Bill]]:
    """Everything of a vector in the order of its times; each close with what it must be."""
    happenings: list[tuple[datetime, int, str, dict[str, Any]]] = []
    for notification in case["notifications"]:
        if notification.get("test"):
            continue  # a test text has no notification
        happenings.append((at(notification["sent_at"]), 0, notification["id"], notification))
        happenings += [(at(event["recorded_at"]), 1, notification["id"], event) for event in notification["events"]]
    expected = zip(case["closes"], case["expect"], strict=True)
    happenings += [(at(close["closed_at"]), 2, close["period"], must) for close, must in expected]
    for moment, what, name, details in sorted(happenings, key=lambda happening: happening[:3]):
        match what, details.get("status"):
            case 0, _:
                about = {
                    "practice": details["practice_id"],
                    "service": details["service"],
                    "segments": details["segments"],
                }
                ledger.sent(name, moment, **about)
            case 1, "reversed":
                ledger.taken_back(name, moment)
            case 1, ("delivered" | "failed" | "expired" | "sent") as status:
                ledger.told(name, Status(status), moment)
            case 2, _:
                yield details, ledger.close(Period.parse(name), moment)


def rate_of(ledger: Ledger, rate: dict[str, Any]) -> Rate:
    owner = ledger.practice(rate["practice_id"]).id if "practice_id" in rate else None
    return Rate(Decimal(rate["rate"]), date.fromisoformat(rate["valid_from"]), owner)


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: str(case["id"]))
def test_a_vector_is_closed_as_it_says(ledger: Ledger, case: dict[str, Any]) -> None:
    ledger.vat = Decimal(case["vat_rate"])
    with write_transaction(ledger.db):
        for rate in case["rates"]:
            add_rate(ledger.db, rate_of(ledger, rate))
    closes = 0
    for expected, bill in play(ledger, case):
        closes += 1
        lines = {
            invoice["practice_id"]: [
                (*(line[key] for key in LINE), Decimal(line["rate"]), sorted(line["notification_ids"]))
                for line in invoice["lines"]
            ]
            for invoice in expected["invoices"]
        }
        assert by_practice(ledger, bill) == lines
        assert [
            (total.practice, total.amount * 100, total.vat * 100, total.with_vat * 100) for total in bill.totals
        ] == [
            (invoice["practice_id"], invoice["subtotal_cents"], invoice["vat_cents"], invoice["total_cents"])
            for invoice in expected["invoices"]
        ]
    assert closes == len(case["closes"])
    waived = ledger.db.execute("select notification_id from waivers").fetchall()
    assert ledger.names([id_ for (id_,) in waived]) == sorted(case["expect_written_off"])


def by_practice(ledger: Ledger, bill: Bill) -> dict[str, list[tuple[Any, ...]]]:
    """The lines of a closed bill with the notifications that the database links to each."""
    linked = ledger.db.execute(
        "select l.id, json_group_array(c.notification_id) from invoice_lines l join closed_periods p"
        " on p.id = l.period_id join charges c on c.line_id = l.id where p.period = ? group by l.id order by l.id",
        [str(bill.period)],
    ).fetchall()
    lines: dict[str, list[tuple[Any, ...]]] = {}
    for line, (_, ids) in zip(bill.lines, linked, strict=True):
        cents = line.amount * 100
        about = (line.service, line.kind, str(line.usage_month), line.notifications, line.segments, cents, line.rate)
        lines.setdefault(line.practice, []).append((*about, ledger.names(json.loads(ids))))
    return lines


# What an open bill shows


def two_months(ledger: Ledger) -> None:
    """October closed with one text; then a late one of it, one of it taken back, one too late, and November's own."""
    ledger.delivered("billed", at("2026-10-20T08:00:00Z"), segments=2)
    ledger.sent("late", at("2026-10-31T08:00:00Z"), segments=3)
    ledger.sent("too late", at("2026-10-02T08:00:00Z"))
    ledger.close(OCTOBER, at("2026-11-05T06:00:00Z"))
    ledger.told("late", Status.DELIVERED, at("2026-11-06T08:00:00Z"))
    ledger.told("too late", Status.DELIVERED, at("2026-11-20T08:00:00Z"))
    ledger.delivered("november", at("2026-11-21T08:00:00Z"), practice="P2")
    ledger.taken_back("billed", at("2026-11-22T08:00:00Z"))


def test_an_open_bill_shows_late_corrected_and_waived_ones_as_its_close_will(ledger: Ledger) -> None:
    two_months(ledger)
    shown = ledger.bill(NOVEMBER)
    assert kinds(shown) == [
        ("correction", "2026-10", -2, "-0.20"),
        ("late", "2026-10", 3, "0.30"),
        ("regular", "2026-11", 1, "0.10"),
    ]
    closed = ledger.close(NOVEMBER, at("2026-12-05T06:00:00Z"))
    assert (shown.lines, shown.totals, shown.days, shown.waived) == (
        closed.lines,
        closed.totals,
        closed.days,
        closed.waived,
    )
    assert (shown.waived, shown.closed_at) == (1, None)


def test_what_was_waived_is_counted_for_its_own_practice_only(ledger: Ledger) -> None:
    two_months(ledger)
    practices = [ledger.practice(code) for code in ("P1", "P2")]
    assert [ledger.bill(NOVEMBER, [practice]).waived for practice in practices] == [1, 0]
    ledger.close(NOVEMBER, at("2026-12-05T06:00:00Z"))
    assert [ledger.bill(NOVEMBER, [practice]).waived for practice in practices] == [1, 0]


def test_late_and_correction_lines_stand_on_the_month_that_is_closed_next_only(ledger: Ledger) -> None:
    two_months(ledger)
    ledger.delivered("december", at("2026-12-02T08:00:00Z"))
    assert kinds(ledger.bill(DECEMBER)) == [("regular", "2026-12", 1, "0.10")]
    with pytest.raises(UsageError, match="close 2026-11 first"):
        ledger.close(DECEMBER, at("2027-01-05T06:00:00Z"))


def test_a_renamed_practice_has_one_line_of_a_kind_under_its_new_name(ledger: Ledger) -> None:
    for name in ("one", "two"):
        ledger.delivered(name, at("2026-10-20T08:00:00Z"))
    ledger.close(OCTOBER, at("2026-11-05T06:00:00Z"))
    another_name(ledger.db, ledger.practice("P1"), "Nieuw")
    ledger.delivered("three", at("2026-11-06T08:00:00Z"))
    ledger.taken_back("one", at("2026-11-07T08:00:00Z"))
    ledger.close(NOVEMBER, at("2026-12-05T06:00:00Z"))
    ledger.taken_back("two", at("2026-12-07T08:00:00Z"))
    ledger.taken_back("three", at("2026-12-07T08:00:00Z"))
    another_name(ledger.db, ledger.practice("P1"), "Nieuwer")
    bill = ledger.close(DECEMBER, at("2027-01-05T06:00:00Z"))
    assert [(line.practice_name, line.usage_month, line.notifications) for line in bill.lines] == [
        ("Nieuwer", OCTOBER, -1),
        ("Nieuwer", NOVEMBER, -1),
    ]
    assert {line.practice_name for line in ledger.bill(OCTOBER).lines} == {"Praktijk P1"}
    assert {total.practice_name for total in ledger.bill(NOVEMBER).totals} == {"Nieuw"}


def test_late_ones_have_the_price_of_their_own_months_close(ledger: Ledger) -> None:
    ledger.sent("late", at("2026-10-31T08:00:00Z"))
    ledger.close(OCTOBER, at("2026-11-05T06:00:00Z"))
    ledger.told("late", Status.DELIVERED, at("2026-11-06T08:00:00Z"))
    ledger.general_rate = Decimal("0.70")
    assert kinds(ledger.close(NOVEMBER, at("2026-12-05T06:00:00Z"))) == [("late", "2026-10", 1, "0.10")]


def test_late_and_correction_lines_have_the_vat_rate_of_their_own_months_close(ledger: Ledger) -> None:
    two_months(ledger)
    ledger.delivered("own", at("2026-11-23T08:00:00Z"), segments=10)
    ledger.vat = Decimal(9)
    shown = ledger.bill(NOVEMBER)
    assert [(line.kind, line.vat_rate) for line in shown.lines if line.practice == "P1"] == [
        ("correction", Decimal(21)),
        ("late", Decimal(21)),
        ("regular", Decimal(9)),
    ]
    assert shown.totals[0].sums == (
        VatSum(Decimal(9), Decimal("1.00"), Decimal("0.09")),
        VatSum(Decimal(21), Decimal("0.10"), Decimal("0.02")),
    )
    assert (shown.totals[0].amount, shown.totals[0].with_vat) == (Decimal("1.10"), Decimal("1.21"))
    assert ledger.close(NOVEMBER, at("2026-12-05T06:00:00Z")).totals == shown.totals


def test_the_vat_rate_is_that_of_the_day_of_sending(ledger: Ledger) -> None:
    with write_transaction(ledger.db):
        add_vat(ledger.db, VatRate(Decimal(9), date(2026, 10, 31)))
    ledger.delivered("before", at("2026-10-30T08:00:00Z"), segments=2)
    ledger.delivered("from then on", at("2026-10-31T08:00:00Z"))
    ledger.sent("late", at("2026-10-30T09:00:00Z"))
    shown = ledger.bill(OCTOBER)
    assert [(line.segments, line.vat_rate) for line in shown.lines] == [(1, Decimal(9)), (2, Decimal(21))]
    assert [vat_sum.vat_rate for vat_sum in shown.totals[0].sums] == [Decimal(9), Decimal(21)]
    assert ledger.close(OCTOBER, at("2026-11-05T06:00:00Z")).lines == shown.lines
    ledger.told("late", Status.DELIVERED, at("2026-11-06T08:00:00Z"))
    ledger.taken_back("from then on", at("2026-11-06T08:00:00Z"))
    ledger.vat = Decimal(5)
    assert [(line.kind, line.vat_rate) for line in ledger.bill(NOVEMBER).lines] == [
        ("correction", Decimal(9)),
        ("late", Decimal(21)),
    ]


def test_late_and_correction_lines_are_in_the_currency_of_the_months_before(ledger: Ledger) -> None:
    two_months(ledger)
    ledger.currency = "USD"
    with pytest.raises(AdministratorNeeded, match=r"late or correction lines in EUR, and billing\.currency is USD"):
        ledger.close(NOVEMBER, at("2026-12-05T06:00:00Z"))
    with pytest.raises(AdministratorNeeded, match="close one more month in EUR first"):
        ledger.bill(NOVEMBER)
    ledger.currency = "EUR"
    ledger.close(NOVEMBER, at("2026-12-05T06:00:00Z"))
    ledger.currency = "USD"
    ledger.delivered("december", at("2026-12-06T08:00:00Z"))
    assert ledger.close(DECEMBER, at("2027-01-05T06:00:00Z")).terms.currency == "USD"


def test_the_legal_details_are_those_of_the_close(ledger: Ledger) -> None:
    ledger.delivered("one", at("2026-10-20T08:00:00Z"))
    details = LegalDetails("P1 BV", "Laan 1", "1234 AB", "Utrecht", "12345678", "NL123456789B01", "K-7")
    with write_transaction(ledger.db):
        change_practice(ledger.db, replace(ledger.practice("P1"), legal=details))
    assert ledger.close(OCTOBER, at("2026-11-05T06:00:00Z")).totals[0].legal == details
    with write_transaction(ledger.db):
        change_practice(ledger.db, replace(ledger.practice("P1"), legal=LegalDetails()))
    assert ledger.bill(OCTOBER).totals[0].legal == details


def test_the_csv_is_the_one_that_was_printed_whatever_is_printed_today(ledger: Ledger) -> None:
    two_months(ledger)
    closed = ledger.close(NOVEMBER, at("2026-12-05T06:00:00Z"))
    assert closed.csv == as_text(closed.lines, closed.totals, "EUR")
    assert ledger.bill(NOVEMBER, [ledger.practice("P1")]).csv is None  # of one practice there is none


def test_a_bill_is_read_in_one_view(ledger: Ledger) -> None:
    two_months(ledger)
    seen: list[bool] = []
    ledger.db.conn.set_trace_callback(lambda _: seen.append(ledger.db.conn.in_transaction))
    ledger.bill(NOVEMBER, [ledger.practice("P1")])
    ledger.db.conn.set_trace_callback(None)
    assert seen.count(False) <= 3  # looking for the practice, and the beginning itself
    assert seen.count(True) > 5


def test_what_a_closed_bill_shows_of_a_practice_is_of_no_other(ledger: Ledger) -> None:
    ledger.delivered("one", at("2026-10-20T08:00:00Z"))
    ledger.delivered("two", at("2026-10-21T08:00:00Z"), practice="P2")
    ledger.close(OCTOBER, at("2026-11-05T06:00:00Z"))
    bill = ledger.bill(OCTOBER, [ledger.practice("P2")])
    assert [line.practice for line in bill.lines] == ["P2"]
    assert [total.practice for total in bill.totals] == ["P2"]
    assert [(day.practice, day.sent_on) for day in bill.days] == [("P2", date(2026, 10, 21))]


def test_a_renamed_practice_keeps_its_closed_bill_and_is_corrected_under_its_new_code(ledger: Ledger) -> None:
    ledger.delivered("one", at("2026-10-20T08:00:00Z"), segments=2)
    ledger.delivered("other", at("2026-10-20T08:00:00Z"), practice="P2")
    closed = ledger.close(OCTOBER, at("2026-11-05T06:00:00Z"))
    rename_practice(ledger.db, "P1", "p-new")
    renamed = practice_by_code(ledger.db, "p-new")
    assert ledger.bill(OCTOBER) == closed
    assert [line.practice for line in ledger.bill(OCTOBER, [renamed]).lines] == ["P1"]
    ledger.taken_back("one", at("2026-11-06T08:00:00Z"))
    for bill in (ledger.bill(NOVEMBER), ledger.close(NOVEMBER, at("2026-12-05T06:00:00Z"))):
        assert [(line.practice, str(line.amount)) for line in bill.lines] == [("p-new", "-0.20")]
        assert [(total.practice, str(total.amount)) for total in bill.totals] == [("p-new", "-0.20")]
    assert ledger.bill(OCTOBER) == closed


def test_what_was_taken_back_before_the_close_is_never_billed_whatever_is_reported_again(ledger: Ledger) -> None:
    ledger.delivered("one", at("2026-10-20T08:00:00Z"))
    ledger.taken_back("one", at("2026-10-21T08:00:00Z"))
    ledger.told("one", Status.DELIVERED, at("2026-10-22T08:00:00Z"))
    assert kinds(ledger.close(OCTOBER, at("2026-11-05T06:00:00Z"))) == []


def steps_of_november(ledger: Ledger, before: int) -> tuple[int, int]:
    """The steps of a look at November and of its close, after an October of so many texts."""
    ledger.delivered("one", at("2026-10-20T08:00:00Z"))
    ledger.delivered("two", at("2026-11-20T08:00:00Z"))
    ledger.db.execute("pragma foreign_keys = off")
    about = {"id": "1000 + n", "reference": "'r' || n", "gateway_id": "'g' || n", "revision": "1000 + n"}
    with write_transaction(ledger.db):
        grow(ledger.db.conn, "notifications", before, about)
        grow(ledger.db.conn, "notification_events", before, {"id": "1000 + n", "notification_id": "1000 + n"})
    ledger.close(OCTOBER, at("2026-11-30T06:00:00Z"))
    look, close = Steps(), Steps()
    with counted(ledger.db, look):
        ledger.bill(NOVEMBER)
    with counted(ledger.db, close):
        ledger.close(NOVEMBER, at("2026-12-05T06:00:00Z"))
    return look.taken, close.taken


def test_a_close_looks_no_more_at_what_the_close_before_it_has_billed(tmp_path: Path) -> None:
    taken = []
    for before in (10, 1000):
        (tmp_path / str(before)).mkdir()
        with a_ledger(tmp_path / str(before)) as ledger:
            taken.append(steps_of_november(ledger, before))
    few, many = taken
    assert all(more <= 1.1 * less for less, more in zip(few, many, strict=True))


def test_what_becomes_known_after_a_close_by_a_clock_that_was_set_back_is_late_all_the_same(ledger: Ledger) -> None:
    ledger.sent("one", at("2026-10-20T08:00:00Z"))
    ledger.close(OCTOBER, at("2026-11-20T06:00:00Z"))
    ledger.told("one", Status.DELIVERED, at("2026-11-01T08:00:00Z"))
    for bill in (ledger.bill(NOVEMBER), ledger.close(NOVEMBER, at("2026-12-05T06:00:00Z"))):
        assert kinds(bill) == [("late", "2026-10", 1, "0.10")]


def test_a_close_looks_at_the_clock_when_it_has_the_lock(tmp_path: Path) -> None:
    """What is known by the moment of a close is in it: the moment is not before the one of what is gathered."""
    with a_ledger(tmp_path) as ledger:
        read: list[bool] = []

        class Watched(FixedClock):
            def now(self) -> datetime:
                read.append(ledger.db.conn.in_transaction)
                return super().now()

        ledger.clock = Watched(at("2026-11-05T06:00:00Z"))
        ledger.close(OCTOBER, at("2026-11-05T06:00:00Z"))
        assert read == [True]
