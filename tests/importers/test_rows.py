"""Rows: what is no record is left out and counted; an id may be made of a patient and a start."""

from collections import Counter
from pathlib import Path

import pytest

from smsreminders.importers.formats import read_file
from smsreminders.importers.records import AppointmentRecord, Kind, Layout, LeftOut, PatientRecord, Record, RowError
from tests.importers.tables import AMSTERDAM, APPOINTMENTS, NOW, PATIENTS, layout, line_of, unread_of, utc

HEADER = "appointment_id;patient_id;start;patient_name;phone;status;consent"


def rows_and_left_out(
    folder: Path, lines: list[str], kind: Kind = APPOINTMENTS
) -> tuple[list[Record | RowError], Counter[LeftOut]]:
    path = folder / "file.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    reading = read_file(path, kind, layout())
    return list(reading), reading.left_out


@pytest.mark.parametrize(
    "total",
    [
        ";;;;;;",
        ";;;12 afspraken;;;",
        "Totaal;12;;;;;",
        "Totaal: 12 afspraken",
        "Subtotaal;;;;;;12",
        "Aantal;12",
        ";;;;Total 12;;",
        "12;;;;;;".replace("12", ""),
        "Afgedrukt op 24-11-2026 08:00 door M. de Vries",
        "Pagina 1 van 3;;;;;;",
        "Gemaakt door: M. de Vries",
        "Exportdatum;24-11-2026",
    ],
)
def test_a_line_of_totals_is_left_out_and_counted(tmp_path: Path, total: str) -> None:
    rows, left_out = rows_and_left_out(tmp_path, [HEADER, "a1;p1;2026-11-24 10:30;Jan;;;", total])
    assert [row.source_id for row in rows] == ["a1"]
    assert left_out == Counter({LeftOut.TOTAL: 1} if total.strip(";") else {})


@pytest.mark.parametrize(
    "row", ["Totaal;p1;2026-11-24 10:30;Jan;;;", ";p1;2026-11-24 10:30;Jan;;;", ";p1;;;;;nee", "a2;p1;;Jan;;;"]
)
def test_what_may_be_an_appointment_is_none_that_is_left_out(tmp_path: Path, row: str) -> None:
    rows, left_out = rows_and_left_out(tmp_path, [HEADER, row])
    assert (len(rows), left_out.total()) == (1, 0)


def test_a_header_that_stands_there_again_is_no_row(tmp_path: Path) -> None:
    row = "a{0};p{0};2026-11-24 10:30;Jan;;;"
    rows, left_out = rows_and_left_out(tmp_path, ["Agenda", HEADER, row.format(1), HEADER, row.format(2)])
    assert [row.source_id for row in rows] == ["a1", "a2"]
    assert left_out == Counter({LeftOut.ABOVE: 2})


def test_a_total_below_patients_is_left_out_and_a_patient_of_that_name_is_not(tmp_path: Path) -> None:
    lines = ["patient_id;name;phone", "1;Jan;06", "Totaal;1;", "Total;Piet;06"]
    rows, left_out = rows_and_left_out(tmp_path, lines, PATIENTS)
    assert [row.source_id for row in rows] == ["1", "Total"]
    assert left_out == Counter({LeftOut.TOTAL: 1})


def test_lines_above_the_header_and_blocks_without_an_id_are_counted(tmp_path: Path) -> None:
    lines = [
        "Agenda week 48",
        "",
        "gemaakt op 23-11-2026",
        HEADER,
        "a1;p1;2026-11-24 10:30;Jan;;;",
        ";;2026-11-24 12:00;;;;",
    ]
    rows, left_out = rows_and_left_out(tmp_path, lines)
    assert [(row.place, row.source_id) for row in rows] == [("line 5", "a1")]
    assert left_out == Counter({LeftOut.ABOVE: 2, LeftOut.BLOCK: 1})


@pytest.mark.parametrize("status", ["", "gepland", "vrij te boeken"])
def test_an_appointment_without_a_patient_is_a_block_that_is_ignored(tmp_path: Path, status: str) -> None:
    [row], _ = rows_and_left_out(tmp_path, [HEADER, f"a1;;2026-11-24 12:00;;;{status};"])
    assert isinstance(row, AppointmentRecord)
    assert (row.source_id, row.ignored, unread_of(row)) == ("a1", True, [])


def test_a_cancellation_counts_though_the_patient_is_not_told(tmp_path: Path) -> None:
    [row], _ = rows_and_left_out(tmp_path, [HEADER, "a1;;2026-11-24 12:00;;;geannuleerd;"])
    assert isinstance(row, AppointmentRecord)
    assert (row.ignored, row.booking) == (False, "cancelled")


def test_a_header_is_looked_for_in_twenty_lines(tmp_path: Path) -> None:
    for above, expected in ((19, ["a1"]), (20, None)):
        lines = [*(f"titel {n}" for n in range(above)), HEADER, "a1;p1;2026-11-24 10:30;;;;"]
        try:
            rows: list[str | None] | None = [row.source_id for row in rows_and_left_out(tmp_path, lines)[0]]
        except Exception:  # noqa: BLE001
            rows = None
        assert rows == expected


@pytest.mark.parametrize("consent", ["ja", "", "misschien"])
def test_a_name_that_says_that_the_patient_has_died_is_a_no(tmp_path: Path, consent: str) -> None:
    for kind, lines in (
        (PATIENTS, ["patient_id;name;consent", f"1;K. Bos (overleden);{consent}", f"2;K. Bos;{consent}"]),
        (APPOINTMENTS, [HEADER, f"a1;1;2026-11-24 10:30;† K. Bos;06;;{consent}"]),
    ):
        rows, _ = rows_and_left_out(tmp_path, lines, kind)
        patients = [row.patient if isinstance(row, AppointmentRecord) else row for row in rows]
        assert next(patient.consent for patient in patients if isinstance(patient, PatientRecord)) is False
    assert isinstance(rows[0], AppointmentRecord)


# An id that is made


def made(folder: Path, content: str) -> list[Record | RowError]:
    path = folder / "file.csv"
    path.write_text(content, encoding="utf-8")
    return list(read_file(path, APPOINTMENTS, Layout(AMSTERDAM, NOW, id_of_start=True)))


def test_an_id_may_be_made_of_the_patient_and_the_start(tmp_path: Path) -> None:
    rows = made(tmp_path, "patient_id;start\np1;2026-11-24 10:30\np1;\n;2026-11-24 10:30\n")
    assert rows[0] == AppointmentRecord(
        "line 2", "p1 2026-11-24 10:30", PatientRecord("", "p1"), utc(2026, 11, 24, 9, 30), booking=None
    )
    assert [(line_of(row), row.field, row.source_id) for row in rows[1:] if isinstance(row, RowError)] == [
        (3, "start", None),
        (4, "patient_id", None),
    ]


def test_a_column_of_ids_counts_before_one_that_is_made(tmp_path: Path) -> None:
    rows = made(tmp_path, "appointment_id;patient_id;start\na1;p1;2026-11-24 10:30\n")
    assert [row.source_id for row in rows] == ["a1"]
