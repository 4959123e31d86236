"""Files that other programs really wrote, read with a mapping that fits them. They may not stand in this repository."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smsreminders.errors import InputFileError
from smsreminders.importers.formats import read_file
from smsreminders.importers.records import AppointmentRecord, Kind, PatientRecord, Record, RowError
from tests.importers.tables import APPOINTMENTS, PATIENTS, errors, layout, line_of
from tests.shared_data import shared_data

CIAN = "github.com/ElSrR/cian-agenda, folder data"
NOTIFIER = "github.com/Edu-jg8/universal-appointment-notifier, data/appointments.csv"
KAGGLE = "github.com/JAR5001/medical-appointments, KaggleV2-May-2016.csv (its header and first nine rows)"


def rows_of_shared(
    name: str,
    source: str,
    kind: Kind,
    columns: Mapping[str, str],
    now: datetime,
    time_format: str | None = None,
) -> list[Record | RowError]:
    path = shared_data(f"import/csv/{name}", source=source)
    return list(read_file(path, kind, layout(columns, time_format, now)))


def test_patients_of_a_clinic_in_chile() -> None:
    now = datetime(2025, 9, 18, tzinfo=UTC)
    columns = {"patient_id": "id", "name": "full_name"}
    assert rows_of_shared("cian__patients.csv", CIAN, PATIENTS, columns, now) == [
        PatientRecord("line 2", "1", "Juan Pérez", "+56912345678"),
        PatientRecord("line 3", "2", "María López", "+56987654321"),
    ]


def test_appointments_whose_time_stands_in_a_column_of_its_own_are_told() -> None:
    now = datetime(2025, 9, 18, tzinfo=UTC)
    columns = {"appointment_id": "id", "start": "date"}
    rows = rows_of_shared("cian__appointments.csv", CIAN, APPOINTMENTS, columns, now)
    assert errors(rows)[1:] == [
        RowError("line 2", "date", '"2025-09-17" can\'t be read as a time: write it like 2026-11-24 14:30', "1000")
    ]


def test_appointments_with_a_date_and_a_time_beside_it_are_read() -> None:
    columns = {"appointment_id": "EMAIL", "patient_id": "EMAIL", "start": "DATE+TIME", "patient_name": "CLIENT_NAME"}
    now = datetime(2026, 2, 1, tzinfo=UTC)
    rows = rows_of_shared("notifier__appointments.csv", NOTIFIER, APPOINTMENTS, columns, now, "%d/%m/%Y %I:%M %p")
    assert len(rows) == 10
    assert rows[1] == AppointmentRecord(
        "line 3",
        "r.vance@business.com",
        PatientRecord("", "r.vance@business.com", "Robert Vance"),
        datetime(2026, 2, 1, 14, 0, tzinfo=UTC),
        location="Clinic North",
        booking=None,
    )
    assert errors(rows) == []


def test_appointments_in_another_language_tell_their_status() -> None:
    now = datetime(2025, 9, 18, tzinfo=UTC)
    columns = {"appointment_id": "id", "start": "created_at"}
    rows = rows_of_shared("cian__appointments.csv", CIAN, APPOINTMENTS, columns, now, "%Y-%m-%dT%H:%M:%S.%f")
    assert [(line_of(row), row.field, row.source_id) for row in errors(rows)] == [(2, "status", "1000")]
    assert errors(rows)[0].reason.startswith('"programada" is no status')


def test_a_list_without_ids_is_refused_with_its_columns() -> None:
    with pytest.raises(
        InputFileError,
        match='no column "appointment_id", "patient_id": there are DATE, TIME, CLIENT_NAME, EMAIL, SERVICE, LOCATION;',
    ):
        rows_of_shared("notifier__appointments.csv", NOTIFIER, APPOINTMENTS, {}, datetime(2026, 2, 1, tzinfo=UTC))


def test_a_list_by_mail_address_is_all_bad_for_want_of_a_time_of_day() -> None:
    columns = {"appointment_id": "EMAIL", "patient_id": "EMAIL", "start": "DATE", "patient_name": "CLIENT_NAME"}
    now = datetime(2026, 2, 1, tzinfo=UTC)
    for time_format in (None, "%d/%m/%Y %I:%M %p"):
        rows = rows_of_shared("notifier__appointments.csv", NOTIFIER, APPOINTMENTS, columns, now, time_format)
        assert list(range(2, 12)) == [line_of(row) for row in rows]
        assert {"DATE"} == {row.field for row in errors(rows)}
        assert errors(rows)[0].reason.startswith('"01/02/2026" can\'t be read as a time')


def test_appointments_with_long_numbers_and_times_in_utc() -> None:
    columns = {
        "appointment_id": "appointmentid",
        "patient_id": "patientid",
        "start": "scheduledday",
        "location": "neighbourhood",
    }
    rows = rows_of_shared("kaggle_noshow_excerpt.csv", KAGGLE, APPOINTMENTS, columns, datetime(2016, 5, 1, tzinfo=UTC))
    assert len(rows) == 9
    assert rows[3] == AppointmentRecord(
        "line 5",
        "5626772",
        PatientRecord("", "95985133231274"),
        datetime(2016, 4, 27, 8, 36, 51, tzinfo=UTC),
        location="REPÚBLICA",
        booking=None,
    )
    same_patient = [
        row for row in rows if isinstance(row, AppointmentRecord) and row.patient.source_id == "12154843752835"
    ]
    assert [row.source_id for row in same_patient] == ["5628338", "5628345"]


def test_a_start_of_long_ago_can_not_be_meant() -> None:
    columns = {"appointment_id": "AppointmentID", "patient_id": "PatientId", "start": "AppointmentDay"}
    rows = rows_of_shared("kaggle_noshow_excerpt.csv", KAGGLE, APPOINTMENTS, columns, datetime(2056, 1, 1, tzinfo=UTC))
    assert [row.reason for row in errors(rows)] == ["the year 2016 can't be meant"] * 9


def test_without_the_shared_folder_a_test_is_skipped_with_the_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMSREMINDERS_TEST_DATA", str(tmp_path))
    with pytest.raises(pytest.skip.Exception, match=r"it comes from github\.com/ElSrR"):
        shared_data("import/csv/cian__patients.csv", source=CIAN)
    (tmp_path / "here.csv").touch()
    assert shared_data("here.csv", source="here") == tmp_path / "here.csv"
