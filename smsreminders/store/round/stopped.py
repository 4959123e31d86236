"""Stopped numbers, of a practice each: append-only events, of which those count that nothing lifted since."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from smsreminders.domain.round.stopped import How, StopEvent
from smsreminders.store.database import Database
from smsreminders.store.tables.stops import STANDS
from smsreminders.store.times import from_text, to_text

STOPPED_SINCE = (  # of the number of the patient p
    f"(select min(s.at) from stop_events s where s.practice_id = p.practice_id and s.e164 = p.e164 and {STANDS})"
)


@dataclass(frozen=True, slots=True)
class StoppedNumber:
    """A number that is stopped for a practice, with the earliest stop that stands."""

    practice_id: int
    e164: str = field(repr=False)
    stop: StopEvent


def add_stop_event(db: Database, practice_id: int, e164: str, event: StopEvent, recorded_at: datetime) -> None:
    """Append an event to those of a number of a practice."""
    db.execute(
        "insert into stop_events (practice_id, e164, stopped, at, how, by_whom, recorded_at)"
        " values (?, ?, ?, ?, ?, ?, ?)",
        [practice_id, e164, event.stopped, to_text(event.at), event.how.value, event.by, to_text(recorded_at)],
    )


def stop_history(db: Database, practice_id: int, e164: str) -> list[StopEvent]:
    """List the events of a number of a practice, in the order in which they were recorded."""
    rows = db.execute(
        "select stopped, at, how, by_whom from stop_events where practice_id = ? and e164 = ? order by id",
        [practice_id, e164],
    )
    return [StopEvent(bool(stopped), from_text(at), How(how), by) for stopped, at, how, by in rows]


def stopped_numbers(db: Database, practice_id: int) -> Iterator[StoppedNumber]:
    """List the numbers that are stopped for a practice, the latest first, each with the earliest stop that stands."""
    rows = db.execute(
        "select s.e164, min(s.at), s.how, s.by_whom from stop_events s where s.practice_id = ?"
        f" and {STANDS} group by s.e164 order by min(s.at) desc, s.e164",
        [practice_id],
    )
    for e164, at, how, by in rows:
        yield StoppedNumber(practice_id, e164, StopEvent(True, from_text(at), How(how), by))


def stopped_among(db: Database, numbers: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
    """Choose of these numbers, each with a practice's row id, those that are stopped for that practice."""
    rows = db.execute(
        "select distinct s.practice_id, s.e164 from json_each(?) t cross join stop_events s"
        " on s.practice_id = json_extract(t.value, '$[0]') and s.e164 = json_extract(t.value, '$[1]')"
        f" where {STANDS}",
        [json.dumps(list(numbers))],
    )
    return set(rows.fetchall())


def lifted_of_gateways(db: Database, practice_id: int) -> int:
    """Count the numbers that a gateway had stopped for a practice and nothing stops any more: the desk lifted them."""
    (count,) = db.execute(
        "select count(distinct g.e164) from stop_events g where g.practice_id = ?"
        " and g.how in ('opt-out', 'rejected') and not exists (select 1 from stop_events s"
        f" where s.practice_id = g.practice_id and s.e164 = g.e164 and {STANDS})",
        [practice_id],
    ).fetchone()
    return int(count)


def number_of(db: Database, notification_id: int) -> tuple[int, str, datetime]:
    """Find of a notification that was claimed its practice, the number it went to, and when it was handed over."""
    practice_id, e164, sent_at = db.execute(
        "select practice_id, phone, sent_at from notifications where id = ?", [notification_id]
    ).fetchone()
    return practice_id, e164, from_text(sent_at)


def waiting_for(db: Database, practice_id: int, e164: str) -> list[int]:
    """List the queued notifications of a practice that would go to a number."""
    rows = db.execute(
        "select id from notifications where status = 'queued' and practice_id = ? and phone = ? order by id",
        [practice_id, e164],
    )
    return [id_ for (id_,) in rows]
