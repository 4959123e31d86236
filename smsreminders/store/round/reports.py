"""Delivery reports: which notifications a gateway is asked for, and what is kept of its answers."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from smsreminders.domain.round.notifications import NO_REPORT, Status
from smsreminders.domain.round.sending import AccountName, DeliveryReport, Open
from smsreminders.store.database import Database
from smsreminders.store.round.statuses import adopt_gateway_id
from smsreminders.store.times import from_text, maybe_time, to_text

_TAKEN_OVER_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Asked:
    """A notification whose fate is not final, with what the gateway can find it by."""

    id: int
    status: Status
    open: Open
    absent_at: datetime | None
    rehearsed: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """How a notification stands when a report on it comes: its status, and the gateway's id, segments and price.

    `taken_back`: a person said of a delivered one that it didn't arrive; nothing else leads from delivered to failed.
    """

    status: Status
    gateway_id: str | None = None
    segments: int | None = None
    price: str | None = None
    taken_back: bool = False


def not_final(
    db: Database, practice_ids: Collection[int], since: datetime, *, failed_since: datetime
) -> dict[AccountName, list[Asked]]:
    """The notifications that `poll` asks for, by the account that each went by, whichever its practice uses now.

    They are sent, or uncertain, or expired by inference and sent after `since`, or failed, not by a person's word, and
    sent after `failed_since`.
    """
    rows = db.execute(
        "select gateway, account, id, status, reference, gateway_id, phone, sent_at, text, starts_at, absent_at,"
        " rehearsed"
        " from notifications"
        " where (status in ('sent', 'uncertain')"
        " or (status = 'expired' and sent_on >= ? and reason = ? and sent_at > ?)"
        " or (status = 'failed' and sent_on >= ? and delivered_at is null and sent_at > ?))"
        " and practice_id in (select value from json_each(?)) order by sent_at, id",
        [
            _earliest_day(since),
            NO_REPORT,
            to_text(since),
            _earliest_day(failed_since),
            to_text(failed_since),
            json.dumps(list(practice_ids)),
        ],
    )
    by_account: dict[AccountName, list[Asked]] = {}
    for (
        gateway,
        account,
        id_,
        status,
        reference,
        gateway_id,
        phone,
        sent_at,
        text,
        starts_at,
        absent,
        rehearsed,
    ) in rows:
        asked = Open(reference, gateway_id, phone, from_text(sent_at), text, from_text(starts_at))
        by_account.setdefault(AccountName(gateway, account), []).append(
            Asked(id_, Status(status), asked, maybe_time(absent), bool(rehearsed))
        )
    return by_account


def _earliest_day(since: datetime) -> str:
    """The first local date, for the index, of what was sent after a moment.

    What `reconcile` took over has the likely day of its sending, before the moment at which it was found.
    """
    return (since - _TAKEN_OVER_WITHIN).date().isoformat()


def note_absence(db: Database, id_: int, now: datetime) -> None:
    """Keep when the gateway first said that it doesn't know a notification; a change of its status forgets it."""
    db.execute("update notifications set absent_at = coalesce(absent_at, ?) where id = ?", [to_text(now), id_])


def has_reported(db: Database, id_: int) -> bool:
    """Whether the account of a notification reported what became of another one of its practice.

    What was sent up to five weeks before it counts: an account that has told nothing since then may tell nothing now.
    """
    row = db.execute(
        "select 1 from notifications mine join notifications n on n.practice_id = mine.practice_id"
        " and n.sent_on >= date(mine.sent_on, '-35 days') and n.gateway = mine.gateway and n.account = mine.account"
        " and +n.status in ('delivered', 'failed') where mine.id = ? limit 1",
        [id_],
    ).fetchone()
    return row is not None


def still_sent(db: Database, practice_ids: Collection[int]) -> list[tuple[int, datetime, AccountName]]:
    """The sent notifications of these practices, by id with the time of sending and the account: no report came yet."""
    rows = db.execute(
        "select id, sent_at, gateway, account from notifications where status = 'sent'"
        " and practice_id in (select value from json_each(?)) order by sent_at, id",
        [json.dumps(list(practice_ids))],
    )
    return [(id_, from_text(sent_at), AccountName(gateway, account)) for id_, sent_at, gateway, account in rows]


def known_of(db: Database, ids: Collection[int]) -> dict[int, Known]:
    """What is known of these notifications, by id; with the write lock held it stays so until it is written."""
    rows = db.execute(
        "select id, status, gateway_id, gateway_segments, gateway_price,"
        " status = 'failed' and delivered_at is not null from notifications"
        " where id in (select value from json_each(?))",
        [json.dumps(list(ids))],
    )
    return {
        id_: Known(Status(status), gateway_id, segments, price, bool(back))
        for id_, status, gateway_id, segments, price, back in rows
    }


def note_report(db: Database, id_: int, known: Known, report: DeliveryReport) -> Known | None:
    """Keep what a report says anew of the gateway's id, its count of segments and its price; return what is known now.

    Returns None, and keeps nothing, if the notification has another id at the gateway already.
    """
    new_id = None if report.gateway_id == known.gateway_id else report.gateway_id
    if new_id is not None and (known.gateway_id is not None or not adopt_gateway_id(db, id_, new_id)):
        return None
    noted = replace(
        known,
        gateway_id=new_id or known.gateway_id,
        segments=known.segments if report.segments is None else report.segments,
        price=known.price if report.price is None else report.price,
    )
    if (noted.segments, noted.price) != (known.segments, known.price):
        db.execute(
            "update notifications set gateway_segments = ?, gateway_price = ? where id = ?",
            [noted.segments, noted.price, id_],
        )
    return noted
