"""A look at a table: how it is written, which row names its columns, and the first rows below as columns of cells."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path

from smsreminders.errors import InputFileError
from smsreminders.importers.cells import on_one_line
from smsreminders.importers.columns import count_known
from smsreminders.importers.table import TITLE_ROWS, BadRow, TableRow
from smsreminders.importers.wanted import Wanted

_CELLS = 200_000  # that are looked at of the first rows
_ROWS = 5_000
_ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
    "mac_roman": "Mac OS Roman",
}
_DELIMITERS = {"\t": "a tab", ";": '";"', ",": '","', "|": '"|"'}


@dataclass(frozen=True, slots=True)
class Look:
    """A table as it looks: its header, the cells of each column in the first rows, and all its rows again."""

    facts: Sequence[str]
    header: Sequence[str]
    columns: Sequence[Sequence[str]]
    rows: Callable[[], Iterator[Sequence[str]]]
    spreadsheet: bool


def look_at(path: Path, format_name: str, wanted: Wanted) -> Look:
    """Look at a CSV file or a spreadsheet; the header is the row that names most of the wanted columns.

    Raises InputFileError: the file can't be used, or no row of the first ones can be a header.
    """
    from smsreminders.importers import csv
    from smsreminders.importers.xlsx import rows_of_sheets

    spreadsheet = format_name == "xlsx"
    if spreadsheet:
        sheet = _fullest(rows_of_sheets(path), wanted)
        facts = [f'spreadsheet, the sheet "{sheet}"' if sheet else "spreadsheet"]

        def rows() -> Iterator[TableRow]:
            return ((f"row {number}", cells) for name, number, cells in rows_of_sheets(path) if name == sheet)

    else:
        cut = csv.cut_rows(path, wanted, titles=TITLE_ROWS)
        between = _DELIMITERS.get(cut.delimiter, f'"{cut.delimiter}"')
        facts = [f"CSV in {_ENCODINGS.get(cut.encoding, cut.encoding)}, {between} between the cells"]

        def rows() -> Iterator[TableRow]:
            cut = csv.cut_rows(path, wanted, titles=TITLE_ROWS)
            return ((f"line {line}", cells) for line, cells in cut.rows)

    place, header, skip = _header(path, rows(), wanted)
    facts.append(f"{place} names the columns")

    def below() -> Iterator[Sequence[str]]:
        written = (row for row in rows() if isinstance(row[1], BadRow) or any(map(str.strip, row[1])))
        rest = (cells for _, cells in islice(written, skip + 1, None) if not isinstance(cells, BadRow))
        return (cells for cells in rest if cells != header)

    width = len(header)
    first = islice(below(), max(1, min(_ROWS, _CELLS // max(1, width))))
    fitting = ([on_one_line(cell) for cell in chain(cells[:width], [""] * (width - len(cells)))] for cells in first)
    columns = list(zip(*fitting, strict=True)) or [()] * width
    return Look(facts, header, columns, below, spreadsheet)


def _fullest(rows: Iterator[tuple[str, int, list[str]]], wanted: Wanted) -> str:
    """Name the sheet of which one of the first rows names most of the wanted columns; empty where there is no row."""
    best: tuple[int, str] | None = None
    for sheet, of_sheet in groupby(rows, itemgetter(0)):
        known = max(count_known(cells, wanted) for _, _, cells in islice(of_sheet, TITLE_ROWS))
        if best is None or known > best[0]:
            best = known, sheet
    return best[1] if best else ""


def _header(path: Path, rows: Iterator[TableRow], wanted: Wanted) -> tuple[str, Sequence[str], int]:
    """Find the row that names the columns, its place, and how many rows stand above it.

    Where no name is known it is the first row, unless that looks like one of a patient.
    """
    written = (row for row in rows if isinstance(row[1], BadRow) or any(map(str.strip, row[1])))
    first = [(place, () if isinstance(cells, BadRow) else cells) for place, cells in islice(written, TITLE_ROWS)]
    known = [count_known(cells, wanted) for _, cells in first]
    if not any(cells for _, cells in first):
        raise InputFileError(f"{path}: no line with the names of the columns")
    skip = known.index(max(known)) if any(known) else next(at for at, (_, cells) in enumerate(first) if cells)
    place, cells = first[skip]
    if not any(known) and any(sum(map(str.isdigit, cell)) >= _LIKE_A_ROW for cell in cells):
        raise InputFileError(
            f"{path}: no line names the columns, and the first one looks like a row: export it with their names"
        )
    return place, cells, skip


_LIKE_A_ROW = 6  # digits in a cell, as a number or a date has
