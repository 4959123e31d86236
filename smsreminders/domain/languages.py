"""Languages as programs write them: by a code, also with a country behind it, or by a name in Dutch or English."""

import re

_NAMES = {
    "nl": "nederlands dutch vlaams flemish nld dut",
    "en": "engels english eng",
    "de": "duits german deutsch deu ger",
    "fr": "frans french francais français fra fre",
    "es": "spaans spanish espanol español spa",
    "pt": "portugees portuguese por",
    "it": "italiaans italian ita",
    "pl": "pools polish polski pol",
    "tr": "turks turkish turkce türkçe tur",
    "ro": "roemeens romanian ron rum",
    "bg": "bulgaars bulgarian bul",
    "hu": "hongaars hungarian hun",
    "ru": "russisch russian rus",
    "uk": "oekraiens oekraïens ukrainian ukr",
    "ar": "arabisch arabic ara",
    "fa": "perzisch farsi persian fas per",
    "ti": "tigrinya tir",
    "so": "somalisch somali som",
    "zh": "chinees chinese mandarijn mandarin zho chi",
    "fy": "fries frisian fry",
}
_CODES = {name: code for code, names in _NAMES.items() for name in names.split()}
_WITH_COUNTRY = re.compile(r"([a-z]{2,3})[-_][a-z]{2}", re.ASCII)


def language_code(word: str) -> str:
    """Give the code of a language, in small letters; a word that is none of these stays as it is."""
    small = word.casefold()
    with_country = _WITH_COUNTRY.fullmatch(small)
    plain = with_country[1] if with_country else small
    return _CODES.get(plain, plain)
