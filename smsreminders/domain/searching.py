"""Search for a patient as the desk does: by a part of the name, the id, or a phone number."""

import unicodedata

from smsreminders.domain.alphabet import PLAIN_LETTERS

_FEWEST_DIGITS = 4  # of a number: fewer stand in too many


def is_found(word: str, *, source_id: str, name: str, phone: str) -> bool:
    """Tell whether somebody is meant by a word: their id, a part of their name, or of their number as it is dialled.

    Capitals and accents make no difference, nor does a number's country code: 06 1234 is found in +31 6 1234.
    """
    wanted = folded(word)
    if not wanted:
        return False
    digits = _digits(word)
    is_number = len(digits) >= _FEWEST_DIGITS and not any(map(str.isalpha, word))
    return wanted == folded(source_id) or wanted in folded(name) or (is_number and digits in _digits(phone))


def folded(text: str) -> str:
    """Write a text without capitals, accents and needless blanks."""
    letters = unicodedata.normalize("NFKD", text.translate(PLAIN_LETTERS))
    return " ".join("".join(sign for sign in letters if not unicodedata.combining(sign)).casefold().split())


def _digits(text: str) -> str:
    """Keep the digits of a number behind its country code or its leading zero."""
    digits = "".join(sign for sign in text if sign.isdecimal())
    for code in ("0031", "31") if text.lstrip().startswith(("+", "00")) else ():
        digits = digits.removeprefix(code)
    return digits.removeprefix("0")
