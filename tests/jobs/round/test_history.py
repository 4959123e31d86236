"""What was sent before costs a round and a poll nothing: SQLite takes as many steps among many notifications as few."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from smsreminders.domain.round.notifications import NO_REPORT, Status
from smsreminders.store.agenda.imports import record_import
from smsreminders.store.agenda.said import source_of
from smsreminders.store.database import Database, opened, write_transaction
from tests.growing import Steps, counted, grow
from tests.guarding import NOW, TOMORROW, House, a_house

_STATUSES = "case n % 20 when 0 then 'failed' when 1 then 'expired' when 2 then 'rejected' else 'delivered' end"
_LONG_AGO = "strftime('%Y-%m-%dT%H:%M:%SZ', '2026-09-01', (-n % 500) || ' days')"
# what is otherwise in the n-th copy of the first row of a table
_OTHERWISE = {
    "appointments": {"id": "1000 + n", "source_id": "'old-' || n", "starts_at": _LONG_AGO},
    "notifications": {
        "id": "1000 + n",
        "reference": "'old-' || n",
        "appointment_id": "1000 + n",
        "starts_at": _LONG_AGO,
        "created_at": _LONG_AGO,
        "sent_at": _LONG_AGO,
        "sent_on": f"substr({_LONG_AGO}, 1, 10)",
        "delivered_at": f"case when n % 20 > 2 then {_LONG_AGO} end",
        "gateway_id": "'old-' || n",
        "status": _STATUSES,
        "reason": f"case when n % 20 = 1 then '{NO_REPORT}' end",
    },
    "notification_events": {"id": "1000 + n", "notification_id": "1000 + n"},
    "round_outcomes": {"appointment_id": "1000 + n"},
    "imports": {"id": "1000 + n", "content": "'content-' || n", "at": _LONG_AGO},
}


@dataclass
class Counting(House):
    """A house that counts what SQLite does."""

    steps: Steps = field(default_factory=Steps)

    @contextmanager
    def open(self) -> Iterator[Database]:
        with opened(self.path) as db, counted(db, self.steps):
            yield db


def a_house_of_many(folder: Path, count: int) -> Counting:
    """A practice that has a round and an import behind it, so many notifications before them, and one to send today."""
    folder.mkdir()
    house = Counting(a_house(folder).path)
    house.told()
    with house.open() as db, write_transaction(db):
        source = source_of(db, 1, "export", "appointments")
        record_import(db, source, file="night.csv", now=NOW, rows_read=1, rejected=0, content="first")
    house.round()
    house.gateway.fates["+31612345601"] = Status.DELIVERED
    house.poll()
    with closing(sqlite3.connect(house.path)) as connection, connection:
        for table, otherwise in _OTHERWISE.items():
            grow(connection, table, count, otherwise)
    house.clock.go_on(hours=1)
    house.told("A2", "P2", starts_at=TOMORROW)
    house.steps.taken = 0
    return house


@pytest.mark.parametrize("work", [House.round, House.poll], ids=["round", "poll"])
def test_neither_looks_at_what_was_sent_long_ago(tmp_path: Path, work: Callable[[House], object]) -> None:
    few, many = (a_house_of_many(tmp_path / str(count), count) for count in (100, 2000))
    for house in (few, many):
        work(house)
    assert few.steps.taken > 0
    assert many.steps.taken <= 1.1 * few.steps.taken
