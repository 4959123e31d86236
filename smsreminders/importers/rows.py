"""A row of a table, cells by field -> the record that it is, or why it is none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from smsreminders.domain.appointments import check_times
from smsreminders.domain.consent import check_time
from smsreminders.errors import UsageError
from smsreminders.importers import cells
from smsreminders.importers.cells import CellError
from smsreminders.importers.columns import ID_FIELD, Columns
from smsreminders.importers.records import (
    AppointmentRecord,
    ConsentRecord,
    Kind,
    Layout,
    PatientRecord,
    Record,
    RowError,
)

_T = TypeVar("_T")


class _FieldError(Exception):
    """Which field of a row can't be read, and why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


@dataclass(frozen=True, slots=True)
class _Row:
    """A row's cells by our fields, several of joined columns; a field that the file has no column for is missing."""

    line: int
    cells: Mapping[str, Sequence[str]]
    layout: Layout

    def read(self, field: str, how: Callable[[str], _T]) -> _T:
        """What a cell says, or cells joined by a space, as `how` reads it; missing is empty. Raises _FieldError."""
        try:
            return how(" ".join(map(cells.read_plain, self.cells.get(field, ()))).strip())
        except (CellError, UsageError) as error:
            raise _FieldError(field, str(error)) from None

    def text(self, field: str) -> str | None:
        """A cell as it is written, None without its column. Raises _FieldError."""
        return self.read(field, str) if field in self.cells else None

    def lacks(self, field: str) -> bool:
        """Whether a cell of a field is empty, or one of those that are joined."""
        return not all(cell.strip() for cell in self.cells.get(field, [""]))

    def time(self, field: str) -> datetime | None:
        """A time in UTC, None where nothing is written. Raises _FieldError."""
        return self.read(field, lambda cell: cells.read_time(cell, self.layout) if cell else None)


def read_row(line: int, written: Sequence[str], kind: Kind, columns: Columns, layout: Layout) -> Record | RowError:
    """The record of a row whose cells stand as the header's do, or its first error.

    A row of another width is of no id: which cell is which can't be told, and a name must not be taken for it.
    """
    width = len(columns.headers)
    if len(written) < width or any(cell.strip() for cell in written[width:]):
        last = columns.headers[min(len(written), width - 1)]
        return RowError(
            line,
            last,
            f"the row has {len(written)} cells, the header {width}: is a delimiter or line break not quoted?",
        )
    by_field = {field: [written[place] for place in places] for field, places in columns.places.items()}
    row = _Row(line, by_field, layout)
    source_id = None
    try:
        source_id = row.read(ID_FIELD[kind], cells.read_id)
        return _READERS[kind](row, source_id)
    except _FieldError as error:
        return RowError(line, columns.name(error.field), str(error), source_id)


def _read_patient(row: _Row, source_id: str, name: str = "name") -> PatientRecord:
    return PatientRecord(
        row.line,
        source_id,
        name=row.text(name),
        phone=row.text("phone"),
        language=row.read("language", cells.read_language) if "language" in row.cells else None,
        consent=row.read("consent", cells.read_yes_or_no),
    )


def _read_appointment(row: _Row, source_id: str) -> AppointmentRecord:
    now = row.layout.now

    def read_start(cell: str) -> datetime:
        starts_at = cells.read_time(cell, row.layout)
        check_times(starts_at, None, now)
        return starts_at

    patient = row.read("patient_id", cells.read_id)
    starts_at = row.read("start", read_start)
    ends_at = None if row.lacks("end") else row.time("end")  # an agenda often has the date there, and no time
    row.read("end", lambda _: check_times(starts_at, ends_at, now))
    return AppointmentRecord(
        row.line,
        source_id,
        starts_at=starts_at,
        ends_at=ends_at,
        booking=row.read("status", cells.read_booking),
        location=row.text("location"),
        practitioner=row.text("practitioner"),
        patient=_read_patient(row, patient, "patient_name"),
    )


def _read_consent(row: _Row, source_id: str) -> ConsentRecord:
    given = row.read("consent", cells.read_yes_or_no)
    if given is None:
        raise _FieldError("consent", "is empty: a row of a list of consents says yes (ja) or no (nee)")
    at = row.time("at")
    if at is not None:
        row.read("at", lambda _: check_time(at, row.layout.now))
    return ConsentRecord(
        row.line,
        source_id,
        given,
        at=at,
        how=row.read("how", cells.read_how),
        by=row.text("by") or "",
        wording=row.text("wording") or "",
    )


_READERS: dict[Kind, Callable[[_Row, str], Record]] = {
    Kind.PATIENTS: _read_patient,
    Kind.APPOINTMENTS: _read_appointment,
    Kind.CONSENTS: _read_consent,
}
