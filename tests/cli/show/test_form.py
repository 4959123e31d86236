"""In which form a list comes, and how many of its rows: a table stops, what goes to other programs never."""

import io
from collections.abc import Iterator
from contextlib import redirect_stdout

import pytest

from smsreminders.cli.show.form import LONGEST, Form, Kind, Listed, form_of
from smsreminders.errors import UsageError
from tests.cli.running import Terminal

TABLE = Form(Kind.TABLE)


def numbers(of: int, read: list[int]) -> Iterator[int]:
    for number in range(of):
        read.append(number)
        yield number


def not_asked() -> int:
    raise AssertionError


def test_a_table_reads_no_more_than_it_shows() -> None:
    read: list[int] = []
    listed = TABLE.take(numbers(60_000, read), lambda: 60_000)
    assert (listed.things, listed.total, len(read)) == (list(range(LONGEST)), 60_000, LONGEST)
    assert listed.how_many == "The first 200 of 60000 are shown (--all shows every one)."


@pytest.mark.parametrize("of", [0, 1, LONGEST - 1])
def test_a_short_list_is_not_counted_again(of: int) -> None:
    listed = TABLE.take(range(of), not_asked)
    assert (listed.total, listed.how_many) == (of, "")


@pytest.mark.parametrize("of", [LONGEST, LONGEST + 1])
def test_what_nobody_counts_is_counted_to_its_end(of: int) -> None:
    assert TABLE.take(range(of)) == Listed(list(range(LONGEST)), of)


@pytest.mark.parametrize("form", [Form(Kind.TABLE, whole=True), *(Form(kind) for kind in Kind if kind != Kind.TABLE)])
def test_what_goes_to_another_program_or_is_asked_for_whole_misses_no_row(form: Form) -> None:
    assert form.take(range(1000), not_asked) == Listed(list(range(1000)), 1000)


def test_of_the_newest_the_last_ones_are_shown() -> None:
    told = TABLE.take(range(LONGEST), lambda: 900, newest=True).how_many
    assert told == "The newest 200 of 900 are shown (--all shows every one)."


def test_the_form_is_what_is_asked_for_else_a_table_on_a_terminal_only() -> None:
    with redirect_stdout(Terminal()):
        assert [form_of().kind, form_of(as_csv_nl=True).kind] == [Kind.TABLE, Kind.DUTCH_CSV]
    with redirect_stdout(io.StringIO()):
        assert [form_of().kind, form_of(as_json=True).kind] == [Kind.LINES, Kind.JSON]
    with pytest.raises(UsageError):
        form_of(as_csv=True, as_csv_nl=True)
