"""A CSV file's rows: where lines are split as a whole, they are what csv.reader makes of them."""

import csv
import io
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.importers.grid import Grid
from smsreminders.importers.table import PlainLines, Table

CELLS = st.text(st.sampled_from(["a", "é", " ", "\x0b", "\u2028", "\x00", ",", '"', "\r", "\n"]), max_size=3)
ENDS = st.sampled_from(["\n", "\r\n"])


def by_reader(content: str, delimiter: str = ",") -> list[list[str]]:
    """The rows of a text, without empty lines."""
    return [row for row in csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True) if row]


def cells_of(table: Table) -> list[tuple[int, list[str]]]:
    """The rows that have any text, with the lines where they begin."""
    return [(line, list(cells)) for part in table.parts() for line, cells in part.rows() if any(cells)]


@given(
    content=st.lists(st.sampled_from(["a", "b", ",", "\n", "\r\n", "\r", " ", "\x0b", "\u2028"]), min_size=1).map(
        "".join
    )
)
def test_lines_without_a_quote_are_what_a_reader_makes_of_them(content: str) -> None:
    table = Table(Path("a.csv"), iter([content]), ",")
    assert [cells for _, cells in cells_of(table)] == [row for row in by_reader(content) if any(row)]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_lines_without_a_quote_stay_together(end: str, last: bool) -> None:
    table = Table(Path("a.csv"), iter([f"x;y{end}", f"1;a{end}{end}2{end if last else ''}"]), ";")
    assert table.header() == ["x", "y"]
    assert list(table.parts()) == [PlainLines("1;a\n\n2\n", ";", range(2, 5))]


@pytest.mark.parametrize("block", ['1,"a"\n', "1,a\r2,b\n"])
def test_other_lines_are_left_to_a_reader(block: str) -> None:
    [grid] = Table(Path("a.csv"), iter([block]), ",").parts()
    assert isinstance(grid, Grid)


@given(
    rows=st.lists(st.one_of(st.lists(CELLS, min_size=1, max_size=3), st.just(["b", "c"]))),
    end=ENDS,
    at_once=st.integers(1, 4),
)
def test_where_a_block_ends_changes_no_row(rows: Sequence[Sequence[str]], end: str, at_once: int) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator=end).writerows([["x", "y"], *rows])
    lines = iter(io.StringIO(written.getvalue(), newline=""))
    table = Table(Path("a.csv"), iter(lambda: "".join(islice(lines, at_once)), ""), ",")
    header = table.header()
    found = cells_of(table)
    reader = csv.reader(io.StringIO(written.getvalue(), newline=""), strict=True)
    begins, all_rows = [1], []
    for row in reader:
        all_rows.append(row)
        begins.append(reader.line_num + 1)
    assert [(1, header), *found] == [(line, row) for line, row in zip(begins, all_rows, strict=False) if any(row)]
