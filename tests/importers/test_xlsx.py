"""Spreadsheets: dates are dates, ids have no `.0`, the one sheet with the columns is read, bombs are refused."""

import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from smsreminders.errors import AdministratorNeeded, InputFileError
from smsreminders.importers import extras
from smsreminders.importers.formats import formats, read_file
from smsreminders.importers.records import AppointmentRecord, PatientRecord, Record, RowError
from tests.importers.tables import APPOINTMENTS, PATIENTS, layout, unread_of, utc

SAMPLES = Path(__file__).parents[1] / "data" / "tables"  # agenda.xls by xlwt 1.3, agenda.ods by odfpy 1.4
OF_SAMPLES = {
    "appointment_id": "Afspraaknr",
    "patient_id": "Patiëntnr",
    "start": "Datum+Tijd",
    "end": "Eind",
    "patient_name": "Naam",
    "phone": "Mobiel",
}
HEADER = ["appointment_id", "patient_id", "start", "end"]


def written(folder: Path, *sheets: Sequence[Sequence[Any]], hidden: Sequence[str] = ()) -> Path:
    """A workbook with these sheets, which are called Blad1, Blad2 and so on."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"Blad{number}")
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if sheet.title in hidden else "visible"
    path = folder / "agenda.xlsx"
    book.save(path)
    return path


def starts_of(path: Path, time_format: str | None = None) -> list[datetime | None]:
    rows = list(read_file(path, APPOINTMENTS, layout(OF_SAMPLES if path.parent == SAMPLES else {}, time_format)))
    return [row.starts_at for row in rows if isinstance(row, AppointmentRecord)]


def patients_of(path: Path) -> list[Record | RowError]:
    return list(read_file(path, PATIENTS, layout()))


def test_xlsx_is_a_format() -> None:
    assert "xlsx" in formats()


@pytest.mark.parametrize("name", ["agenda.xls", "agenda.ods"])
def test_what_other_programs_wrote_is_read(name: str) -> None:
    rows = list(read_file(SAMPLES / name, APPOINTMENTS, layout(OF_SAMPLES)))
    assert rows == [
        AppointmentRecord(
            "row 2",
            "1001",
            PatientRecord("", "0007", "Anaïs Test", "612345671"),
            utc(2026, 11, 24, 8, 30),
            utc(2026, 11, 24, 8, 50),
            None,
        ),
        AppointmentRecord(
            "row 3",
            "1002",
            PatientRecord("", "8", "Zoë Test", "0612345672"),
            utc(2026, 11, 25, 13, 5),
            utc(2026, 11, 25, 13, 25),
            None,
        ),
    ]


@pytest.mark.parametrize("time_format", [None, "%d-%m-%Y %H:%M"])
@pytest.mark.parametrize(
    "start",
    [datetime(2026, 11, 24, 10, 30), datetime(2026, 11, 24, 10, 29, 59, 999_990), 46350.4375, "46350,4375"],  # noqa: DTZ001
)
def test_a_date_cell_and_a_serial_number_are_a_time_whatever_the_pattern(
    tmp_path: Path, start: object, time_format: str | None
) -> None:
    path = written(tmp_path, [HEADER, ["a1", "p1", start]])
    assert starts_of(path, time_format) == [utc(2026, 11, 24, 9, 30)]


@pytest.mark.parametrize(
    ("day", "clock"),
    [
        (date(2026, 11, 24), time(10, 30)),
        (datetime(2026, 11, 24), time(10, 30)),  # noqa: DTZ001
        ("2026-11-24", "10:30"),
        (date(2026, 11, 24), "10.30"),
        (46350, 0.4375),
    ],
)
def test_a_date_and_a_time_of_day_may_be_cells_apart(tmp_path: Path, day: object, clock: object) -> None:
    path = written(tmp_path, [["appointment_id", "patient_id", "Dag", "Uur"], ["a1", "p1", day, clock]])
    [row] = read_file(path, APPOINTMENTS, layout({"start": "Dag+Uur"}))
    assert isinstance(row, AppointmentRecord)
    assert row.starts_at == utc(2026, 11, 24, 9, 30)


def test_a_date_without_a_time_of_day_is_told(tmp_path: Path) -> None:
    [row] = read_file(written(tmp_path, [HEADER, ["a1", "p1", date(2026, 11, 24)]]), APPOINTMENTS, layout())
    assert unread_of(row)[0].reason.startswith("is midnight")


def test_text_is_read_by_the_pattern_beside_dates(tmp_path: Path) -> None:
    path = written(tmp_path, [HEADER, ["a1", "p1", "3-4-2026 10:30"], ["a2", "p1", datetime(2026, 4, 3, 10, 30)]])  # noqa: DTZ001
    assert starts_of(path, "%d-%m-%Y %H:%M") == [utc(2026, 4, 3, 8, 30)] * 2


@pytest.mark.parametrize(
    ("dates", "is_refused"),
    [
        ([date(2026, 4, 12), "25-11-2026", date(2026, 5, 12), "24-11-2026"], True),  # 4 and 5 December once
        ([date(2026, 4, 12), "25-11-2026", date(2026, 5, 12), "04-12-2026", "24-11-2026"], False),
        ([date(2026, 11, 25), "25-11-2026", date(2026, 12, 5), "24-11-2026"], False),
        ([date(2026, 12, 4), date(2026, 12, 5), "", "nog niet", "24-11-2026"], False),
        (["24-11-2026", "25-11-2026", date(2026, 12, 4)], False),
    ],
)
def test_days_that_a_spreadsheet_took_for_months_are_refused(
    tmp_path: Path, dates: list[object], *, is_refused: bool
) -> None:
    rows = [["a" + str(number), "p1", day, "10:30"] for number, day in enumerate(dates)]
    path = written(tmp_path, [["appointment_id", "patient_id", "Datum", "Tijd"], *rows])
    reading = read_file(path, APPOINTMENTS, layout({}, "%d-%m-%Y %H:%M"))
    if is_refused:
        with pytest.raises(InputFileError, match="all 2 dates that are texts have a day above 12, and none of the 2"):
            list(reading)
    else:
        assert len(list(reading)) == len(dates)


def test_numbers_are_ids_as_they_are_written(tmp_path: Path) -> None:
    ids = [1, 12.0, "0012", 123456789012345, 1.5, True]
    path = written(tmp_path, [["patient_id"], *[[id_] for id_ in ids]])
    assert [row.source_id for row in patients_of(path)] == ["1", "12", "0012", "123456789012345", "1.5", "true"]


def test_rows_have_their_numbers_and_what_stands_beside_the_table_does_no_harm(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Lijst van vandaag"],
        [],
        ["patient_id", "name"],
        [1, "Jan", None, "let op"],
        [],
        [2, "Piet"],
    ]
    assert patients_of(written(tmp_path, rows)) == [
        PatientRecord("row 4", "1", "Jan"),
        PatientRecord("row 6", "2", "Piet"),
    ]


def test_the_sheet_with_the_columns_is_read_wherever_it_stands(tmp_path: Path) -> None:
    good: list[list[Any]] = [["patient_id", "name"], [1, "Jan"]]
    path = written(tmp_path, [["Toelichting"]], good, [["patient_id"], [9]], hidden=["Blad3"])
    assert patients_of(path) == [PatientRecord("row 2", "1", "Jan")]


def test_two_sheets_with_the_columns_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, [["patient_id"], [1]], [["patient_id"], [2]])
    with pytest.raises(
        InputFileError, match=r'agenda\.xlsx: the sheets "Blad1" and "Blad2" both have the columns: hide'
    ):
        patients_of(path)


def test_a_workbook_without_the_columns_is_told_by_its_first_rows(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match=r'agenda.xlsx: no column "patient_id": there are nr, naam; name'):
        patients_of(written(tmp_path, [["nr", "naam"], [1, "Jan"]], [["x"]]))
    with pytest.raises(InputFileError, match="no line with the names of the columns"):
        patients_of(written(tmp_path, []))


def rewritten(folder: Path, sheet: Iterable[bytes]) -> Path:
    """A workbook whose only sheet has this XML between `<sheetData>` and its end."""
    plain, path = written(folder, [["patient_id"]]), folder / "bomb.xlsx"
    part, begin = (
        "xl/worksheets/sheet1.xml",
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">',
    )
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        new.writestr(part, b"".join([begin, b"<sheetData>", *sheet, b"</sheetData></worksheet>"]))
    return path


def cell(place: str, text: str) -> bytes:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()


def test_a_cell_at_the_far_corner_ends_the_reading_and_not_the_program(tmp_path: Path) -> None:
    header = [b'<row r="1">', cell("A1", "patient_id"), b"</row>"]
    path = rewritten(tmp_path, [*header, b'<row r="1048576">', cell("XFD1048576", "x"), b"</row>"])
    with pytest.raises(InputFileError, match=r"bomb\.xlsx: the spreadsheet can't be read: it is damaged, or too large"):
        patients_of(path)


def test_a_million_empty_rows_are_none(tmp_path: Path) -> None:
    header = [b'<row r="1">', cell("A1", "patient_id"), b'</row><row r="2">', cell("A2", "p1"), b"</row>"]
    path = rewritten(tmp_path, [*header, *(b'<row r="%d"><c r="A%d"/></row>' % (n, n) for n in range(3, 1_000_001))])
    assert patients_of(path) == [PatientRecord("row 2", "p1")]


def test_ten_thousand_columns_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, [["patient_id", *(f"k{n}" for n in range(10_000))], ["p1", *range(10_000)]])
    assert patients_of(path) == [PatientRecord("row 2", "p1")]


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0" + b"\0" * 600])
def test_what_is_no_spreadsheet_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "agenda.xls"
    path.write_bytes(content)
    with pytest.raises(InputFileError, match=r"agenda\.xls: the spreadsheet can't be read: it is"):
        patients_of(path)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "the file is empty"),
        (b"<html><table>", "not a text file but a web page or XML, as some programs call .xls: open it and save it as"),
        (b'\xef\xbb\xbf\r\n<?xml version="1.0"?>', "not a text file but a web page or XML"),
        (b"rubbish", 'no column "patient_id": there are rubbish'),
        (b"%PDF-1.4", "not a text file but a PDF"),
    ],
)
def test_what_is_only_called_a_spreadsheet_is_told(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "agenda.xls"
    path.write_bytes(content)
    with pytest.raises(InputFileError, match=re.escape(f"agenda.xls: {what}")):
        patients_of(path)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="this is a folder"):
        read_file(tmp_path, PATIENTS, layout(), format_name="xlsx")


def test_a_missing_library_is_named_with_the_command_that_installs_it() -> None:
    with pytest.raises(AdministratorNeeded, match=r"spreadsheets .* -m pip install 'smsreminders\[xlsx\]'"):
        extras.require("no_such_library", extra="xlsx", what="spreadsheets")
