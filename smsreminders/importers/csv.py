"""CSV: the columns of a kind under any of three delimiters, from Excel, a database or a text editor."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from smsreminders.domain.source_ids import LONGEST as LONGEST_ID
from smsreminders.errors import InputFileError
from smsreminders.importers.columns import count_known, wanted_columns
from smsreminders.importers.records import Kind, Layout, Reading
from smsreminders.importers.table import TITLE_ROWS, read_table
from smsreminders.importers.text import TextFile, find_text

_DELIMITERS = ";,\t"


def read(path: Path, kind: Kind, layout: Layout) -> Reading:
    """Read the records of a CSV file in their order, as they are asked for: the file is never held as a whole.

    Raises InputFileError where the file can't be used (a quote that is never closed is told where the rows come to it),
    UsageError where the layout can't.
    """
    rows = read_rows(path, wanted_columns(kind, layout.columns, layout.usual), titles=TITLE_ROWS)
    return read_table(path, ((f"line {line}", cells) for line, cells in rows), kind, layout)


def read_rows(
    path: Path, wanted: Mapping[str, Sequence[str]], *, titles: int = 0
) -> Iterator[tuple[int, Sequence[str]]]:
    """Cut a CSV file into rows, each with its line; the delimiter is the one that shows most of the wanted columns.

    So many rows of `titles` may stand before the header. Raises InputFileError where the file can't be used.
    """
    text = find_text(path)
    return _rows(text, _delimiter(text, wanted, titles))


def _rows(text: TextFile, delimiter: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Cut a text into rows. Raises InputFileError: a quote that is never closed."""
    reader = csv.reader(_lines(text, delimiter), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputFileError(
            f"{text.path}: a quote that opens at or before line {line} is never closed, or not doubled inside "
            f"its cell ({error})"
        ) from error


def _lines(text: TextFile, delimiter: str) -> Iterator[str]:
    """Give the lines of a text, an endless cell cut to one that is still too long: csv would take it for a quote."""
    for line in text.lines():
        if len(line) > csv.field_size_limit() and '"' not in line:
            yield delimiter.join(cell[: LONGEST_ID + 1] for cell in line.split(delimiter))
        else:
            yield line


def _delimiter(text: TextFile, wanted: Mapping[str, Sequence[str]], titles: int) -> str:
    """Choose the delimiter that shows most of the wanted columns in the header, of equals the one with most cells.

    A header with a quote that is never closed counts too: then the error is told under its own delimiter.
    """

    def worth(delimiter: str) -> tuple[int, int]:
        try:
            first_rows = (row for row in _rows(text, delimiter) if any(map(str.strip, row[1])))
            seen = [(count_known(cells, wanted), len(cells)) for _, cells in islice(first_rows, titles + 1)]
        except InputFileError:
            first = next(line for line in text.lines() if line.strip())
            return count_known(first[:10_000].split(delimiter), wanted), 0
        return max(seen, default=(0, 0))

    return max(_DELIMITERS, key=worth)
