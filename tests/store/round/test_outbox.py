"""The outbox: what waits, in which order, and that nothing comes back into it that may have been sent."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from smsreminders.domain.consent import Consent
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.again import Held
from smsreminders.domain.round.notifications import NEVER_SENT, Status
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.patients import Patient
from smsreminders.store.round.notifications import Event, Notification, events_of, notifications
from smsreminders.store.round.outbox import (
    Queued,
    enqueue,
    practices_in_queue,
    queue,
    queued,
    sent_today,
    uncertain,
)
from tests.builders import (
    NOW,
    TOMORROW,
    a_consent,
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


# Into the outbox


def test_a_reminder_is_queued_with_all_that_was_decided(db: Database, practice: Practice, appointment: int) -> None:
    reminder = a_reminder(db, practice, appointment, phone="+31687654321", text="Morgen, één afspraak ☺")
    enqueue(db, practice, [reminder], now=NOW, rehearsed=False)
    (notification,) = notifications(db)
    assert notification == Notification(
        id=1,
        reference=notification.reference,
        practice="tandarts",
        service="Notificaties",
        appointment="A1",
        patient="P1",
        phone="+31687654321",
        sender_id="Tandarts",
        revision=1,
        occasion=1,
        attempt=1,
        covers=("A1",),
        starts_at=TOMORROW,
        text="Morgen, één afspraak ☺",
        encoding="UCS-2",
        segments=1,
        status=Status.QUEUED,
        reason=None,
        gateway=None,
        account=None,
        gateway_id=None,
        gateway_segments=None,
        gateway_price=None,
        created_at=NOW,
        sent_at=None,
        delivered_at=None,
        practice_id=practice.id,
        patient_id=1,
        rehearsed=False,
    )
    assert events_of(db, 1) == [Event(NOW, Status.QUEUED, None, None)]


def test_each_has_a_reference_of_its_own_of_32_letters_and_digits(
    db: Database, practice: Practice, patient: Patient
) -> None:
    for number in range(3):
        a_notification(db, practice, an_appointment(db, practice, patient, f"A{number}"))
    references = {notification.reference for notification in notifications(db)}
    assert [(len(reference), reference.isalnum()) for reference in references] == [(32, True)] * 3


@pytest.mark.parametrize("status", sorted(NEVER_SENT))
def test_what_was_certainly_never_sent_is_queued_again_with_number_and_text_anew(
    db: Database, practice: Practice, appointment: int, status: Status
) -> None:
    id_ = a_notification(db, practice, appointment, status, phone="+31600000000", text="Oud", detail="waarom")
    before, events = shown(db, id_), events_of(db, id_)
    anew = a_reminder(db, practice, appointment, phone="+31612345678", text="Nieuw ☺")
    enqueue(db, replace(practice, sender_id="Nieuw"), [anew], now=LATER, rehearsed=False)
    assert shown(db, id_) == replace(
        before,
        reference=shown(db, id_).reference,
        phone="+31612345678",
        sender_id="Nieuw",
        text="Nieuw ☺",
        encoding="UCS-2",
        status=Status.QUEUED,
        reason=None,
        gateway=None,
        account=None,
        sent_at=None,
    )
    assert shown(db, id_).reference == before.reference
    assert row(db, id_)["sent_on"] is None
    assert events_of(db, id_) == [*events, Event(LATER, Status.QUEUED, None, None)]


def test_what_waits_is_made_anew_without_another_event(db: Database, practice: Practice, appointment: int) -> None:
    id_ = a_notification(db, practice, appointment)
    events = events_of(db, id_)
    assert enqueue(
        db, practice, [a_reminder(db, practice, appointment, text="Anders")], now=LATER, rehearsed=False
    ) == [id_]
    assert (shown(db, id_).text, events_of(db, id_)) == ("Anders", events)


@pytest.mark.parametrize("status", sorted(set(Status) - NEVER_SENT - {Status.QUEUED}))
def test_what_may_have_been_sent_is_never_queued_again(
    db: Database, practice: Practice, appointment: int, status: Status
) -> None:
    id_ = a_notification(db, practice, appointment, status)
    before, events = row(db, id_), events_of(db, id_)
    again = [a_reminder(db, practice, appointment, text="Nog eens")]
    with pytest.raises(RuntimeError), write_transaction(db):
        enqueue(db, practice, again, now=LATER, rehearsed=False)
    assert (row(db, id_), events_of(db, id_)) == (before, events)


def test_a_new_revision_gets_a_notification_beside_that_of_the_old_revision(
    db: Database, practice: Practice, patient: Patient, appointment: int
) -> None:
    a_notification(db, practice, appointment, Status.DELIVERED)
    an_appointment(db, practice, patient, starts_at=TOMORROW + timedelta(hours=1), revision=2)
    a_notification(db, practice, appointment)
    assert [(each.revision, each.status) for each in notifications(db)] == [(1, "delivered"), (2, "queued")]


# What waits


def test_the_queue_is_in_the_order_of_the_appointments_starts(
    db: Database, practice: Practice, patient: Patient
) -> None:
    ids = {}
    for source_id, minutes in (("A1", 30), ("A2", 0), ("A3", 30)):
        starts_at = TOMORROW + minutes * MINUTE
        ids[source_id] = a_notification(
            db, practice, an_appointment(db, practice, patient, source_id, starts_at=starts_at)
        )
    assert queue(db, [practice.id]) == [ids["A2"], ids["A1"], ids["A3"]]
    assert [waiting.id for waiting in queued(db, ids.values())] == [ids["A2"], ids["A1"], ids["A3"]]


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.QUEUED}))
def test_only_what_is_queued_waits(db: Database, practice: Practice, appointment: int, status: Status) -> None:
    id_ = a_notification(db, practice, appointment, status)
    assert (queue(db, [practice.id]), queued(db, [id_])) == ([], [])


def test_the_queue_is_of_the_practices_that_are_asked_for(db: Database) -> None:
    ids = {}
    for code in ("noord", "oost", "zuid"):
        practice = a_practice(db, code)
        a_service(db, practice)
        ids[practice.id] = a_notification(db, practice, an_appointment(db, practice, a_patient(db, practice)))
    assert [queue(db, asked) for asked in ([], [1], [1, 3], [99])] == [[], [ids[1]], [ids[1], ids[3]], []]
    assert [practices_in_queue(db, asked) for asked in ([], [1], [1, 3], [99])] == [[], [1], [1, 3], []]


def test_a_queued_notification_is_read_with_its_appointment_as_it_stands_now(
    db: Database, practice: Practice, patient: Patient, appointment: int
) -> None:
    id_ = a_notification(db, practice, appointment)
    a_consent(db, patient.id, given=False, at=NOW)
    an_appointment(db, practice, patient, starts_at=TOMORROW + MINUTE, revision=2)
    now_due = a_reminder(db, practice, appointment).due
    assert (now_due.consent, now_due.revision, len(now_due.earlier)) == (Consent.WITHDRAWN, 2, 1)
    assert queued(db, [id_]) == [
        Queued(id_, shown(db, id_).reference, practice.id, rehearsed=False, held=[Held(now_due, 1, 1, 1)])
    ]


# Counts


def test_only_uncertain_notifications_count_as_uncertain(db: Database, practice: Practice, patient: Patient) -> None:
    for status in Status:
        a_notification(db, practice, an_appointment(db, practice, patient, status), status)
    assert uncertain(db, [practice.id], rehearsed=False) == 1


def test_what_waits_for_a_person_is_counted_for_the_practices_that_are_asked_for(
    db: Database, practice: Practice, patient: Patient
) -> None:
    for source_id in ("A1", "A2"):
        a_notification(db, practice, an_appointment(db, practice, patient, source_id), Status.UNCERTAIN)
    assert [uncertain(db, asked, rehearsed=False) for asked in ([practice.id], [], [99])] == [2, 0, 0]


def test_what_was_claimed_on_a_day_is_counted_whatever_became_of_it(
    db: Database, practice: Practice, patient: Patient
) -> None:
    for number, status in enumerate(Status):
        a_notification(db, practice, an_appointment(db, practice, patient, f"A{number}"), status, today=TODAY)
    a_notification(db, practice, an_appointment(db, practice, patient, "B"), Status.SENT, today=date(2026, 11, 22))
    assert sent_today(db, practice.id, TODAY, rehearsed=False) == len(Status) - len({Status.QUEUED, Status.CANCELLED})
    assert sent_today(db, practice.id + 1, TODAY, rehearsed=False) == 0
