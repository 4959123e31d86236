"""Rows of one width, column by column: the thousand cells of a column are looked at together."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

Cells = Sequence[str]


class Grid(NamedTuple):
    """Rows that all have so many cells, with the lines where they begin."""

    lines: Sequence[int]
    columns: Sequence[Cells]

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """The same row by row."""
        return zip(self.lines, zip(*self.columns, strict=True), strict=True)

    def only(self, places: Sequence[int]) -> "Grid":
        """Those of the rows that stand at these places."""
        columns = [[column[place] for place in places] for column in self.columns]
        return Grid([self.lines[place] for place in places], columns)


def grids_of(lines: Sequence[int], rows: Sequence[Cells]) -> Iterator[Grid]:
    """Rows as they follow each other, those of one width together; one without cells is left out."""
    for width, alike in groupby(zip(lines, rows, strict=True), key=lambda row: len(row[1])):
        if width:
            begins, cells = zip(*alike, strict=True)
            yield Grid(begins, list(zip(*cells, strict=True)))
