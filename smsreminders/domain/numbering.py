"""What libphonenumber knows of the world's numbers: which there are, and which of them are mobile."""

import re
from functools import cache

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumber, PhoneNumberFormat, PhoneNumberType

Parsed = PhoneNumber  # a number that libphonenumber read, be it one that there isn't

_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_MACHINES = "+3197"  # Dutch numbers of machines (SIM cards of devices): mobile to libphonenumber, nobody reads them
_NO_COUNTRY = "001"  # libphonenumber's region of the numbers that ITU-T gave to services instead of countries
_MARKS = dict.fromkeys(map(ord, "()-./ "))
_NATIONAL = re.compile("0[1-9][0-9]{1,13}")
_LONG_GROUP = 6  # digits: no age, no house number, no year


def plain_mobile(text: str, region: str) -> str | None:
    """Read a mobile number in its national form, a 0 and the rest, as `whole` and `mobile` do; None for another text.

    Most numbers are written so, and parsing takes longer than all else.
    """
    digits, code = text.translate(_MARKS), _country_code(region)
    if code is None or not _NATIONAL.fullmatch(digits):
        return None
    return mobile(PhoneNumber(country_code=code, national_number=int(digits[1:])))


def whole(text: str, region: str) -> list[PhoneNumber]:
    """Read a text that is one number, be it one that there isn't; an empty list if it is none."""
    try:
        return [phonenumbers.parse(text, region)]
    except phonenumbers.NumberParseException:
        return []


def standing_in(text: str, region: str) -> list[PhoneNumber]:
    """Find the whole numbers that stand in a text with other words, but those of which the end may belong to a note."""
    return [m.number for m in phonenumbers.PhoneNumberMatcher(text, region) if _ends_with_itself(m.raw_string)]


def mobile(number: PhoneNumber) -> str | None:
    """Write a number in the form of E.164 if somebody may read texts there, else None.

    A number that there isn't is of the kind UNKNOWN, so it is None too.
    """
    if phonenumbers.number_type(number) not in _MOBILE or is_of_no_country(number):
        return None
    in_full = written(number)
    return None if in_full.startswith(_MACHINES) else in_full


def e164(text: str, region: str) -> str | None:
    """Read a number of any kind and write it in the form of E.164; None if there is no such number."""
    return next((written(number) for number in whole(text, region) if is_valid(number)), None)


def written(number: PhoneNumber) -> str:
    """Write a number in the form of ITU-T E.164."""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def country(phone: str) -> str | None:
    """Find the ISO 3166 code of the country of a number in the form of E.164: NL of +31612345678."""
    return phonenumbers.region_code_for_number(phonenumbers.parse(phone))


def countries() -> frozenset[str]:
    """List the ISO 3166 codes of all countries that have numbers."""
    return frozenset(phonenumbers.SUPPORTED_REGIONS)


def is_of_no_country(number: PhoneNumber) -> bool:
    """Tell a number of a satellite or global service: +870 to +883 (but +880 is Bangladesh), +888, +979, +800, +808."""
    return phonenumbers.region_code_for_country_code(number.country_code or 0) == _NO_COUNTRY


def is_valid(number: PhoneNumber) -> bool:
    """Tell whether there can be such a number."""
    return phonenumbers.is_valid_number(number)


@cache
def _country_code(region: str) -> int | None:
    """Find the country code of a region where a 0 stands before a national number, and nothing else ever does."""
    known = PhoneMetadata.metadata_for_region(region, None)
    if known is None or known.national_prefix_transform_rule is not None:
        return None
    prefixes = (known.national_prefix, known.national_prefix_for_parsing)
    return known.country_code if prefixes == ("0", "0") else None


def _ends_with_itself(written: str) -> bool:
    """Tell whether a number's last digits are surely its own, and not an age or a house number of the note behind it.

    They are in a long group, or in one of several alike: 1234 5678, or 12 34 56 78.
    """
    groups = [len(digits) for digits in re.findall(r"\d+", re.split(r"[^\W\d]", written)[0])]  # without an extension
    return groups[-1] >= _LONG_GROUP or groups[-2:] == [4, 4] or groups[-4:] == [2, 2, 2, 2]
