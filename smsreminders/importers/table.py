"""Tables: rows of cells under a header -> records. What CSV files and spreadsheets have in common.

An importer of tables makes the rows, each with its place; all else is here and in wanted, columns, rows and cells.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from smsreminders.errors import InputFileError
from smsreminders.importers.columns import Columns, find_columns, is_header
from smsreminders.importers.records import Kind, Layout, LeftOut, Reading, Record, RowError
from smsreminders.importers.rows import read_row
from smsreminders.importers.shares import Shared, Whose, shared_by
from smsreminders.importers.swapped import Days
from smsreminders.importers.wanted import Wanted, wanted_columns

TITLE_ROWS = 20  # among which the names of the columns are looked for


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that can't be cut into cells, and why."""

    reason: str


TableRow = tuple[str, Sequence[str] | BadRow]  # its place in the file, and its cells


def read_table(path: Path, rows: Iterable[TableRow], kind: Kind, layout: Layout) -> Reading:
    """Read the records of a table, under the row that names its columns.

    The header is read at once, the rows as they are asked for. Raises InputFileError where a column is missing,
    UsageError where the layout names a field that there isn't.
    """
    wanted, left_out = wanted_columns(kind, layout), Counter[LeftOut]()
    written = _written(rows)
    header = _find_header(path, written, wanted, left_out)
    columns = replace(find_columns(path, header, wanted), aligned=layout.spreadsheet)
    written = _without_repeats(header, written, left_out)
    strangers = Counter[str]()
    shared = shared_by(path, columns, layout.share, strangers)
    ours = _of_share(written, shared, kind, columns, layout)
    if layout.spreadsheet and "start" in columns.places:
        ours = _with_days_in_order(path, ours, columns, layout)
    records = _records(ours, kind, columns, layout=layout, left_out=left_out)
    if shared:
        records = chain(records, shared.doubts())
    return Reading(records, tuple(columns.places), columns.unused(), left_out, strangers=strangers)


def _written(rows: Iterable[TableRow]) -> Iterator[TableRow]:
    """Give the rows in which something is written."""
    return (row for row in rows if isinstance(row[1], BadRow) or any(map(str.strip, row[1])))


def _without_repeats(header: Sequence[str], rows: Iterator[TableRow], left_out: Counter[LeftOut]) -> Iterator[TableRow]:
    """Leave the header out where it stands there again, as in files that were put behind each other."""
    for row in rows:
        if row[1] == header:
            left_out[LeftOut.ABOVE] += 1
        else:
            yield row


def _of_share(
    rows: Iterator[TableRow], shared: Shared | None, kind: Kind, columns: Columns, layout: Layout
) -> Iterator[TableRow]:
    """Give the rows of a practice, and those that may be its: what can't be cut into cells tells nobody's name.

    A line that is no record is nobody's by right.
    """
    for place, cells in rows:
        if shared and not isinstance(cells, BadRow) and not columns.misfit(cells):
            whose = shared.whose(cells)
            if whose is Whose.UNKNOWN and not isinstance(read_row(place, cells, kind, columns, layout), LeftOut):
                shared.count(cells)
            if whose is not Whose.OURS:
                continue
        yield place, cells


def _with_days_in_order(path: Path, rows: Iterator[TableRow], columns: Columns, layout: Layout) -> Iterator[TableRow]:
    """Give rows on; raises InputFileError after the last one where a spreadsheet took days for months."""
    days = Days(layout.time_format)
    for place, cells in rows:
        if not isinstance(cells, BadRow):
            days.see(columns.texts(cells)["start"])
        yield place, cells
    if days.are_swapped:
        raise InputFileError(
            f"{path}: {columns.name('start')}: all {days.texts} dates that are texts have a day above 12, and none of "
            f"the {days.cells} that are dates has one: a spreadsheet took their days for months; export the file again "
            "and leave it as it is, or let the column be text"
        )


def _records(
    rows: Iterator[TableRow], kind: Kind, columns: Columns, *, layout: Layout, left_out: Counter[LeftOut]
) -> Iterator[Record | RowError]:
    """Read the rows one by one; what is no record is counted and left out."""
    for place, cells in rows:
        if isinstance(cells, BadRow):
            yield RowError(place, columns.headers[0], cells.reason)
            continue
        record = read_row(place, cells, kind, columns, layout)
        if isinstance(record, LeftOut):
            left_out[record] += 1
        else:
            yield record


def _find_header(path: Path, rows: Iterator[TableRow], wanted: Wanted, left_out: Counter[LeftOut]) -> Sequence[str]:
    """Find the row that names the columns: the first that names all required ones; empty if there is no row at all.

    Lines may stand above it, such as a title or the day of printing. Where none names them it is the first row, and the
    rows that were looked at are gone. Raises InputFileError: no header, and a row that can't be cut into cells.
    """
    first: Sequence[str] = ()
    bad = ""
    for above, (_, cells) in enumerate(islice(rows, TITLE_ROWS)):
        if isinstance(cells, BadRow):
            bad = bad or f"{path}: {cells.reason}"
            continue
        first = first or cells
        if is_header(cells, wanted):
            left_out[LeftOut.ABOVE] += above
            return cells
    if bad:
        raise InputFileError(bad)
    return first
