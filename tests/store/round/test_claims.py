"""Claims: what a claim freezes, what the gateway answered, and what a dead run left behind."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import NEVER_SENT, Status
from smsreminders.domain.round.sending import Accepted, AccountName
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.patients import Patient
from smsreminders.store.round.claims import accept, claim, in_sending
from smsreminders.store.round.notifications import Event, events_of
from smsreminders.store.round.statuses import move
from tests.builders import (
    NOW,
    TOMORROW,
    a_notification,
    a_patient,
    a_practice,
    a_reminder,
    a_service,
    an_appointment,
)
from tests.store.rows import row, shown

TODAY = date(2026, 11, 23)
LATER = NOW + timedelta(hours=5)
MINUTE = timedelta(minutes=1)


# The claim


def test_a_claim_freezes_number_text_segments_and_day(
    db: Database, practice: Practice, patient: Patient, appointment: int
) -> None:
    id_ = a_notification(db, practice, appointment, phone="+31600000000", text="Oud")
    before = shown(db, id_)
    text = "Nieuw. " * 30
    by = AccountName("spryng", "noord")
    claim(
        db,
        [(id_, a_reminder(db, practice, appointment, phone="+31612345678", text=text), "Anders", by)],
        now=LATER,
        today=date(2026, 11, 24),
    )
    claimed = shown(db, id_)
    assert claimed == replace(
        before,
        phone="+31612345678",
        sender_id="Anders",
        text=text,
        segments=2,
        status=Status.SENDING,
        gateway="spryng",
        account="noord",
        sent_at=LATER,
    )
    assert row(db, id_)["sent_on"] == "2026-11-24"
    assert events_of(db, id_)[-1] == Event(LATER, Status.SENDING, None, None)
    a_patient(db, practice, phone="06-99999999")
    an_appointment(db, practice, patient, starts_at=TOMORROW + MINUTE, revision=2)
    assert shown(db, id_) == claimed


@pytest.mark.parametrize("status", sorted(set(Status) - NEVER_SENT - {Status.QUEUED}))
def test_what_may_have_been_sent_is_not_claimed(
    db: Database, practice: Practice, appointment: int, status: Status
) -> None:
    id_ = a_notification(db, practice, appointment, status)
    before = row(db, id_)
    reminder = a_reminder(db, practice, appointment, text="Nog eens")
    with pytest.raises(RuntimeError, match="may have their text already"), write_transaction(db):
        claim(db, [(id_, reminder, "S", AccountName("spryng"))], now=LATER, today=TODAY)
    assert row(db, id_) == before


@pytest.mark.parametrize("status", sorted(NEVER_SENT))
def test_what_does_not_wait_is_not_claimed(db: Database, practice: Practice, appointment: int, status: Status) -> None:
    id_ = a_notification(db, practice, appointment, status)
    reminder = a_reminder(db, practice, appointment)
    with pytest.raises(RuntimeError, match="is not queued any more"), write_transaction(db):
        claim(db, [(id_, reminder, "S", AccountName("spryng"))], now=LATER, today=TODAY)


def test_a_claim_after_a_gateways_id_was_known_forgets_it(db: Database, practice: Practice, appointment: int) -> None:
    id_ = a_notification(db, practice, appointment, Status.SENDING)
    db.execute("update notifications set gateway_id = 'g1'")
    move(db, id_, Status.SENDING, Status.QUEUED, now=NOW)
    reminder = a_reminder(db, practice, appointment)
    claim(db, [(id_, reminder, "S", AccountName("sandbox"))], now=LATER, today=TODAY)
    assert shown(db, id_).gateway_id is None


# What the gateway answered


def test_what_is_accepted_is_sent_with_what_the_gateway_says_of_it(
    db: Database, practice: Practice, appointment: int
) -> None:
    id_ = a_notification(db, practice, appointment, Status.SENDING)
    before = shown(db, id_)
    assert accept(db, [(id_, Accepted("g1", 2, "0.0670 EUR"))], now=LATER) == [Status.SENT]
    assert shown(db, id_) == replace(
        before, status=Status.SENT, gateway_id="g1", gateway_segments=2, gateway_price="0.0670 EUR"
    )
    assert row(db, id_)["gateway_price"] == "0.0670 EUR"
    assert events_of(db, id_)[-1] == Event(LATER, Status.SENT, None, None)


def test_a_gateway_need_not_say_anything_of_what_it_accepts(db: Database, practice: Practice, appointment: int) -> None:
    id_ = a_notification(db, practice, appointment, Status.SENDING)
    before = shown(db, id_)
    assert accept(db, [(id_, Accepted())], now=LATER) == [Status.SENT]
    assert shown(db, id_) == replace(before, status=Status.SENT)


def test_a_notification_whose_gateway_id_another_has_becomes_uncertain(
    db: Database, practice: Practice, patient: Patient, appointment: int
) -> None:
    first = a_notification(db, practice, appointment, Status.SENT, gateway_id="g1")
    before = shown(db, first)
    second = a_notification(db, practice, an_appointment(db, practice, patient, "A2"), Status.SENDING)
    assert accept(db, [(second, Accepted("g1"))], now=LATER) == [Status.UNCERTAIN]
    assert (shown(db, second).status, shown(db, second).gateway_id) == (Status.UNCERTAIN, None)
    assert shown(db, second).reason == "the gateway gave an id that it gave before"
    assert shown(db, first) == before


def test_only_what_is_sending_is_accepted(db: Database, practice: Practice, appointment: int) -> None:
    id_ = a_notification(db, practice, appointment, Status.UNCERTAIN)
    with pytest.raises(RuntimeError, match="is not sending any more"), write_transaction(db):
        accept(db, [(id_, Accepted("g1"))], now=LATER)
    assert shown(db, id_).gateway_id is None


# What a dead run left


def test_only_sending_notifications_are_in_sending(db: Database, practice: Practice, patient: Patient) -> None:
    ids = {
        status: a_notification(db, practice, an_appointment(db, practice, patient, status), status) for status in Status
    }
    assert in_sending(db) == [ids[Status.SENDING]]


def test_sending_notifications_of_all_practices_are_in_the_order_of_their_ids(db: Database) -> None:
    ids = []
    for code in ("zuid", "noord"):
        practice = a_practice(db, code)
        a_service(db, practice)
        appointment = an_appointment(db, practice, a_patient(db, practice))
        ids.append(a_notification(db, practice, appointment, Status.SENDING))
    assert in_sending(db) == ids
