"""The bill of an open month: what was delivered of what was sent in it, by practice, service and rate."""

from datetime import date
from decimal import Decimal

from smsreminders.domain.bill.billing import InvoiceLine, MoneyTerms, Period, Rate
from smsreminders.domain.bill.totals import Total, VatSum
from smsreminders.domain.practices import REMINDERS_BY_SMS, Practice, ServiceType
from smsreminders.domain.round.notifications import Status, Word
from smsreminders.domain.round.sending import DeliveryReport, Rejected, Uncertain
from smsreminders.jobs.bill.show import Bill, bill
from smsreminders.jobs.desk import service
from smsreminders.jobs.desk.settle import settle
from smsreminders.store.database import write_transaction
from tests.builders import RECEPTION, add_rate
from tests.jobs.bench import Bench
from tests.jobs.builders import RATE, SERVICE, a_patient, an_appointment, local, phone_of

NOVEMBER, DECEMBER = Period(2026, 11), Period(2026, 12)
VAT = Decimal(21)


def delivered(bench: Bench, practice: Practice, *numbers: int, on: str = "2026-11-23 09:00", name: str = "Bo") -> None:
    """Texts to P1, P2, ... for the next day, sent at this moment and delivered."""
    bench.clock.go_to(local(on))
    for number in numbers:
        a_patient(bench.db, practice, f"P{number}", name=name)
        tomorrow = f"{on[:8]}{int(on[8:10]) + 1:02} 12:00"
        an_appointment(bench.db, practice, f"A{number}", f"P{number}", start=tomorrow)
    before = len(bench.gateway.journal)
    bench.round()
    reports = [DeliveryReport(sms.reference, Status.DELIVERED, "ok") for sms in bench.gateway.journal[before:]]
    bench.gateway.reports = reports
    bench.poll()


def billed(bench: Bench, *practices: Practice, period: Period = NOVEMBER) -> Bill:
    return bill(bench.db, period, practices, MoneyTerms(RATE, VAT, "EUR"))


def line(practice: Practice, notifications: int, segments: int, rate: str, amount: str) -> InvoiceLine:
    return InvoiceLine(
        period=NOVEMBER,
        practice=practice.code,
        practice_name=practice.name,
        service=SERVICE,
        kind="regular",
        usage_month=NOVEMBER,
        notifications=notifications,
        segments=segments,
        rate=Decimal(rate),
        vat_rate=VAT,
        amount=Decimal(amount),
    )


def a_total(practice: Practice, amount: str, vat: str) -> Total:
    sums = VatSum(VAT, Decimal(amount), Decimal(vat))
    return Total(practice.id, practice.code, practice.name, practice.legal, (sums,))


def test_what_was_delivered_is_billed_with_vat(bench: Bench, linde: Practice) -> None:
    delivered(bench, linde, 1, 2, 3)
    bill = billed(bench, linde)
    assert (bill.period, bill.lines) == (NOVEMBER, [line(linde, 3, 3, "0.10", "0.30")])
    assert bill.totals == [a_total(linde, "0.30", "0.06")]
    assert bill.totals[0].with_vat == Decimal("0.36")


def test_segments_are_billed_as_they_were_frozen(bench: Bench, linde: Practice) -> None:
    delivered(bench, linde, 1, name="Zoë Şahin " * 4)
    a_patient(bench.db, linde, name="Bo")
    assert billed(bench, linde).lines == [line(linde, 1, 2, "0.10", "0.20")]


def test_each_day_of_the_month_is_told(bench: Bench, linde: Practice) -> None:
    delivered(bench, linde, 1, on="2026-11-23 09:00")
    delivered(bench, linde, 2, 3, on="2026-11-25 09:00")
    bill = billed(bench, linde)
    assert [(day.sent_on, day.notifications, day.segments) for day in bill.days] == [
        (date(2026, 11, 23), 1, 1),
        (date(2026, 11, 25), 2, 2),
    ]


def test_what_is_not_delivered_is_not_billed(bench: Bench, linde: Practice) -> None:
    bench.gateway.by_phone = {phone_of("P1"): Rejected("no such number"), phone_of("P2"): Uncertain("time-out")}
    for number in (1, 2, 3, 4):
        a_patient(bench.db, linde, f"P{number}")
        an_appointment(bench.db, linde, f"A{number}", f"P{number}")
    bench.round()
    bench.gateway.reports = [DeliveryReport(bench.sms().reference, Status.FAILED, "undeliv")]
    bench.poll()
    bill = billed(bench, linde)
    assert (bill.lines, bill.totals, bill.days) == ([], [], [])


def test_what_a_person_takes_back_is_not_billed(bench: Bench, linde: Practice) -> None:
    delivered(bench, linde, 1, 2)
    settle(bench.db, str(bench.notification("A1").id), Word.NOT_DELIVERED, clock=bench.clock, access=RECEPTION)
    assert billed(bench, linde).lines == [line(linde, 1, 1, "0.10", "0.10")]


def test_a_month_is_that_of_sending_in_local_time(bench: Bench, linde: Practice) -> None:
    delivered(bench, linde, 1, on="2026-10-30 19:00")
    delivered(bench, linde, 2, on="2026-12-01 08:00")
    assert [len(billed(bench, linde, period=period).lines) for period in (NOVEMBER, DECEMBER)] == [0, 1]


def test_each_rate_has_its_line_rounded_half_up(bench: Bench, linde: Practice) -> None:
    with write_transaction(bench.db):
        add_rate(bench.db, Rate(Decimal("0.095"), date(2026, 11, 24)))
    delivered(bench, linde, 1, on="2026-11-23 09:00")
    delivered(bench, linde, 2, on="2026-11-24 09:00")
    bill = billed(bench, linde)
    assert bill.lines == [line(linde, 1, 1, "0.095", "0.10"), line(linde, 1, 1, "0.10", "0.10")]
    assert bill.totals == [a_total(linde, "0.20", "0.04")]


def test_vat_is_taken_once_on_the_sum(bench: Bench, linde: Practice) -> None:
    with write_transaction(bench.db):
        for day in (24, 25):
            add_rate(bench.db, Rate(Decimal("0.12") + Decimal(day) / 1000, date(2026, 11, day)))
    for number, day in enumerate((23, 24, 25), 1):
        delivered(bench, linde, number, on=f"2026-11-{day} 09:00")
    bill = billed(bench, linde)
    assert [line.amount for line in bill.lines] == [Decimal("0.10"), Decimal("0.14"), Decimal("0.15")]
    assert [(total.amount, total.vat) for total in bill.totals] == [(Decimal("0.39"), Decimal("0.08"))]


def test_each_service_has_its_line(bench: Bench, linde: Practice) -> None:
    delivered(bench, linde, 1)
    service.enable(bench.db, linde, SERVICE, enabled=False)
    service.add_service(bench.db, linde, "Avondpost", ServiceType.NOTIFICATIONS, REMINDERS_BY_SMS)
    delivered(bench, linde, 2, 3)
    assert [(line.service, line.notifications) for line in billed(bench, linde).lines] == [
        ("Avondpost", 2),
        (SERVICE, 1),
    ]


def test_each_practice_is_billed_for_itself(bench: Bench, linde: Practice, duin: Practice) -> None:
    delivered(bench, linde, 1)
    delivered(bench, duin, 2, 3)
    both = billed(bench, linde, duin)
    assert both.lines == [line(duin, 2, 2, "0.10", "0.20"), line(linde, 1, 1, "0.10", "0.10")]
    assert [(total.practice, total.amount) for total in both.totals] == [
        ("linde", Decimal("0.10")),
        ("duin", Decimal("0.20")),
    ]
    assert billed(bench, duin).lines == both.lines[:1]


def test_a_month_without_deliveries_has_no_lines(bench: Bench, linde: Practice) -> None:
    assert (billed(bench, linde).lines, billed(bench, linde).totals) == ([], [])
