"""What a gateway may have taken that a restored database doesn't know of, and which texts those were."""

from dataclasses import replace
from datetime import timedelta

import pytest

from smsreminders.domain.appointments import Booking
from smsreminders.domain.consent import Consent
from smsreminders.domain.round.due import Due, Earlier
from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.taken import Slot, may_have_gone, reminder_of, slots, texts_taken
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


def texts(
    found: list[Due], present: list[Due], combine: Combine = Combine.PATIENT
) -> list[tuple[list[int], list[int]]]:
    """The appointments that each text covers, and those that count as told by a guess."""
    rules = replace(RULES, combine=combine)
    taken = texts_taken([reminder_of(due, (1, 1), rules)[0] for due in found], present, rules)
    return [
        ([cover.due.appointment_id for cover in each.text.covers], [due.appointment_id for due in each.guessed])
        for each in taken
    ]


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
    assert texts([DAY[number] for number in found], DAY) == [(covered, []) for covered in expected]


def test_what_would_not_go_now_is_not_said_to_have_been_told() -> None:
    assert texts([DAY[0]], [changed(due, consent=Consent.WITHDRAWN) for due in DAY]) == [([0], [])]


MOVED = [changed(DAY[0], revision=2, starts_at=MIDNIGHT - timedelta(hours=2)), *DAY[1:]]
AWAY = changed(DAY[0], revision=2, starts_at=MIDNIGHT + timedelta(hours=12))


@pytest.mark.parametrize("present", [MOVED, DAY[1:], [AWAY, *DAY[1:]]], ids=["on-that-day", "out-of-sight", "away"])
def test_a_text_at_a_former_revision_told_of_the_rest_of_its_day_and_not_of_the_move(present: list[Due]) -> None:
    assert texts([DAY[0]], present) == [([0, 1, 2, 3], [])]


def test_the_words_of_a_text_at_a_former_revision_are_those_of_then() -> None:
    then, now = (reminder_of(due, (1, 1), RULES)[0].first.words for due in (DAY[0], MOVED[0]))
    (taken,) = texts_taken([reminder_of(DAY[0], (1, 1), RULES)[0]], MOVED, RULES)
    assert (taken.text.first.words == then, then == now) == (True, False)


OTHERS = [changed(at(5, 0), patient_id=8), changed(at(6, 0), patient_id=8, phone="06-87654321")]


@pytest.mark.parametrize(
    ("combine", "covered", "guessed"),
    [
        pytest.param(Combine.PATIENT, [1, 2], [0, 1, 2], id="of-the-patient"),
        pytest.param(Combine.PHONE, [1, 2, 5], [0, 1, 2, 5], id="of-the-number"),
        pytest.param(Combine.NONE, [], [0], id="itself-alone"),
    ],
)
def test_a_text_at_a_later_revision_may_have_told_of_anything_of_that_patient_or_number(
    combine: Combine, covered: list[int], guessed: list[int]
) -> None:
    later = replace(RULES, window=replace(WINDOW, ends=((1, MIDNIGHT),)))
    found, _ = reminder_of(changed(DAY[0], revision=2), (1, 1), later)
    present = [*DAY[:3], *OTHERS]
    (taken,) = texts_taken([found], present, replace(later, combine=combine))
    assert [cover.due.appointment_id for cover in taken.text.covers] == [0, *covered]
    assert [due.appointment_id for due in taken.guessed] == guessed
    assert (taken.text.text, taken.ahead) == (found.text, True)


@pytest.mark.parametrize("change", [{"booking": Booking.CANCELLED}, {"revision": 2}], ids=["cancelled", "as-it-is-now"])
def test_what_is_not_to_be_texted_or_was_found_itself_is_no_guess(change: dict[str, object]) -> None:
    now = changed(DAY[0], **change)
    found = [changed(DAY[0], revision=now.revision + 1), *([now] if now.revision == 2 else [])]
    assert [guessed for _, guessed in texts(found, [now])] == [[] for _ in found]


def test_what_may_have_gone_is_as_it_stands_as_it_stood_and_at_the_next_two_revisions() -> None:
    former = changed(DUE, starts_at=MIDNIGHT - timedelta(hours=1))
    present = changed(DUE, revision=2, starts_at=MIDNIGHT)
    asked = [(due.revision, due.starts_at, slot) for due, slot in may_have_gone([present], [former], WIDE)]
    ahead = [(revision, MIDNIGHT, (days, 1)) for revision in (3, 4) for days in (1, 3)]
    then = [(1, former.starts_at, (days, 1)) for days in (1, 3)]
    assert asked == [(2, MIDNIGHT, (3, 1)), *then, *ahead]
