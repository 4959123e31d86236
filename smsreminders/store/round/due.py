"""Appointments with all that decides on their reminders, as they stand now."""

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from smsreminders.domain.appointments import Booking
from smsreminders.domain.round.due import Due, Earlier
from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.round.notifications import Status
from smsreminders.store.database import Database
from smsreminders.store.patients import CONSENT_IN_FORCE, consent_of
from smsreminders.store.round.number_words import DEAD_SINCE
from smsreminders.store.round.replies import PERHAPS_STOPPED
from smsreminders.store.round.stopped import STOPPED_SINCE
from smsreminders.store.times import from_text, maybe_time, to_text

# That the patient's phone confirmed an appointment a as it stands, and has said no since to no text that told of it.
_CONFIRMED = """exists (
    select 1 from reply_appointments k join replies y on y.id = k.reply_id
    where k.appointment_id = a.id and k.revision = a.revision and k.confirmed = 1 and not exists (
        select 1 from reply_appointments w join replies z on z.id = w.reply_id
        where w.appointment_id = a.id and w.revision = a.revision and z.says = 'wants-to-cancel'
        and z.received_at >= y.received_at))"""


def _columns(stood: str) -> str:
    """The columns of what decides on the reminder of an appointment a of a patient p, besides the notifications.

    Its start, its place and its revision are those of `stood`: of a itself, or of a former appointment.
    """
    return f"""
    a.id as appointment_id, a.source_id as appointment, p.id as patient_id, p.source_id as patient,
    p.name as patient_name, p.phone, p.language, {stood}.starts_at, {stood}.location,
    a.status as booking, {stood}.revision,
    a.type, a.practitioner, a.missing, {_CONFIRMED} as confirmed,
    coalesce(a.unclear, p.unclear) as unclear, {CONSENT_IN_FORCE} as consent,
    {STOPPED_SINCE} as stopped_since, {DEAD_SINCE} as dead_since,
    {PERHAPS_STOPPED} as perhaps_stopped,
    (select s.id from services s join service_assignments x on x.service_id = s.id
        where s.practice_id = a.practice_id and s.enabled = 1
        and x.channel = 'sms' and x.notification_type = 'appointment-reminder') as service_id
"""


DUE_COLUMNS = _columns("a")


def due_between(db: Database, practice_id: int, start: datetime, end: datetime, *, rehearsed: bool) -> list[Due]:
    """List the appointments of a practice that start in [start, end), with all that decides on their reminders.

    `rehearsed` says whether rehearsed notifications count as reminders, or those that were sent.
    """
    rows = db.query(
        f"select {DUE_COLUMNS} from appointments a join patients p on p.id = a.patient_id"
        " where a.practice_id = ? and a.starts_at >= ? and a.starts_at < ? order by a.starts_at, a.id",
        [practice_id, to_text(start), to_text(end)],
    )
    return with_earlier(db, rows, rehearsed=rehearsed)


def former_between(db: Database, practice_id: int, start: datetime, end: datetime, *, rehearsed: bool) -> list[Due]:
    """List the appointments of a practice that started in [start, end) at a former revision, each as it stood then.

    Its booking, its patient's number and consent, and the notifications that cover it are those of now.
    """
    rows = db.query(
        f"select {_columns('f')} from former_appointments f join appointments a on a.id = f.appointment_id"
        " join patients p on p.id = f.patient_id where a.practice_id = ? and f.starts_at >= ? and f.starts_at < ?"
        " order by f.starts_at, a.id, f.revision",
        [practice_id, to_text(start), to_text(end)],
    )
    return with_earlier(db, rows, rehearsed=rehearsed)


def next_due(db: Database, practice_id: int, start: datetime) -> list[Due]:
    """List the next booked appointment after `start` of each patient of a practice."""
    rows = db.query(
        f"select {DUE_COLUMNS} from appointments a join patients p on p.id = a.patient_id"
        " where a.practice_id = ? and a.id in ("
        " select id from (select id, min(starts_at) from appointments"
        " where practice_id = ? and starts_at > ? and status = 'booked' group by patient_id)) order by p.source_id",
        [practice_id, practice_id, to_text(start)],
    )
    return with_earlier(db, rows, rehearsed=False)


def texts_between(db: Database, practice_id: int, start: datetime, end: datetime, combine: Combine) -> int:
    """Count the texts that the booked appointments in [start, end) of who consents now have at one occasion."""
    (count,) = db.execute(
        "select count(distinct case :combine when 'none' then cast(a.id as text)"
        " when 'patient' then p.id || ' ' || substr(a.starts_at, 1, 10)"
        " else p.phone || ' ' || substr(a.starts_at, 1, 10) end)"
        " from appointments a join patients p on p.id = a.patient_id where a.practice_id = :practice"
        f" and a.starts_at >= :start and a.starts_at < :end and a.status = 'booked' and {CONSENT_IN_FORCE} = 1",
        {"combine": combine.value, "practice": practice_id, "start": to_text(start), "end": to_text(end)},
    ).fetchone()
    return int(count)


def with_earlier(db: Database, rows: Iterable[dict[str, Any]], *, rehearsed: bool) -> list[Due]:
    """Make a Due of each row that has DUE_COLUMNS, with the notifications that cover it."""
    every = list(rows)
    earlier = _earlier(db, [row["appointment_id"] for row in every], rehearsed=rehearsed)
    return [_due(row, earlier.get(row["appointment_id"], ())) for row in every]


def _due(row: dict[str, Any], earlier: Iterable[Earlier]) -> Due:
    return Due(
        appointment_id=row["appointment_id"],
        appointment=row["appointment"],
        patient_id=row["patient_id"],
        patient=row["patient"],
        patient_name=row["patient_name"],
        phone=row["phone"],
        language=row["language"],
        starts_at=from_text(row["starts_at"]),
        location=row["location"],
        booking=Booking(row["booking"]),
        revision=row["revision"],
        consent=consent_of(row["consent"]),
        service_id=row["service_id"],
        unclear=row["unclear"],
        earlier=tuple(earlier),
        type=row["type"],
        practitioner=row["practitioner"],
        stopped_since=maybe_time(row["stopped_since"]),
        dead_since=maybe_time(row["dead_since"]),
        missing=row["missing"],
        confirmed=bool(row["confirmed"]),
        perhaps_stopped=bool(row["perhaps_stopped"]),
    )


def _earlier(db: Database, appointment_ids: Collection[int], *, rehearsed: bool) -> dict[int, list[Earlier]]:
    """Find the notifications that cover these appointments, each one's in the order of their claims."""
    rows = db.execute(
        "select c.appointment_id, n.id, n.status, c.revision, c.occasion, c.attempt, n.phone, c.words, n.sent_at,"
        " n.appointment_id = c.appointment_id"
        " from covers c join notifications n on n.id = c.notification_id"
        " where c.appointment_id in (select value from json_each(?)) and c.rehearsed = ?"
        " and c.notification_type = 'appointment-reminder' order by n.sent_at, c.revision, n.id",
        [json.dumps(list(appointment_ids)), int(rehearsed)],
    )
    earlier: dict[int, list[Earlier]] = {}
    for appointment_id, id_, status, revision, occasion, attempt, phone, words, sent_at, leads in rows:
        covering = Earlier(
            id_, Status(status), revision, occasion, attempt, phone, words, maybe_time(sent_at), bool(leads)
        )
        earlier.setdefault(appointment_id, []).append(covering)
    return earlier
