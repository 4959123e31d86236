"""What of an agenda is held, in words for a person: files that were refused, and appointments that are unclear."""

from collections.abc import Sequence
from datetime import datetime

from smsreminders.domain.practices import Practice
from smsreminders.store.agenda.imports import refusals
from smsreminders.store.appointments import UnclearAppointment, unclear_from
from smsreminders.store.database import Database

_FIRST = 5  # that are named


def refused_files(db: Database, practice: Practice) -> list[str]:
    """Tell of each source whose last file was refused, until a good one comes."""
    return [
        f'the last file of {refused.kind} from "{refused.source}" of {practice.code} was refused '
        f"on {refused.at:%Y-%m-%d}, so what is known is older: {refused.reason}"
        for refused in refusals(db, practice.id)
    ]


def unclear_appointments(db: Database, practices: Sequence[Practice], now: datetime) -> list[str]:
    """Tell in one line for each practice which appointments to come nobody is texted from, and why."""
    return [
        _unclear(practice, unclear) for practice in practices if (unclear := list(unclear_from(db, practice.id, now)))
    ]


def _unclear(practice: Practice, unclear: Sequence[UnclearAppointment]) -> str:
    named = "; ".join(f"{appointment.source_id} ({appointment.reason})" for appointment in unclear[:_FIRST])
    more = f" and {len(unclear) - _FIRST} more" if len(unclear) > _FIRST else ""
    count = f"{len(unclear)} appointments" if len(unclear) > 1 else "1 appointment"
    return (
        f"{count} of {practice.code} to come, from which nobody is texted since what was told last is unclear: "
        f"{named}{more}; mend the file, or say what is true with `smsreminders appointment confirm ID` or "
        "`smsreminders consent give ID`"
    )
