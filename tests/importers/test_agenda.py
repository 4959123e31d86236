"""An agenda by the thousand: whatever its cells, a batch is read as each of its rows would be alone."""

from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.importers.agenda import AgendaReader
from smsreminders.importers.columns import Columns, find_columns, wanted_columns
from smsreminders.importers.grid import Grid, grids_of
from smsreminders.importers.records import Agenda, Part, Record, RowError, Rows
from smsreminders.importers.rows import read_row
from smsreminders.importers.table import PlainLines
from tests.importers.tables import APPOINTMENTS, layout, one_by_one

HEADER = ["appointment_id", "patient_id", "start", "end", "status", "location", "patient_name", "phone", "consent"]
IDS = st.sampled_from(["a1", "a-2", " a3 ", '="007"', "é", "", "a\x1f4", "\xa0", "x" * 65])
TIMES = st.sampled_from(
    ["2026-11-24 10:30", "2026-11-24 10:45", "2026-10-25 02:30", "24-11-2026", "2062-01-01 09:00", ""]
)
ROWS = st.one_of(
    st.tuples(
        *[
            IDS,
            IDS,
            TIMES,
            TIMES,
            st.sampled_from(["", "booked", "afgezegd", "x"]),
            st.sampled_from(["", " k 1", "a\x1fb"]),
        ],
        *[
            st.sampled_from(["", "J. de Vries", "a\nb"]),
            st.sampled_from(["", "06-12345678"]),
            st.sampled_from(["ja", "?"]),
        ],
    ).map(list),
    st.lists(st.sampled_from(["", "a1"]), max_size=12),
)
PLAIN_ROWS = ROWS.map(lambda cells: ["".join(letter for letter in cell if letter not in '\n"') for cell in cells])
GOOD = ["a1", "p1", "2026-11-24 10:30", "", "", "kamer 2", "J. de Vries", "06-12345678", "ja"]


def columns_of(header: list[str]) -> Columns:
    return find_columns(Path("agenda.csv"), header, APPOINTMENTS, wanted_columns(APPOINTMENTS, {}, {}))


def reader_of(header: list[str]) -> AgendaReader:
    return AgendaReader(columns_of(header), layout(), ";")


def together(header: list[str], *batches: list[list[str]]) -> list[Record | RowError]:
    """What a reader makes of batches of rows, by the lines from 2 on."""
    reader, line = reader_of(header), 2
    parts: list[Part] = []
    for rows in batches:
        grids = grids_of(range(line, line + len(rows)), rows)
        parts += [part for grid in grids for part in reader.read(grid)]
        line += len(rows)
    return list(one_by_one(Rows(parts)))


def alone(header: list[str], rows: list[list[str]]) -> list[Record | RowError]:
    columns = columns_of(header)
    return [one for line, cells in enumerate(rows, 2) for one in read_row(line, cells, APPOINTMENTS, columns, layout())]


@given(batches=st.lists(st.lists(ROWS, min_size=1, max_size=6), max_size=3))
def test_a_batch_is_read_as_each_of_its_rows_alone(batches: list[list[list[str]]]) -> None:
    assert together(HEADER, *batches) == alone(HEADER, list(chain.from_iterable(batches)))


@given(batches=st.lists(st.lists(PLAIN_ROWS, min_size=1, max_size=6), max_size=3))
def test_plain_lines_are_read_as_each_of_them_alone(batches: list[list[list[str]]]) -> None:
    reader, line = reader_of(HEADER), 2
    parts: list[Part] = []
    for rows in batches:
        lines = PlainLines("".join(f"{';'.join(row)}\n" for row in rows), ";", range(line, line + len(rows)))
        parts += reader.read(lines)
        line += len(rows)
    assert list(one_by_one(Rows(parts))) == alone(HEADER, list(chain.from_iterable(batches)))


@pytest.mark.parametrize(
    "header",
    [
        ["appointment_id", "patient_id", "start"],
        ["start", "note", "patient_id", "appointment_id"],
        ["appointment_id", "patient_id", "start", "location"],
        ["appointment_id", "patient_id", "start", "end", "practitioner", "language"],
    ],
)
def test_columns_may_be_missing_and_stand_anywhere(header: list[str]) -> None:
    cells = {"appointment_id": "a1", "patient_id": "p1", "start": "2026-11-24 10:30", "language": "nl"}
    rows = [[cells.get(name, "") for name in header], [cells.get(name, "") for name in header]]
    read = together(header, rows)
    assert read == alone(header, rows)
    assert [type(row).__name__ for row in read] == ["AppointmentRecord", "AppointmentRecord"]


def test_rows_that_say_the_same_share_it() -> None:
    reader = reader_of(HEADER)
    first, again = (
        next(reader.read(Grid(lines, list(zip(*rows, strict=True)))))
        for lines, rows in (([2, 3], [GOOD, ["a2", *GOOD[1:]]]), ([4], [["a3", *GOOD[1:]]]))
    )
    assert isinstance(first, Agenda)
    assert isinstance(again, Agenda)
    for part in ("patients", "visits", "details"):
        [(number, _)] = getattr(first, f"new_{part}")
        assert {*getattr(first, part), *getattr(again, part)} == {number}
        assert not getattr(again, f"new_{part}")


def test_blank_rows_and_ids_with_a_blank_keep_the_others_together() -> None:
    rows = [["A 1", *GOOD[1:]], [" "] * len(GOOD), ['="007"', *GOOD[1:]], [""] * len(GOOD)]
    for told in (
        PlainLines("".join(f"{';'.join(row)}\n" for row in rows if row[0] != '="007"'), ";", range(2, 5)),
        Grid(range(2, 6), list(zip(*rows, strict=True))),
    ):
        [agenda] = reader_of(HEADER).read(told)
        assert isinstance(agenda, Agenda)
        assert agenda.source_ids == [row[0].strip('="') for _, row in told.rows() if row[0].strip()]


def test_what_stands_in_bad_rows_alone_is_never_told() -> None:
    late = ["a1", "p1", "tomorrow", *GOOD[3:]]
    [_, agenda] = reader_of(HEADER).read(Grid([2, 3], list(zip(late, ["a2", "p2", *GOOD[2:]], strict=True))))
    assert isinstance(agenda, Agenda)
    assert [patient.source_id for _, patient in agenda.new_patients] == ["p2"]


@pytest.mark.parametrize("more", [["", ""], [" ", ""], ["x"]])
def test_cells_beyond_the_header_change_nothing_if_they_are_empty(more: list[str]) -> None:
    rows = [[*GOOD, *more], ["a2", *GOOD[1:], *more]]
    lines = PlainLines("".join(f"{';'.join(row)}\n" for row in rows), ";", range(2, 4))
    expected = alone(HEADER, rows)
    assert together(HEADER, rows) == expected
    assert list(one_by_one(Rows(reader_of(HEADER).read(lines)))) == expected


def test_columns_that_nobody_wants_are_passed_over() -> None:
    header = ["x", *HEADER[:3], "y", "z", *HEADER[3:]]
    rows = [["1", *GOOD[:3], "2", "", *GOOD[3:]]]
    assert together(header, rows) == alone(header, rows) == alone(HEADER, [GOOD])
    lines = PlainLines(";".join(rows[0]) + "\n", ";", range(2, 3))
    assert list(one_by_one(Rows(reader_of(header).read(lines)))) == alone(header, rows)


def test_a_reader_that_knows_much_begins_anew_and_reads_on() -> None:
    rows = [["a1", f"p{number}", *GOOD[2:]] for number in range(20_000)]
    read = together(HEADER, rows, rows[:5])
    assert [one.patient.source_id for one in read] == [row[1] for row in [*rows, *rows[:5]]]  # type: ignore[union-attr]
