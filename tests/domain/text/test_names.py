"""Names in a text: said as they are, unless they hold what no text should carry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.text.names import ADDRESS, LONGEST_NAME, addressed, is_citizen_number, name_problem, says_died

ORDINARY = [
    *["Jan de Boer", "Zoë van 't Hof-Ærø", "J.de Vries", "Th.M. Bakker", "Mevr.Jansen", "Anna (moeder van Tim)"],
    *["O'Brien, Mary-Lou", "Jansen 2", "De Wit 1980", "Иван Петров", "محمد علي", "李小龍", "Ng", "Dr. R. de la Fuente"],
    *["x" * 40, "  Jan   de Boer ", "Jan/Piet", "Nico", "Net", "A.Com", "Jansen-Info"],
]
LINKS = [
    *["Win http://evil.example/x", "www.evil.example", "evil.com", "Klik bit.ly/abc", "EVIL.NL", "jan@evil.example"],
    *["tikkie.me/pay", "foo.de/bar", "hxxps://evil", "evil\u200b.nl", "evil．com", "evil。com", "10.0.0.1"],
]
NUMBERS = [
    "Bel 0612345678",
    "06-1234 5678",
    "Jan +31 (0)6 12 34 56 79",
    "٠٦١٢٣٤٥٦٧٨",
    "０６１２３４５６７８",
    "SMS 12345",
]
BSNS = ["111222333", "Jan 111222333", "1112.22.333", "111 222 333", "Piet (12345672)", "١١١٢٢٢٣٣٣"]  # test numbers
OTHERS = {"more than 40 characters": "x" * 41, "no letter": "-", "a link": "see www.x.nl " + "x" * 40}
WORDS = {
    "nl": "patiënt",
    "en": "patient",
    "de": "Patientin, Patient",
    "fr": "patient",
    "es": "paciente",
    "pt": "paciente",
    "it": "paziente",
    "pl": "Pacjent",
    "tr": "hasta",
    "ro": "pacient",
    "uk": "пацієнте",
    "ar": "المريض",
    "sv": "patient",
}
CASES = [
    *[("De Boer // Jansen", None), ("J." + "a" * 38, None)],
    *((name, None) for name in ORDINARY),
    *((name, "a link") for name in LINKS),
    *((name, "a phone number") for name in NUMBERS),
    *((name, "a citizen service number (BSN)") for name in BSNS),
    *((name, problem) for problem, name in OTHERS.items()),
    *[("", "no letter"), ("1980", "no letter"), ("111222334", "a phone number"), ("00000000", "a phone number")],
]


@pytest.mark.parametrize(("name", "expected"), CASES)
def test_a_name_that_may_not_stand_in_a_text_is_told_with_the_reason(name: str, expected: str | None) -> None:
    assert name_problem(name) == expected


@pytest.mark.parametrize(("language", "expected"), WORDS.items())
def test_whose_name_may_not_stand_there_is_addressed_in_the_language_of_the_text(language: str, expected: str) -> None:
    assert (addressed("evil.com", language), addressed("Jan de Boer", language)) == (expected, "Jan de Boer")


@given(st.text() | st.text("0123456789 .-/w:@abcnlcom", max_size=60), st.sampled_from([*ADDRESS, "sv"]))
def test_what_is_said_of_a_name_never_holds_it_and_what_is_said_instead_has_no_problem(
    name: str, language: str
) -> None:
    said = addressed(name, language)
    assert (name_problem(said), len(said) <= max(LONGEST_NAME, len(name))) == (None, True)
    assert sum(map(str.isdecimal, said)) < max(5, len(name))


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        *((number, True) for number in ("111222333", "123456782", "12345672")),
        *(
            (number, False)
            for number in ("111222334", "000000000", "1234567", "1112223330", "11122233x", "", "Jansen 12")
        ),
    ],
)
def test_a_citizen_service_number_is_told_by_its_eleven_test(text: str, is_one: bool) -> None:
    assert is_citizen_number(text) is is_one


@pytest.mark.parametrize(
    "name", ["† K. Bos", "K. Bos (†)", "Bos OVERLEDEN 3-11", "K. Bos (overl.)", "ovl. K. Bos", "Bos, deceased"]
)
def test_a_name_may_say_that_the_patient_has_died(name: str) -> None:
    assert says_died(name)


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_name_says_nothing_of_a_death(name: str) -> None:
    assert not says_died(name)
