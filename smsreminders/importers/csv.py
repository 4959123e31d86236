"""CSV: the columns of INTERFACE.md under any of three delimiters, from Excel, a database or a text editor."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import cast

from smsreminders.errors import InputFileError
from smsreminders.importers.agenda import AgendaReader
from smsreminders.importers.ahead import read_ahead
from smsreminders.importers.cells import check_time_format
from smsreminders.importers.columns import ID_FIELD, count_known, find_columns, wanted_columns
from smsreminders.importers.records import Kind, Layout, Part, Rows
from smsreminders.importers.rows import read_row
from smsreminders.importers.table import Table
from smsreminders.importers.text import TextFile, find_text

_DELIMITERS = ";,\t"
_LARGE = 1 << 22  # bytes: from here on the second process is worth its start


def read(path: Path, kind: Kind, layout: Layout) -> Rows:
    """The rows of a file in their order, read as they are asked for: the file is never held as a whole.

    Raises InputFileError where the file can't be used (a quote that is never closed is told where the rows come to it),
    UsageError where the layout can't.
    """
    wanted = wanted_columns(kind, layout.columns, layout.usual)
    check_time_format(layout.time_format)
    text = find_text(path)
    delimiter = _delimiter(text, wanted)
    table = Table(path, text.blocks(), delimiter)
    columns = find_columns(path, table.header(), kind, wanted)
    if kind is Kind.APPOINTMENTS:
        agenda = AgendaReader(columns, layout, delimiter)
        parts: Iterator[Part] = chain.from_iterable(map(agenda.read, table.parts()))
    else:
        rows = chain.from_iterable(part.rows() for part in table.parts())
        records = (record for line, cells in rows for record in read_row(line, cells, kind, columns, layout))
        parts = cast("Iterator[Part]", records)  # which are no appointments
    names = (columns.name(field) for field in (ID_FIELD[kind], "patient_id"))
    return Rows(read_ahead(parts, str(path)) if text.size > _LARGE else parts, *names)


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
