"""How a text says how to reach the practice: with its phone, and without a hole where it has none."""

import pytest

from smsreminders.domain.text.call_sentence import LANGUAGES, call_sentence


@pytest.mark.parametrize(
    ("language", "with_phone", "without"),
    [
        ("nl", "Bel 020-5550123.", "Laat het ons op tijd weten."),
        ("en", "Please call 020-5550123.", "Please tell us in time."),
        ("de", "Bitte rufen Sie 020-5550123 an.", "Bitte sagen Sie uns rechtzeitig Bescheid."),
        ("fr", "Appelez le 020-5550123.", "Prévenez-nous à temps."),
        ("es", "Llame al 020-5550123.", "Por favor, avise a tiempo."),
        ("pl", "Tel. 020-5550123.", "Prosimy o informacje."),
        ("tr", "Tel. 020-5550123.", "Lütfen bize haber verin."),
        ("uk", "Тел. 020-5550123.", "Не можете - повідомте."),
        ("ar", "هاتف 020-5550123.", "أبلغونا إن تعذر الحضور."),
    ],
)
def test_each_language_has_a_sentence_with_the_phone_and_one_without_a_hole(
    language: str, with_phone: str, without: str
) -> None:
    assert language in LANGUAGES
    assert [call_sentence(language, phone) for phone in ("020-5550123", "")] == [with_phone, without]


def test_another_language_has_none() -> None:
    assert [call_sentence("it", phone) for phone in ("020-5550123", "")] == ["", ""]
