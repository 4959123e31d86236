"""Rows: the cells of a table's row -> the record that they are, or why they are none."""

from collections.abc import Callable, Mapping, Sequence
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
    Kind,
    Layout,
    PatientRecord,
    Record,
    RowError,
)

_T = TypeVar("_T")


class _FieldError(Exception):
    """A field of a row that can't be read, and why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


class _Row(NamedTuple):
    """A row's texts by field, only of those that have a column; `unfit` tells why a text can't be used."""

    place: str
    cells: Sequence[str]
    columns: Columns
    texts: Mapping[str, str]
    unfit: Mapping[str, str]
    layout: Layout

    def read(self, field: str, how: Callable[[str], _T]) -> _T:
        """Read a text as `how` does; without a column it is empty. Raises _FieldError."""
        if field in self.unfit:
            raise _FieldError(field, self.unfit[field])
        try:
            return how(self.texts.get(field, ""))
        except (CellError, UsageError) as error:
            raise _FieldError(field, str(error)) from None

    def text(self, field: str) -> str | None:
        """Read a text as it is written; None without its column. Raises _FieldError."""
        if field in self.unfit:
            raise _FieldError(field, self.unfit[field])
        return self.texts.get(field)

    def time(self, field: str) -> datetime | None:
        """Read a time in UTC; None where nothing is written. Raises _FieldError."""
        return self.read(field, lambda text: cells.read_time(text, self.layout) if text else None)


def read_row(place: str, written: Sequence[str], kind: Kind, columns: Columns, layout: Layout) -> Record | RowError:
    """Read the record of a row whose cells stand as the header's do, or tell its first error.

    A row of another width is of no id: which cell is which can't be told, and a name must not be taken for it.
    """
    if misfit := columns.misfit(written):
        return RowError(place, columns.headers[min(len(written), len(columns.headers) - 1)], misfit)
    row = _Row(place, written, columns, columns.texts(written), _find_unfit(written, columns), layout)
    source_id = None
    try:
        source_id = row.read(ID_FIELD[kind], cells.read_id)
        return _READERS[kind](row, source_id)
    except _FieldError as error:
        return RowError(place, columns.name(error.field), str(error), source_id)


def _read_patient(row: _Row, source_id: str) -> PatientRecord:
    return _patient(row, row.place, source_id, "name")


def _read_appointment(row: _Row, source_id: str) -> AppointmentRecord:
    patient_id = row.read("patient_id", cells.read_id)
    starts_at = row.read("start", lambda cell: _start(cell, row.layout))
    ends_at = _end(row, starts_at)
    booking = row.read("status", cells.read_booking)
    location, practitioner = row.text("location"), row.text("practitioner")
    patient = _patient(row, "", patient_id, "patient_name")
    return AppointmentRecord(row.place, source_id, patient, starts_at, ends_at, booking, location, practitioner)


def _read_consent(row: _Row, source_id: str) -> ConsentRecord:
    given = row.read("consent", cells.read_yes_or_no)
    if given is None:
        raise _FieldError("consent", "is empty: a row of a list of consents says yes (ja) or no (nee)")
    at = row.time("at")
    if at is not None:
        row.read("at", lambda _: check_time(at, row.layout.now))
    return ConsentRecord(
        row.place,
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


def _patient(row: _Row, place: str, source_id: str, name: str) -> PatientRecord:
    return PatientRecord(
        place,
        source_id,
        name=row.text(name),
        phone=row.text("phone"),
        language=row.read("language", cells.read_language) if "language" in row.texts else None,
        consent=row.read("consent", cells.read_yes_or_no),
    )


def _start(cell: str, layout: Layout) -> datetime:
    starts_at = cells.read_time(cell, layout)
    check_times(starts_at, None, layout.now)
    return starts_at


def _end(row: _Row, starts_at: datetime) -> datetime | None:
    """Read the end; a table often has the date of it and no time of day, which is no end."""
    text = row.text("end")
    if not text or row.columns.lack(row.cells, "end"):
        return None
    return row.read("end", lambda _: _time_after(text, starts_at, row.layout))


def _time_after(text: str, starts_at: datetime, layout: Layout) -> datetime:
    ends_at = cells.read_time(text, layout)
    check_times(starts_at, ends_at, layout.now)
    return ends_at


def _find_unfit(written: Sequence[str], columns: Columns) -> dict[str, str]:
    """Tell by field why a cell can't be used, whatever it says: most rows have none, and are looked at as a whole."""
    together = "".join(written)
    if together.isprintable() and len(together) <= cells.LONGEST:
        return {}
    unfit = {}
    for field, places in columns.places.items():
        try:
            for place in places:
                cells.check_plain(written[place])
        except CellError as error:
            unfit[field] = str(error)
    return unfit
