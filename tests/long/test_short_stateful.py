"""The short form of stateful; and orders of steps that did break the promise once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from smsreminders.domain.round.notifications import Status
from tests.long.bench import MovingClock
from tests.long.scripted import Answer, Listing
from tests.long.stateful import look
from tests.long.stateful_rules import Reminders


@pytest.fixture
def reminders() -> Iterator[Reminders]:
    made = Reminders()
    made.first_agenda([(1, 14), (1, 15)])
    yield made
    made.nobody_is_texted_twice_or_without_a_reason()
    made.what_the_database_says_is_true()
    made.every_change_of_status_is_allowed_and_has_its_event()
    made.the_bill_is_what_was_delivered_and_known_to_be()
    made.teardown()


def test_no_order_of_steps_breaks_the_promise() -> None:
    figures = look(examples=8, steps=25, from_seed=3)
    assert figures["taken by the gateway"] > 0
    assert Reminders.talk.leaks == 0


def test_no_pause_of_the_clock_is_lost_however_far_it_was_moved_on() -> None:
    clock = MovingClock(frozen=True)
    clock.move_on(timedelta(days=4_000))
    before = clock.elapsed()
    clock.pause(1e-12)
    assert clock.elapsed() > before


def test_after_its_minutes_no_other_story_begins() -> None:
    assert look(examples=40, steps=5, from_seed=1, minutes=0)["examples"] == 0


def test_what_a_gateway_once_knew_is_not_sent_again_when_it_has_forgotten_it(reminders: Reminders) -> None:
    reminders.dispatch([Answer.LOST_AFTER], Listing.WHOLE, 1, 999)
    for message in range(2):
        reminders.report(message, [None])  # a word that we don't know: they stay uncertain
    reminders.poll(Listing.WHOLE)
    for message in range(2):
        reminders.forget_what_was_told(message)
    for _ in range(3):
        reminders.clock.move_on(timedelta(minutes=11))
        reminders.poll(Listing.WHOLE)
    reminders.in_good_weather_everybody_is_reminded()
    assert [row.status for row in reminders.rows()] == [Status.UNCERTAIN] * 2


def test_a_death_after_the_claim_is_found_out_and_sent_once(reminders: Reminders) -> None:
    reminders.dispatch_and_die_after_a_claim(1, 3)
    assert [row.status for row in reminders.rows()] == [Status.SENDING, Status.QUEUED]
    reminders.in_good_weather_everybody_is_reminded()
    assert len(reminders.gateway.taken) == 2


def test_a_death_after_the_gateway_took_it_is_found_out_and_not_sent_again(reminders: Reminders) -> None:
    reminders.dispatch([Answer.DIES_AFTER], Listing.WHOLE, 1, 999)
    assert [row.status for row in reminders.rows()] == [Status.SENDING, Status.QUEUED]
    reminders.in_good_weather_everybody_is_reminded()
    assert len(reminders.gateway.taken) == 2


@pytest.mark.parametrize("what", ["withdraw", "cancel", "stop"])
def test_what_the_practice_takes_back_while_a_round_sends_is_not_sent(reminders: Reminders, what: str) -> None:
    reminders.dispatch_while_the_practice_works([Answer.ACCEPTED], 1, 1, what)
    assert [row.status for row in reminders.rows()] == [Status.SENT, Status.CANCELLED]


def test_what_an_export_lacks_between_two_rounds_is_texted_once_when_it_is_back(reminders: Reminders) -> None:
    reminders.an_export_lacks_one_between_two_rounds(1, [Answer.ACCEPTED], returns=True)
    assert len(reminders.gateway.taken) == 1
    reminders.in_good_weather_everybody_is_reminded()
    reminders.an_export_lacks_one_between_two_rounds(1, [Answer.ACCEPTED], returns=True)
    reminders.in_good_weather_everybody_is_reminded()
    assert len(reminders.gateway.taken) == 2


def test_what_two_exports_lack_is_cancelled(reminders: Reminders) -> None:
    reminders.an_export_lacks_one_between_two_rounds(1, [Answer.ACCEPTED], returns=False)
    reminders.in_good_weather_everybody_is_reminded()
    assert len(reminders.gateway.taken) == 1
    reminders.book_again(1)
    reminders.in_good_weather_everybody_is_reminded()
    assert len(reminders.gateway.taken) == 2


def test_who_was_erased_and_is_back_is_texted_once_of_each_appointment(reminders: Reminders) -> None:
    reminders.dispatch([Answer.ACCEPTED], Listing.WHOLE, 1, 999)
    for message in range(2):
        reminders.report(message, [Status.DELIVERED])
    reminders.poll(Listing.WHOLE)
    reminders.erase(0)
    reminders.tell_again(0)
    assert reminders.erased == {0}
    reminders.add_again(0, 0, consent=True)
    reminders.in_good_weather_everybody_is_reminded()
    assert len(reminders.gateway.taken) == 2
    reminders.purge(season=True)
    reminders.the_practice_would_leave(erased_before=True)


def test_a_stop_that_was_heard_stands_for_who_is_erased_and_back(reminders: Reminders) -> None:
    reminders.reply(0, "STOP", at_once=True)
    reminders.erase(0)
    reminders.add_again(0, 30, consent=True)
    reminders.reply(1, "JA", at_once=True)
    reminders.dispatch([Answer.ACCEPTED], Listing.WHOLE, 1, 999)
    assert [text.sms.phone[-1] for text in reminders.gateway.taken] == ["1"]
