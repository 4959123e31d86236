"""What the tests of tables share: a layout, and a file that is written and read."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from smsreminders.importers.formats import read_file
from smsreminders.importers.records import (
    AppointmentRecord,
    ConsentRecord,
    Kind,
    Layout,
    PatientRecord,
    Record,
    RowError,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PATIENTS, APPOINTMENTS, CONSENTS = Kind.PATIENTS, Kind.APPOINTMENTS, Kind.CONSENTS


def utc(*time: int) -> datetime:
    return datetime(*time, tzinfo=UTC)  # type: ignore[misc,arg-type]


def layout(
    columns: Mapping[str, str] | None = None,
    time_format: str | None = None,
    now: datetime = NOW,
    usual: Mapping[str, str] | None = None,
) -> Layout:
    return Layout(AMSTERDAM, now, columns or {}, time_format, usual or {})


def rows_of(
    folder: Path,
    content: str | bytes,
    kind: Kind = PATIENTS,
    columns: Mapping[str, str] | None = None,
    time_format: str | None = None,
    usual: Mapping[str, str] | None = None,
) -> list[Record | RowError]:
    path = folder / "file.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_file(path, kind, layout(columns, time_format, usual=usual)))


def line_of(row: Record | RowError) -> int:
    """The line of a table where a row begins."""
    return int(row.place.removeprefix("line "))


def patients(folder: Path, content: str | bytes, columns: Mapping[str, str] | None = None) -> list[PatientRecord]:
    rows = rows_of(folder, content, PATIENTS, columns)
    records = [row for row in rows if isinstance(row, PatientRecord)]
    assert records == rows
    return records


def appointment(folder: Path, cells: Mapping[str, str], time_format: str | None = None) -> AppointmentRecord:
    """The record of a row with these cells besides what is required."""
    row = only_row(folder, cells, time_format)
    assert isinstance(row, AppointmentRecord)
    return row


def error(folder: Path, cells: Mapping[str, str], time_format: str | None = None) -> RowError:
    """The error of a row with these cells besides what is required."""
    row = only_row(folder, cells, time_format)
    return row if isinstance(row, RowError) else unread_of(row)[0]


def only_row(folder: Path, cells: Mapping[str, str], time_format: str | None = None) -> Record | RowError:
    all_cells = {"appointment_id": "a1", "patient_id": "p1", "start": "2026-11-24 10:30", **cells}
    content = ";".join(all_cells) + "\n" + ";".join(all_cells.values()) + "\n"
    [row] = rows_of(folder, content, APPOINTMENTS, time_format=time_format)
    return row


def unread_of(row: Record | RowError) -> list[RowError]:
    """What can't be read of a row, each as its error; a row that is one itself is all of it."""
    if isinstance(row, RowError):
        return [row]
    of_patient = row.patient.unread if isinstance(row, AppointmentRecord) else ()
    return [
        RowError(row.place, one.column, f'"{one.word}" {one.reason}' if one.word else one.reason, row.source_id)
        for one in (*row.unread, *of_patient)
    ]


def consents(folder: Path, content: str) -> list[ConsentRecord]:
    rows = rows_of(folder, content, CONSENTS)
    records = [row for row in rows if isinstance(row, ConsentRecord)]
    assert records == rows
    return records


def errors(rows: list[Record | RowError]) -> list[RowError]:
    """All that can't be read of rows."""
    return [error for row in rows for error in unread_of(row)]
