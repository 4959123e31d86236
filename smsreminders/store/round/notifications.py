"""Reading notifications: each with its status and its events."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from smsreminders.domain.round.notifications import Status
from smsreminders.errors import UsageError
from smsreminders.store.database import Database
from smsreminders.store.times import from_text, maybe_time, to_text


@dataclass(frozen=True, slots=True)
class Notification:
    """A notification as it is shown; times are UTC.

    `appointment`, with its revision, occasion and attempt, is the first of the appointments that it `covers`, and
    `patient` the first one's. A notification that was withdrawn may cover none any more.
    """

    id: int
    reference: str
    practice: str
    service: str
    appointment: str
    patient: str
    phone: str = field(repr=False)
    sender_id: str
    revision: int
    occasion: int
    attempt: int
    covers: tuple[str, ...]
    starts_at: datetime
    text: str = field(repr=False)
    encoding: str
    segments: int
    status: Status
    reason: str | None
    gateway: str | None
    account: str | None
    gateway_id: str | None
    gateway_segments: int | None
    gateway_price: str | None
    created_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    rehearsed: bool
    practice_id: int
    patient_id: int


@dataclass(frozen=True, slots=True)
class Event:
    """An event in a notification's life; `reported_at` is the gateway's own time, as it wrote it."""

    at: datetime
    status: Status
    detail: str | None
    reported_at: str | None


_NOTIFICATION = """
    select n.id, n.reference, c.code as practice, s.name as service, a.source_id as appointment,
        p.source_id as patient, n.phone, n.sender_id, n.revision, n.occasion, n.attempt, n.starts_at, n.text,
        n.encoding, n.segments, n.status, n.reason, n.gateway, n.account,
        n.gateway_id, n.gateway_segments, n.gateway_price,
        n.created_at, n.sent_at, n.delivered_at, n.rehearsed,
        n.practice_id, n.patient_id, (
            select json_group_array(source_id) from (
                select x.source_id from covers v join appointments x on x.id = v.appointment_id
                where v.notification_id = n.id order by x.starts_at, x.id)) as covers
    from notifications n
    join practices c on c.id = n.practice_id
    join services s on s.id = n.service_id
    join appointments a on a.id = n.appointment_id
    join patients p on p.id = n.patient_id
"""

_ASKED = """
    n.created_at >= :start and n.created_at < :end
    and (:practice is null or n.practice_id = :practice)
    and (:statuses = '[]' or n.status in (select value from json_each(:statuses)))
    and (:patient is null or p.source_id = :patient or exists (
        select 1 from covers v join appointments x on x.id = v.appointment_id join patients y on y.id = x.patient_id
        where v.notification_id = n.id and y.source_id = :patient))
    and (:appointment is null or a.source_id = :appointment or exists (
        select 1 from covers v join appointments x on x.id = v.appointment_id
        where v.notification_id = n.id and x.source_id = :appointment))
"""


def notifications(
    db: Database,
    practice_id: int | None = None,
    *,
    statuses: Collection[Status] = (),
    start: datetime | None = None,
    end: datetime | None = None,
    patient: str | None = None,
    appointment: str | None = None,
    limit: int | None = None,
) -> list[Notification]:
    """The notifications planned in [start, end), the oldest first; each argument that is given narrows them down.

    With a limit: the newest ones.
    """
    asked = _asked(practice_id, statuses, start, end, patient=patient, appointment=appointment)
    rows = db.query(
        f"{_NOTIFICATION} where {_ASKED} order by n.id desc limit :limit",
        asked | {"limit": -1 if limit is None else limit},
    )
    return [_notification(row) for row in rows][::-1]


def count_notifications(
    db: Database,
    practice_id: int | None = None,
    *,
    statuses: Collection[Status] = (),
    start: datetime | None = None,
    end: datetime | None = None,
    patient: str | None = None,
    appointment: str | None = None,
) -> int:
    """Count what `notifications` lists without a limit."""
    rows = db.execute(
        "select count(*) from notifications n join patients p on p.id = n.patient_id"
        f" join appointments a on a.id = n.appointment_id where {_ASKED}",
        _asked(practice_id, statuses, start, end, patient=patient, appointment=appointment),
    )
    return int(rows.fetchone()[0])


def first_notification_at(db: Database) -> datetime | None:
    """When the first notification was planned; None where there is none."""
    return maybe_time(db.execute("select min(created_at) from notifications").fetchone()[0])


def notification_by_id(db: Database, id_or_reference: str) -> Notification:
    """The notification with this id or reference. Raises UsageError if there is none."""
    if notification := find_notification(db, id_or_reference):
        return notification
    raise UsageError(f'there is no notification "{id_or_reference}"; `smsreminders notifications list` shows them')


def find_notification(db: Database, id_or_reference: str) -> Notification | None:
    """The notification with this id or reference, if there is one."""
    for row in db.query(
        f"{_NOTIFICATION} where n.id = :id or n.reference = :reference",
        {"id": int(id_or_reference) if _is_id(id_or_reference) else None, "reference": id_or_reference},
    ):
        return _notification(row)
    return None


def notifications_of_appointment(db: Database, appointment_id: int) -> list[Notification]:
    """The notifications that cover an appointment, in the order of its revisions, occasions and attempts.

    Each has the revision, occasion and attempt as which it covers this appointment, whichever is its first.
    """
    covers = db.execute(
        "select notification_id, revision, occasion, attempt from covers where appointment_id = ?"
        " order by revision, occasion desc, attempt",
        [appointment_id],
    ).fetchall()
    every = {
        row["id"]: _notification(row)
        for row in db.query(
            f"{_NOTIFICATION} where n.id in (select value from json_each(?))", [json.dumps([id_ for id_, *_ in covers])]
        )
    }
    return [
        replace(every[id_], revision=revision, occasion=occasion, attempt=attempt)
        for id_, revision, occasion, attempt in covers
    ]


def other_reminders(db: Database, notification_id: int) -> list[Notification]:
    """The other notifications that cover an appointment of this one: earlier and later occasions and attempts."""
    rows = db.query(
        f"{_NOTIFICATION} where n.id <> :id and n.id in (select o.notification_id from covers c join covers o"
        " on o.appointment_id = c.appointment_id where c.notification_id = :id) order by n.id",
        {"id": notification_id},
    )
    return [_notification(row) for row in rows]


def events_of(db: Database, notification_id: int) -> list[Event]:
    """The events of a notification, the oldest first."""
    rows = db.execute(
        "select at, status, detail, reported_at from notification_events where notification_id = ? order by id",
        [notification_id],
    )
    return [Event(from_text(at), Status(status), detail, reported_at) for at, status, detail, reported_at in rows]


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _asked(
    practice_id: int | None,
    statuses: Collection[Status],
    start: datetime | None,
    end: datetime | None,
    *,
    patient: str | None,
    appointment: str | None,
) -> dict[str, str | int | None]:
    return {
        "start": to_text(start) if start else "",
        "end": to_text(end) if end else "~",
        "practice": practice_id,
        "statuses": json.dumps([status.value for status in statuses]),
        "patient": patient,
        "appointment": appointment,
    }


def _notification(row: dict[str, Any]) -> Notification:
    return Notification(
        **row
        | {
            "status": Status(row["status"]),
            "starts_at": from_text(row["starts_at"]),
            "created_at": from_text(row["created_at"]),
            "sent_at": maybe_time(row["sent_at"]),
            "delivered_at": maybe_time(row["delivered_at"]),
            "rehearsed": bool(row["rehearsed"]),
            "covers": tuple(json.loads(row["covers"])),
        }
    )
