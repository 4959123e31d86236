"""The text of a CSV file -> its rows.

A quote may hold a delimiter and the end of a line, so only csv.reader can tell where such a row ends. Lines without a
quote are their rows, and stay together as they are.
"""

import csv
import io
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from smsreminders.errors import InputFileError
from smsreminders.importers.grid import Cells, Grid, grids_of


class PlainLines(NamedTuple):
    """Lines that each are a row, whose cells stand between delimiters as they are, with the numbers of the lines.

    Each line ends with a newline.
    """

    text: str
    delimiter: str
    numbers: range

    def grids(self) -> Iterator[Grid]:
        """The same cell by cell, without empty lines."""
        rows = [line.split(self.delimiter) if line else [] for line in self.text.split("\n")[:-1]]
        return grids_of(self.numbers, rows)


class Table:
    """Reads the rows of one file, once; each block of it is of whole lines.

    Raises InputFileError: a quote that is never closed.
    """

    def __init__(self, path: Path, blocks: Iterator[str], delimiter: str) -> None:
        self._path, self._blocks, self._delimiter = path, blocks, delimiter
        self._open, self._size = io.StringIO(), 0
        self._reader = csv.reader(chain.from_iterable(self._opened()), delimiter=delimiter, strict=True)
        self._plain = 0  # lines that csv.reader didn't see

    def header(self) -> Cells:
        """The first row that isn't blank, empty if there is none."""
        for _, cells in self._rows():
            if any(map(str.strip, cells)):
                return cells
        return []

    def parts(self) -> Iterator[PlainLines | Grid]:
        """All rows that were not read yet."""
        while block := self._open.read() or next(self._blocks, ""):
            text = block.replace("\r\n", "\n")
            if '"' in text or "\r" in text:
                self._blocks = chain([block], self._blocks)
                yield from self._read_block()
                continue
            text += "" if text.endswith("\n") else "\n"
            first, lines = self._line(), text.count("\n")
            self._plain += lines
            yield PlainLines(text, self._delimiter, range(first, first + lines))

    def grids(self) -> Iterator[Grid]:
        """The same cell by cell."""
        for part in self.parts():
            if isinstance(part, Grid):
                yield part
            else:
                yield from part.grids()

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
        while block := next(self._blocks, ""):
            self._open, self._size = io.StringIO(block, newline=""), len(block)
            yield self._open
