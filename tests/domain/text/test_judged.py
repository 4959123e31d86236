"""Texts are judged before they go: no bad one of the corpus passes, and at most two good ones are warned of."""

from pathlib import Path

import pytest

from smsreminders.domain.text.judged import Judgement, Matter, judge

TEXTS = Path(__file__).parents[2] / "data" / "texts"
GOOD = (TEXTS / "good.txt").read_text(encoding="utf-8").splitlines()
BAD = [line.split("\t") for line in (TEXTS / "bad.txt").read_text(encoding="utf-8").splitlines()]


def matters(text: str) -> set[Matter]:
    return {judgement.matter for judgement in judge(text, year=2026, own_phone="020-5550123")}


@pytest.mark.parametrize(("matter", "text"), BAD)
def test_no_bad_text_passes(matter: str, text: str) -> None:
    assert Matter(matter) in matters(text)


def test_there_are_a_hundred_of_each_and_a_bad_one_of_each_matter() -> None:
    assert (len(GOOD), len(BAD)) == (100, 100)
    assert {Matter(matter) for matter, _ in BAD} == set(Matter) - {Matter.NO_TIME, Matter.EMPTY}  # of a template


def test_no_good_text_is_refused_and_at_most_two_are_warned_of() -> None:
    judged = {text: found for text in GOOD if (found := judge(text, year=2026, own_phone="020-5550123"))}
    assert [text for text, found in judged.items() if any(j.is_refused for j in found)] == []
    assert len(judged) <= 2, judged


def test_a_text_of_other_letters_may_be_longer_also_where_the_names_in_it_are_latin() -> None:
    text = "J. de Vries, у вас прийом у Huisartsenpraktijk De Linde: вівторок 24 листопада о 10:30. Не можете? {} "
    assert matters(text.format("Скажіть нам.")) == set()
    assert matters("Beste Олена, u heeft dinsdag om 10:30 een afspraak bij Huisartsenpraktijk De Linde.") == {
        Matter.LONG
    }


@pytest.mark.parametrize("text", ["Zie www.linde.nl.", "Nu 20% korting!"])
def test_a_warning_that_is_accepted_is_none(text: str) -> None:
    [judgement] = judge(text, year=2026)
    assert judge(text, year=2026, accepted=[judgement.matter]) == []


@pytest.mark.parametrize(
    ("text", "year", "refused"),
    [
        ("Tot 24-11-2026 om 10:30", 2026, False),
        ("Tot 24-11-2026 om 10:30", 2027, True),
        ("Tot 24-11-26", 2026, False),
        ("Tot 24-11-27", 2026, False),
        ("Tot 24-11-28", 2026, True),
        ("Tot 5 januari 2027", 2026, False),
    ],
)
def test_a_whole_date_is_a_birth_date_where_its_year_is_over(text: str, year: int, refused: bool) -> None:
    assert any(judgement.is_refused for judgement in judge(text, year=year)) is refused


def test_the_phone_of_the_practice_is_no_citizen_service_number() -> None:
    number = "111222333"
    assert judge(f"Bel {number}", year=2026) == [Judgement(Matter.BSN, number)]
    assert judge(f"Bel {number}", year=2026, own_phone="111 222 333") == []
