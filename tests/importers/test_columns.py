"""Columns: found by their names however these are written, or mapped, or joined; an error helps to map them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from smsreminders.domain.phone import PhoneError, parse_mobile
from smsreminders.errors import InputFileError, UsageError
from smsreminders.importers.records import AppointmentRecord, ConsentRecord, Kind, PatientRecord, Record, RowError
from tests.importers.tables import APPOINTMENTS, CONSENTS, PATIENTS, errors, line_of, patients, rows_of


@pytest.mark.parametrize(
    "header", ["PATIENT_ID;Name", " patient_id ; name\t", '"Patient_Id";"NAME"', "\ufeffpatient_id;name"]
)
def test_case_blanks_and_marks_do_not_matter(tmp_path: Path, header: str) -> None:
    assert patients(tmp_path, f"{header}\n1;Jan\n") == [PatientRecord("line 2", "1", "Jan")]


def test_columns_stand_in_any_order_and_unknown_ones_are_left_out(tmp_path: Path) -> None:
    content = "bsn;phone;name;patient_id;remark;remark\n111222333;06;Jan;1;first\x00;second\n"
    assert patients(tmp_path, content) == [PatientRecord("line 2", "1", "Jan", "06")]


def test_a_column_that_the_file_lacks_says_nothing_and_an_empty_cell_says_empty(tmp_path: Path) -> None:
    assert patients(tmp_path, "patient_id\n1\n") == [PatientRecord("line 2", "1", None, None, None, None)]
    content = "patient_id;name;phone;language;consent\n1;;;;\n"
    assert patients(tmp_path, content) == [PatientRecord("line 2", "1", "", "", "", None)]


def test_a_file_may_carry_appointments_and_patients(tmp_path: Path) -> None:
    columns = (
        "appointment_id;patient_id;start;end;status;location;practitioner;type;patient_name;phone;language;consent;name"
    )
    cells = "a1;p1;2026-11-24 10:30;2026-11-24 11:00;geboekt;Room 1;Dr. Bos;Intake;Jan;0612345678;EN;ja;not this one"
    [row] = rows_of(tmp_path, f"{columns}\n{cells}\n", APPOINTMENTS)
    assert isinstance(row, AppointmentRecord)
    assert (line_of(row), row.source_id, row.location) == (2, "a1", "Room 1")
    assert (row.practitioner, row.type) == ("Dr. Bos", "Intake")
    assert row.patient == PatientRecord("", "p1", "Jan", "0612345678", "en", True)


def test_optional_columns_of_appointments_say_nothing_without_them(tmp_path: Path) -> None:
    [row] = rows_of(tmp_path, "appointment_id;patient_id;start\na1;p1;2026-11-24 10:30\n", APPOINTMENTS)
    assert isinstance(row, AppointmentRecord)
    assert (row.location, row.practitioner, row.type, row.ends_at) == (None, None, None, None)
    assert row.patient == PatientRecord("", "p1")


def test_a_mapped_column_is_read_in_place_of_ours(tmp_path: Path) -> None:
    content = "Patiëntnr;name;Volledige naam\n1;no;Jan\n"
    columns = {"patient_id": " PATIËNTNR", "name": "volledige naam"}
    assert patients(tmp_path, content, columns) == [PatientRecord("line 2", "1", "Jan")]


def test_an_error_of_a_row_names_the_column_as_the_file_does(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, " Nummer ;Taal\n1;moedertaal\n;nl\n", columns={"patient_id": "nummer", "language": "taal"})
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
        (
            APPOINTMENTS,
            "appointment_id;patient_id;date",
            '"start": there are .*--map start=COLUMN; `smsreminders import --try` finds',
        ),
        (APPOINTMENTS, "a", '"appointment_id", "patient_id", "start": .*--map appointment_id=COLUMN --map patient_id='),
        (
            CONSENTS,
            "patient_id;at",
            '"consent": there are patient_id, at; .*--map consent=COLUMN; `smsreminders import --try` finds',
        ),
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
    assert rows == [ConsentRecord("line 2", "p1", True, by="Els", wording="v2")]


# Columns that are joined

AGENDA = "appointment_id;patient_id;Datum;Begintijd;Eindtijd\na1;p1;{};{};{}\n"
JOINED = {"start": "datum+begintijd", "end": " Datum + Eindtijd "}


def agenda(folder: Path, date: str, begins: str, ends: str, time_format: str | None = None) -> Record | RowError:
    [row] = rows_of(folder, AGENDA.format(date, begins, ends), APPOINTMENTS, JOINED, time_format)
    return row


@pytest.mark.parametrize(
    ("date", "begins", "ends", "time_format"),
    [
        ("2026-11-24", "10:30", "11:00:00", None),
        (" 2026-11-24 ", " 10:30 ", "11:00", None),
        ("24-11-2026", "10:30", "11:00", "%d-%m-%Y %H:%M"),
        ("11/24/2026", "10:30 AM", "11:00 AM", "%m/%d/%Y %I:%M %p"),
    ],
)
def test_a_date_and_a_time_beside_it_are_read_as_one(
    tmp_path: Path, date: str, begins: str, ends: str, time_format: str | None
) -> None:
    row = agenda(tmp_path, date, begins, ends, time_format)
    assert isinstance(row, AppointmentRecord)
    assert row.starts_at == datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    assert row.ends_at == datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("date", "begins", "ends", "field", "reason"),
    [
        (
            "24-11-2026",
            "10:30",
            "",
            "Datum+Begintijd",
            '"24-11-2026 10:30" can\'t be read as a time: write it like 2026',
        ),
        ("", "", "", "Datum+Begintijd", "can't be read as a time"),
        ("", "10:30", "", "Datum+Begintijd", "is a time of day without a date and can't be read as a time"),
        ("2026-11-24", "", "11:00", "Datum+Begintijd", '"2026-11-24" can\'t be read as a time'),
        ("2026-11-24", "10:30", "10:00", "Datum+Eindtijd", "the end is before the start"),
        ("2026-11-24", '"10:30\x00"', "", "Datum+Begintijd", "holds a control character"),
        ("2026-11-24", "x" * 201, "", "Datum+Begintijd", "is longer than 200 characters"),
    ],
)
def test_an_error_of_joined_columns_names_them_all(
    tmp_path: Path, date: str, begins: str, ends: str, field: str, reason: str
) -> None:
    row = agenda(tmp_path, date, begins, ends)
    [error] = errors([row])
    assert (error.field, error.source_id) == (field, "a1")
    assert error.reason.startswith(reason)


def test_joined_cells_that_are_all_empty_are_empty(tmp_path: Path) -> None:
    content = "patient_id;consent;Datum;Tijd\n1;ja; ;\n2;ja;2026-11-01;10:00\n"
    assert rows_of(tmp_path, content, CONSENTS, {"at": "Datum+Tijd"}) == [
        ConsentRecord("line 2", "1", True),
        ConsentRecord("line 3", "2", True, datetime(2026, 11, 1, 9, 0, tzinfo=UTC)),
    ]


def test_an_end_without_its_time_of_day_is_no_end(tmp_path: Path) -> None:
    content = "appointment_id;patient_id;Datum;Begin;Eind\na1;p1;2026-11-24;10:30;\n"
    [row] = rows_of(tmp_path, content, APPOINTMENTS, {"start": "Datum+Begin", "end": "Datum+Eind"})
    assert isinstance(row, AppointmentRecord)
    assert row.ends_at is None


@pytest.mark.parametrize("name", ["Datum+Tijd", "datum+tijd", "+", "Tijd+", "+Datum", "Datum++Tijd"])
def test_a_column_that_has_a_plus_in_its_name_is_found_by_it(tmp_path: Path, name: str) -> None:
    content = f"appointment_id;patient_id;Datum;;Tijd;{name}\na1;p1;2026-11-25;;9:00;2026-11-24 10:30\n"
    [row] = rows_of(tmp_path, content, APPOINTMENTS, {"start": name})
    assert isinstance(row, AppointmentRecord)
    assert row.starts_at == datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", ["+", "Datum+", "+Datum", "Datum++Tijd"])
def test_a_plus_with_nothing_beside_it_joins_nothing(tmp_path: Path, name: str) -> None:
    content = "appointment_id;patient_id;Datum;;Tijd\na1;p1;2026-11-25;;9:00\n"
    with pytest.raises(InputFileError) as refused:
        rows_of(tmp_path, content, APPOINTMENTS, {"start": name})
    assert f'no column "{name}" (mapped to start): ' in str(refused.value)


def test_a_name_is_joined_of_its_parts_and_an_empty_one_leaves_no_blank(tmp_path: Path) -> None:
    content = "patient_id;Voornaam;Tussenvoegsel;Naam\n1;Jan;van der;Berg\n2;Piet;;Bos\n"
    rows = patients(tmp_path, content, {"name": "Voornaam+Tussenvoegsel+Naam"})
    assert [row.name for row in rows] == ["Jan van der Berg", "Piet Bos"]


def test_an_id_may_be_joined_and_is_none_where_a_part_of_it_is_missing(tmp_path: Path) -> None:
    rows = "7;1;2026-11-24 10:30;U\n8;2;2026-11-24 10:30;\n;;2026-11-24 12:00;U\n"
    content = f"appointment_id;patient_id;start;Praktijk\n{rows}"
    first, second, block = rows_of(
        tmp_path,
        content,
        APPOINTMENTS,
        {"appointment_id": "Praktijk+appointment_id", "patient_id": "Praktijk+patient_id"},
    )
    assert isinstance(first, AppointmentRecord)
    assert (first.source_id, first.patient.source_id) == ("U 7", "U 1")
    assert [error.reason for error in errors([second])] == [
        "one of its columns is empty, so it isn't known whose id it is"
    ]
    assert isinstance(block, RowError)
    read = rows_of(tmp_path, content, APPOINTMENTS, {"patient_id": "Praktijk+patient_id"})
    assert [error.field for error in errors(read)] == ["Praktijk+patient_id", "appointment_id"]


def test_of_joined_numbers_the_only_mobile_is_texted(tmp_path: Path) -> None:
    content = "patient_id;Tel 1;Tel 2\n1;020-7654321;0612345671\n2;0612345672;\n3;0612345671;0622345671\n"
    rows = patients(tmp_path, content, {"phone": "Tel 1+Tel 2"})
    assert [row.phone for row in rows] == ["020-7654321 0612345671", "0612345672", "0612345671 0622345671"]
    assert [parse_mobile(row.phone or "").e164 for row in rows[:2]] == ["+31612345671", "+31612345672"]
    with pytest.raises(PhoneError, match="more than one mobile"):
        parse_mobile(rows[2].phone or "")


def test_consents_that_contradict_each_other_in_joined_columns_are_unclear(tmp_path: Path) -> None:
    content = "patient_id;Sms;Mail\n1;ja;nee\n2;nee;ja\n"
    rows = rows_of(tmp_path, content, columns={"consent": "Sms+Mail"})
    assert [row.consent for row in rows if isinstance(row, PatientRecord)] == [None, False]


def test_a_joined_column_that_is_missing_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match=r'no column "Begin" \(mapped to start\): did you mean "Begintijd"\?$'):
        rows_of(tmp_path, AGENDA, APPOINTMENTS, {"start": "Datum + Begin"})
    with pytest.raises(InputFileError, match=r'no column "Data" \(mapped to end\): did you mean "Datum"\?$'):
        rows_of(tmp_path, AGENDA, APPOINTMENTS, {"start": "Datum+Begintijd", "end": "Data+Eindtijd"})


def test_a_joined_column_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    content = "appointment_id;patient_id;Datum;Tijd;tijd\n"
    with pytest.raises(InputFileError, match='the column "Tijd" stands there 2 times'):
        rows_of(tmp_path, content, APPOINTMENTS, {"start": "Datum+Tijd"})


# Usual columns

USUAL = {"appointment_id": "Afspraaknr", "patient_id": "Nummer", "name": "Naam", "start": "Datum+Tijd", "at": "Datum"}


def test_usual_columns_serve_files_of_any_kind(tmp_path: Path) -> None:
    assert rows_of(tmp_path, "Nummer;NAAM\n1;Jan\n", PATIENTS, usual=USUAL) == [PatientRecord("line 2", "1", "Jan")]
    [consent] = rows_of(tmp_path, "nummer;consent;datum\n1;ja;2026-11-01 10:00\n", CONSENTS, usual=USUAL)
    assert consent == ConsentRecord("line 2", "1", True, datetime(2026, 11, 1, 9, 0, tzinfo=UTC))
    content = "Afspraaknr;Nummer;Datum;Tijd\na1;1;2026-11-24;10:30\n"
    assert rows_of(tmp_path, content, APPOINTMENTS, usual=USUAL) == [
        AppointmentRecord(
            "line 2", "a1", PatientRecord("", "1"), datetime(2026, 11, 24, 9, 30, tzinfo=UTC), booking=None
        )
    ]


def test_our_own_name_counts_where_the_file_lacks_the_usual_column(tmp_path: Path) -> None:
    content = "appointment_id;nummer;start;Datum;name\na1;1;2026-11-24 10:30;2026-11-25;\n"
    [row] = rows_of(tmp_path, content, APPOINTMENTS, usual=USUAL)
    assert isinstance(row, AppointmentRecord)
    assert row.starts_at == datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    assert rows_of(tmp_path, "patient_id\n1\n", usual=USUAL) == [PatientRecord("line 2", "1")]


def test_a_usual_column_goes_before_our_own_and_a_mapped_one_before_both(tmp_path: Path) -> None:
    content = "patient_id;name;Naam;Volledige naam\n1;one;two;three\n"
    assert rows_of(tmp_path, content, usual=USUAL) == [PatientRecord("line 2", "1", "two")]
    assert rows_of(tmp_path, content, columns={"name": "name"}, usual=USUAL) == [PatientRecord("line 2", "1", "one")]
    assert rows_of(tmp_path, content, columns={"name": "volledige naam"}, usual=USUAL) == [
        PatientRecord("line 2", "1", "three")
    ]
    with pytest.raises(InputFileError, match=r'no column "roepnaam" \(mapped to name\)'):
        rows_of(tmp_path, content, columns={"name": "roepnaam"}, usual=USUAL)


def test_an_empty_usual_column_is_none(tmp_path: Path) -> None:
    assert rows_of(tmp_path, ";patient_id;name\n0;1;Jan\n", usual={"patient_id": "", "name": " "}) == [
        PatientRecord("line 2", "1", "Jan")
    ]


def test_an_unknown_usual_field_is_told_with_the_nearest(tmp_path: Path) -> None:
    for kind in Kind:
        with pytest.raises(
            UsageError, match=r'^\[import\.columns\]: there is no field "strat": did you mean "start"\?$'
        ):
            rows_of(tmp_path, "patient_id\n1\n", kind, usual={"strat": "Begintijd"})


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (
            "afspraaknr;nummer;Datum",
            'no column "start" (nor the usual "Datum+Tijd"): there are afspraaknr, nummer, Datum;',
        ),
        (
            "nummer;end",
            'no column "appointment_id" (nor the usual "Afspraaknr"), "start" (nor the usual "Datum+Tijd"): ',
        ),
    ],
)
def test_a_missing_column_is_told_with_its_usual_name(tmp_path: Path, header: str, told: str) -> None:
    with pytest.raises(InputFileError) as refused:
        rows_of(tmp_path, header + "\n", APPOINTMENTS, usual=USUAL)
    assert f"file.csv: {told}" in str(refused.value)
    assert str(refused.value).endswith(" --map start=COLUMN; `smsreminders import --try` finds out how")


def test_a_usual_name_that_is_our_own_is_told_once(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match='no column "patient_id": there are a;'):
        rows_of(tmp_path, "a\n", usual={"patient_id": "Patient_ID"})


def test_a_usual_column_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match='the column "Naam" stands there 2 times'):
        rows_of(tmp_path, "patient_id;naam;name;Naam\n", usual=USUAL)
