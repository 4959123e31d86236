"""Many rows in one statement: each takes half of the time that it takes alone."""

from collections.abc import Iterable, Sequence
from typing import Any

from smsreminders.store.database import Database

_AT_ONCE = 200  # rows in a statement


def insert_columns(db: Database, into: str, row: str, columns: Sequence[Sequence[Any]], conflict: str = "") -> None:
    """Insert rows that are told column by column, `row` with a question mark for each column."""
    width = len(columns)
    values: list[Any] = [None] * sum(map(len, columns))
    for place, column in enumerate(columns):
        values[place::width] = column
    for start in range(0, len(values), step := _AT_ONCE * width or 1):
        some = values[start : start + step]
        rows = ", ".join([row] * (len(some) // width))
        db.execute(f"insert into {into} values {rows} {conflict}", some)


def insert_rows(db: Database, into: str, row: str, rows: Iterable[Sequence[Any]], conflict: str = "") -> None:
    """The same of rows, which are held."""
    insert_columns(db, into, row, list(zip(*rows, strict=True)), conflict)
