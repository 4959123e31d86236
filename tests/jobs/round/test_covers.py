"""Several appointments in one text, from the plan to the claim: what drops out, what is added, and what waits."""

from dataclasses import replace
from datetime import date

import pytest

from smsreminders.domain.appointments import Booking
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.reminders import SkipReason
from smsreminders.domain.round.sending import DeliveryReport, Outgoing, Unavailable
from smsreminders.jobs.bill.evidence import evidence
from smsreminders.jobs.keep.doctor.findings import Verdict
from smsreminders.jobs.keep.doctor.gateway import check_attempts
from smsreminders.store.round.notifications import notifications
from tests.jobs.bench import Bench
from tests.jobs.builders import (
    RATE,
    SCHEDULE,
    ZONE,
    a_cancellation,
    a_patient,
    a_practice,
    a_word,
    an_appointment,
    local,
)

DOWN = Unavailable("down")
TODAY = date(2026, 11, 23)
PHONE = replace(SCHEDULE, combine=Combine.PHONE)
EACH = replace(SCHEDULE, combine=Combine.NONE)


def three_of_a_day(bench: Bench, practice: Practice) -> None:
    """Three appointments of P1 on Tuesday: at 10:30, 11:00 and 15:00."""
    a_patient(bench.db, practice)
    for number, start in enumerate(("10:30", "11:00", "15:00"), 1):
        an_appointment(bench.db, practice, f"A{number}", start=f"2026-11-24 {start}")


def texts(bench: Bench) -> list[tuple[tuple[str, ...], Status, str | None]]:
    return [(each.covers, each.status, each.reason) for each in notifications(bench.db)]


def test_the_appointments_of_a_day_are_one_text_and_one_to_bill(bench: Bench, linde: Practice) -> None:
    three_of_a_day(bench, linde)
    result = bench.round()
    assert (result.queued, result.segments.total(), len(bench.gateway.journal)) == (1, 1, 1)
    assert bench.sms().text == "Beste J. de Vries, dinsdag 24 november om 10:30, 11:00 en 15:00 bij De Linde."
    assert bench.sms().valid_until == local("2026-11-24 10:30")
    assert bench.round().skipped == {SkipReason.ALREADY_REMINDED: 3}


def test_the_daily_limit_counts_the_texts(bench: Bench, linde: Practice) -> None:
    three_of_a_day(bench, linde)
    assert bench.round(schedule=replace(SCHEDULE, daily_limit=1)).held_back == []


@pytest.mark.parametrize(
    ("gone", "covered", "first"),
    [
        ("A1", [(("A1",), Status.CANCELLED, "cancelled"), (("A2", "A3"), Status.SENT, None)], "11:00 en 15:00"),
        ("A2", [(("A1", "A3"), Status.SENT, None)], "10:30 en 15:00"),
        ("A3", [(("A1", "A2"), Status.SENT, None)], "10:30 en 11:00"),
    ],
)
def test_one_that_is_cancelled_between_the_plan_and_the_claim_drops_out(
    bench: Bench, linde: Practice, gone: str, covered: list[tuple[tuple[str, ...], Status, str | None]], first: str
) -> None:
    three_of_a_day(bench, linde)
    bos = a_practice(bench.db, "bos")
    a_patient(bench.db, bos)
    an_appointment(bench.db, bos, "B1", start="2026-11-24 08:00")  # its text goes first

    def cancel_meanwhile(sms: Outgoing) -> None:
        if "08:00" in sms.text:
            with bench.elsewhere() as other:
                a_cancellation(other, linde, gone)

    bench.gateway.at_send = cancel_meanwhile
    bench.round()
    of_linde = [(each.covers, each.status, each.reason) for each in notifications(bench.db, linde.id)]
    assert of_linde == covered
    assert first in bench.sms().text
    assert bench.round().queued == 0


def test_what_is_added_while_a_text_waits_joins_it(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde, "A2", start="2026-11-24 11:00")
    bench.gateway.in_order += [DOWN] * 3
    bench.round()
    an_appointment(bench.db, linde, "A1", start="2026-11-24 10:30")
    bench.round()
    assert texts(bench) == [((), Status.CANCELLED, "combined"), (("A1", "A2"), Status.SENT, None)]


def test_what_is_added_after_a_text_has_gone_is_covered_by_it_if_it_is_later(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde, "A1", start="2026-11-24 10:30")
    bench.round()
    an_appointment(bench.db, linde, "A2", start="2026-11-24 15:00")
    an_appointment(bench.db, linde, "A0", start="2026-11-24 09:00")
    result = bench.round()
    assert (result.queued, result.skipped) == (1, {SkipReason.ALREADY_REMINDED: 1, SkipReason.COVERED: 1})
    assert result.warnings == []
    assert texts(bench) == [(("A1",), Status.SENT, None), (("A0",), Status.SENT, None)]


def test_what_was_covered_has_its_own_text_when_the_other_is_cancelled(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde, "A1", start="2026-11-24 10:30")
    bench.round()
    an_appointment(bench.db, linde, "A2", start="2026-11-24 15:00")
    bench.round()
    a_cancellation(bench.db, linde, "A1")
    assert bench.round().queued == 1
    assert "15:00" in bench.sms().text


def a_family(bench: Bench, practice: Practice) -> None:
    """Two children with the number of one parent, on one day."""
    for number, start in ((1, "10:30"), (2, "11:00")):
        a_patient(bench.db, practice, f"P{number}", phone="06-12345601", name=f"Kind {number}")
        an_appointment(bench.db, practice, f"A{number}", f"P{number}", start=f"2026-11-24 {start}")


def test_a_phone_gets_one_text_that_names_nobody(bench: Bench, linde: Practice) -> None:
    a_family(bench, linde)
    bench.round(schedule=PHONE)
    assert [sms.text for sms in bench.gateway.journal] == ["2 afspraken op 24 november, de eerste om 10:30."]
    assert texts(bench) == [(("A1", "A2"), Status.SENT, None)]


def test_who_withdrew_consent_for_that_phone_does_not_join(bench: Bench, linde: Practice) -> None:
    a_family(bench, linde)
    a_word(bench.db, linde, "P2", given=False)
    assert bench.round(schedule=PHONE).skipped == {SkipReason.CONSENT_WITHDRAWN: 1}
    assert "Kind 1" in bench.sms().text


def test_other_rules_while_a_text_waits_make_it_anew(bench: Bench, linde: Practice) -> None:
    three_of_a_day(bench, linde)
    bench.gateway.in_order += [DOWN] * 3
    bench.round()
    bench.round(schedule=EACH)
    assert texts(bench) == [((f"A{number}",), Status.SENT, None) for number in (1, 2, 3)]


def test_other_rules_text_nobody_anew(bench: Bench, linde: Practice) -> None:
    three_of_a_day(bench, linde)
    bench.round()
    assert [bench.round(schedule=schedule).queued for schedule in (EACH, PHONE)] == [0, 0]


def test_a_text_for_several_that_failed_goes_again_as_one_to_another_number(bench: Bench, linde: Practice) -> None:
    three_of_a_day(bench, linde)
    bench.round()
    bench.gateway.reports = [DeliveryReport(bench.sms().reference, Status.FAILED, "no such number")]
    bench.poll()
    assert bench.round().queued == 0
    a_patient(bench.db, linde, phone="06-87654321")
    assert bench.round().queued == 1
    assert bench.texted() == ["+31612345601", "+31687654321"]
    first, second = notifications(bench.db)
    assert (second.attempt, second.covers) == (2, first.covers)
    bench.gateway.reports = [DeliveryReport(second.reference, Status.FAILED, "no such number")]
    bench.poll()
    a_patient(bench.db, linde, phone="06-11223344")
    assert bench.round().queued == 0


def test_two_attempts_that_both_arrived_are_told_and_shown_beside_each_other(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    bench.round()
    bench.gateway.reports = [DeliveryReport(bench.sms().reference, Status.FAILED, "no such number")]
    bench.poll()
    a_patient(bench.db, linde, phone="06-87654321")
    bench.round()
    assert check_attempts(bench.db, TODAY).verdict is Verdict.OK
    bench.gateway.reports = [DeliveryReport(sms.reference, Status.DELIVERED, "arrived") for sms in bench.gateway.taken]
    bench.poll()
    check = check_attempts(bench.db, TODAY)
    assert (check.verdict, check.found.split()[0]) == (Verdict.WARNING, "1")
    first = evidence(bench.db, "1", general_rate=RATE, zone=ZONE, clock=bench.clock)
    assert [(each.id, each.attempt, each.status) for each in first.other_reminders] == [(2, 2, Status.DELIVERED)]


def test_the_evidence_of_a_family_text_has_the_consent_of_each(bench: Bench, linde: Practice) -> None:
    a_family(bench, linde)
    bench.round(schedule=PHONE)
    of_both = evidence(bench.db, "1", general_rate=RATE, zone=ZONE, clock=bench.clock)
    assert of_both.notification.patient == "P1"
    assert [(other.patient, other.consent is not None) for other in of_both.other_patients] == [("P2", True)]


def test_nothing_else_goes_a_second_time(bench: Bench, linde: Practice) -> None:
    three_of_a_day(bench, linde)
    bench.round()
    a_patient(bench.db, linde, phone="06-87654321")
    assert bench.round().queued == 0  # it was sent, and nothing says that it failed


TWICE = replace(SCHEDULE, remind=(3, 1))


def test_an_appointment_is_reminded_at_each_occasion_once(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde, start="2026-11-27 10:30")
    queued = []
    for day in (23, 24, 25, 26, 27):
        for hour in (9, 14):
            bench.clock.go_to(local(f"2026-11-{day} {hour:02}:00"))
            queued.append(bench.round(schedule=TWICE).queued)
    assert queued == [0, 0, 1, 0, 0, 0, 1, 0, 0, 0]
    assert [(each.occasion, each.attempt) for each in notifications(bench.db)] == [(3, 1), (1, 1)]


def test_who_booked_late_in_the_afternoon_is_not_texted_twice_within_a_day(bench: Bench, linde: Practice) -> None:
    bench.clock.go_to(local("2026-11-25 15:00"))
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde, start="2026-11-27 15:00")
    queued = [bench.round(schedule=TWICE).queued]
    for moment in ("2026-11-26 09:00", "2026-11-26 11:00", "2026-11-27 09:00"):
        bench.clock.go_to(local(moment))
        queued.append(bench.round(schedule=TWICE).queued)
    assert queued == [1, 0, 1, 0]


def test_another_setting_texts_nobody_who_was_reminded_at_a_nearer_occasion(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    bench.round()
    bench.clock.go_to(local("2026-11-23 14:00"))
    assert bench.round(schedule=replace(SCHEDULE, remind=(5, 3, 2))).queued == 0


def test_a_farther_reminder_that_waited_too_long_gives_way_to_the_nearer(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde, start="2026-11-26 10:30")
    bench.gateway.in_order += [DOWN] * 3
    bench.round(schedule=TWICE)
    bench.clock.go_to(local("2026-11-25 09:00"))
    bench.round(schedule=TWICE)
    assert [(each.occasion, each.status, each.reason) for each in notifications(bench.db)] == [
        (3, Status.CANCELLED, "nearer"),
        (1, Status.SENT, None),
    ]


def test_a_cancelled_day_brings_nothing(bench: Bench, linde: Practice) -> None:
    three_of_a_day(bench, linde)
    for number in (1, 2, 3):
        an_appointment(
            bench.db,
            linde,
            f"A{number}",
            start=f"2026-11-24 1{number}:00",
            booking=Booking.CANCELLED,
        )
    assert (bench.round().skipped, bench.texted()) == ({SkipReason.CANCELLED: 3}, [])
