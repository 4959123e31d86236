"""A practice and its services."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from smsreminders.domain.legal import LegalDetails
from smsreminders.domain.letters import plain_ascii
from smsreminders.domain.trade_words import own_words
from smsreminders.errors import UsageError

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_NAME = 200
_SHORTEST_CODE, _LONGEST_CODE = 3, 12  # of one that is made: it stands in every row of a table
_NOT_SHOWN = frozenset({"Cc", "Cs", "Zl", "Zp"})  # control characters, halves of letters, ends of lines
_LANGUAGE = re.compile(r"[a-z]{2,3}")


class Channel(StrEnum):
    """By which channel a notification goes out."""

    SMS = "sms"


class NotificationType(StrEnum):
    """What a notification is about."""

    APPOINTMENT_REMINDER = "appointment-reminder"


class ServiceType(StrEnum):
    """What an online service is for."""

    NOTIFICATIONS = "notifications"


Pair = tuple[Channel, NotificationType]


@dataclass(frozen=True, slots=True)
class Practice:
    """Our customer, who pays. `code` is our name for it, `sender_id` what the patient sees as the originator.

    `first_code` is the code that it was added with, where it was renamed since.
    """

    id: int
    code: str
    name: str
    sender_id: str
    phone: str = ""
    language: str | None = None
    legal: LegalDetails = field(default_factory=LegalDetails)
    first_code: str | None = None

    @property
    def key(self) -> str:
        """The code that never changes: references to a gateway are made of it."""
        return self.first_code or self.code


@dataclass(frozen=True, slots=True)
class Service:
    """An online service of a practice with its assigned (channel, notification type) pairs."""

    id: int
    name: str
    type: ServiceType
    enabled: bool
    assigned: tuple[Pair, ...] = ()


REMINDERS_BY_SMS = (Channel.SMS, NotificationType.APPOINTMENT_REMINDER)


def check_assignment(service: Service, others: Iterable[Service]) -> None:
    """Refuse the same pair for two enabled services of a practice: nobody could say which one a text is of.

    Raises UsageError that names the pair and the other service.
    """
    for other in others:
        for channel, notification_type in set(service.assigned) & set(other.assigned):
            if service.enabled and other.enabled and service.id != other.id:
                raise UsageError(
                    f'{channel} and {notification_type} are assigned to the enabled service "{other.name}" already: '
                    "disable or unassign that one first"
                )


def code_from(name: str) -> str:
    """Make the code of a practice from the words of its name that are its own: `Tandarts de Boer` is `boer`.

    As many of them as 12 characters hold; where they are shorter than 3, all words count. Raises UsageError.
    """
    plain = plain_ascii(name).lower()
    words = own_words(plain)
    if len("".join(words)) < _SHORTEST_CODE:
        words = re.findall("[a-z0-9]+", plain)
    code = "-".join(words)
    while len(words) > 1 and len(code) > _LONGEST_CODE:
        words = words[:-1]
        code = "-".join(words)
    if not code:
        raise UsageError(f'no code can be made from "{name}": give one with --code')
    return code[:_LONGEST_CODE]


def check_name(name: str) -> str:
    """Check the name of a practice or a service, as texts, tables and bills show it: one line. Raises UsageError."""
    tidy = name.strip()
    if not tidy:
        raise UsageError("a name has at least one letter")
    if len(tidy) > _LONGEST_NAME or any(unicodedata.category(letter) in _NOT_SHOWN for letter in tidy):
        raise UsageError(f"a name is one line of at most {_LONGEST_NAME} characters, without control characters")
    return tidy


def check_code(code: str) -> str:
    """Check the code of a practice: small letters, digits and single dashes. Raises UsageError."""
    if not _CODE.fullmatch(code):
        raise UsageError(f'"{code}" is no code for a practice: use small letters, digits and dashes')
    return code


def check_language(language: str) -> str:
    """Check a language: an ISO 639 code such as nl. Raises UsageError."""
    if not _LANGUAGE.fullmatch(language):
        raise UsageError(f'"{language[:20]}" is no language: write its code, like nl or en')
    return language
