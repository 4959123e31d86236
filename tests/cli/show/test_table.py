"""A table: for whatever rows no line is wider than the terminal, no word is broken, and each row is one line."""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from smsreminders.cli.show.columns import Column, Columns, View
from smsreminders.cli.show.form import Form, Kind, Listed
from smsreminders.cli.show.output import show_all
from smsreminders.cli.show.table import table_of

Thing = tuple[str, str, str, str]
COLUMNS: Columns[Thing] = (
    Column("practice", lambda thing, _: thing[0], 50),
    Column("id", lambda thing, _: thing[1], 90),
    Column("name", lambda thing, _: thing[2], 20, cut=True),
    Column("text", lambda thing, _: thing[3], 10, cut=True),
    Column("reference", lambda thing, _: thing[1] * 2),
)
WORD = st.text(st.characters(codec="utf-8"), max_size=12)
THING = st.tuples(WORD, st.text(max_size=150), st.lists(WORD).map(" ".join), st.lists(WORD, max_size=40).map(" ".join))
THINGS = st.lists(THING, min_size=1, max_size=6)


def clean(text: str) -> str:
    """A text as a terminal can show it, in one line."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in " ".join(text.split()))


def nothing_said(line: str) -> None:
    raise AssertionError(line)


@given(THINGS, st.integers(80, 160))
def test_no_line_is_wider_than_the_terminal_no_word_is_broken_and_each_row_is_one_line(
    things: list[Thing], width: int
) -> None:
    table = table_of(things, COLUMNS, View(), width=width)
    lines = list(table.lines(in_colour=False))
    assert [line for line in lines if cell_len(line) > width or line.splitlines() not in ([line], [])] == []
    assert len(lines) == (len(things) + 1 if table.shown else 0)
    known = {word for thing in things for cell in thing for word in clean(cell).split()}
    shown = {word for line in lines[1:] for word in line.split()}
    assert {word for word in shown if word not in known and word.removesuffix("…") not in known | {""}} == set()


@given(THINGS)
def test_a_wide_table_has_every_word_of_every_column(things: list[Thing]) -> None:
    lines = list(table_of(things, COLUMNS, View(), width=None).lines(in_colour=False))
    assert lines[0].split() == [column.key for column in COLUMNS]
    rows = [" ".join(clean(str(column.cell(thing, View()))) for column in COLUMNS).split() for thing in things]
    assert [line.split() for line in lines[1:]] == rows


@given(st.lists(THING, max_size=6))
def test_lines_for_programs_have_every_cell_between_tabs(things: list[Thing]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        written: list[str] = []
        patch.setattr("smsreminders.cli.show.output.write", written.append)
        show_all(Listed(things, len(things)), COLUMNS, View(), Form(Kind.LINES), say=nothing_said)
    assert [line.removesuffix("\n").split("\t") for line in written] == [
        [" ".join(str(column.cell(thing, View())).split()) for column in COLUMNS] for thing in things
    ]


def test_what_says_the_same_in_each_row_is_left_out_and_told_unless_it_is_free_text() -> None:
    things = [("linde", "1", "J. Jansen", "Beste"), ("linde", "2", "J. Jansen", "Hallo")]
    table = table_of(things, COLUMNS, View(), width=80)
    assert list(table.lines(in_colour=False)) == ["id  text", "1   Beste", "2   Hallo"]
    assert table.left_out() == "The same in each row: practice linde."


def test_of_one_row_nothing_is_left_out() -> None:
    table = table_of([("linde", "1", "J. Jansen", "Beste")], COLUMNS, View(), width=80)
    assert next(table.lines(in_colour=False)) == "practice  id  name       text"
    assert table.left_out() == ""


def test_an_id_that_finds_no_room_gives_way_whole_and_is_told() -> None:
    table = table_of([("linde", "A" * 144, "J. Jansen", "")], COLUMNS, View(), width=80)
    assert list(table.lines(in_colour=False)) == ["practice  name       text", "linde     J. Jansen"]
    assert table.left_out() == "No room for: id (--wide shows all)."


def test_only_the_lightest_text_is_cut() -> None:
    long = "een twee drie vier vijf zes zeven acht negen tien"
    table = table_of([("linde", "1", long, long)], COLUMNS, View(), width=100)
    assert list(table.lines(in_colour=False))[1] == f"linde     1   {long}  een twee drie vier vijf zes zeven…"
    table = table_of([("linde", "1", long, long)], COLUMNS, View(), width=80)
    assert list(table.lines(in_colour=False))[1] == f"linde     1   {long}"


class Status(StrEnum):
    DELIVERED = "delivered"


def test_a_cell_is_shown_by_its_kind() -> None:
    values = (
        (datetime(2026, 11, 24, 10, 30, tzinfo=UTC), "di 24 nov 10:30"),
        (datetime(2025, 3, 9, 10, 30, tzinfo=UTC), "zo 9 mrt 2025 10:30"),
        (date(2027, 1, 1), "vr 1 jan 2027"),
        (Decimal("0.10"), "  0.10"),
        (Status.DELIVERED, "\x1b[32mdelivered\x1b[0m"),
        ("delivered", "delivered"),
        (None, ""),
        (True, "yes"),
    )
    view = View(language="nl", today=date(2026, 11, 24))
    for value, expected in values:
        columns: Columns[object] = [Column("amount" if isinstance(value, Decimal) else "x", lambda thing, _: thing, 1)]
        table = table_of([value], columns, view, width=80)
        assert list(table.lines(in_colour=True))[1] == expected
