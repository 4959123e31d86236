"""Words on numbers in the database: once a notification, append-only, and the rule in SQL is that of the domain."""

import sqlite3
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.dead_numbers import FAILURES, Failures, NumberWord, failures
from smsreminders.domain.round.notifications import Status
from smsreminders.store.database import Database, rehearsal
from smsreminders.store.round.due import due_between
from smsreminders.store.round.number_words import (
    FailedNumber,
    failed_numbers,
    lift_number,
    note_dead,
    note_delivered,
    words_on,
)
from tests.builders import NOW, TOMORROW, a_notification, a_patient, an_appointment

NUMBER = "+31612345678"
WORDS = st.lists(st.sampled_from(NumberWord), max_size=5)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(WORDS)
def test_the_rule_in_sql_is_that_of_the_domain(db: Database, practice: Practice, words: list[NumberWord]) -> None:
    with rehearsal(db):
        patient = a_patient(db, practice, phone="06-12345678")
        for n, word in enumerate(words):
            at = NOW + timedelta(hours=n)
            if word is NumberWord.LIFTED:
                lift_number(db, practice.id, NUMBER, by="anna", now=at)
                continue
            appointment = an_appointment(db, practice, patient, f"A{n}", starts_at=TOMORROW + timedelta(days=n))
            sent = a_notification(db, practice, appointment, Status.SENT)
            note_dead(db, sent, at) if word is NumberWord.DEAD else note_delivered(db, sent, at)
        an_appointment(db, practice, patient, starts_at=TOMORROW)
        kept = words_on(db, practice.id, NUMBER)
        due = due_between(db, practice.id, TOMORROW, TOMORROW + timedelta(hours=1), rehearsed=False)[-1]
        listed = list(failed_numbers(db, practice.id))
    failed = failures((word, NOW + timedelta(hours=n)) for n, word in enumerate(words))
    assert failures(kept) == failed
    assert listed == ([FailedNumber(NUMBER, failed)] if failed else [])
    assert due.dead_since == (failed.since if failed and failed.times >= FAILURES else None)


def test_a_notification_fails_once_however_often_it_is_reported(
    db: Database, practice: Practice, appointment: int
) -> None:
    sent = a_notification(db, practice, appointment, Status.SENT)
    with rehearsal(db):
        note_dead(db, sent, NOW)
        note_dead(db, sent, NOW + timedelta(hours=1))
        assert list(failed_numbers(db, practice.id)) == [FailedNumber(NUMBER, Failures(1, NOW))]


def test_of_a_number_that_never_failed_nothing_is_kept(db: Database, practice: Practice, appointment: int) -> None:
    sent = a_notification(db, practice, appointment, Status.SENT)
    with rehearsal(db):
        note_delivered(db, sent, NOW)
        assert words_on(db, practice.id, NUMBER) == []


@pytest.mark.parametrize("change", ["update number_words set word = 'lifted'", "delete from number_words"])
def test_what_was_learned_stays(db: Database, practice: Practice, appointment: int, change: str) -> None:
    sent = a_notification(db, practice, appointment, Status.SENT)
    with rehearsal(db):
        note_dead(db, sent, NOW)
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute(change)
