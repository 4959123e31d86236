"""Claims: queued notifications become sending, then what the gateway made of them; and what a dead run left.

What was claimed or may have been sent never comes back to the queue unless it is certain that it was not sent.
"""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from smsreminders.domain.round.again import Held
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.reminders import Reminder
from smsreminders.domain.round.sending import Accepted, AccountName, Outgoing
from smsreminders.store.database import Database
from smsreminders.store.round.covers import cover, held_by
from smsreminders.store.round.statuses import add_word, move, move_all
from smsreminders.store.times import from_text, to_text

_TWICE = "the gateway gave an id that it gave before"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """An uncertain notification: the SMS as it was handed over, and its appointments as they stand now."""

    id: int
    practice_id: int
    segments: int
    sms: Outgoing
    held: Sequence[Held]


def claim(
    db: Database, claims: Sequence[tuple[int, Reminder, str, AccountName]], *, now: datetime, today: date
) -> None:
    """Make queued notifications sending, and freeze what they cover, their number, text, segments and date of sending.

    Each claim is the id of a notification, its reminder as it goes out, the sender ID that is shown, and the account.
    """
    cover(db, [(id_, reminder) for id_, reminder, *_ in claims])
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
            "gateway": account.gateway,
            "account": account.account,
        }
        for id_, reminder, sender_id, account in claims
    ]
    db.execute(
        "update notifications set service_id = json_extract(value, '$.service'),"
        " starts_at = json_extract(value, '$.start'),"
        " sender_id = json_extract(value, '$.sender'), text = json_extract(value, '$.text'),"
        " encoding = json_extract(value, '$.encoding'), segments = json_extract(value, '$.segments'),"
        " gateway = json_extract(value, '$.gateway'), account = json_extract(value, '$.account'),"
        " gateway_id = null, sent_at = ?, sent_on = ?"
        " from json_each(?) where notifications.id = json_extract(value, '$.id')",
        [to_text(now), today.isoformat(), json.dumps(frozen)],
    )
    db.execute(  # by itself: SQLite writes the index of numbers where one is named, and nearly all stay as they are
        "update notifications set phone = json_extract(value, '$.phone') from json_each(?)"
        " where notifications.id = json_extract(value, '$.id') and phone <> json_extract(value, '$.phone')",
        [json.dumps(frozen)],
    )
    move_all(db, [(id_, None, None) for id_, *_ in claims], Status.QUEUED, Status.SENDING, now=now)


def accept(
    db: Database, answers: Sequence[tuple[int, Accepted]], *, old: Status = Status.SENDING, now: datetime
) -> list[Status]:
    """Make accepted notifications sent, and keep what the gateway says of them; return the new status of each.

    One whose id the gateway gave to another before becomes uncertain. `old` is the status that all of them have: they
    are sending, or uncertain and were sent again under the same reference.
    """
    if not answers:
        return []
    twice = _given_before(db, answers)
    sent = [(id_, accepted) for id_, accepted in answers if id_ not in twice]
    values = [[id_, accepted.gateway_id, accepted.segments, accepted.price] for id_, accepted in sent]
    move_all(db, [(id_, accepted.note or None, None) for id_, accepted in sent], old, Status.SENT, now=now)
    db.execute(
        "update notifications set gateway_id = coalesce(json_extract(value, '$[1]'), gateway_id),"
        " gateway_segments = json_extract(value, '$[2]'), gateway_price = json_extract(value, '$[3]')"
        " from json_each(?) where notifications.id = json_extract(value, '$[0]')",
        [json.dumps(values)],
    )
    for id_ in twice:
        if old is Status.UNCERTAIN:
            add_word(db, id_, old, _TWICE, now=now)
        else:
            move(db, id_, old, Status.UNCERTAIN, now=now, detail=_TWICE)
    return [Status.UNCERTAIN if id_ in twice else Status.SENT for id_, _ in answers]


def in_sending(db: Database) -> list[int]:
    """The ids of sending notifications: for the holder of the run's lock, what a run left that died."""
    return [id_ for (id_,) in db.execute("select id from notifications where status = 'sending' order by id")]


def handed_over(db: Database, ids: Collection[int]) -> list[HandedOver]:
    """Read uncertain notifications, each as it was handed over; ids of others are left out."""
    held = held_by(db, ids)
    rows = db.execute(
        "select id, practice_id, reference, phone, sender_id, text, encoding, segments, sent_at, starts_at"
        " from notifications where id in (select value from json_each(?)) and status = 'uncertain' order by id",
        [json.dumps(list(ids))],
    )
    return [
        HandedOver(
            id_,
            practice_id,
            segments,
            Outgoing(
                reference=reference,
                phone=phone,
                sender_id=sender_id,
                text=text,
                encoding=encoding,
                handed_over_at=from_text(sent_at),
                valid_until=from_text(starts_at),
            ),
            held[id_],
        )
        for id_, practice_id, reference, phone, sender_id, text, encoding, segments, sent_at, starts_at in rows
    ]


def uncertain_by_account(db: Database, practice_ids: Collection[int]) -> dict[int, Counter[AccountName]]:
    """Count what is uncertain by practice and by the account that it went by, without what was only rehearsed."""
    counts: dict[int, Counter[AccountName]] = {}
    for practice_id, gateway, account, count in db.execute(
        "select practice_id, gateway, account, count(*) from notifications where status = 'uncertain' and rehearsed = 0"
        " and practice_id in (select value from json_each(?)) group by practice_id, gateway, account",
        [json.dumps(list(practice_ids))],
    ):
        counts.setdefault(practice_id, Counter())[AccountName(gateway, account)] = count
    return counts


def last_sent(db: Database, practice_id: int, since: date) -> tuple[AccountName, date] | None:
    """The account by which the last text of a practice went, and its local date; None if none did `since`."""
    row = db.execute(
        "select gateway, account, sent_on from notifications where practice_id = ? and sent_on >= ? and rehearsed = 0"
        " order by sent_on desc, id desc limit 1",
        [practice_id, since.isoformat()],
    ).fetchone()
    return (AccountName(row[0], row[1]), date.fromisoformat(row[2])) if row else None


def uncertain_since(db: Database, account: AccountName, practice_ids: Collection[int], since: datetime) -> list[int]:
    """The ids of uncertain notifications that were claimed for an account after a moment, the oldest first."""
    rows = db.execute(
        "select id from notifications where status = 'uncertain' and gateway = ? and account = ? and sent_at > ?"
        " and practice_id in (select value from json_each(?)) order by sent_at, id",
        [account.gateway, account.account, to_text(since), json.dumps(list(practice_ids))],
    )
    return [id_ for (id_,) in rows]


def _given_before(db: Database, answers: Sequence[tuple[int, Accepted]]) -> set[int]:
    """The notifications to which an account gave an id that another one has, in the database or before it here."""
    new_ids = json.dumps([(id_, accepted.gateway_id) for id_, accepted in answers if accepted.gateway_id is not None])
    rows = db.execute(
        "select mine.id from json_each(?) t join notifications mine on mine.id = json_extract(t.value, '$[0]')"
        " join notifications other on other.account = mine.account and other.gateway = mine.gateway"
        " and other.gateway_id is not null"
        " and other.gateway_id = json_extract(t.value, '$[1]') and other.id <> mine.id",
        [new_ids],
    )
    twice = {id_ for (id_,) in rows}
    seen: set[tuple[str, str, str]] = set()
    given = db.execute(
        "select mine.id, mine.account, mine.gateway, json_extract(t.value, '$[1]') from json_each(?) t"
        " join notifications mine on mine.id = json_extract(t.value, '$[0]') order by t.key",
        [new_ids],
    )
    for id_, account, gateway, gateway_id in given:
        if (account, gateway, gateway_id) in seen:
            twice.add(id_)
        seen.add((account, gateway, gateway_id))
    return twice
