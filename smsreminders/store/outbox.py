"""The outbox: what waits, its claim, and what the gateway answered.

The unique key on (appointment, notification type, revision) makes a second text for one impossible; what was claimed
or may have been sent never comes back to the queue unless it is certain that it was not sent.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from smsreminders.domain.notifications import Status, reference_of
from smsreminders.domain.practices import Practice
from smsreminders.domain.reminders import Due, Reminder
from smsreminders.domain.sending import Accepted, Outgoing
from smsreminders.store.appointments import DUE_COLUMNS, DUE_JOINS, due_from
from smsreminders.store.database import Database
from smsreminders.store.installation import installation_name
from smsreminders.store.many import insert_rows
from smsreminders.store.statuses import add_events, add_word, move, move_all
from smsreminders.store.times import from_text, to_text

_TWICE = "the gateway gave an id that it gave before"


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
    """Put reminders into the outbox: as new notifications, or again where one was certainly never sent.

    Raises RuntimeError for one that is in the outbox and may have been sent.
    """
    installation, created_at = installation_name(db), to_text(now)
    rows = [
        (
            reference_of(installation, practice.code, reminder.due.appointment, reminder.due.revision),
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
        )
        for reminder in reminders
    ]
    queued = insert_rows(
        db,
        "notifications (reference, service_id, appointment_id, patient_id, revision, starts_at, phone, text, encoding,"
        " segments, practice_id, sender_id, created_at, notification_type, channel, status)",
        f"({'?, ' * 13} 'appointment-reminder', 'sms', 'queued')",
        rows,
        "on conflict (appointment_id, notification_type, revision) do update set"
        " service_id = excluded.service_id, phone = excluded.phone, sender_id = excluded.sender_id,"
        " text = excluded.text, encoding = excluded.encoding, segments = excluded.segments, status = 'queued',"
        " reason = null, sent_at = null, sent_on = null, gateway = null, absent_at = null"
        " where status in ('cancelled', 'rejected') returning id",
    )
    if len(queued) != len(rows):
        raise RuntimeError(f"of {len(rows)} reminders {len(rows) - len(queued)} may have been sent already")
    add_events(db, [(id_, None, None) for (id_,) in queued], Status.QUEUED, now=now)


def queue(db: Database, practice_ids: Collection[int]) -> list[int]:
    """The ids of what waits for these practices, in the order of the appointments' starts."""
    rows = db.execute(
        "select id from notifications where status = 'queued' and practice_id in (select value from json_each(?))"
        " order by starts_at, id",
        [json.dumps(list(practice_ids))],
    )
    return [id_ for (id_,) in rows]


def practices_in_queue(db: Database, practice_ids: Collection[int]) -> list[int]:
    """The practice of each that waits for these practices, in the order of `queue`."""
    rows = db.execute(
        "select practice_id from notifications where status = 'queued'"
        " and practice_id in (select value from json_each(?)) order by starts_at, id",
        [json.dumps(list(practice_ids))],
    )
    return [practice_id for (practice_id,) in rows]


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
    db: Database, claims: Sequence[tuple[int, Reminder, str]], *, gateway: str, now: datetime, today: date
) -> None:
    """To `sending`, each with its reminder and sender ID: number, text, segments and the local date are frozen here."""
    frozen = [
        {
            "id": id_,
            "service": reminder.due.service_id,
            "start": to_text(reminder.due.starts_at),
            "phone": reminder.phone.e164,
            "sender": sender_id,
            "text": reminder.text,
            "encoding": reminder.counted.encoding,
            "segments": reminder.counted.segments,
        }
        for id_, reminder, sender_id in claims
    ]
    db.execute(
        "update notifications set service_id = json_extract(value, '$.service'),"
        " starts_at = json_extract(value, '$.start'), phone = json_extract(value, '$.phone'),"
        " sender_id = json_extract(value, '$.sender'), text = json_extract(value, '$.text'),"
        " encoding = json_extract(value, '$.encoding'), segments = json_extract(value, '$.segments'),"
        " gateway = ?, gateway_id = null, sent_at = ?, sent_on = ?"
        " from json_each(?) where notifications.id = json_extract(value, '$.id')",
        [gateway, to_text(now), today.isoformat(), json.dumps(frozen)],
    )
    move_all(db, [(id_, None, None) for id_, *_ in claims], Status.QUEUED, Status.SENDING, now=now)


def accept(
    db: Database, taken: Sequence[tuple[int, Accepted]], *, old: Status = Status.SENDING, now: datetime
) -> list[Status]:
    """To `sent`, each with what the gateway says of its own; an id that it gave before makes it uncertain.

    `old` is their status: they are sending, or uncertain and were sent again under the same reference.
    """
    if not taken:
        return []
    twice = _given_before(db, taken)
    sent = [(id_, accepted) for id_, accepted in taken if id_ not in twice]
    told = [[id_, accepted.gateway_id, accepted.segments, accepted.price] for id_, accepted in sent]
    move_all(db, [(id_, accepted.note or None, None) for id_, accepted in sent], old, Status.SENT, now=now)
    db.execute(
        "update notifications set gateway_id = coalesce(json_extract(value, '$[1]'), gateway_id),"
        " gateway_segments = json_extract(value, '$[2]'), gateway_price = json_extract(value, '$[3]')"
        " from json_each(?) where notifications.id = json_extract(value, '$[0]')",
        [json.dumps(told)],
    )
    for id_ in twice:
        if old is Status.UNCERTAIN:
            add_word(db, id_, old, _TWICE, now=now)
        else:
            move(db, id_, old, Status.UNCERTAIN, now=now, detail=_TWICE)
    return [Status.UNCERTAIN if id_ in twice else Status.SENT for id_, _ in taken]


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


def _given_before(db: Database, taken: Sequence[tuple[int, Accepted]]) -> set[int]:
    """Those of these whose gateway's id another notification has already, or an earlier one of these."""
    told = [(id_, accepted.gateway_id) for id_, accepted in taken if accepted.gateway_id is not None]
    rows = db.execute(
        "select mine.id from json_each(?) t join notifications mine on mine.id = json_extract(t.value, '$[0]')"
        " join notifications other on other.gateway = mine.gateway and other.gateway_id is not null"
        " and other.gateway_id = json_extract(t.value, '$[1]') and other.id <> mine.id",
        [json.dumps(told)],
    )
    twice, seen = {id_ for (id_,) in rows}, set()
    for id_, gateway_id in told:
        if gateway_id in seen:
            twice.add(id_)
        seen.add(gateway_id)
    return twice
