"""The shipped texts: nine languages, polite and short, with dates as each writes them."""

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from smsreminders.config.wording import shipped_texts
from smsreminders.domain.alphabet import GSM7_BASIC, GSM7_EXTENSION
from smsreminders.domain.round.due import Rules
from smsreminders.domain.round.judged_wording import judge_wording
from smsreminders.domain.round.made_up import made_up
from smsreminders.domain.round.reminder_text import reminder_text, text_for_several
from smsreminders.domain.segments import count_segments
from smsreminders.domain.text.judged import judge
from smsreminders.domain.text.message import Wording
from tests.due import PRACTICE, RULES

LANGUAGES = ("nl", "en", "de", "fr", "es", "pl", "tr", "uk", "ar")
IN_LATIN = LANGUAGES[:7]
WITHOUT_LATIN = LANGUAGES[7:]
EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
PLAIN = GSM7_BASIC | GSM7_EXTENSION


def rules(phone: str = "020-5550123") -> Rules:
    texts = shipped_texts()

    def of(suffix: str) -> dict[str, str]:
        return {language: texts[f"{language}{suffix}"] for language in LANGUAGES}

    wording = Wording(of(""), several=of("_several"), family=of("_family"))
    return replace(
        RULES, wording=wording, practice=replace(PRACTICE, name="De Linde", sender_id="DeLinde", phone=phone)
    )


def every_text(language: str, phone: str) -> list[str]:
    """The text of each month and weekday, alone, for several and for a family."""
    of = rules(phone)
    texts = []
    for day in [*(date(2026, month, 28) for month in range(1, 13)), *(date(2026, 11, 9 + n) for n in range(7))]:
        starts = datetime(day.year, day.month, day.day, 9, 30, tzinfo=UTC)
        due = replace(made_up(of, language=language), starts_at=starts)
        other = replace(due, appointment_id=1, starts_at=starts.replace(minute=55))
        texts += [
            reminder_text(due, of),
            text_for_several([due, other], of),
            text_for_several([due, replace(other, patient_id=1)], of),
        ]
    return texts


def test_each_language_has_a_text_for_one_for_several_and_for_a_family() -> None:
    keys = [f"{language}{kind}" for language in LANGUAGES for kind in ("", "_several", "_family")]
    assert sorted(shipped_texts()) == sorted(keys)


@pytest.mark.parametrize("phone", ["020-5550123", ""])
@pytest.mark.parametrize("language", IN_LATIN)
def test_it_is_one_segment_on_each_day_of_the_year_where_its_letters_allow_it(language: str, phone: str) -> None:
    assert [text for text in every_text(language, phone) if count_segments(text).segments > 1] == []


@pytest.mark.parametrize("phone", ["020-5550123", ""])
@pytest.mark.parametrize("language", WITHOUT_LATIN)
def test_in_other_letters_it_is_two_at_most(language: str, phone: str) -> None:
    assert [text for text in every_text(language, phone) if count_segments(text).segments > 2] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_it_is_one_that_a_text_should_not_have(language: str) -> None:
    found = [j for text in every_text(language, "020-5550123") for j in judge(text, year=2026, own_phone="020-5550123")]
    assert found == []


def test_doctor_has_nothing_to_say_of_them() -> None:
    assert judge_wording(rules()) == []


@pytest.mark.parametrize(
    ("language", "date_words"),
    [
        ("nl", "zaterdag 28 november"),
        ("en", "Saturday 28 November"),
        ("de", "Samstag, 28. November"),
        ("fr", "samedi 28 novembre"),
        ("es", "sabado 28 de noviembre"),
        ("pl", "sobota 28 listopada"),
        ("tr", "Cumartesi 28 Kasim"),
        ("uk", "субота 28 листопада"),
        ("ar", "السبت 28 نوفمبر"),
    ],
)
def test_the_date_is_written_as_its_language_writes_it(language: str, date_words: str) -> None:
    assert date_words in every_text(language, "")[3 * 10]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phone_leaves_no_hole(language: str) -> None:
    for text in every_text(language, ""):
        assert "  " not in text
        assert text == text.strip()
        assert not text.endswith((":", "،"))


def test_the_example_shows_the_dutch_and_the_english_ones() -> None:
    shown = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))["messages"]["appointment-reminder"]
    shipped = shipped_texts()
    assert shown == {key: shipped[key] for key in shown}
    assert {key.partition("_")[0] for key in shown} == {"nl", "en"}
