"""Bombs: a line without end, columns without end, in every format and also when it is only tried, end in little memory.

Zip bombs are in test_xlsx, deep JSON in resources/test_entries, endless series in test_ics.
"""

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from smsreminders.domain.agenda.patient_patterns import EXAMPLE, read_patient_pattern
from smsreminders.errors import InputFileError
from smsreminders.importers.formats import read_file
from smsreminders.importers.records import Kind, PatientRecord, RowError
from tests.importers.tables import APPOINTMENTS, PATIENTS, layout
from tests.importers.trying import tried

GIGABYTE = 1 << 30
LITTLE = 150 << 20  # bytes: a line of 32 million may be held, and its letters
BEGINNINGS = {
    "a.csv": (PATIENTS, b"patient_id;name\n1;", GIGABYTE),
    "a.json": (PATIENTS, b'{"resourceType":"Patient","id":"', GIGABYTE),
    "a.ndjson": (PATIENTS, b'{"resourceType":"Patient","id":"1"}\n{"resourceType":"Patient","id":"', GIGABYTE),
    "a.ics": (APPOINTMENTS, b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:", GIGABYTE),
    "a.hl7": (APPOINTMENTS, b"MSH|^~\\&|A|B|C|D|20261124||SIU^S12|1|P|2.3\rSCH|", GIGABYTE >> 5),
}


def by_an_import(path: Path, kind: Kind) -> list[object]:
    return list(read_file(path, kind, replace(layout(), patient_pattern=read_patient_pattern(EXAMPLE))))


def by_a_trial(path: Path, kind: Kind) -> list[object]:
    return [error for trial in tried(path, kind) if trial.read for error in trial.read.errors]


def outcome(read: Callable[[Path, Kind], list[object]], path: Path, kind: Kind) -> str:
    try:
        rows = read(path, kind)
    except InputFileError as error:
        return "refused" if str(error).startswith(f"{path}: ") else str(error)
    return "bad" if [type(row) for row in rows] == [RowError] else "read"


@pytest.mark.parametrize("read", [by_an_import, by_a_trial])
@pytest.mark.parametrize("name", BEGINNINGS)
def test_a_line_without_end_is_refused_or_bad_and_takes_little_memory(
    tmp_path: Path, name: str, read: Callable[[Path, Kind], list[object]]
) -> None:
    kind, beginning, size = BEGINNINGS[name]
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(beginning)
        file.truncate(size)  # a hole, which takes no room on the disk
    tracemalloc.start()
    try:
        assert outcome(read, path, kind) == ("bad" if name == "a.hl7" else "refused")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < LITTLE


def test_ten_thousand_columns_are_read_as_any(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    header = ";".join(["patient_id", *(f"k{number}" for number in range(10_000))])
    path.write_text(f"{header}\n1{';x' * 10_000}\n", encoding="utf-8")
    assert list(read_file(path, PATIENTS, layout())) == [PatientRecord("line 2", "1")]
    [trial] = tried(path, PATIENTS)
    assert trial.read is not None
    assert trial.read.counts["understood"] == 1
