"""A notification's status in the database: every change compare-and-set, each with its event, appended only."""

from datetime import datetime

from smsreminders.domain.notifications import MAY_FOLLOW, Status
from smsreminders.store.database import Database
from smsreminders.store.times import to_text


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

    Back to queued it is as if it had never been claimed. `delivered_at` is when delivered was *first* known: late lines
    are counted from it. Raises RuntimeError for a change that can't be.
    """
    if new not in MAY_FOLLOW[old]:
        raise RuntimeError(f"notification {id_}: {new} may not follow {old}")
    changed = db.execute(
        "update notifications set status = :new,"
        " reason = case when :new in ('sent', 'delivered') then null else :detail end,"
        " delivered_at = case :new when 'delivered' then coalesce(delivered_at, :now) else delivered_at end,"
        " sent_at = case :new when 'queued' then null else sent_at end,"
        " sent_on = case :new when 'queued' then null else sent_on end,"
        " absent_at = null,"
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
    """Append what the gateway said as an event that changes nothing, once for each status and word."""
    said = db.execute(
        "select 1 from notification_events where notification_id = ? and status = ? and detail = ?",
        [id_, status.value, word],
    ).fetchone()
    if not said:
        add_event(db, id_, now, status, detail=word)


def status_of(db: Database, id_: int) -> Status:
    """The status at this moment."""
    (status,) = db.execute("select status from notifications where id = ?", [id_]).fetchone()
    return Status(status)


def was_taken_back(db: Database, id_: int) -> bool:
    """Whether a person said of a delivered one that it didn't arrive: nothing else leads from delivered to failed."""
    (taken_back,) = db.execute(
        "select status = 'failed' and delivered_at is not null from notifications where id = ?", [id_]
    ).fetchone()
    return bool(taken_back)


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
