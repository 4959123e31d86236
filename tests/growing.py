"""A table with many rows more, each a copy of the first one there is; and how many steps SQLite takes for something."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from smsreminders.store.database import Database


def grow(db: sqlite3.Connection, table: str, count: int, otherwise: Mapping[str, str]) -> None:
    """Add so many rows; `otherwise` is SQL by column of what differs in the n-th of them."""
    columns = [name for (name,) in db.execute("select name from pragma_table_info(?)", [table])]
    values = ", ".join(otherwise.get(name, f"f.{name}") for name in columns)
    numbers = "with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ?)"
    first = f"(select * from {table} limit 1) f"  # noqa: S608
    before = db.total_changes
    db.execute(f"insert into {table} {numbers} select {values} from {first}, numbers", [count])  # noqa: S608
    assert db.total_changes - before == count


@dataclass
class Steps:
    """The steps of SQLite's machine that were taken, in tens."""

    taken: int = 0

    def step(self) -> None:
        """Count ten more."""
        self.taken += 1


@contextmanager
def counted(db: Database, steps: Steps) -> Iterator[None]:
    """Count what SQLite does in a block."""
    db.conn.set_progress_handler(steps.step, 10)
    try:
        yield
    finally:
        db.conn.set_progress_handler(None, 10)
