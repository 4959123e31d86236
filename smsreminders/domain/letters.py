"""A text in plain letters: what is left of Zoë, Søren or Łukasz where only A to Z may stand."""

import unicodedata

from smsreminders.domain.alphabet import PLAIN_LETTERS

# Letters of GSM-7 that a text of an SMS keeps, so PLAIN_LETTERS doesn't have them; an accent alone doesn't make them.
_NORDIC = str.maketrans({"Ø": "O", "ø": "o", "Æ": "AE", "æ": "ae", "ß": "ss", "ẞ": "SS"})


def plain_ascii(text: str) -> str:
    """Write a text in ASCII: letters without their accents, the rest as it is; what has no plain form is left out."""
    plain = unicodedata.normalize("NFKD", text.translate(PLAIN_LETTERS).translate(_NORDIC))
    return plain.encode("ascii", "ignore").decode()
