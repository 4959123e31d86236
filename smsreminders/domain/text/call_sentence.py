"""The sentence of a text that says how to reach the practice, with its phone where it has one: {call}."""

from collections.abc import Collection

_WITH_PHONE = {
    "nl": "Bel {}.",
    "en": "Please call {}.",
    "de": "Bitte rufen Sie {} an.",
    "fr": "Appelez le {}.",
    "es": "Llame al {}.",
    "pl": "Tel. {}.",
    "tr": "Tel. {}.",
    "uk": "Тел. {}.",
    "ar": "هاتف {}.",
}
_WITHOUT = {
    "nl": "Laat het ons op tijd weten.",
    "en": "Please tell us in time.",
    "de": "Bitte sagen Sie uns rechtzeitig Bescheid.",
    "fr": "Prévenez-nous à temps.",
    "es": "Por favor, avise a tiempo.",
    "pl": "Prosimy o informacje.",
    "tr": "Lütfen bize haber verin.",
    "uk": "Не можете - повідомте.",
    "ar": "أبلغونا إن تعذر الحضور.",
}
LANGUAGES: Collection[str] = frozenset(_WITH_PHONE)  # in which there is such a sentence


def call_sentence(language: str, phone: str) -> str:
    """Write the sentence in one of LANGUAGES: with the phone, or where there is none without a hole.

    Empty in any other language: no text of it may have {call}.
    """
    sentence = _WITH_PHONE.get(language, "") if phone else _WITHOUT.get(language, "")
    return sentence.format(phone)
