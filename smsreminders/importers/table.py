"""The text of a CSV file -> its rows.

A quote may hold a delimiter and the end of a line, so only csv.reader can tell where such a row ends. Lines without a
quote are their rows, and stay together as they are.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from smsreminders.errors import InputFileError
from smsreminders.importers.grid import Cells, Grid, grids_of


class PlainLines(NamedTuple):
    """Lines that each are a row, whose cells stand between delimiters as they are; each line ends with a newline."""

    text: str
    delimiter: str
    lines: Sequence[int]  # their numbers

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """The same row by row."""
        cells = (line.split(self.delimiter) for line in self.text.split("\n")[:-1])
        return zip(self.lines, cells, strict=True)

    def only(self, places: Sequence[int]) -> "PlainLines":
        """Those of the lines that stand at these places, at least one."""
        lines = self.text.split("\n")
        chosen = "\n".join(lines[place] for place in places)
        return PlainLines(f"{chosen}\n", self.delimiter, [self.lines[place] for place in places])


class Table:
    """Reads the rows of one file, once; each block of it is of whole lines.

    Raises InputFileError: a quote that is never closed.
    """

    def __init__(self, path: Path, blocks: Iterator[str], delimiter: str) -> None:
        self._path, self._blocks, self._delimiter = path, blocks, delimiter
        self._open, self._size = io.StringIO(), 0
        self._next = ""  # a block that was looked at, and is to be opened
        self._reader = csv.reader(chain.from_iterable(self._opened()), delimiter=delimiter, strict=True)
        self._plain = 0  # lines that csv.reader didn't see

    def header(self) -> Cells:
        """The first row that isn't blank, empty if there is none."""
        for _, cells in self._rows():
            if any(map(str.strip, cells)):
                return cells
        return []

    def parts(self) -> Iterator[PlainLines | Grid]:
        """All rows that were not read yet, but lines without any cell between quotes."""
        while block := self._open.read() or next(self._blocks, ""):
            text = block.replace("\r\n", "\n")
            if '"' in text or "\r" in text:
                self._next = block
                yield from self._read_block()
                continue
            text += "" if text.endswith("\n") else "\n"
            first, lines = self._line(), text.count("\n")
            self._plain += lines
            yield PlainLines(text, self._delimiter, range(first, first + lines))

    def _read_block(self) -> Iterator[Grid]:
        """The rows that begin in the next block; the last one may end in a later block."""
        lines, rows = [], []
        for line, cells in self._rows():
            lines.append(line)
            rows.append(cells)
            if self._open.tell() == self._size:
                break
        return grids_of(lines, rows)

    def _rows(self) -> Iterator[tuple[int, Cells]]:
        line = self._line()
        try:
            for cells in self._reader:
                yield line, cells
                line = self._line()
        except csv.Error as error:
            raise InputFileError(
                f"{self._path}: a quote that opens at or before line {line} is never closed, or not doubled inside "
                f"its cell ({error})"
            ) from error

    def _line(self) -> int:
        """Where the next row begins."""
        return self._plain + self._reader.line_num + 1

    def _opened(self) -> Iterator[io.StringIO]:
        """The blocks for csv.reader, which goes on to the next one where a row doesn't end in this one."""
        while block := self._next or next(self._blocks, ""):
            self._next = ""
            self._open, self._size = io.StringIO(block, newline=""), len(block)
            yield self._open
