"""The text of a CSV file -> its rows as grids.

A quote may hold a delimiter and the end of a line, so only csv.reader can tell where such a row ends. A block of lines
without a quote, all of one width, is split as a whole, which takes a third of the time.
"""

import csv
import io
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from smsreminders.errors import InputFileError
from smsreminders.importers.grid import Cells, Grid, grids_of


class Table:
    """Reads the rows of one file, once; each block of it is of whole lines.

    Raises InputFileError: a quote that is never closed.
    """

    def __init__(self, path: Path, blocks: Iterator[str], delimiter: str) -> None:
        self._path, self._blocks, self._delimiter = path, blocks, delimiter
        self._open, self._size = io.StringIO(), 0
        self._reader = csv.reader(chain.from_iterable(self._opened()), delimiter=delimiter, strict=True)
        self._split = 0  # lines that csv.reader didn't see

    def header(self) -> Cells:
        """The first row that isn't blank, empty if there is none."""
        for _, cells in self._rows():
            if any(map(str.strip, cells)):
                return cells
        return []

    def grids(self) -> Iterator[Grid]:
        """All rows that were not read yet, but lines without any cell."""
        while block := self._open.read() or next(self._blocks, ""):
            grid = split_plain(block, self._delimiter, self._line())
            if grid is None:
                self._blocks = chain([block], self._blocks)
                yield from self._read_block()
            else:
                self._split += len(grid.lines)
                yield grid

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
        return self._split + self._reader.line_num + 1

    def _opened(self) -> Iterator[io.StringIO]:
        """The blocks for csv.reader, which goes on to the next one where a row doesn't end in this one."""
        while block := next(self._blocks, ""):
            self._open, self._size = io.StringIO(block, newline=""), len(block)
            yield self._open


def split_plain(block: str, delimiter: str, first_line: int) -> Grid | None:
    """The rows of whole lines, if they have no quote and all the same width: what csv.reader makes of them."""
    if '"' in block or block.count("\r") != block.count("\r\n"):
        return None
    text = block.replace("\r\n", "\n")
    text += "" if text.endswith("\n") else "\n"
    count, width = text.count("\n"), text.count(delimiter, 0, text.index("\n")) + 1
    cells = text.replace("\n", f"\n{delimiter}").split(delimiter)  # the last cell of each line has its end
    last = "".join(cells[width - 1 :: width])
    if len(cells) != count * width + 1 or last.count("\n") != count:
        return None
    columns = [cells[place:-1:width] for place in range(width - 1)]
    return Grid(range(first_line, first_line + count), [*columns, last.split("\n")[:-1]])
