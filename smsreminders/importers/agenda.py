"""Rows of an agenda by the thousand: read column by column, and with care only where one is bad.

Most cells of an agenda repeat themselves: times, places, what is said of a patient. Each group of fields is looked up
by its cells, and the readers of rows.py are asked for those that are new. Memory is a batch and what is known.
"""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import TypeVar

from smsreminders.domain.source_ids import LONGEST
from smsreminders.importers.columns import Columns
from smsreminders.importers.records import Agenda, Kind, Layout, Record, RowError
from smsreminders.importers.rows import FieldError, Row, read_detail, read_patient_of_appointment, read_row, read_visit

_Part = TypeVar("_Part")
_Cells = Sequence[str]
_OF_PATIENT = ("patient_id", "patient_name", "phone", "language", "consent")
_OF_VISIT = ("start", "end")
_OF_DETAIL = ("status", "location", "practitioner")
_KNOWN = 16_384  # parts of one kind, some megabytes: then it begins anew
_BETWEEN = "\x1f"  # stands in no cell that can be read


class _UnlikeOthersError(Exception):
    """These rows are not as most are: read them one by one."""


class AgendaReader:
    """Reads the rows of one file of appointments, and knows what it read."""

    def __init__(self, columns: Columns, layout: Layout) -> None:
        self._columns, self._layout = columns, layout
        self._ids = columns.places["appointment_id"]
        self._patients = self._part(_OF_PATIENT, read_patient_of_appointment)
        self._visits = self._part(_OF_VISIT, read_visit)
        self._details = self._part(_OF_DETAIL, read_detail)

    def read(self, lines: Sequence[int], rows: Sequence[_Cells]) -> list[Record | RowError | Agenda]:
        """The rows with the lines where they begin, without the blank ones.

        A batch with a bad row is halved until that one is alone.
        """
        try:
            return [self._alike(lines, rows)]
        except (_UnlikeOthersError, FieldError):
            if len(rows) == 1:
                return [*read_row(lines[0], rows[0], Kind.APPOINTMENTS, self._columns, self._layout)]
            half = len(rows) // 2
            return self.read(lines[:half], rows[:half]) + self.read(lines[half:], rows[half:])

    def _alike(self, lines: Sequence[int], rows: Sequence[_Cells]) -> Agenda:
        """Rows that a look-up understands. Raises _UnlikeOthersError and FieldError."""
        if set(map(len, rows)) != {len(self._columns.headers)} or len(self._ids) > 1:
            raise _UnlikeOthersError
        ids = list(map(itemgetter(*self._ids), rows))
        if not _are_plain(ids):
            raise _UnlikeOthersError
        return Agenda(lines, ids, self._patients(rows), self._visits(rows), self._details(rows))

    def _part(self, fields: Sequence[str], read: Callable[[Row], _Part]) -> Callable[[Sequence[_Cells]], list[_Part]]:
        """A reader of the part of each row that stands in these fields. Raises FieldError."""
        places = {field: self._columns.places[field] for field in fields if field in self._columns.places}
        spread = [place for several in places.values() for place in several]

        def of_key(key: str) -> _Part:
            cells = key.split(_BETWEEN) if spread else []
            if len(cells) != len(spread):
                raise _UnlikeOthersError
            left = iter(cells)
            return read(Row(0, {field: [next(left) for _ in places[field]] for field in places}, self._layout))

        known = _Known(of_key)
        if not spread:
            return lambda rows: [known[""]] * len(rows)
        if len(spread) == 1:
            return lambda rows: list(map(known.__getitem__, map(itemgetter(*spread), rows)))
        return lambda rows: list(map(known.__getitem__, map(_BETWEEN.join, map(itemgetter(*spread), rows))))


class _Known(dict[str, _Part]):
    """What a reader made of each key; what it raises is not known."""

    def __init__(self, read: Callable[[str], _Part]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, key: str) -> _Part:
        part = self._read(key)
        if len(self) >= _KNOWN:
            self.clear()
        self[key] = part
        return part


def _are_plain(ids: Sequence[str]) -> bool:
    """Whether these cells are ids as they stand: no blank, no control character, nothing that wraps them."""
    together, lengths = "".join(ids), set(map(len, ids))
    return together.isprintable() and not {" ", '"'} & set(together) and min(lengths) > 0 and max(lengths) <= LONGEST
