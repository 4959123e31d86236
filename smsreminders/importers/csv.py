"""CSV: the columns of a kind under any of four delimiters, from Excel, a database or a text editor."""

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from smsreminders.domain.agenda.source_ids import LONGEST as LONGEST_ID
from smsreminders.errors import InputFileError
from smsreminders.importers.columns import count_known
from smsreminders.importers.records import Kind, Layout, Reading
from smsreminders.importers.table import TITLE_ROWS, BadRow, read_table
from smsreminders.importers.text import TextFile, find_text
from smsreminders.importers.wanted import Wanted, wanted_columns

_DELIMITERS = ";,\t|"
_SEP_LINE = re.compile(r'\s*"?sep=([^\w\s"]|\t)"?\s*', re.IGNORECASE)  # Excel's own word for the delimiter
_DOS_END, _MARK = "\x1a", "\ufeff"
_MOST_BROKEN = 100  # quotes that are never closed: of more the file is not what it seems


@dataclass(frozen=True, slots=True)
class CutFile:
    """A CSV file that is cut into rows as they are asked for, each with the line where it begins."""

    encoding: str
    delimiter: str
    rows: Iterator[tuple[int, Sequence[str] | BadRow]]


def read(path: Path, kind: Kind, layout: Layout) -> Reading:
    """Read the records of a CSV file in their order, as they are asked for: the file is never held as a whole.

    A row with a quote that is never closed, or not doubled inside its cell, is bad by itself. Raises InputFileError
    where the file can't be used (it ends within a quote, or has too many of them: told where the rows come to it),
    UsageError where the layout can't.
    """
    cut = cut_rows(path, wanted_columns(kind, layout), titles=TITLE_ROWS)
    return read_table(path, ((f"line {line}", cells) for line, cells in cut.rows), kind, layout)


def read_rows(path: Path, wanted: Wanted, *, titles: int = 0) -> Iterator[tuple[int, Sequence[str]]]:
    """Cut a CSV file into rows, each with its line; the delimiter is the one that shows most of the wanted columns.

    So many rows of `titles` may stand before the header. Raises InputFileError where the file can't be used.
    """
    for line, cells in cut_rows(path, wanted, titles=titles).rows:
        if isinstance(cells, BadRow):
            raise InputFileError(f"{path}: {cells.reason}")
        yield line, cells


def cut_rows(path: Path, wanted: Wanted, *, titles: int) -> CutFile:
    """Cut a CSV file into rows by the delimiter that shows most of the wanted columns, or that it names itself.

    Raises InputFileError.
    """
    text = find_text(path)
    named = _SEP_LINE.fullmatch(next(text.lines(), ""))
    delimiter = named[1] if named else _delimiter(text, wanted, titles)
    rows = _rows(text, delimiter)
    return CutFile(text.encoding, delimiter, islice(rows, 1, None) if named else rows)


def _rows(text: TextFile, delimiter: str) -> Iterator[tuple[int, Sequence[str] | BadRow]]:
    """Cut a text into rows, each with the line where it begins.

    Where a quote goes wrong its first line alone is bad, and the lines that it swallowed are read again. Raises
    InputFileError: the text ends within a quote, or that happens too often.
    """
    lines, again, taken = _lines(text, delimiter), deque[str](), list[str]()

    def next_lines() -> Iterator[str]:
        while again:
            taken.append(again.popleft())
            yield taken[-1]
        for line in lines:
            taken.append(line)
            yield line

    number, broken = 1, 0
    while broken <= _MOST_BROKEN:
        try:
            for cells in csv.reader(next_lines(), delimiter=delimiter, strict=True):
                yield number, cells
                number += len(taken)
                taken.clear()
        except csv.Error as error:
            reason = f"a quote that opens at or before line {number} is never closed, or not doubled inside its cell"
            broken += 1
            if broken > _MOST_BROKEN or (len(taken) == 1 and "end of data" in str(error)):
                raise InputFileError(f"{text.path}: {reason} ({error})") from error
            yield number, BadRow(reason)
            number += 1
            again.extendleft(reversed(taken[1:]))
            taken.clear()
        else:
            return


def _lines(text: TextFile, delimiter: str) -> Iterator[str]:
    """Give the lines of a text, an endless cell cut to one that is still too long: csv would take it for a quote.

    The byte by which programs of DOS end a file is none of its lines, and the mark with which one begins that was put
    behind another is none of its letters.
    """
    for line in (line.replace(_MARK, "") for line in text.lines()):
        if line[:1] == _DOS_END and not line.strip(_DOS_END + "\r\n"):
            continue
        if len(line) > csv.field_size_limit() and '"' not in line:
            yield delimiter.join(cell[: LONGEST_ID + 1] for cell in line.split(delimiter))
        else:
            yield line


def _delimiter(text: TextFile, wanted: Wanted, titles: int) -> str:
    """Choose the delimiter that shows most of the wanted columns in the header, of equals the one with most cells.

    A header with a quote that is never closed counts too: then the error is told under its own delimiter.
    """

    def worth(delimiter: str) -> tuple[int, int]:
        seen = [(0, 0)]
        try:
            written = (cells for _, cells in _rows(text, delimiter) if isinstance(cells, BadRow) or any(cells))
            for cells in islice(written, titles + 1):
                if isinstance(cells, BadRow):
                    seen.append((_in_first_line(text, delimiter, wanted), 0))
                else:
                    seen.append((count_known(cells, wanted), len(cells)))
        except InputFileError:
            seen.append((_in_first_line(text, delimiter, wanted), 0))
        return max(seen)

    return max(_DELIMITERS, key=worth)


def _in_first_line(text: TextFile, delimiter: str, wanted: Wanted) -> int:
    first = next(line for line in text.lines() if line.strip())
    return count_known(first[:10_000].split(delimiter), wanted)
