"""A notification's status in the database: every change compare-and-set, each with its event, appended only."""

from datetime import datetime

from smsreminders.domain.notifications import MAY_FOLLOW, Status
from smsreminders.store.database import Database
from smsreminders.store.times import to_text

# Two statements, for SQLite writes every index of which a column is named here, whether its value changes or not.
_ON = """update notifications set status = :new, absent_at = null,
        reason = case when :new in ('sent', 'delivered') then null else :detail end,
        delivered_at = case :new when 'delivered' then :now else delivered_at end
    where id = :id and status = :old"""
_BACK = """update notifications set status = :new, absent_at = null, reason = :detail,
        sent_at = null, sent_on = null, gateway = null
    where id = :id and status = :old"""


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
        _BACK if new is Status.QUEUED else _ON,
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
    """Append what the gateway said as an event that changes nothing, once for each status and word."""
    said = db.execute(
        "select 1 from notification_events where notification_id = ? and status = ? and detail = ?",
        [id_, status.value, word],
    ).fetchone()
    if not said:
        add_event(db, id_, now, status, detail=word)


def adopt_gateway_id(db: Database, id_: int, gateway_id: str) -> bool:
    """Keep the gateway's id; False if another notification has it."""
    taken = db.execute(
        "select 1 from notifications where gateway_id = ? and id <> ?"
        " and gateway = (select gateway from notifications where id = ?)",
        [gateway_id, id_, id_],
    ).fetchone()
    if taken:
        return False
    db.execute("update notifications set gateway_id = ? where id = ?", [gateway_id, id_])
    return True
