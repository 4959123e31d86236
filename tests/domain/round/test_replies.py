"""What replies say, whose they are and what they confirm: 674 written answers, and the rules one by one."""

import csv
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.appointments import Booking
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.replies import Says, Told, confirmed_by, meant, open_at, says, sharing

ANSWERS = Path(__file__).parents[2] / "data" / "replies.csv"  # written by hand: what a person would say that it means
NINE = datetime(2026, 11, 23, 8, tzinfo=UTC)
NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)
TOLD = Told(1, Status.DELIVERED, NINE, 7, 1, 1, Booking.BOOKED, NINE + timedelta(days=1))
WORDS = {"ja", "yes", "ok", "nee", "annuleren", "cancel", "start"}


def answers() -> list[tuple[Says, str]]:
    with ANSWERS.open(newline="", encoding="utf-8") as file:
        return [(Says(row["means"]), row["text"]) for row in csv.DictReader(file)]


def test_no_written_answer_is_taken_for_a_stop_a_yes_or_a_no_that_it_is_not() -> None:
    desk = {Says.OTHER, Says.PERHAPS_STOP}
    wrong = [(means, says(text), text) for means, text in answers() if says(text) not in {means, *desk}]
    assert len(answers()) >= 500
    assert wrong == []


def test_what_is_not_caught_is_for_the_desk_and_nothing_is_passed_over() -> None:
    caught = Counter((means, says(text)) for means, text in answers() if says(text) is not Says.OTHER)
    assert caught == {
        (Says.STOP, Says.STOP): 33,
        (Says.STOP, Says.PERHAPS_STOP): 62,
        (Says.START, Says.START): 5,
        (Says.YES, Says.YES): 30,
        (Says.NO, Says.NO): 17,
        (Says.NO, Says.PERHAPS_STOP): 6,  # "Afspraak stoppen", "Mijn man is overleden"
        (Says.OTHER, Says.PERHAPS_STOP): 29,  # "Verkeerd nummer", "Hoe kan ik me afmelden?"
    }


@pytest.mark.parametrize("text", ["JA", "ja", " Ja.\n", "Yes!", "ok", "OK 👍🏽", "👍 ja", "Ja\u200b"])
def test_a_yes_alone_is_a_yes(text: str) -> None:
    assert says(text) is Says.YES


@pytest.mark.parametrize("text", ["NEE", "nee.", "Annuleren", "CANCEL!"])
def test_a_no_alone_is_a_no(text: str) -> None:
    assert says(text) is Says.NO


@pytest.mark.parametrize("text", ["Ja?", "ja, later", "Ok 👎", "JA 2", "1 ja", "> ja\nbeste Anna", "Jan", "", "👍"])
def test_anything_beside_the_word_makes_it_a_reply_for_the_desk(text: str) -> None:
    assert says(text) is Says.OTHER


@pytest.mark.parametrize(("text", "said"), [("Stop!", Says.STOP), ("afmelden", Says.STOP), ("start", Says.START)])
def test_stop_and_start_are_told_apart_from_answers(text: str, said: Says) -> None:
    assert says(text) is said


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_a_text_that_has_other_letters_or_digits_than_a_word_says_nothing(text: str) -> None:
    if says(text) in {Says.YES, Says.NO}:
        assert "".join(filter(str.isalnum, text)).casefold() in WORDS


@pytest.mark.parametrize(
    ("answered", "texted", "expected"),
    [
        pytest.param("+3197010001111", [], [1], id="one-has-the-number"),
        pytest.param("+3197010001111", [2], [1], id="one-has-it-though-another-texted-last"),
        pytest.param("3197010001111", [], [1], id="without-its-plus"),
        pytest.param("00 31 97010001111", [], [1], id="with-zeros"),
        pytest.param("+3197010002222", [3, 2], [3], id="shared-by-two-and-the-last-text-was-of-one"),
        pytest.param("+3197010002222", [1, 2, 3], [2], id="shared-and-a-third-practice-texted-last"),
        pytest.param("+3197010002222", [], [2, 3], id="shared-and-nobody-texted"),
        pytest.param("", [3, 1], [3], id="not-told-and-one-texted-last"),
        pytest.param("", [], [1, 2, 3, 4], id="not-told-and-nobody-texted"),
        pytest.param("+3197010009999", [2], [2], id="a-number-that-no-practice-has"),
        pytest.param("Praktijk112", [], [4], id="a-name-that-one-has"),
        pytest.param("112", [], [1, 2, 3, 4], id="the-digits-of-a-name-are-no-number"),
        pytest.param("+319711111", [], [1, 2, 3, 4], id="zeros-count"),
        pytest.param("Tandarts", [], [1, 2, 3, 4], id="a-name-that-nobody-has"),
    ],
)
def test_a_reply_is_for_the_practice_whose_number_was_answered(
    answered: str, texted: list[int], expected: list[int]
) -> None:
    senders = {1: "+3197010001111", 2: "+3197010002222", 3: "+3197010002222", 4: "Praktijk112"}
    assert meant(sharing(answered, senders), texted) == expected


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"status": Status.FAILED}, id="it-did-not-arrive"),
        pytest.param({"status": Status.QUEUED}, id="it-waits"),
        pytest.param({"status": Status.CANCELLED}, id="it-was-withdrawn"),
        pytest.param({"sent_at": NOON + timedelta(seconds=1)}, id="it-was-sent-after-the-reply"),
        pytest.param({"starts_at": NOON}, id="the-appointment-begins"),
        pytest.param({"starts_at": NINE}, id="the-appointment-has-begun"),
        pytest.param({"booking": Booking.CANCELLED}, id="the-appointment-is-cancelled"),
        pytest.param({"revision": 2}, id="the-appointment-was-moved-since"),
    ],
)
def test_a_reply_is_not_about_what_is_not_open(changes: dict[str, object]) -> None:
    assert open_at(NOON, [TOLD]) == [TOLD]
    assert open_at(NOON, [replace(TOLD, **changes)]) == []  # type: ignore[arg-type]


def test_a_reply_of_the_same_second_as_the_text_may_be_about_it() -> None:
    at_once = replace(TOLD, sent_at=NOON)
    assert open_at(NOON, [at_once]) == [at_once]


def test_a_yes_confirms_every_appointment_of_the_one_open_text() -> None:
    both = [TOLD, replace(TOLD, appointment_id=8)]
    assert confirmed_by(Says.YES, both) == both


def test_a_yes_confirms_the_appointment_of_which_two_texts_told() -> None:
    again = replace(TOLD, notification_id=2, sent_at=NOON)
    assert confirmed_by(Says.YES, [again, TOLD]) == [again]


@pytest.mark.parametrize("said", [Says.NO, Says.OTHER, Says.STOP, Says.START])
def test_nothing_but_a_yes_confirms(said: Says) -> None:
    assert confirmed_by(said, [TOLD]) == []


@pytest.mark.parametrize("status", [Status.UNCERTAIN, Status.SENDING, Status.EXPIRED])
def test_a_yes_confirms_nothing_where_the_text_only_perhaps_arrived(status: Status) -> None:
    assert confirmed_by(Says.YES, [replace(TOLD, status=status)]) == []


@pytest.mark.parametrize("status", [Status.DELIVERED, Status.UNCERTAIN])
def test_a_yes_confirms_nothing_where_another_appointment_may_be_meant(status: Status) -> None:
    other = replace(TOLD, notification_id=2, appointment_id=8, status=status, sent_at=NINE - timedelta(days=1))
    assert confirmed_by(Says.YES, [TOLD, other]) == []


def test_a_yes_to_nothing_open_confirms_nothing() -> None:
    assert confirmed_by(Says.YES, []) == []
