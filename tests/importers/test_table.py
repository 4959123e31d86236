"""Tables: whatever makes the rows, the first that isn't blank is the header and the others are records in order."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.errors import InputFileError
from smsreminders.importers.records import PatientRecord, RowError
from smsreminders.importers.table import TableRow, read_table
from tests.importers.tables import PATIENTS, layout, line_of, rows_of

FILE = Path("sheet.xlsx")
CELLS = st.text(st.sampled_from(["a", "é", " ", "\x0b", "\u2028", "\x00", ",", '"', "\r", "\n"]), max_size=3)


def rows(*cells: list[str]) -> Iterator[TableRow]:
    """Rows as a spreadsheet would have them."""
    return ((f"row {number}", row) for number, row in enumerate(cells, 1))


def test_rows_keep_the_places_that_their_importer_gives_them() -> None:
    table = rows([" ", ""], ["patient_id", "name"], ["1", "Jan"], [], ["2"], ["3", "Els", ""])
    reason = "the row has 1 cells, the header 2: is a delimiter or line break not quoted?"
    assert list(read_table(FILE, table, PATIENTS, layout())) == [
        PatientRecord("row 3", "1", "Jan"),
        RowError("row 5", "name", reason),
        PatientRecord("row 6", "3", "Els"),
    ]


def test_a_table_without_its_columns_is_refused_before_a_row_is_asked_for() -> None:
    with pytest.raises(InputFileError, match=r'sheet\.xlsx: no column "patient_id"'):
        read_table(FILE, rows(["name"], ["Jan"]), PATIENTS, layout())


@given(
    written=st.lists(st.lists(CELLS, min_size=1, max_size=3), max_size=6),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_rows_of_a_csv_file_are_told_by_the_lines_where_they_begin(
    tmp_path_factory: pytest.TempPathFactory, written: list[list[str]], end: str
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end).writerows([["patient_id", "name"], *written])
    reader = csv.reader(io.StringIO(text.getvalue(), newline=""), strict=True)
    begins, cells = [1], []
    for row in reader:
        cells.append(row)
        begins.append(reader.line_num + 1)
    expected = [line for line, row in zip(begins, cells, strict=False) if any(map(str.strip, row))]
    assert [1, *map(line_of, rows_of(tmp_path_factory.getbasetemp(), text.getvalue()))] == expected
