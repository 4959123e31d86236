"""The types and practitioners of a practice's appointments, by which a practice may leave appointments out."""

from dataclasses import dataclass
from datetime import datetime

from smsreminders.store.database import Database
from smsreminders.store.times import to_text


@dataclass(frozen=True, slots=True)
class AppointmentWords:
    """The types and practitioners of so many appointments, and how many of them have none."""

    types: frozenset[str]
    practitioners: frozenset[str]
    appointments: int
    without_type: int
    without_practitioner: int


def words_of(db: Database, practice_id: int) -> AppointmentWords:
    """Gather the types and practitioners of all appointments of a practice."""
    return _words(db, "", [practice_id])


def words_from(db: Database, practice_id: int, start: datetime) -> AppointmentWords:
    """Gather the types and practitioners of the booked appointments of a practice from `start` on."""
    return _words(db, "and starts_at >= ? and status = 'booked'", [practice_id, to_text(start)])


def _words(db: Database, which: str, bound: list[int | str]) -> AppointmentWords:
    rows = db.execute(
        "select type, practitioner, count(*) from appointments"
        f" where practice_id = ? {which} group by type, practitioner",
        bound,
    ).fetchall()
    return AppointmentWords(
        frozenset(kind for kind, _, _ in rows if kind),
        frozenset(practitioner for _, practitioner, _ in rows if practitioner),
        sum(count for _, _, count in rows),
        sum(count for kind, _, count in rows if not kind),
        sum(count for _, practitioner, count in rows if not practitioner),
    )
