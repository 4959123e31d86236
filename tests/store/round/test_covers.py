"""What notifications cover: a revision, occasion and attempt once, and for ever where a text may have gone."""

from dataclasses import replace

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import NEVER_SENT, Status
from smsreminders.domain.round.reminders import Reminder
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.patients import Patient
from smsreminders.store.round.covers import cover, held_by
from smsreminders.store.round.notifications import notification_by_id, notifications, notifications_of_appointment
from smsreminders.store.round.outbox import enqueue
from tests.builders import NOW, TOMORROW, a_notification, a_patient, a_reminder, an_appointment
from tests.store.rows import shown


@pytest.fixture
def two(db: Database, practice: Practice, patient: Patient) -> tuple[int, int]:
    """Two appointments of a patient, the second later on the same day."""
    later = TOMORROW.replace(minute=45)
    return an_appointment(db, practice, patient, "A1"), an_appointment(db, practice, patient, "A2", starts_at=later)


def for_both(db: Database, practice: Practice, two: tuple[int, int]) -> Reminder:
    reminders = [a_reminder(db, practice, id_) for id_ in two]
    return replace(reminders[0], covers=tuple(cover for reminder in reminders for cover in reminder.covers))


def queued(db: Database, practice: Practice, reminder: Reminder) -> int:
    with write_transaction(db):
        [id_] = enqueue(db, practice, [reminder], rehearsed=False, now=NOW)
    return id_


def test_a_text_for_two_is_found_by_either_and_leads_with_the_first(
    db: Database, practice: Practice, two: tuple[int, int]
) -> None:
    id_ = queued(db, practice, for_both(db, practice, two))
    assert [[each.id for each in notifications_of_appointment(db, appointment)] for appointment in two] == [
        [id_],
        [id_],
    ]
    assert (shown(db, id_).appointment, shown(db, id_).covers) == ("A1", ("A1", "A2"))
    assert [each.due.appointment for each in held_by(db, [id_])[id_]] == ["A1", "A2"]
    earlier = [a_reminder(db, practice, appointment).due.earlier[0] for appointment in two]
    assert [(each.id, each.leads) for each in earlier] == [(id_, True), (id_, False)]


def test_each_appointment_shows_as_what_the_text_covers_it(db: Database, practice: Practice, patient: Patient) -> None:
    moved = an_appointment(db, practice, patient, "A1", revision=3)
    new = an_appointment(db, practice, patient, "A2", starts_at=TOMORROW.replace(minute=45))
    again, first = a_reminder(db, practice, moved, attempt=2), a_reminder(db, practice, new)
    queued(db, practice, replace(again, covers=(*again.covers, *first.covers)))
    every = [notifications_of_appointment(db, appointment) for appointment in (moved, new)]
    assert [(each.revision, each.attempt) for [each] in every] == [(3, 2), (1, 1)]


def test_what_waits_for_the_second_alone_is_withdrawn_once_a_text_is_for_both(
    db: Database, practice: Practice, two: tuple[int, int]
) -> None:
    alone = queued(db, practice, a_reminder(db, practice, two[1]))
    together = queued(db, practice, for_both(db, practice, two))
    assert (shown(db, alone).status, shown(db, alone).reason, shown(db, alone).covers) == (
        Status.CANCELLED,
        "combined",
        (),
    )
    assert shown(db, together).covers == ("A1", "A2")


def test_what_waits_for_both_is_made_anew_for_the_first_alone(
    db: Database, practice: Practice, two: tuple[int, int]
) -> None:
    together = queued(db, practice, for_both(db, practice, two))
    assert queued(db, practice, a_reminder(db, practice, two[0])) == together
    assert shown(db, together).covers == ("A1",)


@pytest.mark.parametrize("status", sorted(NEVER_SENT))
def test_what_never_left_gives_its_place_to_another(
    db: Database, practice: Practice, two: tuple[int, int], status: Status
) -> None:
    before = a_notification(db, practice, two[1], status)
    together = queued(db, practice, for_both(db, practice, two))
    assert (shown(db, before).covers, shown(db, together).covers) == ((), ("A1", "A2"))


@pytest.mark.parametrize("status", sorted(set(Status) - NEVER_SENT - {Status.QUEUED}))
def test_what_may_have_gone_for_the_second_keeps_a_text_for_both_out(
    db: Database, practice: Practice, two: tuple[int, int], status: Status
) -> None:
    before = a_notification(db, practice, two[1], status)
    reminder = for_both(db, practice, two)
    with pytest.raises(RuntimeError, match="may have their text already"):
        queued(db, practice, reminder)
    assert [each.id for each in notifications(db)] == [before]


def test_a_text_can_be_covered_by_nothing_else_of_what_it_was(
    db: Database, practice: Practice, two: tuple[int, int]
) -> None:
    id_ = queued(db, practice, for_both(db, practice, two))
    moved = a_reminder(db, practice, two[1], occasion=3)
    with write_transaction(db):
        cover(db, [(id_, replace(moved, covers=(a_reminder(db, practice, two[0]).first, *moved.covers)))])
    assert [(each.occasion, each.attempt) for each in held_by(db, [id_])[id_]] == [(1, 1), (3, 1)]


def test_a_patient_is_asked_for_by_any_appointment_of_a_family_text(
    db: Database, practice: Practice, patient: Patient
) -> None:
    sister = a_patient(db, practice, "P2")
    two = an_appointment(db, practice, patient, "A1"), an_appointment(db, practice, sister, "A2")
    id_ = queued(db, practice, for_both(db, practice, two))
    assert [[each.id for each in notifications(db, patient=of)] for of in ("P1", "P2", "P3")] == [[id_], [id_], []]
    assert notification_by_id(db, str(id_)).patient == "P1"
