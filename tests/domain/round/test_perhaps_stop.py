"""What may be a STOP in other words: 383 answers as patients send them, in nine languages, and what each is read as."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.round.perhaps_stop import perhaps_stop
from smsreminders.domain.round.replies import Says, says

ANSWERS = Path(__file__).parents[2] / "data" / "answers.csv"
LANGUAGES = {
    "nl": "Beste J. Pot, u heeft dinsdag 24 november om 10:30 een afspraak bij Linde. Geen sms meer? Antwoord STOP.",
    "en": "You have an appointment on Tuesday 24 November at 10:30. No more texts? Reply STOP.",
    "de": "Sie haben am Dienstag, 24. November um 10:30 einen Termin. Keine SMS mehr? Antworten Sie mit STOP.",
    "fr": "Vous avez rendez-vous mardi 24 novembre. Plus de SMS ? Répondez STOP.",
}


def answers() -> list[tuple[Says, str]]:
    with ANSWERS.open(newline="", encoding="utf-8") as file:
        return [(Says(row["says"]), row["text"]) for row in csv.DictReader(file)]


def test_each_written_answer_is_read_as_what_it_is() -> None:
    assert len(answers()) >= 300
    assert [(means, says(text), text) for means, text in answers() if says(text) is not means] == []


@pytest.mark.parametrize("text", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize(
    "around", ["{} Kan het later?", "Kan het later? {}", 'Liked "{}"', "Vond “{}” leuk", "Ok\n> {}"]
)
def test_our_own_text_in_a_reply_asks_for_nothing(text: str, around: str) -> None:
    assert says(around.format(text)) is Says.OTHER


@pytest.mark.parametrize("text", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("wish", ["Stop aub", "Geen berichten meer", "Please stop", "Keine SMS"])
def test_a_wish_beside_our_own_text_is_found(text: str, wish: str) -> None:
    assert perhaps_stop(f'{wish}. "{text}"')
    assert perhaps_stop(f"{wish}\n> {text}")


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    assert perhaps_stop(text) in {True, False}


@pytest.mark.parametrize(
    "word", ["niet ", "wil dit ", "haal mij ", "hou ", "kan ik ", "S ", "geen sms ", "stoop", "> a\n"]
)
def test_a_long_reply_is_read_to_its_end(word: str) -> None:
    assert perhaps_stop(word * (1600 // len(word)) + " stop met sms")
