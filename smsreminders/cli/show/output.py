"""Output on stdout: a table on a terminal, tab-separated lines elsewhere, JSON and CSV as contracts.

stdout is data. Nothing of the data is taken as markup, and nothing is cut off a terminal.
"""

import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator

from smsreminders.cli.show.columns import Columns, Row, Thing, View, keys, row
from smsreminders.cli.show.form import Form, Kind, Listed
from smsreminders.cli.show.values import in_one_line, plain
from smsreminders.cli.show.wrap import wrapped


def show_all(
    listed: Listed[Thing],
    columns: Columns[Thing],
    view: View,
    form: Form,
    *,
    say: Callable[[str], None],
    for_the_desk: bool = False,
) -> list[str]:
    """Show a list in the form that is asked for; of a table, `say` tells what it leaves out.

    A table `for_the_desk` is in Dutch where the configuration is. Returns the keys of the columns for which a table had
    no room.
    """
    if form.kind is Kind.TABLE:
        if for_the_desk and view.language == "nl":
            from smsreminders.cli.show.dutch import in_dutch

            columns = in_dutch(columns)
        return _show_table(listed, columns, view, form, say)
    rows = (row(thing, columns, view) for thing in listed.things)
    match form.kind:
        case Kind.JSON:
            show_json(list(rows))
        case Kind.CSV:
            from smsreminders.cli.show.sheet import csv_text

            write_utf8(csv_text(rows, keys(columns)))
        case Kind.DUTCH_CSV:
            from smsreminders.cli.show.sheet import dutch_csv_text

            write_utf8(dutch_csv_text(rows, keys(columns)))
        case Kind.LINES:
            write_lines("\t".join(map(in_one_line, cells.values())) for cells in rows)
    return []


def show_one(row: Row, *, as_json: bool = False) -> None:
    """Show one thing: a line for each key that has a value."""
    if as_json:
        show_json(row)
    else:
        write_lines(one_lines(row))


def one_lines(row: Row) -> Iterator[str]:
    """Write one thing for a person: a line for each key that has a value, broken at words on a narrow terminal."""
    width = max(map(len, row), default=0)
    for key, value in row.items():
        if plain(value):
            yield wrapped(f"{key.replace('_', ' '):{width}}  {plain(value)}", sys.stdout, hanging=width + 2)


def show_json(value: object) -> None:
    """Show a value as JSON: times with their offset, money as text."""
    write(json_text(value, indent=2) + "\n")


def json_text(value: object, *, indent: int | None = None, any_letter: bool = False) -> str:
    """Write JSON with letters as they are where stdout can write them, else as codes.

    `any_letter`: the text goes where all letters can be written.
    """
    return json.dumps(value, ensure_ascii=not (any_letter or _has_all_letters()), indent=indent, default=plain)


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


def write_wrapped(lines: Iterable[str], *, hanging: int = 0) -> None:
    """Put lines on stdout, each broken at words where a terminal is too narrow for it."""
    write_lines(wrapped(line, sys.stdout, hanging=hanging) for line in lines)


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


def _show_table(
    listed: Listed[Thing], columns: Columns[Thing], view: View, form: Form, say: Callable[[str], None]
) -> list[str]:
    from rich.console import Console

    from smsreminders.cli.show.table import NARROWEST, table_of

    console = Console(markup=False, emoji=False, highlight=False)
    if not listed.things:
        say("There is nothing to show.")
        return []
    table = table_of(listed.things, columns, view, width=None if form.wide else max(NARROWEST, console.width))
    in_colour = console.color_system is not None and not console.no_color
    write_lines(table.lines(in_colour=in_colour, sign="…" if _has_all_letters() else "..."))
    if left_out := table.left_out():
        say(left_out)
    if listed.how_many:
        say(listed.how_many)
    return [strip.key for strip in table.no_room]


def _has_all_letters() -> bool:
    """Tell whether stdout can write every letter."""
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
