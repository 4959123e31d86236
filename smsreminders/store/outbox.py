"""The outbox: every change of a notification's status, each compare-and-set and with its event.

The unique key on (appointment, notification type, revision) makes a second text for one impossible; what was claimed
or may have been sent never comes back to the queue unless it is certain that it was not sent.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from smsreminders.domain.notifications import MAY_FOLLOW, NO_REPORT, Status
from smsreminders.domain.practices import Practice
from smsreminders.domain.reminders import Due, Reminder
from smsreminders.domain.sending import Accepted, DeliveryReport, Open
from smsreminders.store.appointments import DUE_COLUMNS, DUE_JOINS, due_from
from smsreminders.store.database import Database
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
class Asked:
    """A notification whose fate is not final, with what the gateway is asked by."""

    id: int
    status: Status
    open: Open


def enqueue(db: Database, practice: Practice, reminders: Iterable[Reminder], *, now: datetime) -> None:
    """Put reminders into the outbox: as new notifications, or again where one was certainly never sent."""
    for reminder in reminders:
        (id_,) = db.execute(
            "insert into notifications (reference, practice_id, service_id, appointment_id, patient_id,"
            " notification_type, channel, revision, starts_at, phone, sender_id, text, encoding, segments, status,"
            " created_at) values (?, ?, ?, ?, ?, 'appointment-reminder', 'sms', ?, ?, ?, ?, ?, ?, ?, 'queued', ?)"
            " on conflict (appointment_id, notification_type, revision) do update set reference = excluded.reference,"
            " service_id = excluded.service_id, phone = excluded.phone, sender_id = excluded.sender_id,"
            " text = excluded.text, encoding = excluded.encoding, segments = excluded.segments, status = 'queued',"
            " reason = null, sent_at = null, sent_on = null, gateway = null"
            " where status in ('cancelled', 'rejected') returning id",
            [
                uuid4().hex,
                practice.id,
                reminder.due.service_id,
                reminder.due.appointment_id,
                reminder.due.patient_id,
                reminder.due.revision,
                to_text(reminder.due.starts_at),
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


def accept(db: Database, id_: int, accepted: Accepted, *, now: datetime) -> Status:
    """From `sending` to `sent`, with what the gateway says of its own; an id that it gave before makes it uncertain."""
    if accepted.gateway_id is not None and not _adopt(db, id_, accepted.gateway_id):
        move(db, id_, Status.SENDING, Status.UNCERTAIN, now=now, detail="the gateway gave an id that it gave before")
        return Status.UNCERTAIN
    db.execute(
        "update notifications set gateway_segments = ?, gateway_price = ? where id = ?",
        [accepted.segments, None if accepted.price is None else str(accepted.price), id_],
    )
    move(db, id_, Status.SENDING, Status.SENT, now=now)
    return Status.SENT


def note_report(db: Database, id_: int, report: DeliveryReport) -> bool:
    """Keep the gateway's id and count of segments from a report. False if the id is another one than we know of it."""
    (known,) = db.execute("select gateway_id from notifications where id = ?", [id_]).fetchone()
    new_id = None if report.gateway_id == known else report.gateway_id
    if new_id is not None and (known is not None or not _adopt(db, id_, new_id)):
        return False
    if report.segments is not None:
        db.execute("update notifications set gateway_segments = ? where id = ?", [report.segments, id_])
    return True


def move(
    db: Database,
    id_: int,
    old: Status,
    new: Status,
    *,
    now: datetime,
    detail: str | None = None,
    reported_at: str | None = None,
) -> None:
    """Compare-and-set the status and append the event; `detail` is also the reason that is shown of what didn't arrive.

    Back to queued it is as if it had never been claimed. Raises RuntimeError for a change that can't be.
    """
    if new not in MAY_FOLLOW[old]:
        raise RuntimeError(f"notification {id_}: {new} may not follow {old}")
    changed = db.execute(
        "update notifications set status = :new,"
        " reason = case when :new in ('sent', 'delivered') then null else :detail end,"
        " delivered_at = case :new when 'delivered' then :now else delivered_at end,"
        " sent_at = case :new when 'queued' then null else sent_at end,"
        " sent_on = case :new when 'queued' then null else sent_on end,"
        " gateway = case :new when 'queued' then null else gateway end"
        " where id = :id and status = :old",
        {"new": new.value, "old": old.value, "detail": detail, "now": to_text(now), "id": id_},
    ).rowcount
    if changed != 1:
        raise RuntimeError(f"notification {id_} is not {old} any more")
    add_event(db, id_, now, new, detail=detail, reported_at=reported_at)


def add_event(
    db: Database,
    id_: int,
    now: datetime,
    status: Status,
    *,
    detail: str | None = None,
    reported_at: str | None = None,
) -> None:
    """Append an event."""
    db.execute(
        "insert into notification_events (notification_id, at, status, detail, reported_at) values (?, ?, ?, ?, ?)",
        [id_, to_text(now), status.value, detail, reported_at],
    )


def add_word(db: Database, id_: int, status: Status, word: str, *, now: datetime) -> None:
    """Append what the gateway said as an event that changes nothing, unless it is the last thing it said."""
    last = db.execute(
        "select detail from notification_events where notification_id = ? order by id desc limit 1", [id_]
    ).fetchone()
    if last != (word,):
        add_event(db, id_, now, status, detail=word)


def status_of(db: Database, id_: int) -> Status:
    """The status at this moment."""
    (status,) = db.execute("select status from notifications where id = ?", [id_]).fetchone()
    return Status(status)


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


def not_final(db: Database, gateway: str, practice_ids: Collection[int], since: datetime) -> list[Asked]:
    """What `poll` asks a gateway for: sent, uncertain, and what expired by inference and was sent after `since`."""
    rows = db.execute(
        "select id, status, reference, gateway_id, phone, sent_at from notifications"
        " where (status in ('sent', 'uncertain') or (status = 'expired' and reason = ? and sent_at > ?))"
        " and gateway = ? and practice_id in (select value from json_each(?)) order by sent_at, id",
        [NO_REPORT, to_text(since), gateway, json.dumps(list(practice_ids))],
    )
    return [
        Asked(id_, Status(status), Open(reference, gateway_id, phone, from_text(sent_at)))
        for id_, status, reference, gateway_id, phone, sent_at in rows
    ]


def sent_today(db: Database, practice_id: int, today: date) -> int:
    """How many notifications of a practice were claimed on a local date."""
    (count,) = db.execute(
        "select count(*) from notifications where practice_id = ? and sent_on = ?", [practice_id, today.isoformat()]
    ).fetchone()
    return int(count)


def _adopt(db: Database, id_: int, gateway_id: str) -> bool:
    """Take over the gateway's id; False if another notification has it."""
    taken = db.execute(
        "select 1 from notifications where gateway_id = ? and id <> ?"
        " and gateway = (select gateway from notifications where id = ?)",
        [gateway_id, id_, id_],
    ).fetchone()
    if taken:
        return False
    db.execute("update notifications set gateway_id = ? where id = ?", [gateway_id, id_])
    return True
