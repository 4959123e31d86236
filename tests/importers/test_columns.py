"""Columns: found by their names however these are written, or mapped; an error helps to map them."""

from pathlib import Path

import pytest

from smsreminders.errors import InputFileError, UsageError
from smsreminders.importers import Kind
from smsreminders.importers.records import AppointmentRecord, ConsentRecord, PatientRecord
from tests.importers.tables import APPOINTMENTS, CONSENTS, PATIENTS, errors, patients, rows_of


@pytest.mark.parametrize(
    "header", ["PATIENT_ID;Name", " patient_id ; name\t", '"Patient_Id";"NAME"', "\ufeffpatient_id;name"]
)
def test_case_blanks_and_marks_do_not_matter(tmp_path: Path, header: str) -> None:
    assert patients(tmp_path, f"{header}\n1;Jan\n") == [PatientRecord(2, "1", "Jan")]


def test_columns_stand_in_any_order_and_unknown_ones_are_left_out(tmp_path: Path) -> None:
    content = "bsn;phone;name;patient_id;remark;remark\n111222333;06;Jan;1;first\x00;second\n"
    assert patients(tmp_path, content) == [PatientRecord(2, "1", "Jan", "06")]


def test_a_column_that_the_file_lacks_says_nothing_and_an_empty_cell_says_empty(tmp_path: Path) -> None:
    assert patients(tmp_path, "patient_id\n1\n") == [PatientRecord(2, "1", None, None, None, None)]
    content = "patient_id;name;phone;language;consent\n1;;;;\n"
    assert patients(tmp_path, content) == [PatientRecord(2, "1", "", "", "", None)]


def test_a_file_may_carry_appointments_and_patients(tmp_path: Path) -> None:
    columns = (
        "appointment_id;patient_id;start;end;status;location;practitioner;patient_name;phone;language;consent;name"
    )
    cells = "a1;p1;2026-11-24 10:30;2026-11-24 11:00;geboekt;Room 1;Dr. Bos;Jan;0612345678;EN;ja;not this one"
    [row] = rows_of(tmp_path, f"{columns}\n{cells}\n", APPOINTMENTS)
    assert isinstance(row, AppointmentRecord)
    assert (row.line, row.source_id, row.location, row.practitioner) == (2, "a1", "Room 1", "Dr. Bos")
    assert row.patient == PatientRecord(2, "p1", "Jan", "0612345678", "en", True)


def test_optional_columns_of_appointments_say_nothing_without_them(tmp_path: Path) -> None:
    [row] = rows_of(tmp_path, "appointment_id;patient_id;start\na1;p1;2026-11-24 10:30\n", APPOINTMENTS)
    assert isinstance(row, AppointmentRecord)
    assert (row.location, row.practitioner, row.ends_at) == (None, None, None)
    assert row.patient == PatientRecord(2, "p1")


def test_a_mapped_column_is_read_in_place_of_ours(tmp_path: Path) -> None:
    content = "Patiëntnr;name;Volledige naam\n1;no;Jan\n"
    columns = {"patient_id": " PATIËNTNR", "name": "volledige naam"}
    assert patients(tmp_path, content, columns) == [PatientRecord(2, "1", "Jan")]


def test_an_error_of_a_row_names_the_column_as_the_file_does(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, " Nummer ;Taal\n1;nederlands\n;nl\n", columns={"patient_id": "nummer", "language": "taal"})
    assert [row.field for row in errors(rows)] == ["Taal", "Nummer"]


def test_an_unknown_field_is_told_with_the_nearest(tmp_path: Path) -> None:
    for kind, field, near in [(PATIENTS, "nam", "name"), (APPOINTMENTS, "patient", "patient_id")]:
        with pytest.raises(UsageError, match=f'^{kind} have no field "{field}" to map: did you mean "{near}"'):
            rows_of(tmp_path, "patient_id\n1\n", kind, {field: "Naam"})


def test_a_mapped_column_that_is_missing_is_told_with_the_nearest(tmp_path: Path) -> None:
    content = "PATIENT_ID;NAAM PATIENT\n1;Jan\n"
    with pytest.raises(
        InputFileError, match=r'file\.csv: no column "naam patiënt" \(mapped to name\): did you mean "NAAM'
    ):
        rows_of(tmp_path, content, columns={"name": "naam patiënt"})
    with pytest.raises(InputFileError, match=r"\(mapped to phone\): there are PATIENT_ID, NAAM PATIENT$"):
        rows_of(tmp_path, content, columns={"phone": "gsm"})


@pytest.mark.parametrize(
    ("kind", "header", "told"),
    [
        (
            PATIENTS,
            "name;phone",
            '"patient_id": there are name, phone; name the file\'s own with --map patient_id',
        ),
        (APPOINTMENTS, "appointment_id;patient_id;date", '"start": there are .*--map start=COLUMN$'),
        (APPOINTMENTS, "a", '"appointment_id", "patient_id", "start": .*--map appointment_id=COLUMN --map patient_id='),
        (CONSENTS, "patient_id;at", '"consent": there are patient_id, at; .*--map consent=COLUMN$'),
        (PATIENTS, "a|b|c", r"there are a\|b\|c; name"),
        (
            PATIENTS,
            ";".join(f"c{i}" for i in range(12)),
            "there are c0, c1, c2, c3, c4, c5, c6, c7, c8, c9 and 2 more;",
        ),
        (PATIENTS, "y" * 500, "there are y{40};"),
        (PATIENTS, '"a\nb\x1b";c', "there are ab, c;"),
    ],
)
def test_a_missing_column_is_told_with_those_that_there_are(tmp_path: Path, kind: Kind, header: str, told: str) -> None:
    with pytest.raises(InputFileError, match=rf"file\.csv: no column .*{told}"):
        rows_of(tmp_path, header + "\n1;2;3\n", kind)


@pytest.mark.parametrize("row", ["1;Jan de Vries;0612345678", "a1;p1;2026-11-24 10:30", "Jan de Vries;06 12 34 56 78"])
def test_a_first_line_that_is_a_row_is_not_repeated(tmp_path: Path, row: str) -> None:
    with pytest.raises(InputFileError, match="the first line looks like a row") as refused:
        rows_of(tmp_path, f"{row}\n{row}\n")
    assert not any(cell in str(refused.value) for cell in row.split(";")[1:])


def test_a_column_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match=r'file\.csv: the column "phone" stands there 2 times'):
        rows_of(tmp_path, "patient_id;phone; Phone\n1;06;07\n")


def test_consents_have_columns_of_their_own(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, "consent;patient_id;by;wording\nja;p1;Els;v2\n", CONSENTS)
    assert rows == [ConsentRecord(2, "p1", True, by="Els", wording="v2")]
