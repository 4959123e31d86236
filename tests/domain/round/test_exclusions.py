"""What a practice leaves out: how the words are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.round.exclusions import Exclusions

LEFT_OUT = Exclusions(types=("Psychologie", "Soa-poli"), practitioners=("Mw. B. de  Bos",))


@pytest.mark.parametrize(
    ("type_", "practitioner", "expected"),
    [
        ("Psychologie", "", True),
        ("psychologie", "", True),
        ("  PSYCHOLOGIE\t", "", True),
        ("Psychologie intake", "", False),
        ("soa-poli", "A. Ander", True),
        ("Controle", "mw. b. de bos", True),
        ("", "Mw. B.  De Bos ", True),
        ("Mw. B. de Bos", "Psychologie", False),
        ("Controle", "B. de Bos", False),
        ("Controle; Psychologie", "", True),
        ("psychologie;controle", "", True),
        ("Controle, psychologie", "", True),
        ("Controle,Rood", "", False),
        ("Controle", "A. Ander; mw. b. de bos", True),
        ("Controle; Psychologie intake", "", False),
        (";", ";;", False),
        ("", "", False),
        (" ", "\t", False),
    ],
)
def test_a_type_or_a_practitioner_is_left_out_whatever_its_capitals_and_spaces(
    type_: str, practitioner: str, *, expected: bool
) -> None:
    assert LEFT_OUT.exclude(type_, practitioner) is expected


def test_it_makes_no_difference_how_an_accent_is_written() -> None:
    assert Exclusions(types=("Verslaafde\u0301n",)).exclude("verslaafd\u00e9n", "")


@given(st.text(), st.text())
def test_nothing_is_left_out_where_nothing_is_written(type_: str, practitioner: str) -> None:
    assert not Exclusions().exclude(type_, practitioner)


@given(st.text().filter(lambda word: word.strip()))
def test_what_is_left_out_excludes_itself(word: str) -> None:
    assert Exclusions(types=(word,)).exclude(f"  {word} ", "")
    assert Exclusions(practitioners=(word,)).exclude("", f"\t{word}")


def test_what_says_nothing_leaves_out_nothing_whatever_it_is_compared_with() -> None:
    assert not Exclusions(types=("", " ")).exclude("", "")
    assert not Exclusions(practitioners=("",)).exclude("", ";")


def test_words_are_not_run_together() -> None:
    assert not LEFT_OUT.exclude("", "Mw.B.deBos")


def test_a_word_that_nobody_has_is_known() -> None:
    assert LEFT_OUT.of_nobody([], []) == ["Psychologie", "Soa-poli", "Mw. B. de  Bos"]
    assert LEFT_OUT.of_nobody(["PSYCHOLOGIE", "Mw. B. de Bos"], ["Soa-poli"]) == ["Soa-poli", "Mw. B. de  Bos"]
    assert LEFT_OUT.of_nobody(["Controle; soa-poli", "psychologie"], ["mw. b. de bos"]) == []


@pytest.mark.parametrize("word", ["Echo; zwanger", "Bos, B. de"])
def test_a_word_with_a_separator_in_it_leaves_out_what_is_written_so(word: str) -> None:
    assert Exclusions(types=(word,)).exclude(word.upper(), "")
