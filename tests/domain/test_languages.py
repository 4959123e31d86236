"""Languages: a code or a name that is known is its code; any other word stays as it is."""

import pytest

from smsreminders.domain.languages import language_code


@pytest.mark.parametrize(
    ("word", "code"),
    [
        *[("nl", "nl"), ("NL", "nl"), ("nl-NL", "nl"), ("nl_BE", "nl"), ("nld", "nl"), ("Nederlands", "nl")],
        *[("Dutch", "nl"), ("Engels", "en"), ("English", "en"), ("en-GB", "en"), ("eng", "en"), ("Türkçe", "tr")],
        *[("Turks", "tr"), ("OEKRAÏENS", "uk"), ("Arabisch", "ar"), ("Pools", "pl"), ("pt-BR", "pt")],
        *[("onbekend", "onbekend"), ("Marokkaans", "marokkaans"), ("tolk nodig", "tolk nodig"), ("", "")],
    ],
)
def test_a_language_is_known_by_its_code_or_its_name(word: str, code: str) -> None:
    assert language_code(word) == code
