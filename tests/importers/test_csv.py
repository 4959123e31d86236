"""CSV: any of four delimiters, quotes and line ends are read right; whatever the bytes, rows or one clear error."""

import csv
import gzip
import io
from datetime import datetime
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from smsreminders.errors import InputFileError
from smsreminders.importers.formats import formats, read_file
from smsreminders.importers.records import AppointmentRecord, ConsentRecord, Kind, PatientRecord, Record, RowError
from tests.importers.tables import APPOINTMENTS, CONSENTS, PATIENTS, errors, layout, line_of, patients, rows_of

JANSEN = PatientRecord("line 2", "p1", "Jansen, Anaïs", "06-12345678")


def test_csv_is_a_format() -> None:
    assert "csv" in formats()


@pytest.mark.parametrize("name", ["a.csv", "a.CSV", "a.tsv", "a.txt", "a.xls"])  # many programs call a text .xls
def test_the_ending_tells_the_format(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("patient_id\n1\n", encoding="utf-8")
    assert list(read_file(tmp_path / name, PATIENTS, layout())) == [PatientRecord("line 2", "1")]


def test_another_ending_needs_the_format_said(tmp_path: Path) -> None:
    path = tmp_path / "export.dat"
    path.write_text("patient_id\n1\n", encoding="utf-8")
    with pytest.raises(InputFileError, match="say --format"):
        read_file(path, PATIENTS, layout())
    assert list(read_file(path, PATIENTS, layout(), format_name="csv")) == [PatientRecord("line 2", "1")]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_shows_itself_in_the_header(tmp_path: Path, delimiter: str) -> None:
    lines = ["patient_id", "name", "phone"], ["p1", '"Jansen, Anaïs"', "06-12345678"]
    assert patients(tmp_path, "\n".join(delimiter.join(line) for line in lines)) == [JANSEN]


def test_the_delimiter_is_chosen_by_the_mapped_columns_too(tmp_path: Path) -> None:
    content = "Nr, of nummer;Naam, voluit;Mobiel, of vast\np1;Jansen, Anaïs;06-12345678\n"
    columns = {"patient_id": "nr, of nummer", "name": "naam, voluit", "phone": "mobiel, of vast"}
    assert patients(tmp_path, content, columns) == [JANSEN]
    assert rows_of(tmp_path, content, usual=columns) == [JANSEN]


def test_the_delimiter_is_chosen_by_joined_columns_too(tmp_path: Path) -> None:
    content = "Afspraak, nr;Patiënt, nr;Datum, begin;Tijd, begin\na1;p1;2026-11-24;10:30\n"
    columns = {"appointment_id": "afspraak, nr", "patient_id": "patiënt, nr", "start": "datum, begin+tijd, begin"}
    for rows in (
        rows_of(tmp_path, content, APPOINTMENTS, columns),
        rows_of(tmp_path, content, APPOINTMENTS, usual=columns),
    ):
        assert [row.source_id for row in rows] == ["a1"]
        assert errors(rows) == []


def test_rows_under_another_delimiter_than_the_header_are_told(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, "patient_id;name\n1,Jan\n2;Piet\n")
    assert [(line_of(row), row.source_id) for row in rows] == [(2, None), (3, "2")]
    assert [row.reason for row in errors(rows)] == [
        "the row has 1 cells, the header 2: is a delimiter or line break not quoted?"
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_any_line_end_will_do_and_none_at_the_last_line(tmp_path: Path, end: str, last: bool) -> None:
    content = end.join(["patient_id;name", "1;Jan", "", "   ", ";", "2;Piet"]) + end * last
    assert patients(tmp_path, content) == [PatientRecord("line 2", "1", "Jan"), PatientRecord("line 6", "2", "Piet")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_row_is_told_by_the_line_where_it_begins(tmp_path: Path, end: str) -> None:
    lines = ["", "patient_id;remark", '1;"two', 'lines"', '2;"three', "", 'lines"', ";no id", "3;ok"]
    rows = rows_of(tmp_path, end.join(lines))
    assert [(line_of(row), row.source_id) for row in rows] == [(3, "1"), (5, "2"), (8, None), (9, "3")]


@pytest.mark.parametrize(
    ("lines", "bad"),
    [
        (["1;Jan", '2;"Piet', "3;Klaas"], [3]),
        (['1;"Jan', "2;Piet", '3;"Klaas"'], [2]),
        (['1;"Jan "de" Vries"', "2;Piet"], [2]),
        (['1;"Jan" de Vries', '2;"Piet', "Hein"], [2, 3, 4]),
        (['1;"Jan ""de"" Vries"', '2;"Piet" "Hein"', '3;"Klaas', 'Vaak"'], [3]),
        (['1;"Jan', *(f"{n};Piet" for n in range(2, 30_000))], [2]),
    ],
)
def test_an_unclosed_quote_swallows_no_rows_and_costs_its_own(tmp_path: Path, lines: list[str], bad: list[int]) -> None:
    rows = rows_of(tmp_path, "\n".join(["patient_id;name", *lines, ""]))
    assert [line_of(row) for row in errors(rows)] == bad
    first = errors(rows)[0].reason
    assert first == f"a quote that opens at or before line {bad[0]} is never closed, or not doubled inside its cell"
    ends = {4} if lines[-1].startswith("Vaak") else set()
    assert {line_of(row) for row in rows} == set(range(2, len(lines) + 2)) - {line + 1 for line in ends}


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('patient_id;"name\n1;Jan\n', 1),
        ('"patient_id;name\n1;Jan\n', 1),
        ('patient_id;name\n1;Jan\n2;"Pie', 3),
        ("patient_id;name\n" + '1;"Jan\n' * 200, 102),
    ],
)
def test_a_quote_in_the_header_or_at_the_end_or_too_many_are_refused(tmp_path: Path, content: str, line: int) -> None:
    with pytest.raises(
        InputFileError, match=rf"file\.csv: a quote that opens at or before line {line} is never closed"
    ):
        rows_of(tmp_path, content)


def test_a_cell_without_end_is_told(tmp_path: Path) -> None:
    for length in (100_000, 10_000_000):
        told = errors(rows_of(tmp_path, "patient_id;name\n1;" + "x" * length))
        assert told[0].reason == "is longer than 200 characters"
    told = errors(rows_of(tmp_path, 'patient_id;name\n1;"' + "x" * 10_000_000))
    assert told[0].reason.startswith("a quote that opens at or before line 2")


def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match=r"file\.csv: a line of more than 32 million bytes: this is no table"):
        rows_of(tmp_path, b"patient_id;name\n1;" + b"x" * 40_000_000)


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;", " sep=; "])
def test_the_line_that_names_the_delimiter_is_no_row(tmp_path: Path, line: str) -> None:
    content = f"{line}\npatient_id;name,with,commas\n1;Jan\n"
    assert patients(tmp_path, content, {"name": "name,with,commas"}) == [PatientRecord("line 3", "1", "Jan")]
    assert read_file(tmp_path / "file.csv", PATIENTS, layout()).left_out.total() == 0


def test_the_mark_at_the_end_of_a_file_of_dos_is_no_row(tmp_path: Path) -> None:
    assert patients(tmp_path, "patient_id;name\r\n1;Jan\r\n\x1a") == [PatientRecord("line 2", "1", "Jan")]


def test_files_that_were_put_behind_each_other_keep_their_ids(tmp_path: Path) -> None:
    one, other = "\ufeffpatient_id;name\n1;Jan\n", "\ufeffpatient_id;name\n2;Piet\n\ufeff3;Els\n"
    assert [patient.source_id for patient in patients(tmp_path, one + other)] == ["1", "2", "3"]


def test_quotes_hold_delimiters_and_quotes(tmp_path: Path) -> None:
    assert patients(tmp_path, 'patient_id,name\n"1","de Vries, ""Jan"""\n2,5" Piet\n') == [
        PatientRecord("line 2", "1", 'de Vries, "Jan"'),
        PatientRecord("line 3", "2", '5" Piet'),
    ]


def test_what_a_spreadsheet_would_run_stays_text(tmp_path: Path) -> None:
    names = ["=cmd|' /C calc'!A0", "+31", "-1", "@sum(a)"]
    content = "patient_id;name\n" + "".join(f"{i};{name}\n" for i, name in enumerate(names))
    assert [patient.name for patient in patients(tmp_path, content)] == names


def test_empty_cells_at_the_end_are_no_cells(tmp_path: Path) -> None:
    assert patients(tmp_path, "patient_id;name;;\n1;Jan\n2;Piet;\n3;Klaas;;;;\n") == [
        PatientRecord("line 2", "1", "Jan"),
        PatientRecord("line 3", "2", "Piet"),
        PatientRecord("line 4", "3", "Klaas"),
    ]


def test_a_row_of_another_width_is_rejected_without_guessing_its_id(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, "patient_id;Naam;phone\n1;Jansen\n2;de Vries;Jan;0612345678\n0612345678\n3;Piet;06\n")
    assert [(line_of(row), row.field, row.source_id) for row in errors(rows)] == [
        (2, "phone", None),
        (3, "phone", None),
        (4, "Naam", None),
    ]
    assert "the row has 4 cells, the header 3" in errors(rows)[1].reason
    assert "0612345678" not in str(errors(rows))


def test_a_header_alone_is_no_error(tmp_path: Path) -> None:
    for end in ("", "\n", "\r\n\r\n", "\n;;\n"):
        assert rows_of(tmp_path, "patient_id;name" + end) == []


def test_an_error_of_the_file_is_told_before_the_first_row_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(InputFileError):
        read_file(tmp_path / "missing.csv", PATIENTS, layout())


# Laws

HEADERS = {
    PATIENTS: ["patient_id", "name", "phone", "language", "consent"],
    APPOINTMENTS: ["appointment_id", "patient_id", "start", "end", "status", "location", "patient_name", "phone"],
    CONSENTS: ["patient_id", "consent", "at", "how", "by", "wording"],
}
KINDS = st.sampled_from(list(Kind))
# Letters whose cp1252 bytes are never UTF-8 by chance: none of them may follow a lead byte.
LETTERS = "abcXYZ 0189;,'\"=+@éëïöüçàñß"
TEXT = st.text(LETTERS, max_size=30).map(str.strip)
IDS = st.text(LETTERS.replace("=", ""), max_size=20).map(str.strip).filter(bool)
TIMES = st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31)).filter(lambda t: t.hour > 3)  # noqa: DTZ001 - local
CONSENT = st.sampled_from([None, True, False])
PATIENT_RECORDS = st.builds(
    PatientRecord, st.just(0), IDS, TEXT, TEXT, st.sampled_from(["", "nl", "en", "pap"]), CONSENT
)
QUOTING: st.SearchStrategy[Literal[0, 1]] = st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
WORDS = {None: "", True: "ja", False: "no"}


def known_as(record: PatientRecord) -> tuple[object, ...]:
    return record[1:6]


@given(
    records=st.lists(PATIENT_RECORDS, max_size=8, unique_by=lambda record: record.source_id),
    delimiter=st.sampled_from(";,\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=QUOTING,
)
def test_patients_that_are_written_are_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    records: list[PatientRecord],
    delimiter: str,
    encoding: str,
    end: str,
    quoting: Literal[0, 1],
) -> None:
    assume((encoding, end) != ("cp1252", "\r"))  # whose letters these are is not sure: see test_text
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerow(HEADERS[PATIENTS])
    for r in records:
        writer.writerow([r.source_id, r.name, r.phone, r.language, WORDS[r.consent]])
    read = patients(tmp_path_factory.getbasetemp(), text.getvalue().encode(encoding))
    assert list(map(known_as, records)) == list(map(known_as, read))


@given(times=st.lists(TIMES, max_size=5), pattern=st.sampled_from([None, "%d-%m-%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p"]))
def test_times_that_are_written_are_read_back(
    tmp_path_factory: pytest.TempPathFactory, times: list[datetime], pattern: str | None
) -> None:
    zone = layout().zone
    starts = [time.replace(microsecond=0) for time in times]
    lines = [f"{i};p;{time.strftime(pattern or '%Y-%m-%dT%H:%M:%S')}" for i, time in enumerate(starts)]
    content = "\n".join(["appointment_id;patient_id;start", *lines])
    rows = rows_of(tmp_path_factory.getbasetemp(), content, APPOINTMENTS, time_format=pattern)
    assert starts == [
        r.starts_at and r.starts_at.astimezone(zone).replace(tzinfo=None)
        for r in rows
        if isinstance(r, AppointmentRecord)
    ]


def check_rows(folder: Path, content: bytes, kind: Kind) -> None:
    """What holds for any bytes: an InputFileError of one line, or rows that each are sound."""
    rows: list[Record | RowError] = []
    refused = ""
    try:
        rows = rows_of(folder, content, kind)
    except InputFileError as error:
        refused = str(error)
    assert "\n" not in refused
    lines = [line_of(row) for row in rows]
    assert sorted(set(lines)) == lines
    assert all(line > 1 for line in lines)
    for row in rows:
        if isinstance(row, RowError):
            assert row.reason
            assert row.field in HEADERS[kind]
        elif isinstance(row, AppointmentRecord):
            assert row.starts_at is None or row.starts_at.utcoffset() is not None
            assert row.starts_at is not None or row.ignored or "start" in {one.field for one in row.unread}
        else:
            assert isinstance(row, PatientRecord if kind is PATIENTS else ConsentRecord)
            assert 0 < len(row.source_id) <= 255


@given(content=st.binary(max_size=300), kind=KINDS)
@example(content=b"\xff\xfe\x00", kind=PATIENTS)
@example(content=b"\xef\xbb\xbf", kind=PATIENTS)
@example(content=b"\x00", kind=PATIENTS)
def test_any_bytes_are_rows_or_one_clear_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, kind: Kind
) -> None:
    check_rows(tmp_path_factory.getbasetemp(), content, kind)


CELLS = st.sampled_from(
    [
        *["", "p1", "p2", "ja", "nee", "nl", '"', '"x', "2026-11-24 10:30", "2026-10-25 02:30", "0001-01-01 00:00"],
        *[
            "9999-12-31 23:59-23:59",
            "2026-11-24T10:30+23:59",
            "cancelled",
            "portal",
            "\x00",
            "é",
            "\r",
            "\n",
            "x" * 201,
        ],
    ]
)


@settings(max_examples=300)
@given(
    kind=KINDS,
    delimiter=st.sampled_from(";,\t|"),
    cells=st.lists(st.lists(CELLS | st.text(max_size=5), max_size=8), max_size=6),
    noise=st.binary(max_size=5),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@example(kind=APPOINTMENTS, delimiter=";", cells=[["p1", *[""] * 7]], noise=b"", encoding="utf-8")  # a block
def test_any_rows_under_a_right_header_are_rows_or_one_clear_error(
    tmp_path_factory: pytest.TempPathFactory,
    kind: Kind,
    delimiter: str,
    cells: list[list[str]],
    noise: bytes,
    encoding: str,
) -> None:
    text = "\n".join(map(delimiter.join, [HEADERS[kind], *cells]))
    content = text.encode(encoding, "replace") + noise
    check_rows(tmp_path_factory.getbasetemp(), content, kind)


@given(cut=st.integers(0, 400), packed=st.booleans())
def test_a_file_cut_anywhere_is_rows_or_one_clear_error(
    tmp_path_factory: pytest.TempPathFactory, cut: int, packed: bool
) -> None:
    lines = [f'a{i};p{i};2026-11-2{i} 10:30;;;"Straße ""{i}"", hoog";José;06-1234567{i}' for i in range(1, 6)]
    content = "\r\n".join([";".join(HEADERS[APPOINTMENTS]), *lines]).encode()
    check_rows(tmp_path_factory.getbasetemp(), (gzip.compress(content) if packed else content)[:cut], APPOINTMENTS)
