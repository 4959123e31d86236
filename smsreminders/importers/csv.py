"""CSV: the columns of INTERFACE.md under any of three delimiters, from Excel, a database or a text editor."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from smsreminders.errors import InputFileError
from smsreminders.importers.cells import check_time_format
from smsreminders.importers.columns import count_known, find_columns, wanted_columns
from smsreminders.importers.records import Kind, Layout, Record, RowError
from smsreminders.importers.repeats import settle_repeats
from smsreminders.importers.rows import read_row
from smsreminders.importers.text import read_text

_DELIMITERS = ";,\t"


def read(path: Path, kind: Kind, layout: Layout) -> Iterator[Record | RowError]:
    """The rows of a file in their order; the whole file is read first, because an id may stand in it twice.

    Raises InputFileError where the file can't be used, UsageError where the layout can't.
    """
    wanted = wanted_columns(kind, layout.columns, layout.usual)
    check_time_format(layout.time_format)
    text = read_text(path)
    rows = _rows(path, text, _delimiter(path, text, wanted))
    _, header = next(rows, (0, []))
    columns = find_columns(path, header, kind, wanted)
    outcomes = [read_row(line, cells, kind, columns, layout) for line, cells in rows]
    return settle_repeats(outcomes, kind, columns)


def _delimiter(path: Path, text: str, wanted: Mapping[str, Sequence[str]]) -> str:
    """The one that shows most of the wanted columns in the header line, of equals the one with most cells.

    A header line with a quote that is never closed counts too: then the error is told under its own delimiter.
    """

    def worth(delimiter: str) -> tuple[int, int]:
        try:
            _, header = next(_rows(path, text, delimiter), (0, []))
        except InputFileError:
            return count_known(text.lstrip()[:10_000].splitlines()[0].split(delimiter), wanted), 0
        return count_known(header, wanted), len(header)

    return max(_DELIMITERS, key=worth)


def _rows(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that isn't blank, with the line of the file where it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise InputFileError(
            f"{path}: a quote that opens at or before line {begins} is never closed, or not doubled inside its cell "
            f"({error})"
        ) from error
