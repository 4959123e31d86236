"""A phone number: read from what a practice typed, kept as E.164, masked when shown."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

import phonenumbers
from phonenumbers import PhoneNumberType

from smsreminders.errors import UsageError

Problem = Literal["empty", "unparseable", "invalid", "not-mobile"]

_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_MACHINES = "+3197"  # Dutch numbers of machines (SIM cards of devices): mobile to libphonenumber, nobody reads them
_PLAIN = re.compile(
    r"[0-9+()\-./ ]*"
)  # what one number is written with; anything else may be a note or a second number
_WRAPPED = re.compile(r'^(?:=?"(.*)"|tel:(.*))$', re.IGNORECASE)  # ="0612..." as Excel writes text; tel: of a vCard
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

    e164: str

    def __str__(self) -> str:
        return mask(self.e164)


def parse_mobile(raw: str, region: str = "NL") -> PhoneNumber:
    """Read the one mobile number that a cell holds; numbers without a country code belong to `region`.

    A text with letters or other marks is never parsed as it stands, because libphonenumber dials letters
    (`06-12345 (moe)` would be a stranger's valid number): only whole numbers that stand in it count.
    Two different mobile numbers are refused, for nobody said which one to text.

    Raises PhoneError with `.reason`: `empty`, `unparseable`, `invalid` or `not-mobile`.
    """
    text = _cleaned(raw)
    if not text:
        raise PhoneError("empty", "there is no phone number")
    found = [_parsed(text, region)] if _is_one_number(text) else _numbers_in(text, region)
    mobiles = {_e164(number) for number in found if _is_mobile(number)}
    if len(mobiles) > 1:
        raise PhoneError("unparseable", "there is more than one mobile number: keep the one to text")
    if mobiles:
        return PhoneNumber(mobiles.pop())
    if any(phonenumbers.is_valid_number(number) for number in found):
        raise PhoneError("not-mobile", "the number is not a mobile one")
    if found:
        raise PhoneError("invalid", "there is no such phone number: count the digits")
    raise PhoneError("unparseable", "no phone number can be read from it")


def mask(phone: str) -> str:
    """The number as it is shown everywhere unless it is asked for: `+316 ••• ••78`."""
    return f"{phone[:4]} ••• ••{phone[-2:]}" if len(phone) > 8 else "•••"


def _cleaned(raw: str) -> str:
    compatible = unicodedata.normalize("NFKC", raw)  # full-width digits and the many kinds of space
    visible = "".join(c for c in compatible if unicodedata.category(c) not in {"Cf", "Cc"} or c in "\t\n")
    wrapped = _WRAPPED.match(visible.strip())
    inner = (wrapped[1] or wrapped[2] or "") if wrapped else visible
    digits = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in inner)
    return " ".join(digits.translate(_DASHES).split())


def _is_one_number(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None and sum(c.isdigit() for c in text) <= _LONGEST


def _parsed(text: str, region: str) -> phonenumbers.PhoneNumber:
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise PhoneError("unparseable", "no phone number can be read from it") from error


def _numbers_in(text: str, region: str) -> list[phonenumbers.PhoneNumber]:
    return [match.number for match in phonenumbers.PhoneNumberMatcher(text, region)]


def _is_mobile(number: phonenumbers.PhoneNumber) -> bool:
    return (
        phonenumbers.is_valid_number(number)
        and phonenumbers.number_type(number) in _MOBILE
        and not _e164(number).startswith(_MACHINES)
    )


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
