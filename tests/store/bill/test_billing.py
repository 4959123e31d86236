"""Rates as they were added, and what was delivered of what was sent on each local date of a month."""

from datetime import date
from decimal import Decimal

import pytest

from smsreminders.domain.bill.billing import Period, Usage
from smsreminders.domain.bill.prices import Priced, PriceEvent, Verb
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import AccountName
from smsreminders.store.bill.billing import price_events, save_price_event, usage
from smsreminders.store.database import Database
from smsreminders.store.patients import Patient
from smsreminders.store.round.claims import claim
from tests.builders import NOW, a_notification, a_patient, a_practice, a_reminder, a_service, an_appointment

NOVEMBER = Period(2026, 11)
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


def days_of(db: Database, practice_ids: list[int], period: Period = NOVEMBER) -> list[tuple[date, int, int]]:
    return [(day.sent_on, day.notifications, day.segments) for day in usage(db, period, practice_ids)]


# Rates


def test_what_was_added_and_removed_is_kept_to_the_last_digit_as_it_was_done(db: Database) -> None:
    practice = a_practice(db)
    said = [
        PriceEvent(NOW, "anna", Priced.RATE, Verb.ADDED, Decimal("0.1000"), LAST),
        PriceEvent(NOW, "bo", Priced.RATE, Verb.ADDED, Decimal("0.0875"), FIRST, practice.id),
        PriceEvent(NOW, "bo", Priced.VAT, Verb.ADDED, Decimal("5.50"), FIRST),
        PriceEvent(NOW, "bo", Priced.RATE, Verb.REMOVED, Decimal("0.1000"), LAST),
    ]
    for event in said:
        save_price_event(db, event)
    assert price_events(db) == said
    assert [str(event.amount) for event in price_events(db)] == ["0.1000", "0.0875", "5.50", "0.1000"]


# Usage


@pytest.mark.parametrize("status", list(Status))
def test_only_what_was_delivered_is_used(db: Database, practice: Practice, patient: Patient, status: Status) -> None:
    a_notification(db, practice, an_appointment(db, practice, patient), status)
    expected = [(NOW.date(), 1, 1)] if status is Status.DELIVERED else []
    assert days_of(db, [practice.id]) == expected


def test_a_month_is_half_open_by_the_local_date_of_sending(db: Database, practice: Practice, patient: Patient) -> None:
    days = [date(2026, 10, 31), FIRST, LAST, date(2026, 12, 1)]
    for number, day in enumerate(days):
        appointment = an_appointment(db, practice, patient, f"A{number}")
        a_notification(db, practice, appointment, Status.DELIVERED, today=day, now=NOW)
    assert days_of(db, [practice.id]) == [(FIRST, 1, 1), (LAST, 1, 1)]
    assert days_of(db, [practice.id], NOVEMBER.previous) == [(days[0], 1, 1)]
    assert days_of(db, [practice.id], Period(2026, 12)) == [(days[3], 1, 1)]


def test_a_year_ends_with_december(db: Database, practice: Practice, patient: Patient) -> None:
    for number, day in enumerate([date(2026, 12, 31), date(2027, 1, 1)]):
        appointment = an_appointment(db, practice, patient, f"A{number}")
        a_notification(db, practice, appointment, Status.DELIVERED, today=day)
    assert days_of(db, [practice.id], Period(2026, 12)) == [(date(2026, 12, 31), 1, 1)]
    assert days_of(db, [practice.id], Period(2027, 1)) == [(date(2027, 1, 1), 1, 1)]


def test_notifications_and_their_segments_are_added_up_by_day(
    db: Database, practice: Practice, patient: Patient
) -> None:
    texts = {"A1": "Kort.", "A2": "x" * 161, "A3": "x" * 307, "A4": "Kort."}
    for source_id, text in texts.items():
        day = LAST if source_id == "A4" else FIRST
        appointment = an_appointment(db, practice, patient, source_id)
        a_notification(db, practice, appointment, Status.DELIVERED, text=text, today=day)
    assert days_of(db, [practice.id]) == [(FIRST, 3, 1 + 2 + 3), (LAST, 1, 1)]


def test_usage_is_of_a_service_of_a_practice_by_code_name_and_day(db: Database) -> None:
    expected = []
    for code in ("noord", "zuid"):
        practice = a_practice(db, code, name=f"Praktijk {code}")
        service = a_service(db, practice, f"Dienst {code}")
        patient = a_patient(db, practice)
        for day in (LAST, FIRST):
            appointment = an_appointment(db, practice, patient, str(day))
            a_notification(db, practice, appointment, Status.DELIVERED, today=day)
        expected += [Usage(practice.id, code, practice.name, service.name, day, 1, 1) for day in (FIRST, LAST)]
    assert list(usage(db, NOVEMBER, [1, 2])) == expected
    assert list(usage(db, NOVEMBER, [2])) == expected[2:]
    assert list(usage(db, NOVEMBER, [])) == []


def test_a_service_is_billed_for_what_was_sent_by_it(db: Database, patient: Patient, practice: Practice) -> None:
    """The service of the claim counts, not the one that reminders are assigned to today."""
    a_notification(db, practice, an_appointment(db, practice, patient), Status.DELIVERED)
    db.execute("update services set enabled = 0")
    a_service(db, practice, "Ander")
    a_notification(db, practice, an_appointment(db, practice, patient, "A2"), Status.DELIVERED)
    assert [(day.service, day.notifications) for day in usage(db, NOVEMBER, [practice.id])] == [
        ("Ander", 1),
        ("Notificaties", 1),
    ]


def test_the_segments_of_the_claim_are_billed(db: Database, practice: Practice, patient: Patient) -> None:
    appointment = an_appointment(db, practice, patient)
    id_ = a_notification(db, practice, appointment, text="Kort.")
    longer = a_reminder(db, practice, appointment, text="x" * 161)
    claim(db, [(id_, longer, "S", AccountName("sandbox"))], now=NOW, today=FIRST)
    db.execute("update notifications set status = 'delivered', delivered_at = sent_at, gateway_segments = 9")
    assert days_of(db, [practice.id]) == [(FIRST, 1, 2)]
