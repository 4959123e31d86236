"""Plain letters: what is left of a name where only ASCII may stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.letters import plain_ascii


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Diëtiste Zoë", "Dietiste Zoe"),
        ("Ørsted & Søn", "Orsted & Son"),
        ("Ærø, Å", "AEro, A"),
        ("Weißstraße", "Weissstrasse"),
        ("Łukasz Œuvre Þór", "Lukasz OEuvre Thor"),
        ("Ĳsbrand, bĳ", "IJsbrand, bij"),
        ("日本 A", " A"),
        ("æ ẞ", "ae SS"),
    ],
)
def test_a_letter_becomes_its_plain_one(text: str, expected: str) -> None:
    assert plain_ascii(text) == expected


@given(st.text())
def test_nothing_but_ascii_is_left(text: str) -> None:
    assert plain_ascii(text).isascii()
