"""A file whose columns are mixed up tells nothing of a patient: no reason repeats a cell that may be a name."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from smsreminders.importers.formats import read_file
from smsreminders.importers.records import AppointmentRecord, Kind, Layout, PatientRecord, RowError

CELLS = ["Canaria", "CANARIA", "J. Canaria-de Boer", "06-18273645", "+31618273645", "Öztürk"]
FIELDS = ["start", "end", "status", "location", "practitioner", "patient_name", "phone", "language", "consent"]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_in_the_wrong_column_is_not_repeated(tmp_path: Path, field: str, cell: str) -> None:
    row = {"appointment_id": "A1", "patient_id": "P1", "start": "2026-11-24 10:30"} | {field: cell}
    path = tmp_path / "agenda.csv"
    path.write_text(";".join(row) + "\n" + ";".join(row.values()) + "\n", encoding="utf-8")
    layout = Layout(zone=ZoneInfo("Europe/Amsterdam"), now=datetime(2026, 11, 23, 8, tzinfo=UTC))
    errors = [one for one in (read_file(path, Kind.APPOINTMENTS, layout)) if isinstance(one, RowError)]
    assert [cell in error.reason for error in errors] == [False] * len(errors)


def test_a_record_shows_nothing_of_its_patient_but_the_id() -> None:
    patient = PatientRecord("line 2", "P1", "J. Canaria", "06-18273645", "nl", consent=True)
    record = AppointmentRecord("line 2", "A1", patient, datetime(2026, 11, 23, 8, tzinfo=UTC))
    assert repr(patient) == "PatientRecord(place='line 2', source_id='P1')"
    assert "patient=PatientRecord(place='line 2', source_id='P1')" in repr(record)
