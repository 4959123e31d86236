"""The text of a reminder: its language, its clock, what its template wants, and names that may not stand in it."""

from dataclasses import replace
from datetime import datetime

import pytest

from smsreminders.domain.round.planning import plan_reminders
from smsreminders.domain.round.reminder_text import holes, reminder_text, text_for_several
from smsreminders.domain.text.message import Wording
from smsreminders.errors import ConfigError
from tests.due import DUE, PRACTICE, RULES, TEMPLATES, changed


@pytest.mark.parametrize(
    ("patient", "practice", "default", "beginning"),
    [
        pytest.param("en", "nl", "nl", "Dear", id="the-patients-language"),
        pytest.param(None, "en", "nl", "Dear", id="the-practices-language"),
        pytest.param(None, None, "en", "Dear", id="the-default"),
        pytest.param("nl", "en", "en", "Beste", id="the-patients-before-all"),
        pytest.param("fr", "en", "nl", "Dear", id="no-template-in-the-patients"),
    ],
)
def test_the_text_is_in_the_language_of_the_patient(
    patient: str | None, practice: str | None, default: str, beginning: str
) -> None:
    rules = replace(RULES, practice=replace(PRACTICE, language=practice), wording=Wording(TEMPLATES, default))
    assert reminder_text(changed(DUE, language=patient), rules).split()[0] == beginning


def test_the_whole_text_is_in_one_language() -> None:
    text = "Dear Jan de Boer, your appointment at Tandarts Jansen is on Tuesday 24 November at 10:30. Call 020-5550123."
    assert reminder_text(changed(DUE, language="en"), RULES) == text


@pytest.mark.parametrize(
    ("starts_at", "expected"),
    [("2026-10-24T22:30+00:00", "zondag 25 oktober 00:30"), ("2026-10-25T23:30+00:00", "maandag 26 oktober 00:30")],
    ids=["summer-time", "winter-time"],
)
def test_the_day_and_the_time_are_those_of_the_local_clock(starts_at: str, expected: str) -> None:
    rules = replace(RULES, wording=Wording({"nl": "{day} {date} {time}"}))
    assert reminder_text(changed(DUE, starts_at=datetime.fromisoformat(starts_at)), rules) == expected


def test_a_place_is_told_where_the_template_has_it() -> None:
    rules = replace(RULES, wording=Wording({"nl": "{patient}, {location}"}))
    assert reminder_text(DUE, rules) == "Jan de Boer, kamer 2"


def test_a_template_that_wants_a_missing_phone_is_an_error_that_names_the_command() -> None:
    rules = replace(RULES, practice=replace(PRACTICE, phone=""))
    with pytest.raises(
        ConfigError,
        match=r"^the text has {phone}, but practice tandarts has none: "
        r"run `smsreminders practice edit tandarts --phone NUMBER`$",
    ):
        plan_reminders([DUE], rules, daily_limit=10, sent_today=0)


def test_a_missing_phone_is_no_error_where_the_template_does_not_want_it() -> None:
    rules = replace(RULES, practice=replace(PRACTICE, phone=""), wording=Wording({"nl": "Tot {day}, {patient}!"}))
    assert reminder_text(DUE, rules) == "Tot dinsdag, Jan de Boer!"


@pytest.mark.parametrize(
    ("phone", "expected"),
    [("020-5550123", "Verhinderd? Bel 020-5550123."), ("", "Verhinderd? Laat het ons op tijd weten.")],
)
def test_how_to_call_leaves_no_hole_where_there_is_no_phone(phone: str, expected: str) -> None:
    texts = {"nl": "Verhinderd? {call}"}
    rules = replace(RULES, practice=replace(PRACTICE, phone=phone), wording=Wording(texts, several=texts, family=texts))
    other = changed(DUE, patient_id=4)
    several = [text_for_several(dues, rules) for dues in ([DUE, DUE], [DUE, other])]
    assert [reminder_text(DUE, rules), *several] == [expected] * 3


@pytest.mark.parametrize(
    ("plain_letters", "name", "expected"),
    [(False, "Zoë" + "e" * 35, "Zoë"), (True, "Zoë" + "e" * 35, "Zoe"), (True, "Zoë", "Zoë")],
    ids=["not-asked-for", "saves-a-segment", "saves-nothing"],
)
def test_accents_go_only_if_configured_and_if_it_saves(plain_letters: bool, name: str, expected: str) -> None:
    rules = replace(RULES, wording=Wording({"nl": "{patient}" + "." * 40}, plain_letters=plain_letters))
    assert reminder_text(changed(DUE, patient_name=name), rules)[:3] == expected


@pytest.mark.parametrize(
    ("language", "name", "expected"),
    [
        ("nl", "Win: evil.com", "Beste patiënt, u heeft"),
        ("nl", "111222333", "Beste patiënt, u heeft"),
        ("nl", "bel 06-12345678", "Beste patiënt, u heeft"),
        ("nl", "x" * 41, "Beste patiënt, u heeft"),
        ("en", "www.evil.example", "Dear patient, your appointment"),
        ("en", "Zoë de Boer", "Dear Zoë de Boer, your appointment"),
    ],
)
def test_a_name_that_may_not_stand_in_a_text_gives_way_to_an_address(language: str, name: str, expected: str) -> None:
    assert reminder_text(changed(DUE, language=language, patient_name=name), RULES).startswith(expected)


def test_a_placeholder_for_which_an_appointment_has_nothing_is_known() -> None:
    rules = replace(RULES, wording=Wording({"nl": "Tot {time}, {location}"}))
    lacking = [holes(changed(DUE, location=location), rules) for location in ("kamer 2", "", " ")]
    assert lacking == [[], ["location"], ["location"]]


def test_a_name_cannot_hide_a_placeholder_a_line_or_a_turn_of_direction() -> None:
    rules = replace(RULES, wording=Wording({"nl": "Beste {patient}!"}))
    due = changed(DUE, patient_name="\u202e{phone}\r\nde\u00a0Boer’s")
    assert reminder_text(due, rules) == "Beste {phone} de Boer's!"
