"""CSV: the columns of INTERFACE.md under any of three delimiters, from Excel, a database or a text editor."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from smsreminders.errors import InputFileError
from smsreminders.importers.agenda import AgendaReader
from smsreminders.importers.cells import check_time_format
from smsreminders.importers.columns import ID_FIELD, Columns, count_known, find_columns, wanted_columns
from smsreminders.importers.records import Kind, Layout, Record, RowError, Rows
from smsreminders.importers.rows import read_row
from smsreminders.importers.text import TextFile, find_text

_DELIMITERS = ";,\t"
_BATCH = 1_000  # rows that are held at a time

_Row = tuple[int, list[str]]  # the line where it begins, its cells


def read(path: Path, kind: Kind, layout: Layout) -> Rows:
    """The rows of a file in their order, read as they are asked for: the file is never held in memory.

    Raises InputFileError where the file can't be used (a quote that is never closed is told where the rows come to it),
    UsageError where the layout can't.
    """
    wanted = wanted_columns(kind, layout.columns, layout.usual)
    check_time_format(layout.time_format)
    text = find_text(path)
    rows = _rows(text, _delimiter(text, wanted))
    _, header = next(rows, (0, []))
    columns = find_columns(path, header, kind, wanted)
    names = {field: columns.name(field) for field in (ID_FIELD[kind], "patient_id")}
    return Rows(_outcomes(rows, kind, columns, layout), names[ID_FIELD[kind]], names["patient_id"])


def _outcomes(rows: Iterator[_Row], kind: Kind, columns: Columns, layout: Layout) -> Iterator[Record | RowError]:
    if kind is not Kind.APPOINTMENTS:
        for line, cells in rows:
            yield read_row(line, cells, kind, columns, layout)
        return
    agenda = AgendaReader(columns, layout)
    while batch := list(islice(rows, _BATCH)):
        yield from agenda.read(*zip(*batch, strict=True))


def _delimiter(text: TextFile, wanted: Mapping[str, Sequence[str]]) -> str:
    """The one that shows most of the wanted columns in the header line, of equals the one with most cells.

    A header line with a quote that is never closed counts too: then the error is told under its own delimiter.
    """

    def worth(delimiter: str) -> tuple[int, int]:
        try:
            _, header = next(_rows(text, delimiter), (0, []))
        except InputFileError:
            first = next(line for line in text.lines() if line.strip())
            return count_known(first[:10_000].split(delimiter), wanted), 0
        return count_known(header, wanted), len(header)

    return max(_DELIMITERS, key=worth)


def _rows(text: TextFile, delimiter: str) -> Iterator[_Row]:
    """Each row that isn't blank, with the line of the file where it begins."""
    reader = csv.reader(text.lines(), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise InputFileError(
            f"{text.path}: a quote that opens at or before line {begins} is never closed, or not doubled inside its "
            f"cell ({error})"
        ) from error
