"""CSV: the columns of INTERFACE.md under any of three delimiters, from Excel, a database or a text editor."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from smsreminders.errors import InputFileError
from smsreminders.importers.agenda import AgendaReader
from smsreminders.importers.cells import check_time_format
from smsreminders.importers.columns import ID_FIELD, Columns, count_known, find_columns, wanted_columns
from smsreminders.importers.records import Agenda, Kind, Layout, Record, RowError, Rows
from smsreminders.importers.rows import read_row
from smsreminders.importers.text import TextFile, find_text

_DELIMITERS = ";,\t"
_AT_ONCE = 1_000  # rows that are held

_Batch = tuple[list[int], list[list[str]]]  # the lines where rows begin, and their cells


def read(path: Path, kind: Kind, layout: Layout) -> Rows:
    """The rows of a file in their order, read as they are asked for: the file is never held as a whole.

    Raises InputFileError where the file can't be used (a quote that is never closed is told where the rows come to it),
    UsageError where the layout can't.
    """
    wanted = wanted_columns(kind, layout.columns, layout.usual)
    check_time_format(layout.time_format)
    text = find_text(path)
    batches = _batches(text, _delimiter(text, wanted))
    columns = find_columns(path, _header(batches), kind, wanted)
    names = (columns.name(field) for field in (ID_FIELD[kind], "patient_id"))
    return Rows(_parts(batches, kind, columns, layout), *names)


def _parts(
    batches: Iterator[_Batch], kind: Kind, columns: Columns, layout: Layout
) -> Iterator[Record | RowError | Agenda]:
    if kind is Kind.APPOINTMENTS:
        agenda = AgendaReader(columns, layout)
        for lines, rows in batches:
            yield from agenda.read(lines, rows)
        return
    for lines, rows in batches:
        for line, cells in zip(lines, rows, strict=True):
            yield from read_row(line, cells, kind, columns, layout)


def _delimiter(text: TextFile, wanted: Mapping[str, Sequence[str]]) -> str:
    """The one that shows most of the wanted columns in the header line, of equals the one with most cells.

    A header line with a quote that is never closed counts too: then the error is told under its own delimiter.
    """

    def worth(delimiter: str) -> tuple[int, int]:
        try:
            header = _header(_batches(text, delimiter))
        except InputFileError:
            first = next(line for line in text.lines() if line.strip())
            return count_known(first[:10_000].split(delimiter), wanted), 0
        return count_known(header, wanted), len(header)

    return max(_DELIMITERS, key=worth)


def _header(batches: Iterator[_Batch]) -> list[str]:
    _, [header] = next(batches, ([], [[]]))
    return header


def _batches(text: TextFile, delimiter: str) -> Iterator[_Batch]:
    """The first row that isn't blank, then all others, some at a time."""
    reader = csv.reader(text.lines(), delimiter=delimiter, strict=True)
    begins = at_once = 1
    while True:
        lines, rows = [], []
        try:
            for cells in islice(reader, at_once):
                lines.append(begins)
                rows.append(cells)
                begins = reader.line_num + 1
        except csv.Error as error:
            raise InputFileError(
                f"{text.path}: a quote that opens at or before line {begins} is never closed, or not doubled inside "
                f"its cell ({error})"
            ) from error
        if not rows:
            return
        if at_once > 1 or any(map(str.strip, rows[0])):
            at_once = _AT_ONCE
            yield lines, rows
