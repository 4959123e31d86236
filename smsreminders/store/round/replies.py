"""Reading replies: each with its practices and the appointments that it may be about; and what the desk has done."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from smsreminders.domain.round.replies import Says
from smsreminders.errors import UsageError
from smsreminders.store.database import Database
from smsreminders.store.times import from_text, maybe_time, to_text


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as it is shown; times are UTC, `answered` is the number that it was sent to, where that is known.

    `appointments` are those that it may be about, `notifications` the texts that told of them, `confirmed` the
    appointments that it confirmed. `done_at` is None while it waits for the desk.
    """

    id: int
    practices: tuple[str, ...]
    phone: str = field(repr=False)
    answered: str
    text: str = field(repr=False)
    says: Says
    received_at: datetime
    recorded_at: datetime
    appointments: tuple[str, ...]
    notifications: tuple[int, ...]
    confirmed: tuple[str, ...]
    done_at: datetime | None
    done_by: str
    gateway: str
    account: str
    gateway_id: str


@dataclass(frozen=True, slots=True)
class About:
    """An appointment that a reply may be about, with the text that told of it, and whether the reply confirmed it."""

    practice: str
    appointment: str
    patient: str
    starts_at: datetime
    notification: int
    confirmed: bool


_OF_REPLY = "from reply_appointments k join appointments a on a.id = k.appointment_id where k.reply_id = r.id"
_REPLY = f"""
    select r.id, r.phone, r.answered, r.text, r.says, r.received_at, r.recorded_at, r.done_at, r.done_by,
        r.gateway, r.account, r.gateway_id,
        (select json_group_array(code) from (select c.code from reply_practices x
            join practices c on c.id = x.practice_id where x.reply_id = r.id and c.removed_at is null
            order by c.code)) as practices,
        (select json_group_array(source_id) from (
            select a.source_id {_OF_REPLY} group by a.id order by a.starts_at, a.id)) as appointments,
        (select json_group_array(source_id) from (
            select a.source_id {_OF_REPLY} and k.confirmed = 1 group by a.id order by a.starts_at, a.id)) as confirmed,
        (select json_group_array(id) from (
            select distinct k.notification_id as id {_OF_REPLY} order by k.notification_id)) as notifications
    from replies r
"""
_WAITS = "r.done_at is null"
_ASKS = "r.done_at is null and r.says = 'perhaps-stop'"  # for no more texts, perhaps: an index has just these
PERHAPS_STOPPED = (  # of the number of the patient p
    f"exists (select 1 from replies r join reply_practices x on x.reply_id = r.id where {_ASKS}"
    " and r.phone = p.e164 and x.practice_id = p.practice_id)"
)
_OF_PRACTICES = """exists (select 1 from reply_practices x where x.reply_id = r.id
    and x.practice_id in (select value from json_each(:practices)))"""


def replies(db: Database, practice_ids: Collection[int], *, done: bool, limit: int | None = None) -> list[Reply]:
    """List the replies for these practices that wait for the desk, or all with those that are done, the oldest first.

    With a limit: the newest ones.
    """
    rows = db.query(
        f"{_REPLY} where {'true' if done else _WAITS} and {_OF_PRACTICES} order by r.id desc limit :limit",
        {"practices": json.dumps(list(practice_ids)), "limit": -1 if limit is None else limit},
    )
    return [_reply(row) for row in rows][::-1]


def count_replies(db: Database, practice_ids: Collection[int], *, done: bool) -> int:
    """Count what `replies` lists without a limit."""
    return _count(db, "true" if done else _WAITS, practice_ids)


def count_perhaps_stopped(db: Database, practice_ids: Collection[int]) -> int:
    """Count the replies for these practices that may ask for no more texts, and wait for the desk."""
    return _count(db, _ASKS, practice_ids)


def _count(db: Database, which: str, practice_ids: Collection[int]) -> int:
    (count,) = db.execute(
        f"select count(*) from replies r where {which} and {_OF_PRACTICES}",
        {"practices": json.dumps(list(practice_ids))},
    ).fetchone()
    return int(count)


def perhaps_stopped_among(db: Database, numbers: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
    """Choose of these numbers, each with a practice's row id, those that may have asked for no more texts."""
    rows = db.execute(
        "select distinct x.practice_id, r.phone from json_each(?) t cross join replies r"
        " on r.phone = json_extract(t.value, '$[1]') join reply_practices x"
        f" on x.reply_id = r.id and x.practice_id = json_extract(t.value, '$[0]') where {_ASKS}",
        [json.dumps(list(numbers))],
    )
    return set(rows.fetchall())


def perhaps_stopped_numbers(db: Database, practice_id: int) -> list[str]:
    """List the numbers that may have asked a practice for no more texts, once for each reply that waits."""
    rows = db.execute(
        "select r.phone from replies r join reply_practices x on x.reply_id = r.id"
        f" where {_ASKS} and x.practice_id = ?",
        [practice_id],
    )
    return [phone for (phone,) in rows]


def reply_by_id(db: Database, id_: int) -> Reply:
    """Find a reply by its id. Raises UsageError if there is none."""
    for row in db.query(f"{_REPLY} where r.id = ?", [id_]):
        return _reply(row)
    raise UsageError(f"there is no reply {id_}; `smsreminders replies list --done` shows them all")


def about_of(db: Database, id_: int) -> list[About]:
    """List the appointments that a reply may be about, by their starts as they stand now, each with its last text."""
    rows = db.execute(
        "select c.code, a.source_id, p.source_id, a.starts_at, max(k.notification_id), max(k.confirmed)"
        " from reply_appointments k join appointments a on a.id = k.appointment_id"
        " join patients p on p.id = a.patient_id join practices c on c.id = a.practice_id"
        " where k.reply_id = ? and c.removed_at is null group by a.id order by a.starts_at, a.id",
        [id_],
    )
    return [
        About(practice, appointment, patient, from_text(starts_at), notification, bool(confirmed))
        for practice, appointment, patient, starts_at, notification, confirmed in rows
    ]


def replies_to(db: Database, notification_id: int) -> list[Reply]:
    """List the replies that may be about what a notification told, the oldest first."""
    rows = db.query(
        f"{_REPLY} where r.id in (select reply_id from reply_appointments where notification_id = ?)"
        " order by r.received_at, r.id",
        [notification_id],
    )
    return [_reply(row) for row in rows]


def replies_about(db: Database, appointment_id: int) -> list[Reply]:
    """List the replies that may be about an appointment, the oldest first."""
    rows = db.query(
        f"{_REPLY} where r.id in (select reply_id from reply_appointments where appointment_id = ?)"
        " order by r.received_at, r.id",
        [appointment_id],
    )
    return [_reply(row) for row in rows]


def waiting_answers(db: Database, appointment_ids: Collection[int]) -> dict[int, set[Says]]:
    """Find what the replies say that wait for the desk, by the appointments that they may be about."""
    rows = db.execute(
        "select k.appointment_id, r.says from reply_appointments k join replies r on r.id = k.reply_id"
        " where k.appointment_id in (select value from json_each(?)) and r.done_at is null",
        [json.dumps(list(appointment_ids))],
    )
    answers: dict[int, set[Says]] = {}
    for id_, said in rows:
        answers.setdefault(id_, set()).add(Says(said))
    return answers


def mark_done(db: Database, id_: int, *, by: str, now: datetime) -> None:
    """Note that a person has dealt with a reply; who did so first stays."""
    db.execute("update replies set done_at = ?, done_by = ? where id = ? and done_at is null", [to_text(now), by, id_])


def _reply(row: dict[str, Any]) -> Reply:
    return Reply(
        **row
        | {
            "says": Says(row["says"]),
            "received_at": from_text(row["received_at"]),
            "recorded_at": from_text(row["recorded_at"]),
            "done_at": maybe_time(row["done_at"]),
            "practices": tuple(json.loads(row["practices"])),
            "appointments": tuple(json.loads(row["appointments"])),
            "confirmed": tuple(json.loads(row["confirmed"])),
            "notifications": tuple(json.loads(row["notifications"])),
        }
    )
