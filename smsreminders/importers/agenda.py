"""Rows of an agenda by the thousand: read column by column, and with care only where one is bad.

Most cells of an agenda repeat themselves: times, places, what is said of a patient. Each group of fields is looked up
by its cells, and the readers of rows.py are asked for those that are new. Memory is a grid and what is known.
"""

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Generic, TypeVar

from smsreminders.domain.source_ids import LONGEST
from smsreminders.importers.columns import Columns
from smsreminders.importers.grid import Cells, Grid
from smsreminders.importers.records import Agenda, Kind, Layout, Record, RowError, next_number
from smsreminders.importers.rows import FieldError, Row, read_detail, read_patient_of_appointment, read_row, read_visit

_Part = TypeVar("_Part")
_OF_PATIENT = ("patient_id", "patient_name", "phone", "language", "consent")
_OF_VISIT = ("start", "end")
_OF_DETAIL = ("status", "location", "practitioner")
_KNOWN = 16_384  # parts of one kind, some megabytes: then it begins anew


class _UnlikeOthersError(Exception):
    """These rows are not as most are: read them one by one."""


class AgendaReader:
    """Reads the rows of one file of appointments, and knows what it read."""

    def __init__(self, columns: Columns, layout: Layout) -> None:
        self._columns, self._layout = columns, layout
        [self._id] = columns.places["appointment_id"]
        self._patients = _Parts(_OF_PATIENT, read_patient_of_appointment, columns, layout)
        self._visits = _Parts(_OF_VISIT, read_visit, columns, layout)
        self._details = _Parts(_OF_DETAIL, read_detail, columns, layout)

    def read(self, grid: Grid) -> list[Record | RowError | Agenda]:
        """The rows of a grid, without the blank ones. One with a bad row is halved until that row is alone."""
        try:
            return [self._alike(grid)]
        except (_UnlikeOthersError, FieldError):
            if len(grid.lines) > 1:
                return [one for half in grid.halves() for one in self.read(half)]
            [(line, cells)] = grid.rows()
            return [*read_row(line, cells, Kind.APPOINTMENTS, self._columns, self._layout)]

    def _alike(self, grid: Grid) -> Agenda:
        """Rows that a look-up understands. Raises _UnlikeOthersError and FieldError."""
        if not (self._fits(grid) and _are_plain(ids := grid.columns[self._id])):
            raise _UnlikeOthersError
        patients, visits, details = (part.numbers(grid) for part in (self._patients, self._visits, self._details))
        return Agenda(
            grid.lines,
            ids,
            patients,
            visits,
            details,
            self._patients.told_first(patients),
            self._visits.told_first(visits),
            self._details.told_first(details),
        )

    def _fits(self, grid: Grid) -> bool:
        """Whether the rows are as wide as the header, but for empty cells at their end."""
        width = len(self._columns.headers)
        return len(grid.columns) >= width and not any(map(str.strip, chain.from_iterable(grid.columns[width:])))


class _Parts(Generic[_Part]):
    """The part of each row that stands in some fields: what rows say alike has one number."""

    def __init__(self, fields: Sequence[str], read: Callable[[Row], _Part], columns: Columns, layout: Layout) -> None:
        self._places = {field: columns.places[field] for field in fields if field in columns.places}
        self._read, self._layout = read, layout
        self._numbers = _Numbers(self._number)
        self._untold: dict[int, _Part] = {}

    def numbers(self, grid: Grid) -> list[int]:
        """The number of each row's part. Raises FieldError."""
        columns = [grid.columns[place] for places in self._places.values() for place in places]
        keys = zip(*columns, strict=True) if columns else [()] * len(grid.lines)
        return list(map(self._numbers.__getitem__, keys))

    def told_first(self, numbers: Sequence[int]) -> Sequence[tuple[int, _Part]]:
        """Which of these numbers were not told yet, and what they stand for."""
        if not self._untold:
            return ()
        return [(number, self._untold.pop(number)) for number in sorted(self._untold.keys() & set(numbers))]

    def _number(self, key: Cells) -> int:
        cells = iter(key)
        fields = {field: [next(cells) for _ in places] for field, places in self._places.items()}
        part = self._read(Row(0, fields, self._layout))
        number = next_number()
        self._untold[number] = part
        return number


class _Numbers(dict[Cells, int]):
    """The number of each key; what can't be read has none."""

    def __init__(self, number: Callable[[Cells], int]) -> None:
        super().__init__()
        self._number = number

    def __missing__(self, key: Cells) -> int:
        number = self._number(key)
        if len(self) >= _KNOWN:
            self.clear()
        self[key] = number
        return number


def _are_plain(ids: Cells) -> bool:
    """Whether these cells are ids as they stand: no blank, no control character, nothing that wraps them."""
    together, lengths = "".join(ids), set(map(len, ids))
    plain = together.isprintable() and " " not in together and '"' not in together
    return plain and min(lengths) > 0 and max(lengths) <= LONGEST
