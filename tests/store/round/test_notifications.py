"""Reading notifications: all of them or some, each with its events."""

from datetime import timedelta
from typing import Any

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.errors import UsageError
from smsreminders.store.database import Database
from smsreminders.store.patients import Patient
from smsreminders.store.round.notifications import (
    Event,
    count_notifications,
    events_of,
    notification_by_id,
    notifications,
    notifications_of_appointment,
)
from smsreminders.store.round.statuses import add_event
from tests.builders import NOW, TOMORROW, a_notification, a_patient, a_practice, a_service, an_appointment

SECOND = timedelta(seconds=1)


@pytest.fixture
def some(db: Database) -> dict[str, int]:
    """Notifications of two practices, at several statuses, one planned a second after the other."""
    ids = {}
    plan = [("zuid", "P1", Status.QUEUED), ("zuid", "P2", Status.SENT), ("noord", "P1", Status.SENT)]
    practices = {code: a_practice(db, code) for code in ("zuid", "noord")}
    for practice in practices.values():
        a_service(db, practice)
    for second, (code, source_id, status) in enumerate(plan):
        practice = practices[code]
        appointment = an_appointment(db, practice, a_patient(db, practice, source_id), source_id)
        now = NOW + second * SECOND
        ids[f"{code} {source_id}"] = a_notification(db, practice, appointment, status, now=now)
    return ids


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["zuid P1", "zuid P2", "noord P1"]),
        ({"practice_id": 1}, ["zuid P1", "zuid P2"]),
        ({"practice_id": 99}, []),
        ({"statuses": [Status.SENT]}, ["zuid P2", "noord P1"]),
        ({"statuses": [Status.FAILED]}, []),
        ({"statuses": [Status.FAILED, Status.SENT]}, ["zuid P2", "noord P1"]),
        ({"patient": "P1"}, ["zuid P1", "noord P1"]),
        ({"start": NOW + SECOND}, ["zuid P2", "noord P1"]),
        ({"end": NOW + SECOND}, ["zuid P1"]),
        ({"start": NOW + SECOND, "end": NOW + 2 * SECOND}, ["zuid P2"]),
        ({"practice_id": 1, "statuses": [Status.SENT], "patient": "P2", "start": NOW}, ["zuid P2"]),
        ({"practice_id": 2, "statuses": [Status.QUEUED]}, []),
    ],
)
@pytest.mark.usefixtures("some")
def test_the_list_is_narrowed_down_by_what_is_asked_the_oldest_first(
    db: Database, asked: dict[str, Any], expected: list[str]
) -> None:
    assert [f"{each.practice} {each.patient}" for each in notifications(db, **asked)] == expected
    assert count_notifications(db, **asked) == len(expected)


@pytest.mark.usefixtures("some")
def test_with_a_limit_the_newest_are_listed_the_oldest_first(db: Database) -> None:
    assert [f"{each.practice} {each.patient}" for each in notifications(db, limit=2)] == ["zuid P2", "noord P1"]


def test_a_notification_can_be_read_by_its_id_and_by_its_reference(db: Database, some: dict[str, int]) -> None:
    for id_ in some.values():
        by_id = notification_by_id(db, str(id_))
        assert by_id.id == id_
        assert notification_by_id(db, by_id.reference) == by_id


@pytest.mark.parametrize("word", ["99", "0", "-1", "", "1.0", " 1", "１", "x' or '1' = '1", "9" * 18, "9" * 40])
@pytest.mark.usefixtures("some")
def test_an_unknown_notification_is_an_error_that_says_where_to_look(db: Database, word: str) -> None:
    with pytest.raises(UsageError) as raised:
        notification_by_id(db, word)
    assert str(raised.value) == f'there is no notification "{word}"; `smsreminders notifications list` shows them'


def test_a_reference_of_digits_is_not_taken_for_an_id(db: Database, some: dict[str, int]) -> None:
    digits = "12345678901234567890123456789012"
    db.execute("update notifications set reference = ? where id = ?", [digits, some["zuid P2"]])
    assert notification_by_id(db, digits).id == some["zuid P2"]


def test_the_notifications_of_an_appointment_come_by_revision(
    db: Database, practice: Practice, patient: Patient
) -> None:
    for revision in (2, 1, 3):
        appointment = an_appointment(db, practice, patient, revision=revision)
        a_notification(db, practice, appointment)
    other = an_appointment(db, practice, patient, "A2")
    a_notification(db, practice, other)
    assert [notification.revision for notification in notifications_of_appointment(db, appointment)] == [1, 2, 3]
    assert [notification.appointment for notification in notifications_of_appointment(db, other)] == ["A2"]


def test_events_are_in_order_with_the_gateways_own_time_as_it_wrote_it(
    db: Database, practice: Practice, patient: Patient
) -> None:
    id_ = a_notification(db, practice, an_appointment(db, practice, patient))
    a_notification(db, practice, an_appointment(db, practice, patient, "A2"), Status.FAILED)
    add_event(db, id_, TOMORROW, Status.SENT, detail="accepted", reported_at="gisteren, half tien")
    assert events_of(db, id_) == [
        Event(NOW, Status.QUEUED, None, None),
        Event(TOMORROW, Status.SENT, "accepted", "gisteren, half tien"),
    ]
