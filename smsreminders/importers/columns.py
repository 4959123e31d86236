"""Columns of a table: at which of a file's columns each of our fields stands."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from smsreminders.errors import InputFileError
from smsreminders.importers.wanted import Wanted

_SHOWN = 10  # headers in an error


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a file by its own names, and at which of them each field stands: at several that are joined."""

    headers: tuple[str, ...]
    places: Mapping[str, tuple[int, ...]]
    joined: tuple[str, ...]
    aligned: bool = False  # a spreadsheet's cells stand under their header, whatever stands beside the table

    def name(self, field: str) -> str:
        """Name a field's column as the user knows it; joined columns with a `+` between them."""
        return "+".join(self.headers[place] for place in self.places[field])

    def unused(self) -> tuple[str, ...]:
        """List the columns at which no field stands, as they may be shown."""
        used = {place for places in self.places.values() for place in places}
        return tuple(_shown(name) for place, name in enumerate(self.headers) if name and place not in used)

    def texts(self, cells: Sequence[str]) -> dict[str, str]:
        """Take the text of each field from a row's cells, without blanks around it; a space between joined ones."""
        texts = {field: cells[places[0]].strip() for field, places in self.places.items()}
        for field in self.joined:
            texts[field] = " ".join(filter(None, (cells[place].strip() for place in self.places[field])))
        return texts

    def misfit(self, cells: Sequence[str]) -> str | None:
        """Tell that a row has another width than the header, so that no cell can be trusted; None if it fits."""
        width = len(self.headers)
        if self.aligned or (len(cells) >= width and not any(map(str.strip, cells[width:]))):
            return None
        return f"the row has {len(cells)} cells, the header {width}: is a delimiter or line break not quoted?"

    def lack(self, cells: Sequence[str], field: str) -> bool:
        """Tell whether a field that is joined has an empty cell in a row."""
        return field in self.joined and not all(cells[place].strip() for place in self.places[field])


def count_known(header: Sequence[str], wanted: Wanted) -> int:
    """Count the cells of a header that are columns that we want."""
    folded = [_folded(cell) for cell in header]
    parts = (part for names in wanted.names.values() for name in names for part in _parts(name, folded))
    known = set(map(_folded, parts))
    loose_names = {part for names in wanted.synonyms.values() for parts in names for part in parts}
    return sum(cell in known or loosely(cell) in loose_names for cell in folded)


def is_header(cells: Sequence[str], wanted: Wanted) -> bool:
    """Whether a row names the columns of all required fields."""
    folded = [_folded(cell) for cell in cells]
    loose = list(map(loosely, folded))
    return all(
        any(all(_folded(part) in folded for part in _parts(name, folded)) for name in wanted.names[field])
        or any(all(part in loose for part in parts) for parts in wanted.synonyms.get(field, ()))
        for field in wanted.required
    )


def find_columns(path: Path, header: Sequence[str], wanted: Wanted) -> Columns:
    """Find the columns of a file by its header; those that nobody wants are left out.

    Raises InputFileError: no header line, a column twice, a mapped or a required one that is missing.
    """
    headers = _without_empty_end([_tidy(cell) for cell in header])
    if not headers:
        raise InputFileError(f"{path}: no line with the names of the columns")
    if any("\0" in name for name in headers):
        raise InputFileError(f"{path}: NUL characters in the first line: not a text file, or UTF-16 without its mark")
    places_of = {field: _places(path, headers, field, names) for field, names in wanted.names.items()}
    places_of |= _by_synonyms(headers, places_of, wanted)
    missing = [field for field in wanted.required if not places_of[field]]
    if missing:
        columns = ", ".join(_told_missing(field, wanted.names[field][0]) for field in missing)
        hint = " ".join(f"--map {field}=COLUMN" for field in missing)
        raise InputFileError(
            f"{path}: no column {columns}: {_listed(headers)}; name the file's own with {hint}{wanted.advice}"
        )
    places = {field: places for field, places in places_of.items() if places}
    return Columns(headers, places, tuple(field for field in places if len(places[field]) > 1))


def only_place(path: Path, column: str, columns: Columns) -> int:
    """Find the place of a column by its name. Raises InputFileError where it isn't there, or more than once."""
    folded = [_folded(name) for name in columns.headers]
    if _folded(column) not in folded:
        raise InputFileError(
            f'{path}: no column "{column}", which tells whose each row is: {_nearest(column, columns.headers)}'
        )
    return _only_place(path, column, folded)


def _places(path: Path, headers: Sequence[str], field: str, names: Sequence[str]) -> tuple[int, ...]:
    """Find where a field stands, by the first of its names that the file has; () without one, if none is mapped."""
    folded = [_folded(name) for name in headers]
    for name in names:
        parts = _parts(name, folded)
        lacking = [part for part in parts if _folded(part) not in folded]
        if not lacking:
            return tuple(_only_place(path, part, folded) for part in parts)
        if names[-1] != field:  # it is mapped, so it is the only name
            raise InputFileError(
                f'{path}: no column "{lacking[0]}" (mapped to {field}): {_nearest(lacking[0], headers)}'
            )
    return ()


def _by_synonyms(
    headers: Sequence[str], places_of: Mapping[str, tuple[int, ...]], wanted: Wanted
) -> dict[str, tuple[int, ...]]:
    """Find the fields without a place by their synonyms, at columns that are there once and stand for no other field.

    The date of a start may be that of an end too.
    """
    loose = [loosely(_folded(name)) for name in headers]
    named = {place for places in places_of.values() for place in places}
    times = Counter(loose)
    free = {name: place for place, name in enumerate(loose) if times[name] == 1 and place not in named}
    return {
        field: tuple(free[part] for part in parts)
        for field, synonyms in wanted.synonyms.items()
        if not places_of[field]
        for parts in [next((parts for parts in synonyms if all(part in free for part in parts)), ())]
    }


def _parts(name: str, folded: Sequence[str]) -> list[str]:
    """Split a name into the columns that it joins; it is one where a column has the whole name."""
    joined = [_tidy(part) for part in name.split("+")]
    return joined if all(joined) and _folded(name) not in folded else [name]


def _only_place(path: Path, column: str, folded: Sequence[str]) -> int:
    times = folded.count(_folded(column))
    if times > 1:
        raise InputFileError(f'{path}: the column "{column}" stands there {times} times')
    return folded.index(_folded(column))


def _told_missing(field: str, usual: str) -> str:
    return f'"{field}"' if _folded(usual) == field else f'"{field}" (nor the usual "{usual}")'


def _tidy(name: str) -> str:
    return name.replace("\ufeff", "").strip()


def loosely(name: str) -> str:
    """Write a name without accents, blanks and signs: Patiënt-nr. is patientnr."""
    folded = _folded(name)
    plain = folded if folded.isascii() else unicodedata.normalize("NFKD", folded)
    return "".join(letter for letter in plain if letter.isalnum())


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
    """List the columns that there are; nothing of a header that is a row already, for it tells of a patient."""
    if any(len(re.findall(r"\d", name)) >= 6 for name in headers):
        return "the first line looks like a row, not like the names of the columns"
    more = f" and {len(headers) - _SHOWN} more" if len(headers) > _SHOWN else ""
    return "there are " + ", ".join(_shown(name) for name in headers[:_SHOWN]) + more


def _shown(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable())[:40]
