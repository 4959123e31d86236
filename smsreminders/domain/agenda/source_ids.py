"""The id of a patient or an appointment, as the practice's own record has it."""

import re

from smsreminders.domain.agenda.import_figures import is_other_name, is_other_number
from smsreminders.domain.phone import e164_of
from smsreminders.domain.searching import folded
from smsreminders.domain.trade_words import LITTLE_WORDS
from smsreminders.errors import UsageError

LONGEST = 255  # characters
_WORD = re.compile(r"[^\W\d_]+")


def check_source_id(source_id: str) -> str:
    """Check the id of a patient or an appointment, and take off the blanks around it.

    Raises UsageError where nothing is left of it, or too much.
    """
    stripped = source_id.strip()
    if not stripped:
        raise UsageError("the id is empty")
    if len(stripped) > LONGEST:
        raise UsageError(f"the id is longer than {LONGEST} characters")
    return stripped


def is_another_person(name: str, phone: str, first_name: str, first_phone: str) -> bool:
    """Tell whether two rows of one id may be of two patients: both tell a name or number, and it is another one."""
    return bool(name and first_name and is_other_name(name, first_name)) or bool(
        phone and first_phone and is_other_number(phone, first_phone)
    )


def is_one_person(name: str, phone: str, known_name: str, known_phone: str) -> bool:
    """Tell whether two patients whose ids differ but for zeros before them are one: by the number, else by the name."""
    if phone and known_phone:
        return not is_other_number(phone, known_phone)
    return bool(name) and not is_other_name(name, known_name)


def is_someone_else(name: str, phone: str, known_name: str, known_phone: str, country: str) -> bool:
    """Tell whether a known id may be given to somebody else now: the name and the number are wholly others at once.

    The names have no word in common, and both numbers can be read. Who only married or has a new phone is the same.
    """
    words, known_words = _telling(name), _telling(known_name)
    if not words or not known_words or words & known_words:
        return False
    number, known_number = e164_of(phone, country), e164_of(known_phone, country)
    return None not in (number, known_number) and number != known_number


def _telling(name: str) -> set[str]:
    """Choose the words of a name that tell people apart, no "de" and no "mw."; initials only where nothing else is."""
    words = set(_WORD.findall(folded(name))) - LITTLE_WORDS
    return {word for word in words if len(word) > 1} or words
