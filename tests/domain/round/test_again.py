"""The look again at what is queued: what goes out, what drops out of it, and why it is withdrawn."""

from dataclasses import replace
from datetime import timedelta

import pytest

from smsreminders.domain.appointments import Booking
from smsreminders.domain.consent import Consent
from smsreminders.domain.round.again import Again, Held, plan_again
from smsreminders.domain.round.due import Due
from smsreminders.domain.round.grouping import Combine
from tests.due import DUE, MIDNIGHT, RULES, WINDOW, changed

LATER = changed(DUE, appointment_id=8, appointment="A8", starts_at=DUE.starts_at + timedelta(minutes=30))
LAST = changed(DUE, appointment_id=9, appointment="A9", starts_at=DUE.starts_at + timedelta(minutes=60))


def held(*dues: Due) -> list[Held]:
    return [Held(due, 1, 1, 1) for due in dues]


def gone(due: Due) -> Due:
    return changed(due, booking=Booking.CANCELLED)


def covers(again: Again) -> tuple[list[str], list[str]]:
    """The appointments of which a text goes out now, and those of which one goes by itself."""
    reminders = (again.reminder, again.rest)
    told, rest = ([cover.due.appointment for cover in r.covers] if r else [] for r in reminders)
    return told, rest


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"revision": 2}, "moved", id="moved"),
        pytest.param({"revision": 2, "booking": Booking.CANCELLED}, "moved", id="moved-and-cancelled"),
        pytest.param({"booking": Booking.CANCELLED}, "cancelled", id="cancelled"),
        pytest.param({"consent": Consent.WITHDRAWN}, "consent-withdrawn", id="withdrawn-since"),
        pytest.param({"starts_at": WINDOW.opens}, "too-late", id="too-late-by-now"),
        pytest.param({"service_id": None}, "no-service", id="service-disabled-since"),
        pytest.param({"phone": ""}, "no-number", id="number-taken-away"),
    ],
)
def test_what_is_queued_is_withdrawn_if_it_may_not_go_out_any_more(changes: dict[str, object], expected: str) -> None:
    assert plan_again(held(changed(DUE, **changes)), RULES) == Again(reason=expected)


def test_what_is_queued_goes_out_with_the_number_and_the_text_of_this_moment() -> None:
    reminder = plan_again(held(changed(DUE, phone="06-87654321", patient_name="Piet")), RULES).reminder
    assert reminder is not None
    assert (reminder.phone.e164, reminder.text.split(",")[0]) == ("+31687654321", "Beste Piet")


def test_a_reminder_of_an_occasion_that_has_passed_gives_way_to_the_nearer_one() -> None:
    rules = replace(RULES, window=replace(WINDOW, ends=((1, MIDNIGHT), (3, MIDNIGHT + timedelta(days=2)))))
    assert plan_again([Held(DUE, 1, 3, 1)], rules) == Again(reason="nearer")


@pytest.mark.parametrize(
    ("dues", "told", "rest"),
    [
        pytest.param((DUE, LATER, LAST), ["A7", "A8", "A9"], [], id="all"),
        pytest.param((DUE, gone(LATER), LAST), ["A7", "A9"], [], id="one-in-the-middle-drops-out"),
        pytest.param((DUE, gone(LATER), gone(LAST)), ["A7"], [], id="only-the-first-is-left"),
        pytest.param((gone(DUE), LATER, LAST), [], ["A8", "A9"], id="the-first-drops-out"),
        pytest.param((gone(DUE), gone(LATER), LAST), [], ["A9"], id="only-the-last-is-left"),
        pytest.param((gone(DUE), gone(LATER), gone(LAST)), [], [], id="none-is-left"),
    ],
)
def test_of_several_the_text_is_made_anew_for_the_rest(dues: tuple[Due, ...], told: list[str], rest: list[str]) -> None:
    again = plan_again(held(*dues), RULES)
    assert covers(again) == (told, rest)
    assert (again.reason is None) == bool(told)


def test_the_new_text_tells_what_is_left() -> None:
    again = plan_again(held(DUE, gone(LATER), LAST), RULES)
    assert again.reminder is not None
    assert "10:30 en 11:30" in again.reminder.text


def test_who_has_another_number_by_now_drops_out() -> None:
    rules = replace(RULES, combine=Combine.PHONE)
    assert covers(plan_again(held(DUE, changed(LATER, phone="06-87654321"), LAST), rules)) == (["A7", "A9"], [])
