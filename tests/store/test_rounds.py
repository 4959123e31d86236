"""Rounds: what each covered for a practice, what it made of each appointment, and whether it was completed."""

from datetime import date, timedelta

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.reminders import Plan, Skip, SkipReason
from smsreminders.domain.window import Window
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.patients import Patient
from smsreminders.store.rounds import (
    LastRound,
    RoundOutcome,
    complete_round,
    last_round,
    outcomes_of,
    record_plan,
    start_round,
    was_completed,
)
from tests.builders import NOW, TOMORROW, a_practice, a_reminder, an_appointment

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
WINDOW = Window(NOW, NOW + DAY, TODAY, TODAY + DAY)


def a_round(db: Database, practice: Practice, plan: Plan | None = None, days: int = 0) -> int:
    window = Window(WINDOW.opens, WINDOW.closes, TODAY + days * DAY, TODAY + (days + 1) * DAY)
    with write_transaction(db):
        round_id = start_round(db, NOW + days * DAY)
        record_plan(db, round_id, practice.id, window, plan or Plan())
    return round_id


def test_rounds_are_numbered(db: Database, practice: Practice) -> None:
    assert [a_round(db, practice), a_round(db, practice)] == [1, 2]


def test_a_practice_without_a_round_has_no_last_round(db: Database, practice: Practice) -> None:
    assert last_round(db, practice.id) is None


@pytest.mark.parametrize("held_back", [True, False])
def test_the_last_round_is_read_as_it_was_written(db: Database, practice: Practice, held_back: bool) -> None:
    a_round(db, practice, Plan(held_back=not held_back))
    a_round(db, practice, Plan(held_back=held_back), days=1)
    assert last_round(db, practice.id) == LastRound(NOW + DAY, TODAY + DAY, held_back, None)


def test_what_a_round_covers_is_written_down(db: Database, practice: Practice) -> None:
    a_round(db, practice)
    assert list(db.execute("select today, last_day from round_practices")) == [("2026-11-23", "2026-11-24")]


def test_a_round_is_completed_for_the_practices_of_which_nothing_waits(db: Database, practice: Practice) -> None:
    other = a_practice(db, "noord")
    with write_transaction(db):
        round_id = start_round(db, NOW)
        for each in (practice, other):
            record_plan(db, round_id, each.id, WINDOW, Plan())
    complete_round(db, round_id, [practice.id], NOW + timedelta(minutes=5))
    assert [was_completed(db, each.id, TODAY) for each in (practice, other)] == [True, False]
    assert [round_.completed_at for each in (practice, other) if (round_ := last_round(db, each.id))] == [
        NOW + timedelta(minutes=5),
        None,
    ]


def test_only_that_round_is_completed_and_only_that_day(db: Database, practice: Practice) -> None:
    a_round(db, practice)
    second = a_round(db, practice)
    a_round(db, practice, days=1)
    complete_round(db, second, [practice.id], NOW)
    assert list(db.execute("select round_id from round_practices where completed_at is not null")) == [(second,)]
    assert [was_completed(db, practice.id, TODAY + days * DAY) for days in (-1, 0, 1)] == [False, True, False]


def test_every_appointment_of_a_plan_is_written_with_its_outcome(
    db: Database, practice: Practice, patient: Patient
) -> None:
    ids = [an_appointment(db, practice, patient, source_id, revision=3) for source_id in ("A1", "A2", "A3")]
    reminders = [a_reminder(db, practice, id_) for id_ in ids]
    skips = [Skip(reminders[1].due, SkipReason.NO_CONSENT), Skip(reminders[2].due, SkipReason.CANCELLED)]
    a_round(db, practice, Plan(reminders[:1], skips))
    assert [outcomes_of(db, id_) for id_ in ids] == [
        [RoundOutcome(1, NOW, 3, None)],
        [RoundOutcome(1, NOW, 3, "no-consent")],
        [RoundOutcome(1, NOW, 3, "cancelled")],
    ]


@pytest.mark.parametrize("reason", list(SkipReason))
def test_every_reason_that_the_domain_knows_can_be_written(
    db: Database, practice: Practice, patient: Patient, reason: SkipReason
) -> None:
    id_ = an_appointment(db, practice, patient)
    a_round(db, practice, Plan(skips=[Skip(a_reminder(db, practice, id_).due, reason)]))
    assert [outcome.reason for outcome in outcomes_of(db, id_)] == [reason]


def test_outcomes_of_an_appointment_are_in_the_order_of_the_rounds(
    db: Database, practice: Practice, patient: Patient
) -> None:
    id_ = an_appointment(db, practice, patient)
    a_round(db, practice, Plan(skips=[Skip(a_reminder(db, practice, id_).due, SkipReason.NO_CONSENT)]))
    an_appointment(db, practice, patient, starts_at=TOMORROW + DAY, revision=2)
    a_round(db, practice, Plan([a_reminder(db, practice, id_)]), days=1)
    assert outcomes_of(db, id_) == [RoundOutcome(1, NOW, 1, "no-consent"), RoundOutcome(2, NOW + DAY, 2, None)]
