"""The columns of a table: which fields each kind of rows has, and where they stand in a file."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from smsreminders.errors import InputFileError, UsageError, did_you_mean
from smsreminders.importers.records import Kind

FIELDS = {
    Kind.PATIENTS: ("patient_id", "name", "phone", "language", "consent"),
    Kind.APPOINTMENTS: (
        *("appointment_id", "patient_id", "start", "end", "status", "location", "practitioner"),
        *("patient_name", "phone", "language", "consent"),
    ),
    Kind.CONSENTS: ("patient_id", "consent", "at", "how", "by", "wording"),
}
ID_FIELD = {Kind.PATIENTS: "patient_id", Kind.APPOINTMENTS: "appointment_id", Kind.CONSENTS: "patient_id"}
_REQUIRED = {
    Kind.PATIENTS: ("patient_id",),
    Kind.APPOINTMENTS: ("appointment_id", "patient_id", "start"),
    Kind.CONSENTS: ("patient_id", "consent"),
}
_SHOWN = 10  # headers in an error


@dataclass(frozen=True, slots=True)
class Columns:
    """The file's own names of its columns, and at which of them our fields stand."""

    headers: tuple[str, ...]
    places: Mapping[str, int]

    def name(self, field: str) -> str:
        """A field's column as the user knows it."""
        return self.headers[self.places[field]]


def wanted_columns(kind: Kind, mapped: Mapping[str, str]) -> dict[str, str]:
    """Each field of the kind with the name of its column: its own or the one mapped. Raises UsageError."""
    for field in mapped:
        if field not in FIELDS[kind]:
            raise UsageError(f'{kind} have no field "{field}" to map: {did_you_mean(field, FIELDS[kind])}')
    return {field: mapped.get(field, field) for field in FIELDS[kind]}


def count_known(header: Sequence[str], wanted: Mapping[str, str]) -> int:
    """How many cells of a header line are columns that we want."""
    names = {_folded(name) for name in wanted.values()}
    return sum(_folded(cell) in names for cell in header)


def find_columns(path: Path, header: Sequence[str], kind: Kind, wanted: Mapping[str, str]) -> Columns:
    """The columns of a file by its header line; those that nobody wants are left out.

    Raises InputFileError: no header line, a column twice, a mapped or a required one that is missing.
    """
    headers = _without_empty_end([_tidy(cell) for cell in header])
    if not headers:
        raise InputFileError(f"{path}: no line with the names of the columns")
    if any("\0" in name for name in headers):
        raise InputFileError(f"{path}: NUL characters in the first line: not a text file, or UTF-16 without its mark")
    places: dict[str, int] = {}
    folded = [_folded(name) for name in headers]
    for field, column in wanted.items():
        found = folded.count(_folded(column))
        if found > 1:
            raise InputFileError(f'{path}: the column "{column}" stands there {found} times')
        if found:
            places[field] = folded.index(_folded(column))
        elif column != field:
            raise InputFileError(f'{path}: no column "{column}" (mapped to {field}): {_nearest(column, headers)}')
    missing = [field for field in _REQUIRED[kind] if field not in places]
    if missing:
        names = ", ".join(f'"{field}"' for field in missing)
        hint = " ".join(f"--map {field}=COLUMN" for field in missing)
        raise InputFileError(f"{path}: no column {names}: {_listed(headers)}; name the file's own with {hint}")
    return Columns(headers, places)


def _tidy(name: str) -> str:
    return name.replace("\ufeff", "").strip()


def _folded(name: str) -> str:
    return _tidy(name).casefold()


def _without_empty_end(headers: list[str]) -> tuple[str, ...]:
    while headers and not headers[-1]:
        headers.pop()
    return tuple(headers)


def _nearest(column: str, headers: Sequence[str]) -> str:
    by_folded = {_folded(name): name for name in headers}
    near = get_close_matches(_folded(column), by_folded, 1)
    return f'did you mean "{_shown(by_folded[near[0]])}"?' if near else _listed(headers)


def _listed(headers: Sequence[str]) -> str:
    """What columns there are; nothing of a line that is a row already, for it tells of a patient."""
    if any(len(re.findall(r"\d", name)) >= 6 for name in headers):
        return "the first line looks like a row, not like the names of the columns"
    more = f" and {len(headers) - _SHOWN} more" if len(headers) > _SHOWN else ""
    return "there are " + ", ".join(_shown(name) for name in headers[:_SHOWN]) + more


def _shown(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable())[:40]
