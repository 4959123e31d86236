"""Rows of a table, cells by field -> the records that they are, or why they are none."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

from smsreminders.domain.appointments import check_times
from smsreminders.domain.consent import check_time
from smsreminders.errors import UsageError
from smsreminders.importers import cells
from smsreminders.importers.cells import CellError
from smsreminders.importers.columns import ID_FIELD, Columns
from smsreminders.importers.records import (
    AppointmentRecord,
    ConsentRecord,
    Detail,
    Kind,
    Layout,
    PatientRecord,
    Record,
    RowError,
    Visit,
)

_T = TypeVar("_T")


class FieldError(Exception):
    """Which field of a row can't be read, and why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


class Row(NamedTuple):
    """A row's cells by their places, and at which of them our fields stand: at several that are joined, or at none."""

    line: int
    cells: Mapping[int, str] | Sequence[str]
    places: Mapping[str, Sequence[int]]
    layout: Layout

    def read(self, field: str, how: Callable[[str], _T]) -> _T:
        """What a cell says, or cells joined by a space, as `how` reads it; missing is empty. Raises FieldError."""
        try:
            texts = [cells.read_plain(self.cells[place]) for place in self.places.get(field, ())]
            return how(texts[0] if len(texts) == 1 else " ".join(texts).strip())
        except (CellError, UsageError) as error:
            raise FieldError(field, str(error)) from None

    def text(self, field: str) -> str | None:
        """A cell as it is written, None without its column. Raises FieldError."""
        return self.read(field, str) if field in self.places else None

    def lacks(self, field: str) -> bool:
        """Whether a field has no column, or a cell of it is empty."""
        places = self.places.get(field, ())
        return not (places and all(self.cells[place].strip() for place in places))

    def time(self, field: str) -> datetime | None:
        """A time in UTC, None where nothing is written. Raises FieldError."""
        return self.read(field, lambda cell: cells.read_time(cell, self.layout) if cell else None)


def read_row(
    line: int, written: Sequence[str], kind: Kind, columns: Columns, layout: Layout
) -> Iterator[Record | RowError]:
    """The record of a row whose cells stand as the header's do, or its first error; nothing of a blank row.

    A row of another width is of no id: which cell is which can't be told, and a name must not be taken for it.
    """
    if not any(map(str.strip, written)):
        return
    width = len(columns.headers)
    if len(written) < width or any(cell.strip() for cell in written[width:]):
        last = columns.headers[min(len(written), width - 1)]
        yield RowError(
            line,
            last,
            f"the row has {len(written)} cells, the header {width}: is a delimiter or line break not quoted?",
        )
        return
    row = Row(line, written, columns.places, layout)
    source_id = None
    try:
        source_id = row.read(ID_FIELD[kind], cells.read_id)
        yield _READERS[kind](row, source_id)
    except FieldError as error:
        yield RowError(line, columns.name(error.field), str(error), source_id)


def read_visit(row: Row) -> Visit:
    """When the appointment of a row is. Raises FieldError."""
    now = row.layout.now

    def read_start(cell: str) -> datetime:
        starts_at = cells.read_time(cell, row.layout)
        check_times(starts_at, None, now)
        return starts_at

    def read_end(cell: str) -> datetime:
        ends_at = cells.read_time(cell, row.layout)
        check_times(starts_at, ends_at, now)
        return ends_at

    starts_at = row.read("start", read_start)
    if row.lacks("end"):  # an agenda often has the date of it, and no time
        row.text("end")  # which is refused where it isn't on one line
        return Visit(starts_at, None)
    return Visit(starts_at, row.read("end", read_end))


def read_detail(row: Row) -> Detail:
    """What else the row says of its appointment. Raises FieldError."""
    return Detail(row.read("status", cells.read_booking), row.text("location"), row.text("practitioner"))


def read_patient_of_appointment(row: Row) -> PatientRecord:
    """What the row of an appointment says of its patient, the same in many rows. Raises FieldError."""
    return _patient(row, 0, row.read("patient_id", cells.read_id), "patient_name")


def _patient(row: Row, line: int, source_id: str, name: str) -> PatientRecord:
    return PatientRecord(
        line,
        source_id,
        name=row.text(name),
        phone=row.text("phone"),
        language=row.read("language", cells.read_language) if "language" in row.places else None,
        consent=row.read("consent", cells.read_yes_or_no),
    )


def _read_patient(row: Row, source_id: str) -> PatientRecord:
    return _patient(row, row.line, source_id, "name")


def _read_appointment(row: Row, source_id: str) -> AppointmentRecord:
    row.read("patient_id", cells.read_id)  # of several errors the first one by this order is told
    visit, detail = read_visit(row), read_detail(row)
    patient = read_patient_of_appointment(row)
    return AppointmentRecord(row.line, source_id, patient, *visit, detail.booking, detail.location, detail.practitioner)


def _read_consent(row: Row, source_id: str) -> ConsentRecord:
    given = row.read("consent", cells.read_yes_or_no)
    if given is None:
        raise FieldError("consent", "is empty: a row of a list of consents says yes (ja) or no (nee)")
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


_READERS: dict[Kind, Callable[[Row, str], Record]] = {
    Kind.PATIENTS: _read_patient,
    Kind.APPOINTMENTS: _read_appointment,
    Kind.CONSENTS: _read_consent,
}
