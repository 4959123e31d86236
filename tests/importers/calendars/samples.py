"""What the tests of calendars share: a calendar that is written and read, and records as lines of a table."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from smsreminders.domain.agenda.patient_patterns import EXAMPLE, read_patient_pattern
from smsreminders.importers.formats import read_file
from smsreminders.importers.records import AppointmentRecord, Kind, Layout, Record, RowError
from tests.importers.tables import AMSTERDAM, NOW

PATTERN = read_patient_pattern(EXAMPLE)
LAYOUT = Layout(AMSTERDAM, NOW, patient_pattern=PATTERN)


def rows_of(path: Path, layout: Layout = LAYOUT) -> list[Record | RowError]:
    return list(read_file(path, Kind.APPOINTMENTS, layout))


def appointments(folder: Path, *events: str, around: str = "", layout: Layout = LAYOUT) -> list[AppointmentRecord]:
    """The records of a calendar with these events, each given by its lines but UID and SUMMARY."""
    rows = rows_of(written(folder, *events, around=around), layout)
    records = [row for row in rows if isinstance(row, AppointmentRecord)]
    assert records == rows
    return records


def written(folder: Path, *events: str, around: str = "", name: str = "file.ics") -> Path:
    """Write a calendar with these events, each given by its lines but UID and SUMMARY; `around` are its own lines."""
    own = ("" if "UID:" in event else "UID:e\n" for event in events)
    blocks = (
        f"BEGIN:VEVENT\n{uid}SUMMARY:J. Jansen (1001)\n{event}\nEND:VEVENT"
        for uid, event in zip(own, events, strict=True)
    )
    path = folder / name
    path.write_text("\n".join(["BEGIN:VCALENDAR", *filter(None, [around]), *blocks, "END:VCALENDAR", ""]), "utf-8")
    return path


def starts(records: Iterable[AppointmentRecord]) -> list[tuple[str, str]]:
    """The ids of records with their local starts."""
    return [(record.source_id, local(record.starts_at)) for record in records]


def local(moment: datetime | None) -> str:
    return moment.astimezone(AMSTERDAM).strftime("%Y-%m-%d %H:%M") if moment else ""


def line_of(row: Record | RowError) -> str:
    """A row as a line of a table: place, id, patient, start, end, what it is, location, what is told of it."""
    if isinstance(row, RowError):
        return "\t".join([row.place, "", "", "", "", row.trouble, "", f"{row.field} {row.word} {row.reason}"])
    assert isinstance(row, AppointmentRecord)
    unread = "; ".join(f"{cell.column} {cell.word} {cell.reason}" for cell in (*row.unread, *row.patient.unread))
    status = "ignored" if row.ignored else row.booking or "unclear"
    times = local(row.starts_at), local(row.ends_at)
    cells = row.place, row.source_id, row.patient.source_id, *times, status, row.location or "", unread
    return "\t".join(cells)
