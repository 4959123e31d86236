"""CSV: the columns of INTERFACE.md under any of three delimiters, from Excel, a database or a text editor."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from smsreminders.errors import InputFileError
from smsreminders.importers.agenda import AgendaReader
from smsreminders.importers.cells import check_time_format
from smsreminders.importers.columns import ID_FIELD, Columns, count_known, find_columns, wanted_columns
from smsreminders.importers.grid import Grid
from smsreminders.importers.records import Agenda, Kind, Layout, Record, RowError, Rows
from smsreminders.importers.rows import read_row
from smsreminders.importers.table import Table
from smsreminders.importers.text import TextFile, find_text

_DELIMITERS = ";,\t"


def read(path: Path, kind: Kind, layout: Layout) -> Rows:
    """The rows of a file in their order, read as they are asked for: the file is never held as a whole.

    Raises InputFileError where the file can't be used (a quote that is never closed is told where the rows come to it),
    UsageError where the layout can't.
    """
    wanted = wanted_columns(kind, layout.columns, layout.usual)
    check_time_format(layout.time_format)
    text = find_text(path)
    table = Table(path, text.blocks(), _delimiter(text, wanted))
    columns = find_columns(path, table.header(), kind, wanted)
    names = (columns.name(field) for field in (ID_FIELD[kind], "patient_id"))
    return Rows(_parts(table.grids(), kind, columns, layout), *names)


def _parts(grids: Iterator[Grid], kind: Kind, columns: Columns, layout: Layout) -> Iterator[Record | RowError | Agenda]:
    if kind is Kind.APPOINTMENTS:
        agenda = AgendaReader(columns, layout)
        for grid in grids:
            yield from agenda.read(grid)
        return
    for grid in grids:
        for line, cells in grid.rows():
            yield from read_row(line, cells, kind, columns, layout)


def _delimiter(text: TextFile, wanted: Mapping[str, Sequence[str]]) -> str:
    """The one that shows most of the wanted columns in the header line, of equals the one with most cells.

    A header line with a quote that is never closed counts too: then the error is told under its own delimiter.
    """

    def worth(delimiter: str) -> tuple[int, int]:
        try:
            header = Table(text.path, text.blocks(), delimiter).header()
        except InputFileError:
            first = next(line for line in text.lines() if line.strip())
            return count_known(first[:10_000].split(delimiter), wanted), 0
        return count_known(header, wanted), len(header)

    return max(_DELIMITERS, key=worth)
