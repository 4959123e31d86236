"""Turned: the appointments of a staged import whose status is another than the one that its source told before."""

from datetime import datetime
from typing import NamedTuple

from smsreminders.store.agenda.said import SourceRow
from smsreminders.store.database import Database
from smsreminders.store.times import to_text


class Turned(NamedTuple):
    """How many known appointments to come are cancelled now, on how many days, and how many are booked again.

    Those are out of the ones that `were_cancelled` then and have a status now.
    """

    cancelled: int
    days: int
    again: int
    were_cancelled: int


def count_turned(db: Database, source: SourceRow, now: datetime) -> Turned:
    """Count the staged appointments to come whose status is another than the one told before, booked if none was."""
    were_booked, are_cancelled = "coalesce(d.status, 'booked') = 'booked'", "s.status = 'cancelled'"
    counts = db.execute(
        f"select total({were_booked} and {are_cancelled}),"
        f" count(distinct case when {were_booked} and {are_cancelled} then substr(d.starts_at, 1, 10) end),"
        " total(d.status = 'cancelled' and s.status = 'booked'),"
        " total(d.status = 'cancelled' and s.status in ('booked', 'cancelled'))"
        " from staged_appointments s cross join said_appointments d on d.from_source_id = ?"
        " and d.source_id = s.source_id where d.starts_at >= ?",
        [source.id, to_text(now)],
    ).fetchone()
    return Turned(*map(int, counts))
