"""The outbox: how notifications get into it, which of them wait, and how many stand where.

What each is about stands in `covers`, whose key makes a second text for an appointment's reminder impossible.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.again import COMBINED, Held
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.reminders import Reminder, reference_of_reminder
from smsreminders.store.database import Database
from smsreminders.store.installation import installation_name
from smsreminders.store.many import insert_rows
from smsreminders.store.round.covers import cover, held_by
from smsreminders.store.round.statuses import add_events, move
from smsreminders.store.times import to_text

_WAITS = "status = 'queued' and sent_on is null"  # the second says nothing new: it lets an index find the practice


@dataclass(frozen=True, slots=True)
class Queued:
    """A queued notification, with the appointments that it covers as they stand now."""

    id: int
    reference: str
    practice_id: int
    rehearsed: bool
    held: Sequence[Held]


def enqueue(
    db: Database, practice: Practice, reminders: Iterable[Reminder], *, rehearsed: bool, now: datetime
) -> list[int]:
    """Queue reminders, return their ids: each as a new notification, or as its old one that was certainly never sent.

    What waits already under its reference is made anew: its text, its number and what it covers. A notification whose
    appointments are all covered by others then is withdrawn. `rehearsed` marks those that wait for a gateway that sends
    nothing. Raises RuntimeError if one of them is in the outbox already and may have been sent.
    """
    every, installation = list(reminders), installation_name(db)
    rows = [
        [
            reference_of_reminder(installation, practice, reminder, rehearsed=rehearsed),
            *_row(practice, reminder),
            to_text(now),
            int(rehearsed),
        ]
        for reminder in every
    ]
    waiting = _waiting(db, [str(row[0]) for row in rows])
    queued = insert_rows(
        db,
        "notifications (reference, service_id, appointment_id, patient_id, revision, occasion, attempt, starts_at,"
        " phone, text, encoding, segments, practice_id, sender_id, created_at, rehearsed, notification_type, channel,"
        " status)",
        f"({'?, ' * 16} 'appointment-reminder', 'sms', 'queued')",
        rows,
        "on conflict (reference) do update set"
        " service_id = excluded.service_id, patient_id = excluded.patient_id, starts_at = excluded.starts_at,"
        " phone = excluded.phone, sender_id = excluded.sender_id,"
        " text = excluded.text, encoding = excluded.encoding, segments = excluded.segments, status = 'queued',"
        " reason = null, sent_at = null, sent_on = null, gateway = null, account = null, absent_at = null"
        " where status in ('queued', 'cancelled', 'rejected') returning id",
    )
    if len(queued) != len(rows):
        raise RuntimeError(f"of {len(rows)} reminders {len(rows) - len(queued)} may have been sent already")
    ids = [id_ for (id_,) in queued]
    cover(db, list(zip(ids, every, strict=True)))
    add_events(db, [(id_, None, None) for id_ in ids if id_ not in waiting], Status.QUEUED, now=now)
    _withdraw_empty(db, practice, now)
    return ids


def _row(practice: Practice, reminder: Reminder) -> list[object]:
    """The columns of a reminder from its service to the sender ID."""
    first, due = reminder.first, reminder.due
    return [
        due.service_id,
        due.appointment_id,
        due.patient_id,
        due.revision,
        first.occasion,
        first.attempt,
        to_text(due.starts_at),
        reminder.phone.e164,
        reminder.text,
        reminder.counted.encoding,
        reminder.counted.segments,
        practice.id,
        practice.sender_id,
    ]


def _waiting(db: Database, references: Sequence[str]) -> set[int]:
    """The ids of the queued notifications that have one of these references."""
    rows = db.execute(
        "select id from notifications where reference in (select value from json_each(?)) and +status = 'queued'",
        [json.dumps(references)],
    )
    return {id_ for (id_,) in rows}


def _withdraw_empty(db: Database, practice: Practice, now: datetime) -> None:
    """Withdraw the queued notifications of a practice whose appointments all have been taken over by others."""
    empty = db.execute(
        f"select n.id from notifications n where {_WAITS} and n.practice_id = ?"
        " and not exists (select 1 from covers c where c.notification_id = n.id)",
        [practice.id],
    ).fetchall()
    for (id_,) in empty:
        move(db, id_, Status.QUEUED, Status.CANCELLED, now=now, detail=COMBINED)


def queue(db: Database, practice_ids: Collection[int]) -> list[int]:
    """The ids of these practices' queued notifications, in the order of the appointments' starts."""
    rows = db.execute(
        f"select id from notifications where {_WAITS} and practice_id in (select value from json_each(?))"
        " order by starts_at, id",
        [json.dumps(list(practice_ids))],
    )
    return [id_ for (id_,) in rows]


def practices_in_queue(db: Database, practice_ids: Collection[int]) -> list[int]:
    """The practice of each notification in the queue of these practices, in the order of `queue`."""
    rows = db.execute(
        f"select practice_id from notifications where {_WAITS}"
        " and practice_id in (select value from json_each(?)) order by starts_at, id",
        [json.dumps(list(practice_ids))],
    )
    return [practice_id for (practice_id,) in rows]


def queued(db: Database, ids: Collection[int]) -> list[Queued]:
    """Read queued notifications, each with its appointments as they stand now; ids of others are left out."""
    rows = db.execute(
        "select id, reference, practice_id, rehearsed from notifications"
        " where id in (select value from json_each(?)) and +status = 'queued' order by starts_at, id",
        [json.dumps(list(ids))],
    ).fetchall()
    held = held_by(db, [id_ for id_, *_ in rows])
    return [
        Queued(id_, reference, practice_id, bool(rehearsed), held[id_])
        for id_, reference, practice_id, rehearsed in rows
    ]


def uncertain(db: Database, practice_ids: Collection[int], *, rehearsed: bool) -> int:
    """How many notifications of these practices are uncertain: they wait for a person."""
    (count,) = db.execute(
        "select count(*) from notifications where status = 'uncertain'"
        " and rehearsed = ? and practice_id in (select value from json_each(?))",
        [int(rehearsed), json.dumps(list(practice_ids))],
    ).fetchone()
    return int(count)


def sent_today(db: Database, practice_id: int, today: date, *, rehearsed: bool) -> int:
    """How many notifications of a practice were claimed on a local date."""
    (count,) = db.execute(
        "select count(*) from notifications where practice_id = ? and sent_on = ? and rehearsed = ?",
        [practice_id, today.isoformat(), int(rehearsed)],
    ).fetchone()
    return int(count)
