"""How a text says how to reach the practice: with its phone, and without a hole where it has none."""

import pytest

from smsreminders.domain.call_sentence import LANGUAGES, call_sentence


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_each_language_has_a_sentence_with_the_phone_and_one_without(language: str) -> None:
    assert "020-5550123" in call_sentence(language, "020-5550123")
    assert call_sentence(language, "").endswith(".")
    assert "{" not in call_sentence(language, "")


def test_the_dutch_ones() -> None:
    assert [call_sentence("nl", phone) for phone in ("020-5550123", "")] == [
        "Bel 020-5550123.",
        "Laat het ons op tijd weten.",
    ]


def test_another_language_has_none() -> None:
    assert [call_sentence("it", phone) for phone in ("020-5550123", "")] == ["", ""]
