"""Tables: rows of cells under a header -> records. What CSV files and spreadsheets have in common.

An importer of tables makes the rows, each with its place; all else is here and in columns, rows and cells.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from smsreminders.importers.columns import REQUIRED, find_columns, is_header, wanted_columns
from smsreminders.importers.records import Kind, Layout, Reading
from smsreminders.importers.rows import read_row

TITLE_ROWS = 30  # among which the names of the columns are looked for
TableRow = tuple[str, Sequence[str]]  # its place in the file, and its cells


def read_table(path: Path, rows: Iterator[TableRow], kind: Kind, layout: Layout) -> Reading:
    """Read the records of a table, under the row that names its columns.

    The header is read at once, the rows as they are asked for. Raises InputFileError where a column is missing,
    UsageError where the layout names a field that there isn't.
    """
    wanted = wanted_columns(kind, layout.columns, layout.usual)
    header = find_header(rows, wanted, REQUIRED[kind])
    columns = replace(find_columns(path, header, REQUIRED[kind], wanted), aligned=layout.spreadsheet)
    read = (read_row(place, cells, kind, columns, layout) for place, cells in rows if any(map(str.strip, cells)))
    return Reading(read, tuple(columns.places), columns.unused())


def find_header(
    rows: Iterator[tuple[object, Sequence[str]]],
    wanted: Mapping[str, Sequence[str]] | None = None,
    required: Sequence[str] = (),
) -> Sequence[str]:
    """Find the row that names the columns: the first that names all required ones; empty if there is no row at all.

    Lines may stand above it, such as a title, the day of printing or Excel's `sep=;`. Where none names them it is the
    first row that isn't blank, and the rows that were looked at are gone.
    """
    first: Sequence[str] = ()
    written = (cells for _, cells in rows if any(map(str.strip, cells)))
    for cells in islice(written, TITLE_ROWS):
        first = first or cells
        if is_header(cells, wanted or {}, required):
            return cells
    return first
