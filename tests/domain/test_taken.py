"""What a gateway may have taken that a restored database doesn't know of, and which texts those were."""

from dataclasses import replace
from datetime import timedelta

import pytest

from smsreminders.domain.consent import Consent
from smsreminders.domain.due import Due, Earlier
from smsreminders.domain.notifications import Status
from smsreminders.domain.reminders import Reminder, plan_reminder
from smsreminders.domain.taken import Slot, reminder_of, slots, texts_taken
from tests.due import DUE, MIDNIGHT, NOW, RULES, WINDOW, changed

WIDE = replace(RULES, window=replace(WINDOW, ends=((1, MIDNIGHT), (3, MIDNIGHT + timedelta(days=2)))))
SENT = Earlier(1, Status.SENT, 1, 1, 1, "+31612345678", "words", NOW)


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        pytest.param(DUE, [(1, 1), (3, 1)], id="both-occasions-have-begun"),
        pytest.param(changed(DUE, starts_at=MIDNIGHT), [(3, 1)], id="the-nearer-has-not"),
        pytest.param(changed(DUE, starts_at=MIDNIGHT + timedelta(days=2)), [], id="none-has"),
        pytest.param(changed(DUE, earlier=(SENT,)), [(3, 1)], id="not-what-is-known"),
        pytest.param(
            changed(DUE, earlier=(SENT,), phone="06-87654321"), [(3, 1), (1, 2)], id="a-second-to-another-number"
        ),
        pytest.param(changed(DUE, earlier=(SENT,), revision=2), [(1, 1), (3, 1)], id="of-another-revision"),
        pytest.param(
            changed(DUE, earlier=(SENT, replace(SENT, attempt=2), replace(SENT, occasion=3)), phone="06-87654321"),
            [(3, 2)],
            id="both-are-known",
        ),
        pytest.param(
            changed(DUE, earlier=(replace(SENT, status=Status.QUEUED),)), [(1, 1), (3, 1)], id="queued-is-not-known"
        ),
    ],
)
def test_what_may_have_gone_is_asked_for(due: Due, expected: list[Slot]) -> None:
    assert slots(due, WIDE) == expected


def test_a_reminder_is_made_whether_it_may_go_or_not() -> None:
    reminder, textable = reminder_of(changed(DUE, consent=Consent.WITHDRAWN, phone="06-1"), (3, 2), WIDE)
    assert (reminder.first.occasion, reminder.first.attempt, reminder.phone.e164, textable) == (3, 2, "06-1", False)
    assert reminder_of(DUE, (1, 1), WIDE)[1]


def at(number: int, minutes: int) -> Due:
    return changed(DUE, appointment_id=number, starts_at=DUE.starts_at + timedelta(minutes=minutes))


DAY = [at(number, number * 30) for number in range(4)]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param([0], [[0, 1, 2, 3]], id="the-first-with-all"),
        pytest.param([1], [[1, 2, 3]], id="the-second-without-the-one-before"),
        pytest.param([0, 2], [[0, 1], [2, 3]], id="two-texts"),
        pytest.param([], [], id="none"),
    ],
)
def test_a_text_that_was_found_likely_told_of_the_rest_of_the_day(found: list[int], expected: list[list[int]]) -> None:
    meant = [reminder for due in DAY if isinstance(reminder := plan_reminder(due, RULES), Reminder)]
    texts = texts_taken([meant[number] for number in found], meant, RULES)
    assert [[cover.due.appointment_id for cover in text.covers] for text in texts] == expected


def test_what_would_not_go_now_is_not_said_to_have_been_told() -> None:
    found, _ = reminder_of(DAY[0], (1, 1), RULES)
    assert texts_taken([found], [], RULES) == [found]
