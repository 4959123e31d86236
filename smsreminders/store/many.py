"""Many rows in one statement: each takes half of the time that it takes alone."""

from collections.abc import Iterable, Sequence
from typing import Any

from smsreminders.store.database import Database

_AT_ONCE = 200  # rows in a statement


def insert_columns(
    db: Database, into: str, row: str, columns: Sequence[Sequence[Any]], then: str = ""
) -> list[tuple[Any, ...]]:
    """Insert rows that are told column by column, `row` with a question mark for each column.

    `then` is what SQL has behind the values: what becomes of conflicts, and what is returned.
    """
    width = len(columns)
    values: list[Any] = [None] * sum(map(len, columns))
    returned = []
    for place, column in enumerate(columns):
        values[place::width] = column
    for start in range(0, len(values), step := _AT_ONCE * width or 1):
        some = values[start : start + step]
        rows = ", ".join([row] * (len(some) // width))
        returned += db.execute(f"insert into {into} values {rows} {then}", some).fetchall()
    return returned


def insert_rows(
    db: Database, into: str, row: str, rows: Iterable[Sequence[Any]], then: str = ""
) -> list[tuple[Any, ...]]:
    """The same of rows, which are held."""
    return insert_columns(db, into, row, list(zip(*rows, strict=True)), then)
