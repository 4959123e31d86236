"""Rounds: what each covered for a practice, what it made of each appointment, and whether it was completed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.planning import Plan
from smsreminders.domain.round.reminders import Skip, SkipReason
from smsreminders.domain.round.window import Window
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.patients import Patient
from smsreminders.store.round.rounds import (
    LastRound,
    RoundOfDay,
    RoundOutcome,
    complete_round,
    last_round,
    outcomes_of,
    record_plan,
    rounds_of_day,
    start_round,
    was_completed,
)
from tests.builders import NOW, TOMORROW, a_practice, a_reminder, an_appointment

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
WINDOW = Window(NOW, ((1, NOW + DAY),), TODAY, TODAY + DAY, NOW)


def a_round(db: Database, practice: Practice, plan: Plan | None = None, days: int = 0) -> int:
    window = replace(WINDOW, today=TODAY + days * DAY, last=TODAY + (days + 1) * DAY)
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


def a_plan(db: Database, practice: Practice, patient: Patient, outcomes: dict[str, SkipReason | None]) -> Plan:
    """A plan for these appointments, all on the day after."""
    plan = Plan()
    for source_id, reason in outcomes.items():
        reminder = a_reminder(db, practice, an_appointment(db, practice, patient, source_id))
        if reason:
            plan.skips.append(Skip(reminder.due, reason))
        else:
            plan.reminders.append(reminder)
    return plan


def test_the_last_round_of_a_day_is_counted_by_its_outcomes(db: Database, practice: Practice, patient: Patient) -> None:
    a_round(db, practice, a_plan(db, practice, patient, {"A1": None, "A2": None, "A3": SkipReason.NO_CONSENT}))
    again, never = SkipReason.ALREADY_REMINDED, SkipReason.NO_CONSENT
    a_round(db, practice, a_plan(db, practice, patient, {"A1": again, "A2": again, "A3": None, "A4": never}))
    assert rounds_of_day(db, [practice.id], TODAY, NOW) == {
        practice.id: RoundOfDay(1, {None: 1, SkipReason.ALREADY_REMINDED: 2, SkipReason.NO_CONSENT: 1})
    }
    assert rounds_of_day(db, [practice.id], TODAY + DAY, NOW) == {}
    assert rounds_of_day(db, [], TODAY, NOW) == {}


def test_what_begins_before_the_days_that_are_asked_for_is_not_counted(
    db: Database, practice: Practice, patient: Patient
) -> None:
    a_round(db, practice, a_plan(db, practice, patient, {"A1": None}))
    assert rounds_of_day(db, [practice.id], TODAY, TOMORROW)[practice.id].outcomes == {None: 1}
    assert rounds_of_day(db, [practice.id], TODAY, TOMORROW + timedelta(seconds=1))[practice.id].outcomes == {}


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        pytest.param([], 3, id="the-first-round"),
        pytest.param([(-1, 0)], 3, id="yesterdays-ended-today"),
        pytest.param([(-1, 1)], 2, id="yesterdays-reached-tomorrow"),
        pytest.param([(-1, 3)], 0, id="yesterdays-covered-all"),
        pytest.param([(-1, 5)], 0, id="yesterdays-covered-more"),
        pytest.param([(-3, 2), (-1, 1)], 1, id="the-farthest-counts"),
        pytest.param([(0, 3)], 3, id="an-earlier-one-of-the-same-day"),
        pytest.param([(-41, 2)], 3, id="long-ago"),
    ],
)
def test_new_days_are_those_that_no_round_of_an_earlier_day_covered(
    db: Database, practice: Practice, before: list[tuple[int, int]], expected: int
) -> None:
    for today, last in [*before, (0, 3)]:
        window = replace(WINDOW, today=TODAY + today * DAY, last=TODAY + last * DAY)
        with write_transaction(db):
            record_plan(db, start_round(db, NOW), practice.id, window, Plan())
    assert rounds_of_day(db, [practice.id], TODAY, NOW) == {practice.id: RoundOfDay(expected)}
