"""Rows: the cells of a table's row -> the record that they are, or why they are none."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

from smsreminders.domain.appointments import Booking, check_times
from smsreminders.domain.consent import How, check_time
from smsreminders.domain.local_time import is_without_time
from smsreminders.domain.source_ids import LONGEST as LONGEST_ID
from smsreminders.domain.status_words import StatusWord
from smsreminders.errors import UsageError
from smsreminders.importers import cells, times
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
    Unread,
)

_T = TypeVar("_T")


class _FieldError(Exception):
    """A field without which a row is nothing can't be read, and why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


class _Row(NamedTuple):
    """A row's texts by field, only of those that have a column; what can't be read of them joins `unread`."""

    place: str
    cells: Sequence[str]
    columns: Columns
    texts: Mapping[str, str]
    unfit: Mapping[str, str]
    layout: Layout
    unread: list[Unread]

    def required(self, field: str, how: Callable[[str], _T]) -> _T:
        """Read a text as `how` does. Raises _FieldError."""
        if field in self.unfit:
            raise _FieldError(field, self.unfit[field])
        try:
            return how(self.texts.get(field, ""))
        except (CellError, UsageError) as error:
            raise _FieldError(field, str(error)) from None

    def read(self, field: str, how: Callable[[str], _T]) -> _T | None:
        """Read a text as `how` does, in the meaning that the user gave it; None where it can't be read."""
        text = self.texts.get(field, "")
        if field in self.unfit:
            return self.miss(field, self.unfit[field])
        meanings = self.layout.words.get(field)
        try:
            return how(meanings.get(text.casefold(), text) if meanings else text)
        except CellError as error:
            return self.miss(field, str(error), error.word)
        except UsageError as error:
            return self.miss(field, str(error))

    def miss(self, field: str, reason: str, word: str = "") -> None:
        """Keep that a field can't be read, and why."""
        mark = cells.mark_of(self.texts.get(field, ""))
        self.unread.append(Unread(field, self.columns.name(field), reason, mark, word))

    def text(self, field: str) -> str | None:
        """Read a text as it is written; None without its column, or where it can't be used.

        A name or a type that can't be used is cut to what can: nobody is left out for it, and no text says it.
        """
        if field not in self.texts:
            return None
        if field in self.unfit and field in _CUT:
            self.miss(field, self.unfit[field])
            return "".join(filter(str.isprintable, self.texts[field]))[: cells.LONGEST]
        return self.read(field, str)

    def time(self, field: str) -> datetime | None:
        """Read a time in UTC; None where nothing is written, or nothing that is a time."""
        return self.read(field, lambda text: times.read_time(text, self.layout) if text else None)


def read_row(place: str, written: Sequence[str], kind: Kind, columns: Columns, layout: Layout) -> Record | RowError:
    """Read the record of a row whose cells stand as the header's do, with what can't be understood of it.

    It is an error only where not even its id can be told. A row of another width is of no id: which cell is which is
    not known, and a name must not be taken for it.
    """
    if misfit := columns.misfit(written):
        return RowError(place, columns.headers[min(len(written), len(columns.headers) - 1)], misfit)
    plain, unfit = _fit(written, columns)
    row = _Row(place, plain, columns, columns.texts(plain), unfit, layout, [])
    source_id = None
    try:
        source_id = row.required(ID_FIELD[kind], cells.read_id)
        return _READERS[kind](row, source_id)
    except _FieldError as error:
        return RowError(place, columns.name(error.field), str(error), source_id)


def _read_patient(row: _Row, source_id: str) -> PatientRecord:
    return _patient(row, row.place, source_id, "name")


def _read_appointment(row: _Row, source_id: str) -> AppointmentRecord:
    status = row.read("status", cells.read_standing)
    if status is StatusWord.IGNORED:
        return _ignored(row, source_id)
    patient_id = row.read("patient_id", cells.read_id) or ""
    starts_at = row.read("start", lambda cell: _start(cell, row.layout))
    ends_at = _end(row, starts_at) if starts_at else None
    location, practitioner, kind = row.text("location"), row.text("practitioner"), row.text("type")
    patient = _patient(row, "", patient_id, "patient_name")
    held = tuple(cell for cell in row.unread if cell.field in _HOLDING)
    return AppointmentRecord(
        row.place,
        source_id,
        patient,
        starts_at,
        ends_at,
        Booking(status.value) if status else None,
        location,
        practitioner,
        held,
        type=kind,
    )


def _ignored(row: _Row, source_id: str) -> AppointmentRecord:
    """Read of a row that is to be ignored nothing but a consent that is withdrawn."""
    patient_id = row.read("patient_id", cells.read_id) or ""
    refuses = row.read("consent", cells.read_yes_or_no) is False
    patient = PatientRecord("", patient_id, consent=False) if patient_id and refuses else PatientRecord("", "")
    return AppointmentRecord(row.place, source_id, patient, None, booking=None, ignored=True)


def _read_consent(row: _Row, source_id: str) -> ConsentRecord:
    given = row.read("consent", cells.read_yes_or_no)
    if given is None and not row.unread:
        raise _FieldError("consent", "is empty: a row of a list of consents says yes (ja) or no (nee)")
    return ConsentRecord(
        row.place,
        source_id,
        given,
        at=row.read("at", lambda cell: _moment(cell, row.layout)),
        how=row.read("how", cells.read_how) or How.IMPORT,
        by=row.text("by") or "",
        wording=row.text("wording") or "",
        unread=tuple(row.unread),
    )


_HOLDING = frozenset({"start", "status", "patient_id"})
_READERS: dict[Kind, Callable[[_Row, str], Record]] = {
    Kind.PATIENTS: _read_patient,
    Kind.APPOINTMENTS: _read_appointment,
    Kind.CONSENTS: _read_consent,
}


def _patient(row: _Row, place: str, source_id: str, name: str) -> PatientRecord:
    name_text, phone = row.text(name), row.text("phone")
    language = row.read("language", cells.read_language) if "language" in row.texts else None
    consent = row.read("consent", cells.read_yes_or_no)
    unread = tuple(cell for cell in row.unread if cell.field not in _HOLDING) if row.unread else ()
    return PatientRecord(place, source_id, name_text, phone, language, consent, unread)


def _start(cell: str, layout: Layout) -> datetime:
    starts_at = times.read_time(f"{cell} 00:00" if layout.spreadsheet and times.is_date(cell) else cell, layout)
    check_times(starts_at, None, layout.now)
    if not layout.midnight and is_without_time(starts_at, layout.zone):
        raise CellError(
            "is midnight, as an export writes a date without its time of day: give the column of the time too, as in "
            '--map "start=Datum+Tijd", or set midnight in [import] if you work then'
        )
    return starts_at


def _moment(cell: str, layout: Layout) -> datetime | None:
    if not cell:
        return None
    at = times.read_time(cell, layout)
    check_time(at, layout.now)
    return at


def _end(row: _Row, starts_at: datetime) -> datetime | None:
    """Read the end; a table often has the date of it and no time of day, which is no end."""
    text = row.texts.get("end")
    if not text or row.columns.lack(row.cells, "end"):
        return None
    return row.read("end", lambda cell: _time_after(cell, starts_at, row.layout))


def _time_after(text: str, starts_at: datetime, layout: Layout) -> datetime:
    ends_at = times.read_time(text, layout)
    check_times(starts_at, ends_at, layout.now)
    return ends_at


def _fit(written: Sequence[str], columns: Columns) -> tuple[Sequence[str], dict[str, str]]:
    """Write each cell on one line and tell by field why one can't be used: most rows are looked at as a whole."""
    if "".join(written).isprintable() and max(map(len, written)) <= cells.LONGEST:
        return written, {}
    ids = {place for field, places in columns.places.items() if field in _IDS for place in places}
    plain = [cell if place in ids else cells.on_one_line(cell) for place, cell in enumerate(written)]
    unfit = {}
    for field, places in columns.places.items():
        longest = LONGEST_ID if field in _IDS else cells.LONGEST
        try:
            for place in places:
                cells.check_plain(plain[place], longest)
        except CellError as error:
            unfit[field] = str(error)
    return plain, unfit


_IDS = frozenset({"appointment_id", "patient_id"})
_CUT = frozenset({"name", "patient_name", "practitioner", "type"})  # a practice may leave out by the last two
