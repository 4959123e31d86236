"""The languages of a practice's patients in which there is no text."""

from collections.abc import Iterator

from smsreminders.domain.practices import Practice
from smsreminders.domain.text.message import Wording
from smsreminders.store.database import Database
from smsreminders.store.patients import patients_by_language


def without_text(db: Database, practice: Practice, wording: Wording) -> Iterator[str]:
    """Say of each language of a practice's patients that there is no text in it, and which they get instead."""
    instead = wording.language_for([practice.language])
    for language, count in patients_by_language(db, practice.id).items():
        if language not in wording.templates:
            who = "1 patient has" if count == 1 else f"{count} patients have"
            yield f"{practice.code}: {who} the language {language}, of which there is no text: they get {instead}"
