"""What a file says, written as lines that a person can check by hand against the file."""

from datetime import datetime
from pathlib import Path

from smsreminders.importers.formats import read_file
from smsreminders.importers.records import (
    AppointmentRecord,
    ConsentRecord,
    Kind,
    PatientRecord,
    Record,
    RowError,
    Trouble,
    Unread,
)
from tests.importers.tables import NOW, layout

DATA = Path(__file__).parents[1] / "data"


def lines_of(path: Path, kind: Kind, now: datetime = NOW) -> list[str]:
    """A line for each record of a file, and one for whatever of it could not be understood."""
    return [line for row in read_file(path, kind, layout(now=now)) for line in _lines(row)]


def expected(name: str) -> list[str]:
    return (DATA / name).read_text(encoding="utf-8").splitlines()


def _lines(row: Record | RowError) -> list[str]:
    assert not isinstance(row, ConsentRecord)
    if isinstance(row, RowError):
        trouble = "PARTIAL" if row.trouble is Trouble.PARTIAL else "REJECTED"
        return [_joined(row.place, row.source_id or "", f"{trouble} {row.field}: {row.reason}")]
    if isinstance(row, PatientRecord):
        return [_joined(row.place, *_patient(row)), *(_note(row, cell) for cell in row.unread)]
    if row.ignored:
        return [_joined(row.place, row.source_id, "ignored")]
    times = " to ".join(moment.isoformat().replace("+00:00", "Z") for moment in (row.starts_at, row.ends_at) if moment)
    status = str(row.booking or row.outcome or "")
    words = row.location or "", row.practitioner or ""
    unclear = [_note(row, cell, "UNCLEAR") for cell in row.unread]
    notes = [_note(row, cell) for cell in row.patient.unread]
    return [_joined(row.place, row.source_id, status, times, *words, *_patient(row.patient)), *unclear, *notes]


def _patient(patient: PatientRecord) -> list[str]:
    consent = {True: ["yes"], False: ["no"], None: []}[patient.consent]
    return [patient.source_id, patient.name or "", patient.phone or "", patient.language or "", *consent]


def _note(row: PatientRecord | AppointmentRecord, cell: Unread, trouble: str = "NOTE") -> str:
    word = f'"{cell.word}" ' if cell.word else ""
    return _joined(row.place, row.source_id, f"{trouble} {cell.column}: {word}{cell.reason}")


def _joined(*parts: str) -> str:
    return " | ".join(parts).replace("|  |", "| |").replace("|  |", "| |").strip()
