"""What is shown: a table on a terminal, tab-separated lines elsewhere, JSON and CSV as contracts.

stdout is data. Nothing of the data is taken as markup, and nothing is cut off a terminal.
"""

import csv
import io
import json
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from enum import Enum
from typing import Any

Row = Mapping[str, Any]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes as the beginning of a formula (CWE-1236)
_NUMBER = re.compile(r"\+[0-9 •]+")


def show_list(
    rows: Iterable[Row],
    keys: Sequence[str],
    *,
    table: Sequence[str] = (),
    as_json: bool = False,
    as_csv: bool = False,
) -> None:
    """A list of rows that have all these keys; a person is shown the ones in `table`, all if there are none."""
    found = list(rows)
    columns = table or keys
    if as_json:
        show_json(found)
    elif as_csv:
        write(csv_text(found, keys))
    elif sys.stdout.isatty():
        _show_table(found, columns)
    else:
        for row in found:
            write("\t".join(" ".join(plain(row[c]).split()) for c in columns) + "\n")


def show_one(row: Row, *, as_json: bool = False) -> None:
    """One thing: a line for each key that has a value."""
    if as_json:
        show_json(row)
        return
    width = max(map(len, row), default=0)
    for key, value in row.items():
        if plain(value):
            write(f"{key.replace('_', ' '):{width}}  {plain(value)}\n")


def show_json(value: object) -> None:
    """JSON: times with their offset, money as text."""
    write(json_text(value, indent=2) + "\n")


def json_text(value: object, *, indent: int | None = None, any_letter: bool = False) -> str:
    """JSON with letters as they are where stdout can write them, else as codes: it is JSON in any encoding.

    `any_letter`: what it is for can write them all.
    """
    can_write = any_letter or (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    return json.dumps(value, ensure_ascii=not can_write, indent=indent, default=plain)


def write(text: str) -> None:
    """Put a text on stdout as it stands; where the reader went away, nothing more is said."""
    try:
        sys.stdout.write(text)
    except BrokenPipeError:
        discard_output()


def write_utf8(text: str) -> None:
    """Put a text on stdout as UTF-8 whatever the encoding of stdout: for a file format that is the same everywhere."""
    if not isinstance(sys.stdout, io.TextIOWrapper):
        write(text)
        return
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
    except BrokenPipeError:
        discard_output()


def flush() -> None:
    """What was put on stdout leaves now; a reader that went away is no error. Raises OSError."""
    try:
        sys.stdout.flush()
    except OSError as error:
        discard_output()  # else Python tries it once more at its end
        if not isinstance(error, BrokenPipeError):
            raise


def discard_output() -> None:
    """Let everything that is still to come on stdout go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def csv_text(rows: Iterable[Row], columns: Sequence[str]) -> str:
    """CSV with commas and a header; text that a spreadsheet would run as a formula is guarded, numbers never."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([guarded(row[c], is_phone=c == "phone") for c in columns] for row in rows)
    return buffer.getvalue()


def guarded(value: object, *, is_phone: bool = False) -> str:
    """A cell of a CSV file; a phone number may begin with its plus."""
    text = plain(value)
    if not isinstance(value, str) or not text.startswith(_FORMULA) or (is_phone and _NUMBER.fullmatch(text)):
        return text
    return f"'{text}"


def plain(value: object) -> str:
    """A value as text, the same in every output."""
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
    """A time as the practice's clock shows it, in whole seconds."""
    return None if moment is None else moment.astimezone(zone).replace(microsecond=0)


def _show_table(rows: Sequence[Row], columns: Sequence[str]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD)
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(_short(row[c]) for c in columns))
    Console(markup=False, emoji=False, highlight=False).print(table)


def _short(value: object) -> str:
    return f"{value:%a %d %b %Y %H:%M}" if isinstance(value, datetime) else plain(value)
