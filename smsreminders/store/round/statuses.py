"""A notification's status in the database: every change compare-and-set, each with its event, appended only."""

import json
from collections.abc import Sequence
from datetime import datetime

from smsreminders.domain.round.notifications import MAY_FOLLOW, Status
from smsreminders.store.database import Database
from smsreminders.store.times import to_text

# Two statements, for SQLite writes every index of which a column is named here, whether its value changes or not.
_MOVES = "(select json_extract(value, '$[0]') as id, json_extract(value, '$[1]') as detail from json_each(:moves)) m"
_ON = f"""update notifications set status = :new, absent_at = null,
        reason = case when :new in ('sent', 'delivered') then null else m.detail end,
        delivered_at = case :new when 'delivered' then coalesce(delivered_at, :now) else delivered_at end
    from {_MOVES} where notifications.id = m.id and +status = :old"""
_BACK = f"""update notifications set status = :new, absent_at = null, reason = m.detail,
        sent_at = null, sent_on = null, gateway = null, account = null
    from {_MOVES} where notifications.id = m.id and +status = :old"""


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
    """Change a notification's status from `old` to `new`, and append the event.

    `detail` is also the reason that is shown of what didn't arrive. A notification that is queued again is as if it had
    never been claimed. `delivered_at` is when delivered was *first* known: late lines are counted from it. Raises
    RuntimeError if the status is not `old` any more, or if `new` may not follow it.
    """
    move_all(db, [(id_, detail, reported_at)], old, new, now=now)


def move_all(
    db: Database, moves: Sequence[tuple[int, str | None, str | None]], old: Status, new: Status, *, now: datetime
) -> None:
    """Change the status of many notifications from `old` to `new`, each move with its detail and its reported time.

    Works as `move` does, by two statements however many there are.
    """
    if not moves:
        return
    if new not in MAY_FOLLOW[old]:
        raise RuntimeError(f"notification {moves[0][0]}: {new} may not follow {old}")
    values = {"moves": json.dumps(moves), "old": old.value, "new": new.value, "now": to_text(now)}
    changed = db.execute(_BACK if new is Status.QUEUED else _ON, values).rowcount
    if changed != len(moves):
        whose = f"notification {moves[0][0]} is" if len(moves) == 1 else f"some of {len(moves)} notifications are"
        raise RuntimeError(f"{whose} not {old} any more")
    add_events(db, moves, new, now=now)


def add_event(
    db: Database,
    id_: int,
    now: datetime,
    status: Status,
    *,
    detail: str | None = None,
    reported_at: str | None = None,
) -> None:
    """Append an event to a notification's history, without a change of its status."""
    add_events(db, [(id_, detail, reported_at)], status, now=now)


def add_events(
    db: Database, events: Sequence[tuple[int, str | None, str | None]], status: Status, *, now: datetime
) -> None:
    """Append an event of one status to many notifications, each event with its detail and its reported time."""
    db.execute(
        "insert into notification_events (notification_id, at, status, detail, reported_at)"
        " select json_extract(value, '$[0]'), ?, ?, json_extract(value, '$[1]'), json_extract(value, '$[2]')"
        " from json_each(?)",
        [to_text(now), status.value, json.dumps(events)],
    )


def add_word(db: Database, id_: int, status: Status, word: str, *, now: datetime) -> None:
    """Append a word of the gateway as an event that changes nothing, once for each status and word."""
    said = db.execute(
        "select 1 from notification_events where notification_id = ? and status = ? and detail = ?",
        [id_, status.value, word],
    ).fetchone()
    if not said:
        add_event(db, id_, now, status, detail=word)


def adopt_gateway_id(db: Database, id_: int, gateway_id: str) -> bool:
    """Keep the gateway's id of a notification; return False, and keep nothing, if another notification has it."""
    taken = db.execute(
        "select 1 from notifications where gateway_id = ? and id <> ?"
        " and (account, gateway) = (select account, gateway from notifications where id = ?)",
        [gateway_id, id_, id_],
    ).fetchone()
    if taken:
        return False
    db.execute("update notifications set gateway_id = ? where id = ?", [gateway_id, id_])
    return True
