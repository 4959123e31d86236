"""Rates and VAT rates, and how many segments were delivered of those sent on each local date."""

import json
from collections.abc import Collection, Iterator
from decimal import Decimal

from smsreminders.domain.bill.billing import Period, Usage
from smsreminders.domain.bill.prices import Priced, PriceEvent, Verb
from smsreminders.store.database import Database
from smsreminders.store.times import date_from_text, from_text, to_text


def price_events(db: Database) -> list[PriceEvent]:
    """List every rate and VAT rate that was added or removed, in the order in which that was done."""
    rows = db.execute("select at, by_whom, priced, verb, amount, valid_from, practice_id from price_events order by id")
    return [
        PriceEvent(
            from_text(at), by, Priced(priced), Verb(verb), Decimal(amount), date_from_text(valid_from), practice_id
        )
        for at, by, priced, verb, amount, valid_from, practice_id in rows
    ]


def save_price_event(db: Database, event: PriceEvent) -> None:
    """Write that a rate or VAT rate was added or removed."""
    db.execute(
        "insert into price_events (at, by_whom, priced, verb, amount, valid_from, practice_id)"
        " values (?, ?, ?, ?, ?, ?, ?)",
        [
            to_text(event.at),
            event.by,
            event.priced,
            event.verb,
            str(event.amount),
            event.valid_from.isoformat(),
            event.practice_id,
        ],
    )


def usage(db: Database, period: Period, practice_ids: Collection[int], *, rehearsed: bool = False) -> Iterator[Usage]:
    """Count what each service of these practices delivered, by the local date of sending.

    With `rehearsed` also what a gateway that sends nothing reported as delivered.
    """
    rows = db.execute(
        "select n.practice_id, c.code, c.name, s.name, n.sent_on, count(*), sum(n.segments)"
        " from notifications n join practices c on c.id = n.practice_id join services s on s.id = n.service_id"
        " where n.status = 'delivered' and n.rehearsed <= ? and n.sent_on >= ? and n.sent_on < ?"
        " and n.practice_id in (select value from json_each(?))"
        " group by n.practice_id, n.service_id, n.sent_on order by c.code, s.name, n.sent_on",
        [int(rehearsed), period.first.isoformat(), period.end.isoformat(), json.dumps(list(practice_ids))],
    )
    for practice_id, code, name, service, day, notifications, segments in rows:
        yield Usage(practice_id, code, name, service, date_from_text(day), notifications, segments)


def has_rehearsed(db: Database, period: Period) -> bool:
    """Whether a gateway that sends nothing reported something of a period as delivered."""
    row = db.execute(
        "select 1 from notifications"
        " where status = 'delivered' and rehearsed = 1 and sent_on >= ? and sent_on < ? limit 1",
        [period.first.isoformat(), period.end.isoformat()],
    ).fetchone()
    return row is not None
