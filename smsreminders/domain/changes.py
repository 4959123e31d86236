"""What a person says of a practice or a patient: made into a new one, or into a change of what is stored."""

from dataclasses import dataclass, replace

from smsreminders.domain.legal import LEGAL_FIELDS, check_legal
from smsreminders.domain.practices import (
    Practice,
    check_code,
    check_language,
    check_name,
)
from smsreminders.domain.sender_ids import check_sender_id, sender_id_from
from smsreminders.errors import UsageError


@dataclass(frozen=True, slots=True)
class PracticeChange:
    """What is said of a practice, as it was written; None says nothing, so what is stored stays."""

    name: str | None = None
    sender_id: str | None = None
    phone: str | None = None
    language: str | None = None
    legal_name: str | None = None
    street: str | None = None
    postcode: str | None = None
    town: str | None = None
    kvk_number: str | None = None
    vat_number: str | None = None
    buyer_reference: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class PatientChange:
    """What is said of a patient, as it was written; None says nothing, so what is stored stays."""

    name: str | None = None
    phone: str | None = None
    language: str | None = None


def new_practice(code: str, change: PracticeChange, country: str = "NL") -> Practice:
    """Make a practice; without a sender ID it gets one from its name. Raises UsageError, also without a name."""
    name = (change.name or "").strip()
    if not name:
        raise UsageError("a practice has a name: give it with --name")
    sender_id = change.sender_id or sender_id_from(name)
    return changed_practice(Practice(0, check_code(code), name, sender_id), change, country)


def changed_practice(stored: Practice, change: PracticeChange, country: str = "NL") -> Practice:
    """Change a practice; an empty legal detail takes the stored one away. Raises UsageError for what can't be.

    A number as a sender ID belongs to `country` unless it has a country code.
    """
    legal = {name: word.strip() for name in LEGAL_FIELDS if (word := getattr(change, name)) is not None}
    return replace(
        stored,
        name=check_name(change.name) if change.name and change.name.strip() else stored.name,
        sender_id=check_sender_id(change.sender_id, country) if change.sender_id else stored.sender_id,
        phone=stored.phone if change.phone is None else change.phone,
        language=check_language(change.language) if change.language else stored.language,
        legal=check_legal(replace(stored.legal, **legal)),
    )
