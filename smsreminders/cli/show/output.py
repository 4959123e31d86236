"""Output on stdout: a table on a terminal, tab-separated lines elsewhere, JSON and CSV as contracts.

stdout is data. Nothing of the data is taken as markup, and nothing is cut off a terminal.
"""

import csv
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from enum import Enum

from smsreminders.cli.show.columns import Column, Columns, Row, Thing, View, for_people, keys, row

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes as the beginning of a formula (CWE-1236)
_NUMBER = re.compile(r"\+[0-9 •]+")


def show_all(
    things: Iterable[Thing], columns: Columns[Thing], view: View, *, as_json: bool = False, as_csv: bool = False
) -> None:
    """Show a list of things: its weighty columns to a person, all columns to a program."""
    if as_json:
        show_json([row(thing, columns, view) for thing in things])
        return
    if as_csv:
        write(csv_text((row(thing, columns, view) for thing in things), keys(columns)))
        return
    seen = for_people(columns)
    cells = ([column.cell(thing, view) for column in seen] for thing in things)
    if sys.stdout.isatty():
        _draw_table(cells, [column.title for column in seen])
    else:
        for line in cells:
            write("\t".join(" ".join(plain(cell).split()) for cell in line) + "\n")


def show_list(
    rows: Iterable[Row],
    keys: Sequence[str],
    *,
    table: Sequence[str] = (),
    as_json: bool = False,
    as_csv: bool = False,
) -> None:
    """Show rows that have all these keys; a person sees the ones in `table`, or all where it is empty."""
    if as_json:
        show_json(list(rows))
        return
    columns = [Column(key, _cell_of(key), 1) for key in (keys if as_csv else table or keys)]
    show_all(rows, columns, View(), as_csv=as_csv)


def show_one(row: Row, *, as_json: bool = False) -> None:
    """Show one thing: a line for each key that has a value."""
    if as_json:
        show_json(row)
    else:
        write_lines(one_lines(row))


def one_lines(row: Row) -> Iterator[str]:
    """Write one thing for a person: a line for each key that has a value."""
    width = max(map(len, row), default=0)
    for key, value in row.items():
        if plain(value):
            yield f"{key.replace('_', ' '):{width}}  {plain(value)}"


def show_json(value: object) -> None:
    """Show a value as JSON: times with their offset, money as text."""
    write(json_text(value, indent=2) + "\n")


def json_text(value: object, *, indent: int | None = None, any_letter: bool = False) -> str:
    """Write JSON with letters as they are where stdout can write them, else as codes.

    `any_letter`: the text goes where all letters can be written.
    """
    can_write = any_letter or (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    return json.dumps(value, ensure_ascii=not can_write, indent=indent, default=plain)


def write(text: str) -> None:
    """Put a text on stdout as it stands; a reader that went away is no error."""
    try:
        sys.stdout.write(text)
    except BrokenPipeError:
        discard_output()


def write_lines(lines: Iterable[str]) -> None:
    """Put lines on stdout, each with its end."""
    for line in lines:
        write(f"{line}\n")


def write_utf8(text: str) -> None:
    """Put a text on stdout as UTF-8, whatever its encoding: for a file format that is the same everywhere."""
    if not isinstance(sys.stdout, io.TextIOWrapper):
        write(text)
        return
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
    except BrokenPipeError:
        discard_output()


def flush() -> None:
    """Flush stdout; a reader that went away is no error. Raises OSError."""
    try:
        sys.stdout.flush()
    except OSError as error:
        discard_output()  # else Python tries it once more at its end
        if not isinstance(error, BrokenPipeError):
            raise


def discard_output() -> None:
    """Drop all that is still to come on stdout."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def csv_text(rows: Iterable[Row], columns: Sequence[str]) -> str:
    """Write CSV with commas and a header; text that a spreadsheet would run as a formula is guarded, numbers never."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([guarded(row[c], is_phone=c == "phone") for c in columns] for row in rows)
    return buffer.getvalue()


def guarded(value: object, *, is_phone: bool = False) -> str:
    """Write a cell of a CSV file; a phone number may begin with its plus."""
    text = plain(value)
    if not isinstance(value, str) or not text.startswith(_FORMULA) or (is_phone and _NUMBER.fullmatch(text)):
        return text
    return f"'{text}"


def plain(value: object) -> str:
    """Write a value as text, the same in every output."""
    if value is None:
        return ""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping):
        return ", ".join(f"{plain(k)} {plain(v)}" for k, v in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(map(plain, value))
    return str(value)


def local(moment: datetime | None, zone: tzinfo) -> datetime | None:
    """Put a time on the practice's clock, in whole seconds; None stays None."""
    return View(zone).local(moment)


def _cell_of(key: str) -> Callable[[Row, View], object]:
    return lambda row, _: row[key]


def _draw_table(rows: Iterable[Sequence[object]], headings: Sequence[str]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for cells in rows:
        table.add_row(*map(_short, cells))
    Console(markup=False, emoji=False, highlight=False).print(table)


def _short(value: object) -> str:
    """Write a cell of a table; a time as people read it."""
    return f"{value:%a %d %b %Y %H:%M}" if isinstance(value, datetime) else plain(value)
