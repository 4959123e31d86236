"""Stopped numbers in the database: append-only, of a practice each, and the rule in SQL is that of the domain."""

import sqlite3
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.stopped import How, StopEvent, standing
from smsreminders.store.database import Database, rehearsal
from smsreminders.store.round.due import due_between
from smsreminders.store.round.stopped import StoppedNumber, add_stop_event, stop_history, stopped_among, stopped_numbers
from tests.builders import NOW, TOMORROW, a_patient, a_practice, an_appointment

NUMBER, OTHER = "+31612345678", "+31612345679"
STOP = StopEvent(stopped=True, at=NOW, how=How.REPLY)
LIFTED = StopEvent(stopped=False, at=NOW, how=How.DESK, by="anna")
HOURS = st.integers(0, 3).map(lambda hours: NOW + timedelta(hours=hours))
EVENTS = st.lists(
    st.one_of(
        st.builds(StopEvent, st.just(True), HOURS, st.sampled_from(How)),
        st.builds(StopEvent, st.just(False), HOURS, st.sampled_from([How.REPLY, How.DESK])),
    ),
    max_size=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(EVENTS)
def test_the_rule_in_sql_is_that_of_the_domain(db: Database, practice: Practice, events: list[StopEvent]) -> None:
    with rehearsal(db):
        an_appointment(db, practice, a_patient(db, practice, phone="06-12345678"))
        for event in events:
            add_stop_event(db, practice.id, NUMBER, event, NOW)
        stop = standing(events)
        since = stop.at if stop else None
        (due,) = due_between(db, practice.id, TOMORROW, TOMORROW + timedelta(hours=1), rehearsed=False)
        listed = [(number.e164, number.stop.at) for number in stopped_numbers(db, practice.id)]
        among = stopped_among(db, [(practice.id, NUMBER), (practice.id, OTHER)])
        assert stop_history(db, practice.id, NUMBER) == events
    assert due.stopped_since == since
    assert listed == ([(NUMBER, since)] if stop else [])
    assert among == ({(practice.id, NUMBER)} if stop else set())


def test_a_number_is_stopped_for_one_practice(db: Database, practice: Practice) -> None:
    other = a_practice(db, "noord")
    with rehearsal(db):
        add_stop_event(db, practice.id, NUMBER, STOP, NOW)
        assert [list(stopped_numbers(db, each.id)) for each in (practice, other)] == [
            [StoppedNumber(practice.id, NUMBER, STOP)],
            [],
        ]
        assert stopped_among(db, [(other.id, NUMBER)]) == set()


def test_whoevers_appointments_go_to_that_phone_however_it_is_written(db: Database, practice: Practice) -> None:
    phones = ["06-12345678", "+31 6 1234 5678 (moeder)", "0031612345678", "06-12345679"]
    with rehearsal(db):
        for n, phone in enumerate(phones):
            an_appointment(db, practice, a_patient(db, practice, f"P{n}", phone=phone), f"A{n}")
        add_stop_event(db, practice.id, NUMBER, STOP, NOW)
        due = due_between(db, practice.id, TOMORROW, TOMORROW + timedelta(hours=1), rehearsed=False)
    assert [(each.patient, each.stopped_since) for each in due] == [("P0", NOW), ("P1", NOW), ("P2", NOW), ("P3", None)]


def test_the_latest_stop_is_listed_first(db: Database, practice: Practice) -> None:
    later = StopEvent(stopped=True, at=NOW + timedelta(hours=1), how=How.REJECTED)
    with rehearsal(db):
        add_stop_event(db, practice.id, NUMBER, STOP, NOW)
        add_stop_event(db, practice.id, OTHER, later, NOW)
        assert [number.e164 for number in stopped_numbers(db, practice.id)] == [OTHER, NUMBER]


@pytest.mark.parametrize("change", ["update stop_events set stopped = 0", "delete from stop_events"])
def test_what_was_said_stays(db: Database, practice: Practice, change: str) -> None:
    with rehearsal(db):
        add_stop_event(db, practice.id, NUMBER, STOP, NOW)
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute(change)


@pytest.mark.parametrize("how", [How.OPT_OUT, How.REJECTED])
def test_no_gateway_lifts(db: Database, practice: Practice, how: How) -> None:
    with rehearsal(db), pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        add_stop_event(db, practice.id, NUMBER, StopEvent(stopped=False, at=NOW, how=how), NOW)
