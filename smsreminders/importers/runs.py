"""Columns side by side that belong together are looked at as one text, as it stands in the file."""

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from smsreminders.importers.grid import Cells
from smsreminders.importers.table import PlainLines


class Run(NamedTuple):
    """Columns that follow each other, and the parts of a row to which all of them belong."""

    parts: frozenset[str]
    places: Sequence[int]


class Runs:
    """The runs of a header of so many columns, by the places of each part of a row; other columns are passed over."""

    def __init__(self, parts: Mapping[str, Collection[int]], width: int, delimiter: str) -> None:
        def at(place: int) -> frozenset[str]:
            return frozenset(name for name, places in parts.items() if place in places)

        all_runs = [Run(of, list(places)) for of, places in groupby(range(width), at)]
        self._runs = [run for run in all_runs if run.parts]
        cell = f"[^{delimiter}\n]*"
        cells = (delimiter.join([cell] * len(run.places)) for run in all_runs)
        texts = (f"({text})" if run.parts else text for run, text in zip(all_runs, cells, strict=True))
        # the empty group at the end: of a single one, findall makes no rows
        self._row = re.compile(f"^{delimiter.join(texts)}{delimiter}*\n()", re.MULTILINE)

    def places(self, part: str) -> list[int]:
        """Where the cells of a part stand, run by run."""
        return [place for run in self._runs if part in run.parts for place in run.places]

    def texts(self, lines: PlainLines) -> Sequence[Cells] | None:
        """The text of each run, column by column, if all lines are as wide as the header, but for empty cells."""
        rows = self._row.findall(lines.text)
        return list(zip(*rows, strict=True)) if len(rows) == len(lines.lines) else None

    def of(self, part: str, texts: Sequence[Cells]) -> list[Cells]:
        """Those that belong to a part."""
        return [text for run, text in zip(self._runs, texts, strict=False) if part in run.parts]
