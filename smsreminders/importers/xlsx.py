"""Spreadsheets: the columns of a kind in a sheet of an XLSX, XLS or ODS file."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path

from smsreminders.errors import InputFileError
from smsreminders.importers.columns import is_header
from smsreminders.importers.extras import require
from smsreminders.importers.records import Kind, Layout, Reading
from smsreminders.importers.table import TITLE_ROWS, TableRow, read_table
from smsreminders.importers.text import check_regular
from smsreminders.importers.wanted import Wanted, wanted_columns

_READER = Path(__file__).with_name("workbook.py")
SheetRow = tuple[str, int, list[str]]  # the sheet, the number of the row in it, and the cells


def read(path: Path, kind: Kind, layout: Layout) -> Reading:
    """Read the records of a spreadsheet in their order, from the sheet that has the columns; hidden ones are not read.

    Raises InputFileError where the file can't be used, or has the columns in more than one sheet (told where the rows
    come to it), AdministratorNeeded where the extra for spreadsheets isn't installed, UsageError where the layout
    can't be used.
    """
    rows = _rows(path, wanted_columns(kind, layout))
    return read_table(path, rows, kind, replace(layout, spreadsheet=True))


def _rows(path: Path, wanted: Wanted) -> Iterator[TableRow]:
    """Give the rows of the one sheet that has the columns; the first rows of the first sheet if none has."""
    chosen = ""
    shown: list[SheetRow] = []
    for sheet, rows in groupby(rows_of_sheets(path), itemgetter(0)):
        first = list(islice(rows, TITLE_ROWS))
        shown = shown or first
        if not any(is_header(cells, wanted) for _, _, cells in first):
            continue
        if chosen:
            raise InputFileError(
                f'{path}: the sheets "{chosen}" and "{sheet}" both have the columns: hide or remove one of them'
            )
        chosen = sheet
        yield from ((f"row {number}", cells) for _, number, cells in chain(first, rows))
    if not chosen:
        yield from ((f"row {number}", cells) for _, number, cells in shown)


def rows_of_sheets(path: Path) -> Iterator[SheetRow]:
    """Give the rows of all sheets that aren't hidden, as the process prints them that reads the file.

    Raises InputFileError, and AdministratorNeeded where the extra for spreadsheets isn't installed.
    """
    require("python_calamine", extra="xlsx", what="spreadsheets")
    check_regular(path)
    before = path.stat()
    with (
        path.open("rb") as file,
        subprocess.Popen(  # noqa: S603 - our own file, by our own interpreter
            [sys.executable, "-P", _READER], stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as reader,
    ):
        try:
            for line in reader.stdout or ():
                row = json.loads(line)
                if isinstance(row, str):
                    break
                yield row[0], row[1], row[2]
            else:
                row = "it is damaged, or too large for a list of appointments: save it again"
        finally:
            reader.kill()
    if row:
        raise InputFileError(f"{path}: the spreadsheet can't be read: {row}")
    after = path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise InputFileError(f"{path}: the file changed while it was read: import it when it is written completely")
