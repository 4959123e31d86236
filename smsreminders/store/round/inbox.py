"""Writing down what came in: replies, what they may be about, and how far the lists of an account were read."""

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Literal

from smsreminders.domain.appointments import Booking
from smsreminders.domain.round.inbound import Received
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.replies import Reading, Told
from smsreminders.domain.round.sending import AccountName
from smsreminders.store.database import Database
from smsreminders.store.times import from_text, maybe_time, to_text

Listed = Literal["inbox", "opt-outs"]


def read_to(db: Database, account: AccountName, listed: Listed) -> datetime | None:
    """Find how far a list of an account was read to its end; None: never."""
    row = db.execute(
        "select read_to from inbox_marks where account = ? and gateway = ? and list = ?",
        [account.account, account.gateway, listed],
    ).fetchone()
    return maybe_time(row[0]) if row else None


def note_read_to(db: Database, account: AccountName, listed: Listed, moment: datetime) -> None:
    """Keep how far a list of an account was read to its end; it never goes back."""
    db.execute(
        "insert into inbox_marks (gateway, account, list, read_to) values (?, ?, ?, ?)"
        " on conflict do update set read_to = max(read_to, excluded.read_to)",
        [account.gateway, account.account, listed, to_text(moment)],
    )


def known_ids(db: Database, account: AccountName, gateway_ids: Iterable[str]) -> set[str]:
    """Choose of a gateway's ids those of replies that are stored already."""
    rows = db.execute(
        "select gateway_id from replies where account = ? and gateway = ?"
        " and gateway_id in (select value from json_each(?))",
        [account.account, account.gateway, json.dumps(list(gateway_ids))],
    )
    return {gateway_id for (gateway_id,) in rows}


def texted(db: Database, account: AccountName, phone: str, before: datetime) -> list[int]:
    """List the practices that texted a phone by an account before a moment, the last one first."""
    rows = db.execute(
        "select practice_id from notifications where phone = ? and sent_at <= ? and account = ? and gateway = ?"
        " and rehearsed = 0 and status <> 'rejected' group by practice_id order by max(sent_at) desc, max(id) desc",
        [phone, to_text(before), account.account, account.gateway],
    )
    return [practice_id for (practice_id,) in rows]


def told_to(db: Database, phone: str, practice_ids: Collection[int]) -> list[Told]:
    """List what texts of these practices told a phone: each appointment, as it stands now."""
    rows = db.execute(
        "select n.id, n.status, n.sent_at, a.id, c.revision, a.revision, a.status, a.starts_at"
        " from notifications n join covers c on c.notification_id = n.id join appointments a on a.id = c.appointment_id"
        " where n.phone = ? and n.sent_at is not null and n.rehearsed = 0"
        " and n.practice_id in (select value from json_each(?)) order by a.starts_at, a.id, n.id",
        [phone, json.dumps(list(practice_ids))],
    )
    return [
        Told(id_, Status(status), from_text(sent_at), appointment_id, told, now, Booking(booking), from_text(starts_at))
        for id_, status, sent_at, appointment_id, told, now, booking, starts_at in rows
    ]


def add_reply(db: Database, account: AccountName, received: Received, reading: Reading, now: datetime) -> None:
    """Store a reply, for whom it is, and the appointments that it may be about, of which some are confirmed by it."""
    (id_,) = db.execute(
        "insert into replies (gateway, account, gateway_id, phone, answered, text, says, received_at, recorded_at,"
        " done_at, done_by) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '') returning id",
        [
            account.gateway,
            account.account,
            received.gateway_id,
            received.phone,
            received.to,
            received.text,
            reading.says.value,
            to_text(received.received_at),
            to_text(now),
            None if reading.waits else to_text(now),
        ],
    ).fetchone()
    for practice_id in reading.practices:
        db.execute("insert into reply_practices (reply_id, practice_id) values (?, ?)", [id_, practice_id])
    for told in reading.about:
        db.execute(
            "insert into reply_appointments (reply_id, appointment_id, revision, notification_id, confirmed)"
            " values (?, ?, ?, ?, ?)",
            [id_, told.appointment_id, told.revision, told.notification_id, told in reading.confirmed],
        )


def starts_after(db: Database, practice_id: int, phone: str, moment: datetime) -> list[datetime]:
    """List when a phone said START to a practice from a moment on, of what is stored."""
    rows = db.execute(
        "select r.received_at from replies r join reply_practices x on x.reply_id = r.id where x.practice_id = ?"
        " and r.phone = ? and r.received_at >= ? and r.says = 'start' order by r.received_at",
        [practice_id, phone, to_text(moment)],
    )
    return [from_text(at) for (at,) in rows]
