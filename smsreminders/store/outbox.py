"""The outbox: how notifications get into it, which of them wait, and how many stand where.

The unique key on (appointment, notification type, revision, rehearsed) makes a second text for one impossible.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from smsreminders.domain.due import Due
from smsreminders.domain.notifications import Status, reference_of
from smsreminders.domain.practices import Practice
from smsreminders.domain.reminders import Reminder
from smsreminders.store.appointments import DUE_COLUMNS, due_from, due_joins
from smsreminders.store.database import Database
from smsreminders.store.installation import installation_name
from smsreminders.store.many import insert_rows
from smsreminders.store.statuses import add_events
from smsreminders.store.times import to_text


@dataclass(frozen=True, slots=True)
class Queued:
    """A queued notification, with its appointment as it stands now."""

    id: int
    reference: str
    practice_id: int
    revision: int
    rehearsed: bool
    due: Due


def enqueue(db: Database, practice: Practice, reminders: Iterable[Reminder], *, rehearsed: bool, now: datetime) -> None:
    """Queue reminders: each as a new notification, or as its old one where that was certainly never sent.

    `rehearsed` marks those that wait for a gateway that sends nothing.
    Raises RuntimeError if one of them is in the outbox already and may have been sent.
    """
    installation, created_at = installation_name(db), to_text(now)
    rows = [
        (
            reference_of(
                installation, practice.key, reminder.due.appointment, reminder.due.revision, rehearsed=rehearsed
            ),
            reminder.due.service_id,
            reminder.due.appointment_id,
            reminder.due.patient_id,
            reminder.due.revision,
            to_text(reminder.due.starts_at),
            reminder.phone.e164,
            reminder.text,
            reminder.counted.encoding,
            reminder.counted.segments,
            practice.id,
            practice.sender_id,
            created_at,
            int(rehearsed),
        )
        for reminder in reminders
    ]
    queued = insert_rows(
        db,
        "notifications (reference, service_id, appointment_id, patient_id, revision, starts_at, phone, text, encoding,"
        " segments, practice_id, sender_id, created_at, rehearsed, notification_type, channel, status)",
        f"({'?, ' * 14} 'appointment-reminder', 'sms', 'queued')",
        rows,
        "on conflict (appointment_id, notification_type, revision, rehearsed) do update set"
        " service_id = excluded.service_id, phone = excluded.phone, sender_id = excluded.sender_id,"
        " text = excluded.text, encoding = excluded.encoding, segments = excluded.segments, status = 'queued',"
        " reason = null, sent_at = null, sent_on = null, gateway = null, account = null, absent_at = null"
        " where status in ('cancelled', 'rejected') returning id",
    )
    if len(queued) != len(rows):
        raise RuntimeError(f"of {len(rows)} reminders {len(rows) - len(queued)} may have been sent already")
    add_events(db, [(id_, None, None) for (id_,) in queued], Status.QUEUED, now=now)


def queue(db: Database, practice_ids: Collection[int]) -> list[int]:
    """The ids of these practices' queued notifications, in the order of the appointments' starts."""
    rows = db.execute(
        "select id from notifications where status = 'queued' and practice_id in (select value from json_each(?))"
        " order by starts_at, id",
        [json.dumps(list(practice_ids))],
    )
    return [id_ for (id_,) in rows]


def practices_in_queue(db: Database, practice_ids: Collection[int]) -> list[int]:
    """The practice of each notification in the queue of these practices, in the order of `queue`."""
    rows = db.execute(
        "select practice_id from notifications where status = 'queued'"
        " and practice_id in (select value from json_each(?)) order by starts_at, id",
        [json.dumps(list(practice_ids))],
    )
    return [practice_id for (practice_id,) in rows]


def queued(db: Database, ids: Collection[int]) -> list[Queued]:
    """Read queued notifications, each with its appointment as it stands now; ids of others are left out."""
    rows = db.query(
        f"select {DUE_COLUMNS}, q.id, q.reference, q.practice_id, q.revision as queued_revision, q.rehearsed"
        f" from notifications q join appointments a on a.id = q.appointment_id {due_joins('q.rehearsed')}"
        " where q.id in (select value from json_each(?)) and q.status = 'queued' order by q.starts_at, q.id",
        [json.dumps(list(ids))],
    )
    return [
        Queued(
            row["id"],
            row["reference"],
            row["practice_id"],
            row["queued_revision"],
            bool(row["rehearsed"]),
            due_from(row),
        )
        for row in rows
    ]


def id_of(db: Database, reference: str) -> int:
    """The id of the notification with this reference, which must be there."""
    (id_,) = db.execute("select id from notifications where reference = ?", [reference]).fetchone()
    return int(id_)


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
