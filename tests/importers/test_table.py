"""A CSV file's rows: where lines are split as a whole, they are what csv.reader makes of them."""

import csv
import io
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.importers.table import Table, split_plain

CELLS = st.text(st.sampled_from(["a", "é", " ", "\x0b", "\u2028", "\x00", ",", '"', "\r", "\n"]), max_size=3)
PLAIN = st.text(st.sampled_from(["a", "é", " ", "\x1c", "\u2028", "0"]), max_size=3)
ENDS = st.sampled_from(["\n", "\r\n"])


def by_reader(content: str, delimiter: str = ",") -> list[list[str]]:
    """The rows of a text, without empty lines."""
    return [row for row in csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True) if row]


def plain_rows(content: str, delimiter: str = ",") -> list[list[str]] | None:
    grid = split_plain(content, delimiter, 1)
    return None if grid is None else [list(cells) for _, cells in grid.rows()]


@given(content=st.lists(st.sampled_from(["a", "b", ",", "\n", "\r\n", "\r", '"', " "]), min_size=1).map("".join))
def test_a_block_that_is_split_has_the_rows_that_a_reader_finds(content: str) -> None:
    rows = plain_rows(content)
    if rows is not None:
        assert [row for row in rows if row != [""]] == by_reader(content)


@given(rows=st.lists(st.lists(PLAIN, min_size=2, max_size=2), min_size=1), end=ENDS, last_has_end=st.booleans())
def test_plain_lines_of_one_width_are_split(rows: Sequence[Sequence[str]], end: str, last_has_end: bool) -> None:
    content = end.join(map(";".join, rows)) + (end if last_has_end else "")
    assert plain_rows(content, ";") == rows


@pytest.mark.parametrize(
    "content", ['1,"a"\n', "1,a\r2,b\n", "1,a\n2\n", "1\n2,b\n", "1,a\n\n2,b\n", "1,a,\n2\n", "1\n2,a,b\n3\n"]
)
def test_other_lines_are_left_to_a_reader(content: str) -> None:
    assert plain_rows(content) is None


def test_a_row_has_the_line_where_it_begins() -> None:
    grid = split_plain("1,a\n2,b\n", ",", 7)
    assert grid is not None
    assert list(grid.rows()) == [(7, ("1", "a")), (8, ("2", "b"))]


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
    found = [(line, list(cells)) for grid in table.grids() for line, cells in grid.rows() if any(cells)]
    reader = csv.reader(io.StringIO(written.getvalue(), newline=""), strict=True)
    begins, all_rows = [1], []
    for row in reader:
        all_rows.append(row)
        begins.append(reader.line_num + 1)
    assert [(1, header), *found] == [(line, row) for line, row in zip(begins, all_rows, strict=False) if any(row)]
