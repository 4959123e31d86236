"""A phone number: read from what a practice typed, kept as E.164, masked when shown."""

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from smsreminders.errors import UsageError

if TYPE_CHECKING:
    from smsreminders.domain.numbering import Parsed

Problem = Literal["empty", "unparseable", "invalid", "not-mobile"]

_PLAIN = re.compile(
    r"[0-9+()\-./ ]*"
)  # what one number is written with; anything else may be a note or a second number
_WRAPPED = re.compile(r'^(?:=?"(.*)"|tel:(.*))$', re.IGNORECASE)  # ="0612..." as Excel writes text; tel: of a vCard
_FLOAT = re.compile(  # 612345678.0, as programs write a column that they took for numbers
    r"([1-9]\d{8,14})[.,]0", re.ASCII
)
_NO_TEXTS = re.compile(
    r"\b(?:geen|no) ?(?:sms|text|tekst|bericht)|\bniet (?:te )?(?:sms|text|app)|\bsms:? ?(?:nee|no)\b", re.IGNORECASE
)
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_LONGEST = 15  # digits of an international number (ITU-T E.164)


class PhoneError(UsageError):
    """A cell from which no number to text can be read; `reason` is one of `Problem`."""

    def __init__(self, reason: Problem, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number that can be texted, in the international form of ITU-T E.164: `+31612345678`."""

    e164: str = field(repr=False)

    def __str__(self) -> str:
        return mask(self.e164)


@lru_cache(maxsize=10_000)  # 3 MB; the claim reads again what the plan has read
def parse_mobile(raw: str, region: str = "NL", countries: frozenset[str] = frozenset()) -> PhoneNumber:
    """Read the one mobile number that a cell holds; numbers without a country code belong to `region`.

    A mobile of none of the `countries` is `not-mobile`; without any named all are texted, but for the numbers of
    satellite and global services, which are of no country.

    A text with letters or other marks is never parsed as it stands, because libphonenumber dials letters
    (`06-12345 (moe)` would be a stranger's valid number): only whole numbers that stand in it count, and only where
    no digit of a note can have been taken for their end (`06-1234567 8 jaar`).
    Two different mobile numbers are refused, for nobody said which one to text, and so is one beside which a note says
    not to text it.

    Raises PhoneError with `.reason`: `empty`, `unparseable`, `invalid` or `not-mobile`.
    """
    from smsreminders.domain import numbering  # most commands read no number, and libphonenumber takes its time

    text = _cleaned(raw)
    if not text:
        raise PhoneError("empty", "there is no phone number")
    if plain := numbering.plain_mobile(text, region):
        return _of_countries(plain, countries)
    if _NO_TEXTS.search(text):
        raise PhoneError("unparseable", "a note beside the number says not to text it")
    numbers = _numbers_in(text, region)
    mobiles = {e164 for number in numbers if (e164 := numbering.mobile(number)) is not None}
    if len(mobiles) > 1:
        raise PhoneError("unparseable", "there is more than one mobile number: keep the one to text")
    if mobiles:
        return _of_countries(mobiles.pop(), countries)
    if any(numbering.is_valid(number) or numbering.is_of_no_country(number) for number in numbers):
        raise PhoneError("not-mobile", "the number is not a mobile one")
    if numbers:
        raise PhoneError("invalid", "there is no such phone number: count the digits")
    raise PhoneError("unparseable", "no phone number can be read from it")


def e164_of(raw: str, region: str) -> str | None:
    """Read the one number that a cell holds, whether it is texted or not: whoever answers from it has that number.

    It is read as `parse_mobile` reads; where there is no mobile number the one other number counts. None for a cell
    without a number, and for one that has several.
    """
    from smsreminders.domain import numbering

    with suppress(PhoneError):
        return parse_mobile(raw, region).e164
    valid = {numbering.written(number) for number in _numbers_in(_cleaned(raw), region) if numbering.is_valid(number)}
    return valid.pop() if len(valid) == 1 else None


def mask(phone: str) -> str:
    """Mask a number, as it is shown unless it is asked for: `+316 ••• ••78`."""
    return f"{phone[:4]} ••• ••{phone[-2:]}" if len(phone) > 8 else "•••"


def _numbers_in(text: str, region: str) -> "list[Parsed]":
    from smsreminders.domain import numbering

    return numbering.whole(text, region) if _is_one_number(text) else numbering.standing_in(text, region)


def _of_countries(e164: str, countries: frozenset[str]) -> PhoneNumber:
    from smsreminders.domain import numbering

    if countries and numbering.country(e164) not in countries:
        raise PhoneError("not-mobile", "the mobile number is of a country that [numbers] countries leaves out")
    return PhoneNumber(e164)


def _cleaned(raw: str) -> str:
    ordinary = raw.isascii() and raw.isprintable()
    visible = (raw if ordinary else "".join(map(_plain_sign, raw))).strip()
    wrapped = _WRAPPED.match(visible)
    inner = (wrapped[1] or wrapped[2] or "") if wrapped else visible
    text = " ".join(inner.translate(_DASHES).split())
    return _FLOAT.sub(r"\1", text) if _FLOAT.fullmatch(text) else text


def _plain_sign(character: str) -> str:
    """Make a full-width or Arabic digit or sign plain; a half, a square or a circled two is no digit of a number."""
    if character.isspace():
        return " "
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if unicodedata.category(character) in {"Cf", "Cc"}:
        return ""
    return character if character.isnumeric() else unicodedata.normalize("NFKC", character)


def _is_one_number(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None and sum(c.isdigit() for c in text) <= _LONGEST
