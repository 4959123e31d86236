"""Counts of notifications: by status, by day, by what the gateway counted, and of those without a report."""

import json
from collections import Counter
from collections.abc import Collection
from datetime import date, datetime, timedelta

from smsreminders.domain.round.notifications import Status
from smsreminders.store.database import Database
from smsreminders.store.times import date_from_text, to_text


def count_by_status(
    db: Database, practice_ids: Collection[int], statuses: Collection[Status], *, rehearsed: bool
) -> dict[Status, int]:
    """Count the notifications of these practices that have each of these statuses."""
    counts = dict.fromkeys(statuses, 0)
    for status in statuses:
        for practice_id, count in db.execute(
            "select practice_id, count(*) from notifications where status = ? and rehearsed = ? group by practice_id",
            [status.value, int(rehearsed)],
        ):
            counts[status] += count if practice_id in practice_ids else 0
    return counts


def counted_differently(db: Database, since: date) -> tuple[int, int]:
    """Count the notifications, sent since a date, that the gateway counted otherwise, and all that it counted."""
    differing, counted = db.execute(
        "select coalesce(sum(gateway_segments <> segments), 0), count(*) from notifications"
        " where status in ('sent', 'delivered', 'failed', 'expired') and sent_on >= ? and gateway_segments is not null",
        [since.isoformat()],
    ).fetchone()
    return int(differing), int(counted)


def twice_delivered(db: Database, since: date) -> int:
    """Count the appointments of which both attempts at an occasion, the second sent since a date, were delivered."""
    (count,) = db.execute(
        "select count(*) from notifications n join covers c on c.notification_id = n.id join covers f"
        " on f.appointment_id = c.appointment_id and f.notification_type = c.notification_type"
        " and f.revision = c.revision and f.occasion = c.occasion and f.attempt = 1 and f.rehearsed = c.rehearsed"
        " join notifications first on first.id = f.notification_id where n.status = 'delivered' and n.sent_on >= ?"
        " and c.attempt = 2 and first.status = 'delivered'",
        [since.isoformat()],
    ).fetchone()
    return int(count)


def texts_by_day(
    db: Database, practice_ids: Collection[int], first: date, end: date, *, rehearsed: bool
) -> dict[int, dict[date, Counter[Status]]]:
    """Count what a gateway took or rejected on local dates in [first, end): by practice, date and status."""
    texts: dict[int, dict[date, Counter[Status]]] = {}
    for practice_id, day, status, count in db.execute(
        "select practice_id, sent_on, status, count(*) from notifications"
        " where status in ('sent', 'delivered', 'failed', 'expired', 'rejected') and sent_on >= ? and sent_on < ?"
        " and rehearsed = ? and practice_id in (select value from json_each(?))"
        " group by practice_id, sent_on, status",
        [first.isoformat(), end.isoformat(), int(rehearsed), json.dumps(list(practice_ids))],
    ):
        days = texts.setdefault(practice_id, {})
        days.setdefault(date_from_text(day), Counter())[Status(status)] = count
    return texts


def without_report(
    db: Database, practice_ids: Collection[int], start: datetime, end: datetime, *, rehearsed: bool
) -> tuple[int, int]:
    """Count the notifications without a report, and all that a gateway took, of those claimed in [start, end)."""
    without, taken = db.execute(
        "select coalesce(sum(status = 'sent'), 0), count(*) from notifications"
        " where status in ('sent', 'delivered', 'failed', 'expired') and sent_at >= ? and sent_at < ? and sent_on >= ?"
        " and rehearsed = ? and practice_id in (select value from json_each(?))",
        [
            to_text(start),
            to_text(end),
            (start.date() - timedelta(days=1)).isoformat(),  # local dates, for the index
            int(rehearsed),
            json.dumps(list(practice_ids)),
        ],
    ).fetchone()
    return int(without), int(taken)


def standing_of_texts(db: Database, practice_id: int | None, start: datetime | None, end: datetime | None) -> list[int]:
    """Write in a few numbers how the notifications planned in [start, end) stand: others where anything shown differs.

    An event tells each move; a purge and an erasure leave none, but take numbers, reasons and ids away.
    """
    trace = db.execute(
        "select count(*), coalesce(max(n.id), 0), coalesce(sum(length(n.phone)), 0), count(n.reason),"
        " count(p.erased_at), coalesce(max((select max(e.id) from notification_events e"
        " where e.notification_id = n.id)), 0)"
        " from notifications n join patients p on p.id = n.patient_id"
        " where n.created_at >= ? and n.created_at < ? and (? is null or n.practice_id = ?)",
        [to_text(start) if start else "", to_text(end) if end else "~", practice_id, practice_id],
    ).fetchone()
    return list(trace)
