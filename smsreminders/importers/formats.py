"""Importers: a file -> appointments, patients, consents, and row errors. One file a format, found by endings."""

from importlib import import_module
from pathlib import Path

from smsreminders.errors import InputFileError, UsageError, did_you_mean
from smsreminders.importers.records import Kind, Layout, Part, Record, RowError, Rows

__all__ = ["Kind", "Layout", "Part", "Record", "RowError", "Rows", "formats", "read_file"]

_BY_ENDING = {".csv": "csv", ".tsv": "csv", ".txt": "csv"}


def formats() -> list[str]:
    """The formats that there are."""
    return sorted(set(_BY_ENDING.values()))


def read_file(path: Path, kind: Kind, layout: Layout, *, format_name: str = "auto") -> Rows:
    """The rows of a file in their order, each understood or told why not, whatever the others say.

    `auto` goes by the file's ending. Raises InputFileError where the file as a whole can't be used.
    """
    if format_name not in {"auto", *formats()}:
        raise UsageError(f'there is no format "{format_name}"; {did_you_mean(format_name, ["auto", *formats()])}')
    name = _BY_ENDING.get(path.suffix.lower()) if format_name == "auto" else format_name
    if name is None:
        raise InputFileError(f"{path}: the format isn't known by its ending: say --format {'|'.join(formats())}")
    rows: Rows = import_module(f"smsreminders.importers.{name}").read(path, kind, layout)
    return rows
