"""Rows of an agenda by the thousand: read column by column, and with care only where one is bad.

Most cells of an agenda repeat themselves: times, places, what is said of a patient. Each group of fields is looked up
as it is written, and the readers of rows.py are asked for those that are new. Memory is a block and what is known.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, count
from typing import TypeVar

from smsreminders.domain.source_ids import LONGEST
from smsreminders.importers.cells import read_id
from smsreminders.importers.columns import Columns
from smsreminders.importers.grid import Cells, Grid
from smsreminders.importers.records import Agenda, AppointmentRecord, Kind, Layout, Part, agenda_of
from smsreminders.importers.rows import FieldError, Row, read_detail, read_patient_of_appointment, read_row, read_visit
from smsreminders.importers.runs import Runs
from smsreminders.importers.sharing import Shared
from smsreminders.importers.table import PlainLines

_What = TypeVar("_What")
_FIELDS = {
    "id": ("appointment_id",),
    "patient": ("patient_id", "patient_name", "phone", "language", "consent"),
    "visit": ("start", "end"),
    "detail": ("status", "location", "practitioner"),
}


class _UnlikeOthersError(Exception):
    """Not all of these rows are as wide as the header."""


class AgendaReader:
    """Reads the rows of one file of appointments, and knows what it read."""

    def __init__(self, columns: Columns, layout: Layout, delimiter: str) -> None:
        self._columns, self._layout = columns, layout
        places = {
            part: {place for field in fields for place in columns.places.get(field, ())}
            for part, fields in _FIELDS.items()
        }
        self._runs = Runs(places, len(columns.headers), delimiter)
        self._numbers = count(1)
        self._patients = self._shared("patient", read_patient_of_appointment, delimiter)
        self._visits = self._shared("visit", read_visit, delimiter)
        self._details = self._shared("detail", read_detail, delimiter)

    def read(self, rows: PlainLines | Grid) -> Iterator[Part]:
        """What rows say, without the blank ones."""
        try:
            yield self._together(rows)
        except (_UnlikeOthersError, FieldError):
            told = [place for place, (_, cells) in enumerate(rows.rows()) if any(map(str.strip, cells))]
            if told:
                yield from self._with_care(rows.only(told))

    def _with_care(self, rows: PlainLines | Grid) -> Iterator[Part]:
        """Rows of which some may be bad: they are halved until such a one is alone."""
        try:
            yield self._together(rows)
        except (_UnlikeOthersError, FieldError):
            if half := len(rows.lines) // 2:
                yield from self._with_care(rows.only(range(half)))
                yield from self._with_care(rows.only(range(half, len(rows.lines))))
                return
            [(line, cells)] = rows.rows()
            for row in read_row(line, cells, Kind.APPOINTMENTS, self._columns, self._layout):
                yield agenda_of(row, next(self._numbers)) if isinstance(row, AppointmentRecord) else row

    def _together(self, rows: PlainLines | Grid) -> Agenda:
        """Raises _UnlikeOthersError and FieldError."""
        return self._agenda(rows.lines, self._texts(rows) if isinstance(rows, PlainLines) else self._cells(rows))

    def _texts(self, lines: PlainLines) -> Mapping[str, Sequence[Cells]]:
        texts = self._runs.texts(lines)
        if texts is None:
            raise _UnlikeOthersError
        return {part: self._runs.of(part, texts) for part in _FIELDS}

    def _cells(self, grid: Grid) -> Mapping[str, Sequence[Cells]]:
        width = len(self._columns.headers)
        if len(grid.columns) < width or any(map(str.strip, chain(*grid.columns[width:]))):
            raise _UnlikeOthersError
        return {part: [grid.columns[place] for place in self._runs.places(part)] for part in _FIELDS}

    def _agenda(self, lines: Sequence[int], columns: Mapping[str, Sequence[Cells]]) -> Agenda:
        """Rows that a look-up understands. Raises FieldError."""
        [ids] = columns["id"]
        if not _are_plain(ids):
            ids = list(map(self._id, ids))
        patients = self._patients.numbers(columns["patient"], len(ids))
        visits = self._visits.numbers(columns["visit"], len(ids))
        details = self._details.numbers(columns["detail"], len(ids))
        return Agenda(
            lines,
            ids,
            patients,
            visits,
            details,
            self._patients.told_first(patients),
            self._visits.told_first(visits),
            self._details.told_first(details),
        )

    def _id(self, cell: str) -> str:
        return Row(0, [cell], {"appointment_id": [0]}, self._layout).read("appointment_id", read_id)

    def _shared(self, part: str, read: Callable[[Row], _What], delimiter: str) -> Shared[_What]:
        places = self._columns.places
        return Shared(
            lambda cells: read(Row(0, cells, places, self._layout)), self._runs.places(part), delimiter, self._numbers
        )


def _are_plain(ids: Cells) -> bool:
    """Whether these cells are ids as they stand: no blank, no control character, nothing that wraps them."""
    together, lengths = "".join(ids), set(map(len, ids))
    plain = together.isprintable() and " " not in together and '"' not in together
    return plain and min(lengths) > 0 and max(lengths) <= LONGEST
