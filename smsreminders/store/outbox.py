"""The outbox: what waits, its claim, and what the gateway answered.

The unique key on (appointment, notification type, revision) makes a second text for one impossible; what was claimed
or may have been sent never comes back to the queue unless it is certain that it was not sent.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from smsreminders.domain.notifications import Status, reference_of
from smsreminders.domain.practices import Practice
from smsreminders.domain.reminders import Due, Reminder
from smsreminders.domain.sending import Accepted, Outgoing
from smsreminders.store.appointments import DUE_COLUMNS, DUE_JOINS, due_from
from smsreminders.store.database import Database
from smsreminders.store.installation import installation_name
from smsreminders.store.statuses import add_event, add_word, adopt_gateway_id, move
from smsreminders.store.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class Queued:
    """A notification that waits, with its appointment as it stands now."""

    id: int
    reference: str
    practice_id: int
    revision: int
    due: Due


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A notification that the gateway may have, just as it went, and its appointment as it stands now."""

    id: int
    practice_id: int
    revision: int
    segments: int
    sms: Outgoing
    due: Due


def enqueue(db: Database, practice: Practice, reminders: Iterable[Reminder], *, now: datetime) -> None:
    """Put reminders into the outbox: as new notifications, or again where one was certainly never sent."""
    installation = installation_name(db)
    for reminder in reminders:
        due = reminder.due
        (id_,) = db.execute(
            "insert into notifications (reference, practice_id, service_id, appointment_id, patient_id,"
            " notification_type, channel, revision, starts_at, phone, sender_id, text, encoding, segments, status,"
            " created_at) values (?, ?, ?, ?, ?, 'appointment-reminder', 'sms', ?, ?, ?, ?, ?, ?, ?, 'queued', ?)"
            " on conflict (appointment_id, notification_type, revision) do update set"
            " service_id = excluded.service_id, phone = excluded.phone, sender_id = excluded.sender_id,"
            " text = excluded.text, encoding = excluded.encoding, segments = excluded.segments, status = 'queued',"
            " reason = null, sent_at = null, sent_on = null, gateway = null, absent_at = null"
            " where status in ('cancelled', 'rejected') returning id",
            [
                reference_of(installation, practice.code, due.appointment, due.revision),
                practice.id,
                due.service_id,
                due.appointment_id,
                due.patient_id,
                due.revision,
                to_text(due.starts_at),
                reminder.phone.e164,
                practice.sender_id,
                reminder.text,
                reminder.counted.encoding,
                reminder.counted.segments,
                to_text(now),
            ],
        ).fetchone()
        add_event(db, id_, now, Status.QUEUED)


def queue(db: Database, practice_ids: Collection[int]) -> list[int]:
    """The ids of what waits for these practices, in the order of the appointments' starts."""
    rows = db.execute(
        "select id from notifications where status = 'queued' and practice_id in (select value from json_each(?))"
        " order by starts_at, id",
        [json.dumps(list(practice_ids))],
    )
    return [id_ for (id_,) in rows]


def queued(db: Database, ids: Collection[int]) -> list[Queued]:
    """Those of these notifications that still wait, each with its appointment as it stands now."""
    rows = db.query(
        f"select {DUE_COLUMNS}, q.id, q.reference, q.practice_id, q.revision as queued_revision"
        f" from notifications q join appointments a on a.id = q.appointment_id {DUE_JOINS}"
        " where q.id in (select value from json_each(?)) and q.status = 'queued' order by q.starts_at, q.id",
        [json.dumps(list(ids))],
    )
    return [
        Queued(row["id"], row["reference"], row["practice_id"], row["queued_revision"], due_from(row)) for row in rows
    ]


def handed_over(db: Database, ids: Collection[int]) -> list[HandedOver]:
    """Those of these notifications that are uncertain."""
    rows = db.query(
        f"select {DUE_COLUMNS}, u.id, u.reference, u.practice_id, u.revision as its_revision, u.phone as its_phone,"
        " u.sender_id, u.text, u.encoding, u.segments, u.sent_at, u.starts_at as its_start"
        f" from notifications u join appointments a on a.id = u.appointment_id {DUE_JOINS}"
        " where u.id in (select value from json_each(?)) and u.status = 'uncertain' order by u.id",
        [json.dumps(list(ids))],
    )
    return [
        HandedOver(
            row["id"],
            row["practice_id"],
            row["its_revision"],
            row["segments"],
            Outgoing(
                reference=row["reference"],
                phone=row["its_phone"],
                sender_id=row["sender_id"],
                text=row["text"],
                encoding=row["encoding"],
                handed_over_at=from_text(row["sent_at"]),
                valid_until=from_text(row["its_start"]),
            ),
            due_from(row),
        )
        for row in rows
    ]


def uncertain_since(db: Database, gateway: str, practice_ids: Collection[int], since: datetime) -> list[int]:
    """The ids of what was claimed for this gateway after a moment and is uncertain, the oldest first."""
    rows = db.execute(
        "select id from notifications where status = 'uncertain' and gateway = ? and sent_at > ?"
        " and practice_id in (select value from json_each(?)) order by sent_at, id",
        [gateway, to_text(since), json.dumps(list(practice_ids))],
    )
    return [id_ for (id_,) in rows]


def claim(
    db: Database, id_: int, reminder: Reminder, *, sender_id: str, gateway: str, now: datetime, today: date
) -> None:
    """To `sending`: number, text, segments and the local date of sending are frozen here."""
    db.execute(
        "update notifications set service_id = ?, starts_at = ?, phone = ?, sender_id = ?, text = ?, encoding = ?,"
        " segments = ?, gateway = ?, gateway_id = null, sent_at = ?, sent_on = ? where id = ?",
        [
            reminder.due.service_id,
            to_text(reminder.due.starts_at),
            reminder.phone.e164,
            sender_id,
            reminder.text,
            reminder.counted.encoding,
            reminder.counted.segments,
            gateway,
            to_text(now),
            today.isoformat(),
            id_,
        ],
    )
    move(db, id_, Status.QUEUED, Status.SENDING, now=now)


def accept(db: Database, id_: int, accepted: Accepted, *, old: Status = Status.SENDING, now: datetime) -> Status:
    """To `sent`, with what the gateway says of its own; an id that it gave before makes it uncertain.

    `old` is its status: it is sending, or uncertain and was sent again under the same reference.
    """
    if accepted.gateway_id is not None and not adopt_gateway_id(db, id_, accepted.gateway_id):
        detail = "the gateway gave an id that it gave before"
        if old is Status.UNCERTAIN:
            add_word(db, id_, old, detail, now=now)
        else:
            move(db, id_, old, Status.UNCERTAIN, now=now, detail=detail)
        return Status.UNCERTAIN
    db.execute(
        "update notifications set gateway_segments = ?, gateway_price = ? where id = ?",
        [accepted.segments, accepted.price, id_],
    )
    move(db, id_, old, Status.SENT, now=now, detail=accepted.note or None)
    return Status.SENT


def id_of(db: Database, reference: str) -> int:
    """The notification of a reference that is known to be there."""
    (id_,) = db.execute("select id from notifications where reference = ?", [reference]).fetchone()
    return int(id_)


def in_sending(db: Database) -> list[int]:
    """What a run left behind that died between its claim and its result; for who holds the lock of the run."""
    return [id_ for (id_,) in db.execute("select id from notifications where status = 'sending' order by id")]


def uncertain(db: Database, practice_ids: Collection[int]) -> int:
    """How many notifications of these practices wait for a person."""
    (count,) = db.execute(
        "select count(*) from notifications where status = 'uncertain'"
        " and practice_id in (select value from json_each(?))",
        [json.dumps(list(practice_ids))],
    ).fetchone()
    return int(count)


def sent_today(db: Database, practice_id: int, today: date) -> int:
    """How many notifications of a practice were claimed on a local date."""
    (count,) = db.execute(
        "select count(*) from notifications where practice_id = ? and sent_on = ?", [practice_id, today.isoformat()]
    ).fetchone()
    return int(count)
