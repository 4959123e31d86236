"""The sender ID, what a patient sees as the originator: made from a practice's name, or checked as it was given."""

import re
from collections.abc import Mapping

from smsreminders.domain.letters import plain_ascii
from smsreminders.domain.trade_words import own_words
from smsreminders.errors import UsageError

_SHORTEST, _LONGEST = 3, 11  # the room for a name in an SMS: 3GPP TS 23.040 9.1.2.5, 11 septets
_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9]{1,11}")
_NUMBER = re.compile(r"\(?\+?[0-9][0-9()\-./ ]*")
_SHORT_CODE = re.compile(r"[1-9][0-9]{2,5}")

_NOT_OWN = {
    "is the name of a well-known other": (
        "ing bunq knab asn sns regiobank triodos bng n26 revolut wise paypal ideal tikkie klarna visa amex "
        "overheid rijk rvo duo svb uwv cjib cak ciz rivm ggd rdw politie police brandweer ambulance gemeente "
        "kpn odido tmobile vodafone ziggo simyo lebara dhl dpd ups gls fedex bol amazon google apple microsoft "
        "facebook instagram netflix signal telegram vgz cz menzis dsw onvz"
    ),
    "says nothing of the practice": (
        "info alert alarm sms bericht message melding notificatie notify service contact reminder herinnering "
        "afspraak afspraken appointment agenda verify verificatie auth code otp noreply support helpdesk admin "
        "system test sender balie receptie spoed urgent medisch zorg patient client"
    ),
}
_REASONS = {word: reason for reason, words in _NOT_OWN.items() for word in words.split()}
_OTHERS_WITHIN = (  # so long that no other name has them in it
    *("digid", "rabobank", "abnamro", "vanlanschot", "volksbank", "belasting", "toeslagen", "postnl", "nlalert"),
    *("mijnoverheid", "rijksoverheid", "zilverenkru", "achmea", "thuisarts", "mastercard", "whatsapp"),
)
_EMERGENCY = frozenset({"112", "113", "144", "911", "999", "116000", "116111", "116117", "116123"})
_LOOKS_LIKE = str.maketrans("013578", "oiestb")  # D1G1D


def sender_id_from(name: str) -> str:
    """Make the sender ID of a practice that gives none, from the words of its name that are its own.

    As many of them as 11 letters hold. Raises UsageError where fewer than 3 remain, or digits alone.
    """
    words = [word[0].upper() + word[1:] for word in own_words(plain_ascii(name))]
    made = ""
    for word in words:
        if len(made) + len(word) > _LONGEST:
            break
        made += word
    if len(made) < _SHORTEST:  # rather a long word cut than none
        made = "".join(words)[:_LONGEST]
    if len(made) < _SHORTEST or made.isdigit():
        raise UsageError(f'no sender ID can be made from "{name}": give one with --sender-id')
    return made


def check_sender_id(given: str, region: str = "NL") -> str:
    """Check the form of a sender ID: a name, a short code, or a number, which is given back in that of ITU-T E.164.

    A name has at most 11 letters and digits, a letter among them; a number without a country code belongs to `region`.
    Raises UsageError.
    """
    if _NAME.fullmatch(given) or _SHORT_CODE.fullmatch(given):
        return given
    if _NUMBER.fullmatch(given):
        from smsreminders.domain import numbering  # libphonenumber takes its time

        if number := numbering.e164(given, region):
            return number
        raise UsageError(
            f'"{given}" is no sender ID: there is no such phone number; write it like +31612345678, '
            "or a short code of 3 to 6 digits"
        )
    raise UsageError(f'"{given}" is no sender ID: at most 11 letters and digits, or a phone number')


def check_own(sender_id: str, taken: Mapping[str, str]) -> None:
    """Refuse a sender ID that patients can't know their practice by: another's, or one that says nothing.

    `taken` has the sender IDs of the other practices, each with the practice's code. Raises UsageError.
    """
    if reason := _not_own(sender_id, taken):
        raise UsageError(f'"{sender_id}" {reason}: give another one with --sender-id, or add --sure')


def _not_own(sender_id: str, taken: Mapping[str, str]) -> str | None:
    low = sender_id.lower()
    plain = low.translate(_LOOKS_LIKE).replace("l", "i")
    for other, code in taken.items():
        if other.lower() == low:
            return f"is the sender ID of practice {code}"
    if low.startswith("+"):
        return None
    if not _EMERGENCY.isdisjoint(re.findall("[0-9]+", low)):
        return "is an emergency number"
    if any(other.replace("l", "i") in plain for other in _OTHERS_WITHIN):
        return "is the name of a well-known other"
    return _REASONS.get(low) or _REASONS.get(low.rstrip("0123456789"))  # Info24 says no more than Info
