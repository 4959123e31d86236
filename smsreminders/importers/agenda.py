"""Rows of an agenda by the thousand: read column by column, each cell once, and with care only where one is bad.

Most cells of an agenda repeat themselves: times, places, what is said of a patient. Each group of fields is looked up
by its cells, and the readers of rows.py are asked for those that are new. Memory is a batch and what is known.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import lru_cache, partial
from operator import itemgetter
from typing import TypeVar

from smsreminders.importers.columns import Columns
from smsreminders.importers.records import AppointmentRecord, Kind, Layout, Record, RowError
from smsreminders.importers.rows import (
    FieldError,
    Row,
    read_detail,
    read_patient_of_appointment,
    read_row,
    read_visit,
)

_Part = TypeVar("_Part")
_OfPatient = ("patient_id", "patient_name", "phone", "language", "consent")
_OfVisit = ("start", "end")
_OfDetail = ("status", "location", "practitioner")
_LONGEST_ID = 64  # as domain/source_ids.py has it
_KNOWN = 16_384  # of one part: some megabytes
_record = partial(tuple.__new__, AppointmentRecord)


class _Careful(Exception):
    """These rows are not as most are: read them one by one."""


class AgendaReader:
    """Reads the rows of one file of appointments; what a memo knows is of this file's layout."""

    def __init__(self, columns: Columns, layout: Layout) -> None:
        self._columns, self._layout = columns, layout
        self._ids = columns.places["appointment_id"]
        self._patients = self._part(_OfPatient, read_patient_of_appointment)
        self._visits = self._part(_OfVisit, read_visit)
        self._details = self._part(_OfDetail, read_detail)

    def read(self, lines: Sequence[int], rows: Sequence[Sequence[str]]) -> Iterator[Record | RowError]:
        """The rows with the lines where they begin; a batch with a bad row is halved until that one is alone."""
        try:
            yield from self._alike(lines, rows)
        except (_Careful, FieldError):
            if len(rows) == 1:
                yield read_row(lines[0], rows[0], Kind.APPOINTMENTS, self._columns, self._layout)
            else:
                half = len(rows) // 2
                yield from self.read(lines[:half], rows[:half])
                yield from self.read(lines[half:], rows[half:])

    def _alike(self, lines: Sequence[int], rows: Sequence[Sequence[str]]) -> list[AppointmentRecord]:
        """The records of rows that have no more to say than a look-up knows. Raises _Careful and FieldError."""
        if len(self._ids) != 1 or set(map(len, rows)) != {len(self._columns.headers)}:
            raise _Careful
        ids = list(map(itemgetter(*self._ids), rows))
        if not _are_plain(ids):
            raise _Careful
        starts, ends = zip(*self._visits(rows), strict=True)
        details = zip(*self._details(rows), strict=True)
        return list(map(_record, zip(lines, ids, self._patients(rows), starts, ends, *details, strict=True)))

    def _part(
        self, fields: Sequence[str], read: Callable[[Row], _Part]
    ) -> Callable[[Sequence[Sequence[str]]], list[_Part]]:
        """A reader of the part of each row that stands in these fields: a part for each row."""
        places = {field: self._columns.places[field] for field in fields if field in self._columns.places}
        spread = [place for several in places.values() for place in several]

        @lru_cache(maxsize=_KNOWN)
        def of_cells(written: Hashable) -> _Part:
            cells = iter(written if isinstance(written, tuple) else (written,))
            return read(Row(0, {field: [next(cells) for _ in places[field]] for field in places}, self._layout))

        if not spread:
            return lambda rows: [of_cells(())] * len(rows)
        return lambda rows: list(map(of_cells, map(itemgetter(*spread), rows)))


def _are_plain(ids: Sequence[str]) -> bool:
    """Whether these cells are ids as they stand: no blank, no control character, nothing that wraps them."""
    together = "".join(ids)
    lengths = set(map(len, ids))
    return (
        together.isprintable() and not {" ", '"'} & set(together) and min(lengths) > 0 and max(lengths) <= _LONGEST_ID
    )
