"""The table [messages]: what a text may not have, and which languages need which texts."""

from pathlib import Path

import pytest

from tests.config.files import error_of

TABLE = "messages.appointment-reminder"
SINGLE = 'nl = "Tot {day}."'
FAMILY_MAY = "it may have {call}, {count}, {date}, {day}, {phone}, {practice}, {time}"
ONE_MAY = "it may have {call}, {date}, {day}, {location}, {patient}, {phone}, {practice}, {time}"


def wrong(folder: Path, *lines: str, above: str = "") -> str:
    return error_of(folder, "\n".join([above, f"[{TABLE}]", *lines])).removeprefix(f": {TABLE}.")


@pytest.mark.parametrize(
    ("key", "text", "why"),
    [
        ("nl_several", "Om {tiems}", 'unknown placeholder "tiems"; did you mean "times"?'),
        ("nl_several", "Om {times", "a brace is not closed or not opened"),
        ("nl_several", "{times} {count}", "there is no text of its own in it"),
        ("nl_several", "Om {times:>3}", "{times} takes nothing behind its name"),
        ("nl_family", "Om {tiem}", 'unknown placeholder "tiem"; did you mean "time"?'),
        ("nl_family", "Beste {patient}", f"{{patient}} can't stand in this text; {FAMILY_MAY}"),
        ("nl_family", "In {location}", f"{{location}} can't stand in this text; {FAMILY_MAY}"),
        ("nl_family", "Om {times}", f"{{times}} can't stand in this text; {FAMILY_MAY}"),
        ("nl_family", "", "there is no text of its own in it"),
        ("nl", "Om {times}", f"{{times}} can't stand in this text; {ONE_MAY}"),
        ("nl", "{count} keer", f"{{count}} can't stand in this text; {ONE_MAY}"),
    ],
)
def test_a_text_has_the_placeholders_of_what_it_is_about(tmp_path: Path, key: str, text: str, why: str) -> None:
    lines = [f'{key} = "{text}"'] if key == "nl" else [SINGLE, f'{key} = "{text}"']
    assert wrong(tmp_path, *lines).startswith(f"{key}: {why}")


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("nl_sevral", 'unknown key; did you mean "nl_several"?'),
        ("nl_families", 'unknown key; did you mean "nl_family"?'),
        ("nl_", "unknown key; "),
        ("nl_several_", "unknown key; "),
        ("nl_several_family", "unknown key; "),
        ("nl-several", '"nl-several" is no language: write its code, like nl or en'),
        ("several", '"several" is no language: write its code, like nl or en'),
        ("_several", '"" is no language: write its code, like nl or en'),
        ("Dutch_family", '"Dutch" is no language: write its code, like nl or en'),
    ],
)
def test_a_key_that_is_no_text_of_a_language_is_refused(tmp_path: Path, key: str, why: str) -> None:
    assert wrong(tmp_path, SINGLE, f'{key} = "Tot dan!"').startswith(f"{key}: {why}")


@pytest.mark.parametrize("suffix", ["several", "family"])
def test_a_language_has_a_text_for_one_appointment_beside_its_others(tmp_path: Path, suffix: str) -> None:
    expected = f"de_{suffix}: there is no text de for one appointment beside it"
    assert wrong(tmp_path, SINGLE, f'de_{suffix} = "Bis dann!"') == expected


def test_texts_for_several_alone_are_not_enough(tmp_path: Path) -> None:
    expected = "nl_several: there is no text nl for one appointment beside it"
    assert wrong(tmp_path, 'nl_several = "Tot {times}."') == expected


@pytest.mark.parametrize(
    ("above", "lines", "key"),
    [
        ("", [SINGLE], "nl_family"),
        ("", [SINGLE, 'en = "See you {day}."', 'en_family = "See you {day}."'], "nl_family"),
        ('language = "en"', ['en = "See you."', SINGLE, 'nl_family = "Tot dan!"'], "en_family"),
    ],
)
def test_one_text_a_phone_needs_a_family_text_in_the_language_of_the_configuration(
    tmp_path: Path, above: str, lines: list[str], key: str
) -> None:
    message = wrong(tmp_path, *lines, above=f'{above}\n[schedule]\ncombine = "phone"')
    assert message == f'{key}: combine = "phone" needs this text, in the language of the configuration'


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ('"family"', '"family" can\'t stand here; known are: none, patient, phone'),
        ('"Phone"', '"Phone" can\'t stand here; did you mean "phone"?'),
        ('""', '"" can\'t stand here; known are: none, patient, phone'),
        ("true", 'write it as text, in quotes: "..."'),
    ],
)
def test_combine_is_one_of_three_words(tmp_path: Path, value: str, why: str) -> None:
    assert error_of(tmp_path, f"[schedule]\ncombine = {value}") == f": schedule.combine: {why}"


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ('"1wd"', 'write a list of texts, as in ["...", "..."]'),
        ("[]", 'write a list of texts, as in ["...", "..."]'),
        ("[1]", 'write a list of texts, as in ["...", "..."]'),
        ('["1wd", "1wd"]', '"1wd" stands there twice: each reminder has an occasion of its own'),
        ('["1wd", "2wd", "3wd", "4wd", "5wd"]', "write one to 4 occasions, not 5"),
        ('["24h"]', '"24h" is no occasion: write working days before the appointment, from "1wd" to "10wd"'),
    ],
)
def test_remind_is_a_list_of_occasions(tmp_path: Path, value: str, why: str) -> None:
    assert error_of(tmp_path, f"[schedule]\nremind = {value}") == f": schedule.remind: {why}"


def test_a_language_without_a_sentence_to_call_has_no_placeholder_for_it(tmp_path: Path) -> None:
    assert wrong(tmp_path, SINGLE, 'it = "{day}! {call}"').startswith("it: {call} can't stand in this text")


def test_warnings_are_accepted_by_their_names_and_no_others(tmp_path: Path) -> None:
    told = error_of(tmp_path, '[messages]\naccept = ["bsn"]')
    assert told.startswith(': messages.accept: "bsn" can\'t stand here')
