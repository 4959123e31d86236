"""Replies in the database: each once by its account and the gateway's id; what they confirmed stays."""

import sqlite3
from datetime import timedelta

import pytest

from smsreminders.domain.appointments import Booking
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.inbound import Received
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.replies import Reading, Says, Told
from smsreminders.domain.round.sending import AccountName
from smsreminders.errors import UsageError
from smsreminders.store.database import Database, rehearsal
from smsreminders.store.patients import Patient
from smsreminders.store.round.inbox import add_reply, known_ids, note_read_to, read_to, texted, told_to
from smsreminders.store.round.replies import mark_done, replies, reply_by_id
from tests.builders import GATEWAY, NOW, TOMORROW, a_notification, an_appointment

ACCOUNT, NOORD = AccountName(GATEWAY), AccountName(GATEWAY, "noord")
NUMBER = "+31612345678"
CAME_IN = Received("r1", NUMBER, "", "ja", NOW + timedelta(hours=1))


def a_reply(db: Database, practice: Practice, told: Told, *, account: AccountName = ACCOUNT) -> None:
    add_reply(db, account, CAME_IN, Reading(Says.YES, [practice.id], [told], [told], waits=False), NOW)


@pytest.fixture
def told(db: Database, practice: Practice, patient: Patient) -> Told:
    """What a delivered text told of the appointment of tomorrow."""
    id_ = an_appointment(db, practice, patient)
    notification = a_notification(db, practice, id_, Status.DELIVERED)
    return Told(notification, Status.DELIVERED, NOW, id_, 1, 1, Booking.BOOKED, TOMORROW)


def test_a_text_is_found_by_the_number_that_it_went_to_and_the_account_that_it_went_by(
    db: Database, practice: Practice, told: Told
) -> None:
    assert told_to(db, NUMBER, [practice.id]) == [told]
    assert (told_to(db, "+31612345679", [practice.id]), told_to(db, NUMBER, [99])) == ([], [])
    assert texted(db, ACCOUNT, NUMBER, NOW) == [practice.id]
    assert (texted(db, NOORD, NUMBER, NOW), texted(db, ACCOUNT, NUMBER, NOW - timedelta(seconds=1))) == ([], [])


def test_a_reply_is_stored_once_by_its_account(db: Database, practice: Practice, told: Told) -> None:
    with rehearsal(db):
        a_reply(db, practice, told)
        a_reply(db, practice, told, account=NOORD)
        with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
            a_reply(db, practice, told)
        assert (known_ids(db, ACCOUNT, ["r1", "r2"]), known_ids(db, AccountName("cm"), ["r1"])) == ({"r1"}, set())


@pytest.mark.parametrize("change", ["update reply_appointments set confirmed = 0", "delete from reply_appointments"])
def test_what_a_reply_confirmed_stays(db: Database, practice: Practice, told: Told, change: str) -> None:
    with rehearsal(db):
        a_reply(db, practice, told)
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute(change)


def test_neither_a_number_nor_a_text_is_in_the_words_of_a_reply(db: Database, practice: Practice, told: Told) -> None:
    with rehearsal(db):
        a_reply(db, practice, told)
        [reply] = replies(db, [practice.id], done=True)
        assert (NUMBER in repr(reply), "text=" in repr(reply)) == (False, False)
        assert (reply.text, reply.confirmed, replies(db, [practice.id], done=False)) == ("ja", ("A1",), [])


def test_the_first_who_has_done_it_stays(db: Database, practice: Practice, told: Told) -> None:
    with rehearsal(db):
        reading = Reading(Says.OTHER, [practice.id], [told], [], waits=True)
        add_reply(db, ACCOUNT, CAME_IN, reading, NOW)
        for by in ("anna", "piet"):
            mark_done(db, 1, by=by, now=NOW)
        assert (reply_by_id(db, 1).done_by, reply_by_id(db, 1).done_at) == ("anna", NOW)
        with pytest.raises(UsageError, match="there is no reply 2"):
            reply_by_id(db, 2)


def test_a_list_is_never_read_back(db: Database) -> None:
    with rehearsal(db):
        assert read_to(db, ACCOUNT, "inbox") is None
        for hours in (2, 1):
            note_read_to(db, ACCOUNT, "inbox", NOW + timedelta(hours=hours))
        assert read_to(db, ACCOUNT, "inbox") == NOW + timedelta(hours=2)
        assert (read_to(db, NOORD, "inbox"), read_to(db, ACCOUNT, "opt-outs")) == (None, None)
