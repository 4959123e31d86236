"""Formats: which importer reads a file, found by the file's ending, its first bytes, or the format's name."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from smsreminders.errors import InputFileError, UsageError, did_you_mean
from smsreminders.importers.records import Kind, Layout, Reading, Record, RowError
from smsreminders.importers.times import check_time_format

__all__ = ["Kind", "Layout", "Reading", "Record", "RowError", "formats", "read_file"]

_TABLES = dict.fromkeys((".csv", ".tsv"), "csv") | dict.fromkeys((".xlsx", ".xlsm", ".xls", ".ods"), "xlsx")
_BY_ENDING = _TABLES | dict.fromkeys((".json", ".ndjson"), "fhir")
_BY_ENDING |= dict.fromkeys((".ics", ".ical", ".icalendar"), "ics")
_BY_ENDING |= {".hl7": "hl7"}
_BY_BEGINNING = {b"{": "fhir", b"[": "fhir", b"<": "fhir", b"BEGIN:VCALENDAR": "ics"}  # where the ending says nothing
_BY_BEGINNING |= dict.fromkeys((b"MSH", b"FHS", b"BHS", b"\x0b"), "hl7")
_NO_TABLE = {
    b"BEGIN:VCALENDAR": "a calendar (.ics)",
    b"{": "JSON, such as FHIR (.json)",
    b"MSH|": "HL7 messages (.hl7)",
}
_OF_FOLDERS = frozenset({"ics", "hl7"})  # whose importers read a folder of files as one
_OTHERWISE = {".txt": "csv"}
_SPREADSHEETS = dict.fromkeys((b"PK", b"\xd0\xcf\x11\xe0"), "xlsx")


def formats() -> list[str]:
    """List the formats that there are, by name."""
    return sorted(set(_BY_ENDING.values()))


def read_file(path: Path, kind: Kind, layout: Layout, *, format_name: str = "auto") -> Reading:
    """Read a file record by record; what can't be understood is told in its place, whatever the others say.

    `auto` goes by the file's ending, and where that says nothing by its first bytes. Raises UsageError where the layout
    can't be used, InputFileError where the file as a whole can't.
    """
    check_time_format(layout.time_format)
    name = known_format(path, format_name)
    if layout.share and name not in _TABLES.values():
        raise UsageError(f"{path}: only a table has a column that tells whose each row is: name one practice")
    reading: Reading = import_module(f"smsreminders.importers.{name}").read(path, kind, layout)
    return reading


def known_format(path: Path, format_name: str = "auto") -> str:
    """Tell the format of a file: the one that is asked for, or its own.

    Raises UsageError for a format that there isn't, InputFileError where nothing tells it, or where a table by its
    ending is plainly none.
    """
    check_format(format_name)
    name = format_of(path, format_name)
    if name == "csv" and format_name == "auto" and (what := _begins_with(path, _NO_TABLE)):
        raise InputFileError(f"{path}: not a table but {what}: give it that ending")
    if name is None:
        raise InputFileError(f"{path}: the format isn't known by its ending: say --format {'|'.join(formats())}")
    return name


def check_format(name: str) -> None:
    """Refuse a format that there isn't. Raises UsageError."""
    if name not in {"auto", *formats()}:
        raise UsageError(f'there is no format "{name}"; {did_you_mean(name, ["auto", *formats()])}')


def format_of(path: Path, format_name: str = "auto") -> str | None:
    """Tell the format of a file; None where neither its ending nor its first bytes say it. Raises InputFileError."""
    ending = path.suffix.lower()
    if format_name != "auto":
        return format_name
    if _BY_ENDING.get(ending) == "xlsx" and path.is_file() and not _begins_with(path, _SPREADSHEETS):
        return "csv"  # many programs call a text so, for a spreadsheet opens it
    return _BY_ENDING.get(ending) or _by_beginning(path) or _OTHERWISE.get(ending)


def _by_beginning(path: Path) -> str | None:
    """Tell the format by the first characters of a file, or the endings in a folder; None where they say nothing."""
    try:
        endings = sorted(file.suffix.lower() for file in path.iterdir()) if path.is_dir() else ()
    except OSError as error:
        raise InputFileError(f"{path}: {error.strerror}") from error
    if path.is_dir():
        return next((name for name in map(_BY_ENDING.get, endings) if name in _OF_FOLDERS), None)
    return _begins_with(path, _BY_BEGINNING)


def _begins_with(path: Path, beginnings: Mapping[bytes, str]) -> str | None:
    """Tell what a file's first bytes mean by these beginnings; None where it has none of them, or is no file."""
    if not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            head = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
    except OSError as error:
        raise InputFileError(f"{path}: {error.strerror}") from error
    return next((meaning for beginning, meaning in beginnings.items() if head.startswith(beginning)), None)
