"""Talk is broken at words on a terminal, never elsewhere, and no command is broken."""

import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.cli.show.wrap import wrapped
from tests.cli.running import Program, Terminal

CALL = "run `smsreminders patient edit 1002 --practice linde --phone NUMBER`, please"
LAST = "Next: smsreminders service add --name Notificaties --channel sms"


@pytest.fixture(autouse=True, scope="module")
def narrow() -> Iterator[None]:
    """A terminal of 30 columns."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "30")
        yield


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("short", "short"),
        ("", ""),
        ("It has its reminder, notification 2.", "It has its reminder,\nnotification 2."),
        ("a  b\n  The next round sends its reminder.\n", "a  b\n  The next round sends its\n  reminder.\n"),
        ("x" * 40, "x" * 40),
        (CALL, "run\n`smsreminders patient edit 1002 --practice linde --phone NUMBER`,\nplease"),
        (LAST, f"Next:\n{LAST.removeprefix('Next: ')}"),
    ],
)
def test_a_line_is_broken_at_words_and_a_command_never(text: str, expected: str) -> None:
    assert wrapped(text, Terminal()) == expected
    assert wrapped(text, io.StringIO()) == text


@given(st.lists(st.text("abc", min_size=1, max_size=30), min_size=1).map(" ".join))
def test_no_word_is_lost_and_no_line_too_wide(text: str) -> None:
    lines = wrapped(text, Terminal()).split("\n")
    assert (" ".join(lines), max(map(len, lines)) <= 30) == (text, True)


@pytest.mark.parametrize("command", ["notifications list", "notifications explain A1", "report", "dispatch --dry-run"])
def test_what_is_talked_on_a_terminal_fits_on_it(agenda: Program, command: str) -> None:
    agenda.does("dispatch")
    ended = agenda.on_a_terminal(command, COLUMNS="80", NO_COLOR="1")
    assert [line for line in [*ended.said, *ended.lines] if len(line) > 80] == []


def test_what_follows_a_break_hangs_below_the_value() -> None:
    text = "text    Beste J. Test, u heeft morgen een afspraak"
    assert wrapped(text, Terminal(), hanging=8) == ("text    Beste J. Test, u heeft\n        morgen een afspraak")
