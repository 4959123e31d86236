"""Rows: the cells of a table's row -> the record that they are, or why they are none."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache

from smsreminders.domain.agenda.status_words import StatusWord
from smsreminders.domain.appointments import check_times
from smsreminders.domain.consent import How, check_time
from smsreminders.domain.local_time import is_without_time
from smsreminders.domain.text.names import says_died
from smsreminders.importers import cells, times
from smsreminders.importers.cells import CellError
from smsreminders.importers.columns import Columns
from smsreminders.importers.records import (
    AppointmentRecord,
    ConsentRecord,
    Kind,
    Layout,
    LeftOut,
    PatientRecord,
    Record,
    RowError,
)
from smsreminders.importers.row import FieldError, Row, row_of
from smsreminders.importers.wanted import ID_FIELD

_TOTAL = re.compile(  # and what programs print below a list: when it was made, the page
    r"\W*(?:(?:(?:sub|eind)?tota(?:al|len|l|ls)|aantal)\b|(?:pagina|bladzijde|page):? \d|(?:print|afdruk|export)datum\b"
    r"|(?:(?:af|uit)?ge(?:drukt|print|draaid)|(?:aan)?gemaakt|gegenereerd|ge[e\u00eb]xporteerd|printed|generated|exported)"
    r"(?: (?:op|door|om|on|by|at)\b|:))",
    re.IGNORECASE,
)


def read_row(
    place: str, written: Sequence[str], kind: Kind, columns: Columns, layout: Layout
) -> Record | RowError | LeftOut:
    """Read the record of a row whose cells stand as the header's do, with what can't be understood of it.

    It is an error only where not even its id can be told. A row of another width is of no id: which cell is which is
    not known, and a name must not be taken for it. A line of totals and a block in an agenda are left out.
    """
    if misfit := columns.misfit(written):
        if _begins_like_a_total(written):
            return LeftOut.TOTAL
        return RowError(place, columns.headers[min(len(written), len(columns.headers) - 1)], misfit)
    row = row_of(place, written, columns, layout)
    if left_out := _left_out(row, kind):
        return left_out
    source_id = None
    try:
        source_id = _own_id(row, kind)
        return _READERS[kind](row, source_id)
    except FieldError as error:
        return RowError(place, columns.name(error.field), str(error), source_id)


def _left_out(row: Row, kind: Kind) -> LeftOut | None:
    """Tell that a row is no record: a total, or a block of time that is nobody's."""
    if kind is not Kind.APPOINTMENTS:
        nothing = row.says_nothing_of("phone", "consent", "at")
        return LeftOut.TOTAL if nothing and _begins_like_a_total(row.cells) else None
    if row.says_nothing_of("start"):
        of_id = "appointment_id" if "appointment_id" in row.texts else "patient_id"
        no_appointment = row.says_nothing_of(of_id, "consent") or _begins_like_a_total(row.cells)
        return LeftOut.TOTAL if no_appointment else None
    nobodys = row.says_nothing_of("appointment_id", *_OF_WHOM)
    return LeftOut.BLOCK if nobodys and "appointment_id" in row.texts else None


def _begins_like_a_total(written: Sequence[str]) -> bool:
    return bool(_TOTAL.match(next(filter(None, map(str.strip, written)), "")))


def _own_id(row: Row, kind: Kind) -> str:
    """Read the id of a row's record; that of an appointment may be made of its patient and its start.

    Raises FieldError.
    """
    field = ID_FIELD[kind]
    if field in row.texts or kind is not Kind.APPOINTMENTS:
        return row.required(field, cells.read_id)
    patient = row.required("patient_id", cells.read_id)
    start = row.required("start", lambda cell: _start(cell, row.layout))
    return f"{patient} {start.astimezone(row.layout.zone):%Y-%m-%d %H:%M}"


def _read_patient(row: Row, source_id: str) -> PatientRecord:
    return _patient(row, row.place, source_id, "name")


def _read_appointment(row: Row, source_id: str) -> AppointmentRecord:
    status = row.read("status", cells.read_standing)
    if status is StatusWord.IGNORED or (status is not StatusWord.CANCELLED and row.says_nothing_of(*_OF_WHOM)):
        return _ignored(row, source_id)
    patient_id = row.read("patient_id", cells.read_id) or ""
    starts_at = row.read("start", lambda cell: _start(cell, row.layout))
    ends_at = _end(row, starts_at) if starts_at else None
    if status and status.outcome and starts_at and _is_another_day(starts_at, row.layout):
        row.miss("status", "says what became of an appointment that is still to come", row.texts["status"])
        status = None
    location, practitioner, kind = row.text("location"), row.text("practitioner"), row.text("type")
    patient = _patient(row, "", patient_id, "patient_name")
    held = tuple(cell for cell in row.unread if cell.field in _HOLDING) if row.unread else ()
    return AppointmentRecord(
        row.place,
        source_id,
        patient,
        starts_at,
        ends_at,
        status.booking if status else None,
        location,
        practitioner,
        held,
        type=kind,
        outcome=status.outcome if status else None,
    )


def _is_another_day(starts_at: datetime, layout: Layout) -> bool:
    """Whether a start is on a later day than today."""
    return starts_at.astimezone(layout.zone).date() > layout.now.astimezone(layout.zone).date()


def _ignored(row: Row, source_id: str) -> AppointmentRecord:
    """Read of a row that is to be ignored nothing but a consent that is withdrawn."""
    patient_id = row.read("patient_id", cells.read_id) if row.texts.get("patient_id") else ""
    refuses = row.read("consent", cells.read_yes_or_no) is False
    patient = PatientRecord("", patient_id, consent=False) if patient_id and refuses else PatientRecord("", "")
    return AppointmentRecord(row.place, source_id, patient, None, booking=None, ignored=True)


def _read_consent(row: Row, source_id: str) -> ConsentRecord:
    given = row.read("consent", cells.read_yes_or_no)
    if given is None and not row.unread:
        raise FieldError("consent", "is empty: a row of a list of consents says yes (ja) or no (nee)")
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
_READERS: dict[Kind, Callable[[Row, str], Record]] = {
    Kind.PATIENTS: _read_patient,
    Kind.APPOINTMENTS: _read_appointment,
    Kind.CONSENTS: _read_consent,
}


def _patient(row: Row, place: str, source_id: str, name: str) -> PatientRecord:
    name_text, phone = row.text(name), row.text("phone")
    language = row.read("language", cells.read_language) if "language" in row.texts else None
    consent = False if says_died(name_text or "") else row.read("consent", cells.read_yes_or_no)
    unread = tuple(cell for cell in row.unread if cell.field not in _HOLDING) if row.unread else ()
    return PatientRecord(place, source_id, name_text, phone, language, consent, unread)


@lru_cache(maxsize=1024)  # many start at the same time
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


def _end(row: Row, starts_at: datetime) -> datetime | None:
    """Read the end; a table often has the date of it and no time of day, which is no end."""
    text = row.texts.get("end")
    if not text or row.columns.lack(row.cells, "end"):
        return None
    return row.read("end", lambda cell: _time_after(cell, starts_at, row.layout))


def _time_after(text: str, starts_at: datetime, layout: Layout) -> datetime:
    ends_at = times.read_time(text, layout)
    check_times(starts_at, ends_at, layout.now)
    return ends_at


_OF_WHOM = ("patient_id", "patient_name", "phone")
