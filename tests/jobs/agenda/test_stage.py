"""Staging: the same row twice is one row; of two that contradict each other both are rejected, by the other's line."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from smsreminders.importers.formats import read_file
from smsreminders.importers.records import AppointmentRecord, ConsentRecord, Kind, PatientRecord, Record, RowError
from smsreminders.jobs.agenda.stage import Source, stage, understood
from tests.builders import NOW
from tests.importers.tables import APPOINTMENTS, CONSENTS, PATIENTS, errors, layout, line_of
from tests.jobs.bench import Bench


def rows_of(
    bench: Bench, folder: Path, content: str, kind: Kind = PATIENTS, columns: Mapping[str, str] | None = None
) -> list[Record | RowError]:
    """What is left of a file's rows, and what is told of the others, by line."""
    path = folder / "file.csv"
    path.write_text(content, encoding="utf-8")
    [file] = stage(
        bench.db, kind, [Source(path.name, read_file(path, kind, layout(columns)), columns=columns or {})], now=NOW
    )
    return sorted([*understood(bench.db, kind, file), *file.row_errors()], key=line_of)


def kept(rows: list[Record | RowError]) -> list[tuple[int, str]]:
    return [(line_of(row), row.source_id) for row in rows if not isinstance(row, RowError)]


def against(rows: list[Record | RowError]) -> list[tuple[int, str | None, str]]:
    """The line and id of each row that was rejected, and the line that its reason names."""
    words = [(row, row.reason.split()) for row in errors(rows)]
    return [(line_of(row), row.source_id, reason[reason.index("line") + 1]) for row, reason in words]


def test_the_same_content_under_the_same_id_is_one_row(bench: Bench, tmp_path: Path) -> None:
    rows = rows_of(bench, tmp_path, "patient_id;name;consent\n1;Jan;ja\n2;Piet;ja\n 1 ; Jan;YES\n1;Jan;ja\n")
    assert rows == [
        PatientRecord("line 2", "1", "Jan", consent=True),
        PatientRecord("line 3", "2", "Piet", consent=True),
    ]


def test_other_content_under_the_same_id_rejects_all_of_them(bench: Bench, tmp_path: Path) -> None:
    rows = rows_of(bench, tmp_path, "Nr;name\n1;Jan\n2;Piet\n1;Klaas\n1;Jan\n1;Els\n", columns={"patient_id": "Nr"})
    assert kept(rows) == [(3, "2")]
    assert against(rows) == [(2, "1", "4"), (4, "1", "2"), (5, "1", "4"), (6, "1", "2")]
    assert {(row.field, row.reason) for row in errors(rows)} == {
        ("Nr", "the same id stands in line 4 with other content"),
        ("Nr", "the same id stands in line 2 with other content"),
    }


def test_an_appointment_moved_within_the_file_is_rejected_twice(bench: Bench, tmp_path: Path) -> None:
    content = "appointment_id;patient_id;start\na1;p;2026-11-24 10:30\na1;p;2026-11-25 10:30\na2;p;2026-11-25 10:30\n"
    rows = rows_of(bench, tmp_path, content, APPOINTMENTS)
    assert kept(rows) == [(4, "a2")]
    assert against(rows) == [(2, "a1", "3"), (3, "a1", "2")]


def test_the_same_appointment_twice_is_one(bench: Bench, tmp_path: Path) -> None:
    content = "appointment_id;patient_id;start\na1;p;2026-11-24 10:30\na1;p;2026-11-24T10:30+01:00\n"
    assert kept(rows_of(bench, tmp_path, content, APPOINTMENTS)) == [(2, "a1")]


def test_a_bad_row_of_the_same_id_is_other_content(bench: Bench, tmp_path: Path) -> None:
    rows = rows_of(bench, tmp_path, "patient_id;language\n1;nl\n1;moers\n2;moers\n2;nl\n3;x\n3;x\n")
    assert kept(rows) == [(6, "3")]
    assert [(line_of(row), row.field) for row in errors(rows)] == [(line, "patient_id") for line in range(2, 6)]
    assert errors(rows)[0].reason == "the same id stands in line 3 with other content"
    assert errors(rows)[2].reason == "the same id stands in line 5 with other content"


def test_many_rows_of_one_id_take_no_longer_than_others(bench: Bench, tmp_path: Path) -> None:
    same = "patient_id;name\n" + "1;Jan\n" * 5_000
    assert kept(rows_of(bench, tmp_path, same)) == [(2, "1")]
    assert len(errors(rows_of(bench, tmp_path, same + "1;Piet\n"))) == 5_001


def test_a_patient_is_as_the_first_row_tells(bench: Bench, tmp_path: Path) -> None:
    content = (
        "appointment_id;patient_id;start;phone;language\n"
        "a1;p1;2026-11-24 10:30;0612345678;nl\n"
        "a2;p1;2026-11-25 10:30;0687654321;nl\n"
        "a3;p1;2026-11-26 10:30;0612345678;NL\n"
        "a4;p1;2026-11-27 10:30;0612345678;en\n"
        "a5;p2;2026-11-27 10:30;;\n"
        "a6;p2;2026-11-28 10:30;0612345679;tr\n"
        "a7;p2;2026-11-29 10:30;+31 6 12345679;\n"
    )
    rows = rows_of(bench, tmp_path, content, APPOINTMENTS)
    assert kept(rows) == [(2, "a1"), (4, "a3"), (5, "a4"), (6, "a5"), (7, "a6"), (8, "a7")]
    assert against(rows) == [(3, "a2", "2")]
    assert {row.field for row in errors(rows)} == {"patient_id"}
    assert "06" not in str([row.reason for row in errors(rows)])
    people = bench.db.execute("select source_id, phone, language from temp.staged_people order by source_id").fetchall()
    assert people == [("p1", "0612345678", "nl"), ("p2", "0612345679", "tr")]  # what is empty says nothing


def test_rows_that_were_rejected_tell_nothing_of_a_patient(bench: Bench, tmp_path: Path) -> None:
    content = (
        "appointment_id;patient_id;start;phone\n"
        "a1;p1;2026-11-24 10:30;1\na1;p1;2026-11-24 10:30;2\na2;p1;tomorrow;3\na3;p1;2026-11-24 10:30;4\n"
    )
    rows = rows_of(bench, tmp_path, content, APPOINTMENTS)
    assert kept(rows) == []
    assert [(line_of(row), row.field) for row in errors(rows)] == [
        (2, "appointment_id"),
        (3, "appointment_id"),
        (4, "start"),
        (5, "patient_id"),  # the row that is unclear for its start said another number of this patient
    ]


def test_without_columns_of_patients_a_patient_stands_in_many_rows(bench: Bench, tmp_path: Path) -> None:
    lines = [f"a{i};p1;2026-11-24 1{i}:30" for i in range(9)]
    rows = rows_of(bench, tmp_path, "\n".join(["appointment_id;patient_id;start", *lines]), APPOINTMENTS)
    assert all(isinstance(row, AppointmentRecord) for row in rows)
    assert len(rows) == 9


def test_consents_of_several_times_are_a_history(bench: Bench, tmp_path: Path) -> None:
    content = (
        "patient_id;consent;at;by\n1;ja;2026-11-01 10:00;Els\n1;nee;2026-11-02 10:00;Els\n1;ja;;Els\n"
        "1;ja;2026-11-01 10:00;Els\n1;ja;2026-11-01 10:00;Bob\n1;ja;;Els\n2;nee;;Els\n"
    )
    rows = rows_of(bench, tmp_path, content, CONSENTS)
    assert all(isinstance(row, ConsentRecord) for row in rows)
    assert kept(rows) == [(2, "1"), (3, "1"), (4, "1"), (6, "1"), (8, "2")]


def test_two_consents_that_contradict_at_one_time_are_rejected(bench: Bench, tmp_path: Path) -> None:
    content = (
        "patient_id;consent;at\n1;ja;\n2;ja;\n1;nee;\n1;ja;2026-11-01 10:00\n"
        "3;ja;2026-11-01 10:00\n3;nee;2026-11-01T10:00\n4;ja;\n4;?;\n"
    )
    rows = rows_of(bench, tmp_path, content, CONSENTS)
    assert kept(rows) == [(3, "2"), (5, "1"), (8, "4")]
    assert against(rows[:-1]) == [(2, "1", "4"), (4, "1", "2"), (6, "3", "7"), (7, "3", "6")]
    assert {row.field for row in errors(rows[:-1])} == {"patient_id"}


def test_good_rows_between_bad_ones_stay_in_their_order(bench: Bench, tmp_path: Path) -> None:
    lines = [f"a{n};p{n};{'x' if n % 7 == 0 else '2026-11-24 10:30'}" for n in range(300)]
    rows = rows_of(bench, tmp_path, "\n".join(["appointment_id;patient_id;start", *lines]), APPOINTMENTS)
    assert [row.source_id for row in rows] == [f"a{n}" for n in range(300)]
    assert [line_of(row) for row in errors(rows)] == list(range(2, 302, 7))


@pytest.mark.parametrize(
    ("ids", "kept_ids"),
    [
        (["a1", "a2", "a3"], ["a1", "a2", "a3"]),
        (["a1", "a3", "a2"], ["a1", "a3", "a2"]),
        (["a1", "a2", "a2"], ["a1"]),
        (["a2", "a1", "a2"], ["a1"]),
        (["a10", "a9", "a10"], ["a9"]),
    ],
)
def test_an_id_that_comes_twice_is_found_in_whatever_order(
    bench: Bench, tmp_path: Path, ids: list[str], kept_ids: list[str]
) -> None:
    lines = [f"{id_};p1;2026-11-24 1{place}:30" for place, id_ in enumerate(ids)]
    rows = rows_of(bench, tmp_path, "\n".join(["appointment_id;patient_id;start", *lines]), APPOINTMENTS)
    assert [id_ for _, id_ in kept(rows)] == kept_ids


def test_a_bad_row_contradicts_a_good_one_that_stands_far_before_it(bench: Bench, tmp_path: Path) -> None:
    content = "appointment_id;patient_id;start\na1;p;2026-11-24 10:30\na2;p;2026-11-24 10:30\na1;p;tomorrow\n"
    rows = rows_of(bench, tmp_path, content, APPOINTMENTS)
    assert kept(rows) == [(3, "a2")]


@pytest.mark.parametrize(("patients", "named"), [(3, {"line 2", "line 4", "line 6"}), (4, {"an earlier row"})])
def test_rows_that_contradict_many_others_of_their_patients_are_told_in_one_go(
    bench: Bench, tmp_path: Path, patients: int, named: set[str]
) -> None:
    lines = [f"a{n};p{n // 2};Naam {n};2026-11-24 10:30" for n in range(2 * patients)]
    content = "\n".join(["appointment_id;patient_id;patient_name;start", *lines])
    told = {row.reason.partition(" says ")[0] for row in errors(rows_of(bench, tmp_path, content, APPOINTMENTS))}
    assert told == named
