"""A practice's texts are judged as patients with a usual name would get them, its name and sender ID too."""

from dataclasses import replace

import pytest

from smsreminders.domain.round.due import Rules
from smsreminders.domain.round.judged_wording import check_wording, judge_wording
from smsreminders.domain.text.message import Wording
from smsreminders.errors import ConfigError
from tests.due import RULES

GOOD = "Beste {patient}, {day} {date} om {time} bij {practice}."


def with_text(
    text: str = GOOD, *, key: str = "nl", accept: frozenset[str] = frozenset(), name: str = "De Linde"
) -> Rules:
    several = {"nl": text} if key == "nl_several" else {}
    family = {"nl": text} if key == "nl_family" else {}
    wording = Wording({"nl": text if key == "nl" else GOOD}, several=several, family=family, accept=accept)
    return replace(RULES, wording=wording, practice=replace(RULES.practice, name=name, phone=""))


def judged(rules: Rules) -> list[str]:
    return [str(each) for each in judge_wording(rules)]


@pytest.mark.parametrize("key", ["nl", "nl_several", "nl_family"])
def test_each_text_is_told_by_its_key(key: str) -> None:
    assert judged(with_text("Zie www.delinde.nl, {day} om {time}.", key=key)) == [
        f"a link, as others send in your name too, in {key} (www.delinde.nl)"
    ]


def test_what_is_accepted_is_told_no_more_but_what_is_refused_is() -> None:
    text = "Zie www.delinde.nl of bit.ly/linde, {day} {time}."
    assert judged(with_text(text, accept=frozenset({"link"}))) == [
        "a shortened link, of which nobody sees where it leads, in nl (bit.ly/linde)"
    ]


def test_name_and_sender_id_stand_on_the_phone_too() -> None:
    rules = with_text(name="GGZ aan Zee")
    rules = replace(rules, practice=replace(rules.practice, sender_id="GGZ"))
    assert judged(rules) == [
        "a word that tells others what somebody comes for in nl, the practice's name, the sender ID (GGZ)"
    ]
    assert judged(replace(rules, wording=replace(rules.wording, accept=frozenset({"care"})))) == []


def test_a_text_with_a_phone_is_judged_where_the_practice_has_none() -> None:
    assert judged(with_text("Bel {phone}. Tot {date} {time}.")) == []


def test_a_text_is_judged_with_the_practices_own_phone_and_what_to_do_is_said() -> None:
    rules = with_text("Zie www.delinde.nl of bel {phone}, {day} {time}.")
    rules = replace(rules, practice=replace(rules.practice, phone="020-5550123"))
    assert [judged.advice for judged in judge_wording(rules)] == [
        'change it, or write accept = ["link"] in [messages] if it is meant'
    ]


@pytest.mark.parametrize(
    ("languages", "told"),
    [(None, True), (["en"], True), (["en", None], True), ([], False), (["nl", None], False), (["xx"], False)],
)
def test_nobody_is_warned_of_a_text_that_no_patient_gets(languages: list[str | None] | None, *, told: bool) -> None:
    rules = replace(
        RULES,
        wording=Wording({"nl": GOOD, "en": "See www.linde.nl, {day} {time}.", "fr": "Voir bit.ly/x, {day} {time}"}),
    )
    found = [judged.matter for judged in judge_wording(rules, languages)]
    assert found == (["link"] if told else []) + ["short-link"]


def test_the_text_in_the_practices_own_language_is_warned_of() -> None:
    rules = replace(RULES, wording=Wording({"nl": GOOD, "en": "See www.linde.nl, {day} {time}."}))
    english = replace(rules, practice=replace(RULES.practice, language="en"))
    assert [judged.matter for judged in judge_wording(english, [])] == ["link"]


@pytest.mark.parametrize("text", ["U heeft een afspraak, {day}.", "Om {time}.", "Bel ons."])
def test_a_text_that_does_not_say_when_is_told_unless_the_practice_accepts_that(text: str) -> None:
    assert judged(with_text(text)) == ["no day or no time of the appointment in nl ({day} {date} {time})"]
    assert judged(with_text(text, accept=frozenset({"no-time"}))) == []
    assert judged(with_text("{date}: {times}.", key="nl_several")) == []


LONG = "Beste {patient}, u heeft op {day} {date} om {time} een afspraak bij ons in {practice}."


def test_a_sentence_of_a_text_that_comes_with_the_program_is_not_too_long() -> None:
    rules = with_text(LONG)
    assert judged(rules) == ["a sentence of more than 15 words in nl (de Vries u heeft …)"]
    assert judged(replace(rules, wording=replace(rules.wording, shipped=frozenset({LONG})))) == []


def test_only_what_may_not_stand_in_a_text_keeps_it_from_going_out() -> None:
    check_wording(with_text("Zie www.delinde.nl."))
    with pytest.raises(
        ConfigError, match=r"^tandarts: a birth date in nl .*: until then nothing of the practice goes out$"
    ):
        check_wording(with_text("Geboren 12-03-1956? Kom {date}."))


def test_before_a_round_the_texts_that_come_with_the_program_are_taken_as_they_are() -> None:
    shipped = "Zie bit.ly/linde, {day}."  # if it were so
    rules = with_text(shipped)
    with pytest.raises(ConfigError, match="a shortened link"):
        check_wording(rules)
    check_wording(replace(rules, wording=replace(rules.wording, shipped=frozenset({shipped}))))


def test_a_name_that_may_not_stand_in_any_text_keeps_all_of_them_back() -> None:
    rules = with_text(name="Praktijk bit.ly/linde")
    with pytest.raises(ConfigError, match=r"^tandarts: a shortened link.* in the practice's name: change the name$"):
        check_wording(replace(rules, wording=replace(rules.wording, shipped=frozenset({GOOD}))))
