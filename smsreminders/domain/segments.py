"""Encoding, units and segments of a text: how many segments an SMS takes, packed as the standard packs.

Sources: 3GPP TS 23.038 (the alphabets) and 3GPP TS 23.040 9.2.3.24.1 (concatenation): 140 octets hold 160 septets or
70 UTF-16 code units; in a longer text each segment gives 6 octets to its header and holds 153 or 67. "A character
represented by an escape-sequence shall not be split in the middle", and neither shall a UCS-2 character, which we
read as: nor a surrogate pair. So segments are packed, not divided: 153 times `]` takes three segments, not two.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from smsreminders.domain.alphabet import GSM7_BASIC, GSM7_EXTENSION
from smsreminders.errors import SmsremindersError

Encoding = Literal["GSM-7", "UCS-2"]

_ONE_SEGMENT: dict[Encoding, int] = {"GSM-7": 160, "UCS-2": 70}
_EACH_SEGMENT: dict[Encoding, int] = {"GSM-7": 153, "UCS-2": 67}
_GSM7 = re.escape("".join(sorted(GSM7_BASIC | GSM7_EXTENSION)))
_OUTSIDE_GSM7 = re.compile(f"[^{_GSM7}]")
_TWO_UNITS: dict[Encoding, re.Pattern[str]] = {  # characters of two septets, or of two UTF-16 code units
    "GSM-7": re.compile(f"[{re.escape(''.join(sorted(GSM7_EXTENSION)))}]"),
    "UCS-2": re.compile("[\U00010000-\U0010ffff]"),
}


class EmptyText(SmsremindersError, ValueError):
    """There is nothing to send: an empty text has no segments."""


@dataclass(frozen=True, slots=True)
class Segmentation:
    """How a text goes over the air: `units` are septets (GSM-7) or UTF-16 code units (UCS-2)."""

    encoding: Encoding
    units: int
    segments: int


def count_segments(text: str) -> Segmentation:
    """Count a text exactly as it stands; nothing is normalised or trimmed.

    GSM-7 where every character is in its tables (those of the extension table cost two septets), else UCS-2.
    Raises EmptyText for an empty text.
    """
    encoding = encoding_of(text)
    wide = len(_TWO_UNITS[encoding].findall(text))
    units = len(text) + wide
    if units <= _ONE_SEGMENT[encoding]:
        return Segmentation(encoding, units, 1)
    if not wide:  # no character that could fall on a boundary
        return Segmentation(encoding, units, -(-units // _EACH_SEGMENT[encoding]))
    return Segmentation(encoding, units, sum(1 for _ in _packed(text, encoding)))


def split_segments(text: str) -> list[str]:
    """The segments of a text in order; joined they are the text again. Raises EmptyText."""
    counted = count_segments(text)
    return [text] if counted.segments == 1 else list(_packed(text, counted.encoding))


def encoding_of(text: str) -> Encoding:
    """GSM-7 if every character is in its basic or extension table, else UCS-2. Raises EmptyText."""
    if not text:
        raise EmptyText("the text is empty: there is nothing to send")
    return "UCS-2" if _OUTSIDE_GSM7.search(text) else "GSM-7"


def outside_gsm7(text: str) -> list[str]:
    """The characters, each once and in order of appearance, that make a text UCS-2."""
    return list(dict.fromkeys(_OUTSIDE_GSM7.findall(text)))


def _packed(text: str, encoding: Encoding) -> Iterator[str]:
    """Fill each segment as far as whole characters go; greedy filling is minimal."""
    room, wide = _EACH_SEGMENT[encoding], _TWO_UNITS[encoding]
    start = used = 0
    for index, character in enumerate(text):
        cost = 2 if wide.match(character) else 1
        if used + cost > room:
            yield text[start:index]
            start, used = index, 0
        used += cost
    yield text[start:]
