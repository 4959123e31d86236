"""A patient's name in a text: said as it is, or not at all where it may hold what no text should carry.

A name comes from another program's field, where somebody may have typed anything: an advertisement with its link, a
phone number to ring, a number by which a person is known. It would leave in the practice's name.
"""

import re
import unicodedata
from functools import lru_cache

from smsreminders.domain.text.message import readable

LONGEST_NAME = 40

# How a text addresses somebody without a name, by the text's language.
ADDRESS = {
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
}
_ELSEWHERE = ADDRESS["en"]

# What a phone makes a link of; `.de` only with a path behind it, for `J.de Boer` is a name.
_LINK = re.compile(
    r"://|\bwww\.|@|\b[\w-]+\.[a-z]{2,10}/"
    r"|\b[\w-]{2,}\.(?:nl|be|fr|eu|uk|com?|net|org|info|biz|io|app|xyz|top|site|online|shop|link|ly|me|click|live|dev)\b"
    r"|\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b",
    re.IGNORECASE,
)
_DIED = ("\u2020", "\u271d", "\u271e", "overleden", "overl.", "ovl.", "deceased", "verstorben", "d\u00e9c\u00e9d\u00e9")
_DIGITS = re.compile(r"[0-9](?:[()\-./ ]{0,3}[0-9])*")
_FEWEST_DIGITS = 5  # of what can be rung or texted; fewer are a year, a ward or a house number
_REMEMBERED = 10_000  # names: the claim asks again for what the plan has asked
_BSN_DIGITS = (8, 9)  # the older ones are written without their leading zero


@lru_cache(_REMEMBERED)
def says_died(name: str) -> bool:
    """Tell that a name has a mark that the patient has died, as records without a field for it write one."""
    small = name.casefold()
    return any(mark in small for mark in _DIED)


@lru_cache(_REMEMBERED)
def name_problem(name: str) -> str | None:
    """Say what keeps a name out of a text, in words without the name itself; None if it may stand there."""
    if len(name) <= LONGEST_NAME and name.replace(" ", "").isalpha():
        return None  # as nearly all are
    plain = unicodedata.normalize("NFKC", readable(name))
    digits = [re.sub("[^0-9]", "", run) for run in _DIGITS.findall("".join(map(_decimal, plain)))]
    if any(map(is_citizen_number, digits)):
        return "a citizen service number (BSN)"
    if _LINK.search(plain.replace("。", ".")):
        return "a link"
    if any(len(run) >= _FEWEST_DIGITS for run in digits):
        return "a phone number"
    if len(readable(name)) > LONGEST_NAME:
        return f"more than {LONGEST_NAME} characters"
    return None if any(map(str.isalpha, plain)) else "no letter"


def addressed(name: str, language: str) -> str:
    """Find the word for {patient}: the name, or "patient" in the text's language where the name may not stand there."""
    return name if name_problem(name) is None else ADDRESS.get(language, _ELSEWHERE)


def _decimal(character: str) -> str:
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def is_citizen_number(digits: str) -> bool:
    """Whether a text is a citizen service number (BSN), by its eleven-test.

    Nine digits times 9 to 2 and minus 1 are divisible by 11 (Logisch ontwerp BSN, RvIG).
    """
    if len(digits) not in _BSN_DIGITS or not digits.isdecimal() or set(digits) == {"0"}:
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * int(digit) for weight, digit in zip(weights, digits.zfill(9), strict=True)) % 11 == 0
