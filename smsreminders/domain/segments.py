"""Encoding, units and segments of a text: how many segments an SMS takes, packed as the standard packs.

Sources: 3GPP TS 23.038 (the alphabets) and 3GPP TS 23.040 9.2.3.24.1 (concatenation): 140 octets hold 160 septets or
70 UTF-16 code units; in a longer text each segment gives 6 octets to its header and holds 153 or 67. "A character
represented by an escape-sequence shall not be split in the middle", and neither shall a UCS-2 character, which we
read as: nor a surrogate pair. So segments are packed, not divided: 153 times `]` takes three segments, not two.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from smsreminders.domain.alphabet import GSM7_BASIC, GSM7_EXTENSION
from smsreminders.errors import SmsremindersError

Encoding = Literal["GSM-7", "UCS-2"]

_ONE_SEGMENT: dict[Encoding, int] = {"GSM-7": 160, "UCS-2": 70}
_EACH_SEGMENT: dict[Encoding, int] = {"GSM-7": 153, "UCS-2": 67}
_BASIC, _EXTENSION = (re.escape("".join(sorted(table))) for table in (GSM7_BASIC, GSM7_EXTENSION))
_ALL_BASIC = re.compile(f"[{_BASIC}]++")
_ALL_GSM7 = re.compile(f"[{_BASIC}{_EXTENSION}]++")
_OUTSIDE_GSM7 = re.compile(f"[^{_BASIC}{_EXTENSION}]")
_TWO_UNITS: dict[Encoding, re.Pattern[str]] = {  # characters of two septets, or of two UTF-16 code units
    "GSM-7": re.compile(f"[{_EXTENSION}]"),
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
    if _ALL_BASIC.fullmatch(text):  # nearly every text, and the quickest to see
        return _counted("GSM-7", len(text), [])
    encoding = encoding_of(text)
    return _counted(encoding, len(text), _wide(text, encoding))


def split_segments(text: str) -> list[str]:
    """Split a text into its segments; joined they are the text again. Raises EmptyText."""
    encoding = encoding_of(text)
    wide = _wide(text, encoding)
    if _counted(encoding, len(text), wide).segments == 1:
        return [text]
    places = [0, *_ends(encoding, len(text), wide)]
    return [text[start:end] for start, end in pairwise(places)]


def encoding_of(text: str) -> Encoding:
    """Tell a text's encoding: GSM-7 if all its characters are in the GSM-7 tables, else UCS-2. Raises EmptyText."""
    if not text:
        raise EmptyText("the text is empty: there is nothing to send")
    return "GSM-7" if _ALL_GSM7.fullmatch(text) else "UCS-2"


def outside_gsm7(text: str) -> list[str]:
    """List the characters that make a text UCS-2, each once and in order of appearance."""
    return list(dict.fromkeys(_OUTSIDE_GSM7.findall(text)))


def _wide(text: str, encoding: Encoding) -> list[int]:
    """Find the places of the characters that take two units."""
    if encoding == "UCS-2" and len(text.encode("utf-16-le", "surrogatepass")) == 2 * len(text):
        return []
    return [match.start() for match in _TWO_UNITS[encoding].finditer(text)]


def _counted(encoding: Encoding, length: int, wide: Sequence[int]) -> Segmentation:
    units = length + len(wide)
    if units <= _ONE_SEGMENT[encoding]:
        return Segmentation(encoding, units, 1)
    if not wide:  # nothing that could fall on a boundary
        return Segmentation(encoding, units, -(-units // _EACH_SEGMENT[encoding]))
    return Segmentation(encoding, units, len(_ends(encoding, length, wide)))


def _ends(encoding: Encoding, length: int, wide: Sequence[int]) -> list[int]:
    """Find the end of each segment, filled as far as whole characters go; greedy filling is minimal."""
    ends, end, passed, room = [], 0, 0, _EACH_SEGMENT[encoding]
    while end < length:
        end += room
        while passed < len(wide) and wide[passed] < end:
            end -= 1
            if wide[passed] == end:  # its second unit finds no room: it goes to the next segment
                break
            passed += 1
        ends.append(end)
    return ends
