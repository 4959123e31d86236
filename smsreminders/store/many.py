"""Many rows in one statement: each takes half of the time that it takes alone."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from smsreminders.store.database import Database

_AT_ONCE = 200  # rows in a statement


def insert_rows(
    db: Database, into: str, row: str, rows: Iterable[Sequence[Any]], then: str = ""
) -> list[tuple[Any, ...]]:
    """Insert rows, `row` with a question mark for each value.

    `then` is what SQL has behind the values: what becomes of conflicts, and what is returned.
    """
    every = list(rows)
    returned = []
    for start in range(0, len(every), _AT_ONCE):
        some = every[start : start + _AT_ONCE]
        places = ", ".join([row] * len(some))
        returned += db.execute(f"insert into {into} values {places} {then}", [*chain.from_iterable(some)]).fetchall()
    return returned
