"""Rates, and how many segments were delivered of those sent on each local date."""

import json
from collections.abc import Collection, Iterator
from decimal import Decimal

from smsreminders.domain.billing import Period, Rate, Usage
from smsreminders.errors import UsageError
from smsreminders.store.database import Database
from smsreminders.store.times import date_from_text


def rates(db: Database) -> list[Rate]:
    """List the rates that were added, the oldest first."""
    rows = db.execute("select amount, valid_from, practice_id from rates order by valid_from, practice_id")
    return [Rate(Decimal(amount), date_from_text(day), practice_id) for amount, day, practice_id in rows]


def add_rate(db: Database, rate: Rate) -> None:
    """Add a rate. Raises UsageError if there is one from that date on already."""
    day = rate.valid_from.isoformat()
    if db.execute("select 1 from rates where valid_from = ? and practice_id is ?", [day, rate.practice_id]).fetchone():
        raise UsageError(f"there is a rate from {day} on already: rates are never changed, add one from a later date")
    db.execute(
        "insert into rates (practice_id, valid_from, amount) values (?, ?, ?)",
        [rate.practice_id, day, str(rate.amount)],
    )


def usage(db: Database, period: Period, practice_ids: Collection[int]) -> Iterator[Usage]:
    """Count what each service of these practices delivered, by the local date of sending."""
    rows = db.execute(
        "select n.practice_id, c.code, c.name, s.name, n.sent_on, count(*), sum(n.segments)"
        " from notifications n join practices c on c.id = n.practice_id join services s on s.id = n.service_id"
        " where n.status = 'delivered' and n.sent_on >= ? and n.sent_on < ?"
        " and n.practice_id in (select value from json_each(?))"
        " group by n.practice_id, n.service_id, n.sent_on order by c.code, s.name, n.sent_on",
        [period.first.isoformat(), period.end.isoformat(), json.dumps(list(practice_ids))],
    )
    for practice_id, code, name, service, day, notifications, segments in rows:
        yield Usage(practice_id, code, name, service, date_from_text(day), notifications, segments)
