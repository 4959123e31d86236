"""Tables: rows of cells under a header -> records. What CSV files and spreadsheets have in common.

An importer of tables makes the rows, each with its place; all else is here and in columns, rows and cells.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from smsreminders.importers.columns import REQUIRED, find_columns, wanted_columns
from smsreminders.importers.records import Kind, Layout, Record, RowError
from smsreminders.importers.rows import read_row

TableRow = tuple[str, Sequence[str]]  # its place in the file, and its cells


def read_table(path: Path, rows: Iterator[TableRow], kind: Kind, layout: Layout) -> Iterator[Record | RowError]:
    """Read the records of a table whose first row that isn't blank is the header.

    The header is read at once, the rows as they are asked for. Raises InputFileError where a column is missing,
    UsageError where the layout names a field that there isn't.
    """
    wanted = wanted_columns(kind, layout.columns, layout.usual)
    columns = find_columns(path, find_header(rows), REQUIRED[kind], wanted)
    return (read_row(place, cells, kind, columns, layout) for place, cells in rows if any(map(str.strip, cells)))


def find_header(rows: Iterator[tuple[object, Sequence[str]]]) -> Sequence[str]:
    """Take the first row that isn't blank; empty if there is none."""
    return next((cells for _, cells in rows if any(map(str.strip, cells))), ())
