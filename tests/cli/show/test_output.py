"""What is shown: tables on a terminal, whole lines elsewhere; nothing of the data is taken as markup."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import Program

NAME = "[red]Linde[/red] :pill: [link=x]"
LONG = " ".join(f"Linde{number:03}" for number in range(15))
COLOUR = re.compile(r"\x1b\[[0-9;]*[349][0-9]")


def on_a_terminal(program: Program, command: str, **environment: str) -> str:
    """What a run writes on a pseudo-terminal of 300 columns."""
    ours, its = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "smsreminders", *command.split()],
        env=program.environment | {"COLUMNS": "300", "TERM": "xterm-256color"} | environment,
        cwd=program.home,
        stdin=its,
        stdout=its,
        stderr=its,
    ):
        os.close(its)
        read = b""
        try:
            while part := os.read(ours, 65_536):
                read += part
        except OSError:  # EIO: the other side has closed
            pass
        os.close(ours)
    return read.decode()


def test_on_a_terminal_a_list_is_a_table_that_takes_nothing_as_markup(linde: Program) -> None:
    linde.does(f"practice edit linde --name '{NAME}'")
    shown = on_a_terminal(linde, "practice list")
    assert NAME in shown
    assert "sender id" in shown
    assert "\t" not in shown


def test_no_color_is_obeyed(agenda: Program) -> None:
    assert COLOUR.findall(agenda.on_a_terminal("dispatch").err) != []
    assert COLOUR.findall(agenda.on_a_terminal("dispatch", NO_COLOR="1").err) == []
    assert COLOUR.findall(agenda.on_a_terminal("notifications list", NO_COLOR="1").out) == []


@pytest.mark.parametrize("columns", ["40", "80", "300"])
def test_a_table_folds_what_is_too_long_and_cuts_nothing(agenda: Program, columns: str) -> None:
    agenda.does(f"practice edit linde --name '{LONG}'")
    shown = agenda.on_a_terminal("practice list", COLUMNS=columns).out
    digits = re.findall("[0-9]", re.sub(r"\x1b\[[0-9;]*m", "", shown))
    assert digits == re.findall("[0-9]", LONG)


def test_a_table_shows_times_for_people_and_leaves_out_what_is_for_programs(agenda: Program) -> None:
    agenda.does("dispatch")
    shown = agenda.on_a_terminal("notifications list", COLUMNS="300").out
    assert "Wed 25 Nov 2026 10:30" in shown
    assert "reference" not in shown
    assert "ends at" not in agenda.on_a_terminal("appointment list", COLUMNS="300").out


def test_off_a_terminal_a_list_is_whole_lines_with_tabs(linde: Program) -> None:
    linde.does(f"practice edit linde --name '{NAME} {LONG}'")
    shown = linde.process("practice list", COLUMNS="40").out
    assert shown == f"linde\t{NAME} {LONG.strip()}\tLinde\t\t\n"


def test_a_tab_or_a_line_break_in_the_data_breaks_no_line(linde: Program) -> None:
    linde.does("patient add 1001 --name 'De\tLinde\nZuid'")
    (line,) = linde("patient list").lines
    assert line.split("\t")[:3] == ["linde", "1001", "De Linde Zuid"]


def test_csv_guards_what_a_spreadsheet_would_run_and_quotes_the_rest(linde: Program) -> None:
    for number, name in enumerate(("=1+1", "+1", "-1", "@x", 'a "b", c')):
        linde.does(f"patient add {number} --name '{name}'")
    names = [line.split(",", 2)[2].removesuffix(",,empty,,never asked") for line in linde("patient list --csv").lines]
    assert names[1:] == ["'=1+1", "'+1", "'-1", "'@x", '"a ""b"", c"']


@pytest.mark.parametrize("option", ["", "--show-numbers"])
def test_csv_guards_a_number_that_is_none(linde: Program, option: str) -> None:
    linde.does("patient add 1001 --name Canaria --phone '=HYPERLINK(\"http://x\")'")
    assert ",=" not in linde(f"patient list --csv {option}").out.replace('"', "")


def test_a_number_is_not_guarded(agenda: Program) -> None:
    assert agenda("patient list --csv --show-numbers").lines[1] == ("linde,1001,J. Canaria,+31612345671,ok,,given")


def test_an_empty_list_is_an_empty_list_in_every_form(linde: Program) -> None:
    assert linde("patient list --json").json == []
    assert linde("patient list --csv").lines == ["practice,id,name,phone,number,language,consent"]
    assert linde("patient list").out == ""


@pytest.fixture
def crowd(linde: Program) -> Program:
    rows = "".join(f"{number},{'x' * 190}\n" for number in range(1000))
    (linde.home / "crowd.csv").write_text(f"patient_id,name\n{rows}", encoding="utf-8")
    linde.does("import crowd.csv --kind patients")
    return linde


@pytest.mark.parametrize("form", ["", "--json"])
def test_a_reader_that_goes_away_is_no_error(crowd: Program, form: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "smsreminders", "patient", "list", *form.split()],
        env=crowd.environment,
        cwd=crowd.home,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as one:
        assert one.stdout is not None
        assert one.stderr is not None
        assert one.stdout.read(1) != b""
        one.stdout.close()
        told = one.stderr.read()
    assert (one.returncode, told) == (0, b"")


@pytest.mark.parametrize("closed", [">&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_no_error(linde: Program, closed: str) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f"{sys.executable} -m smsreminders practice list {closed}"],
        env=linde.environment,
        cwd=linde.home,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_error_with_bytes_that_are_no_text_keeps_its_exit_code_where_nobody_hears_it(linde: Program) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f'{sys.executable} -m smsreminders import --kind patients "$1" 2>&-', "sh", b"caf\xe9\xff"],
        env=linde.environment | {"LANG": "C"},
        cwd=linde.home,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (65, b"")


def test_what_can_not_be_written_is_no_success(linde: Program) -> None:
    if not Path("/dev/full").is_char_device():
        pytest.skip("there is no /dev/full here")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "smsreminders", "practice", "list"],
            env=linde.environment,
            cwd=linde.home,
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
    assert done.returncode == 75
    assert done.stderr == "smsreminders: the system: No space left on device\n"


def test_an_encoding_without_a_letter_is_no_bug(agenda: Program) -> None:
    assert agenda.process("patient list", PYTHONIOENCODING="latin-1").code == 0


def test_a_plain_locale_loses_no_letter(linde: Program) -> None:
    linde.does("practice edit linde --name 'Café Zoë ☎'")
    assert linde.process("practice list", LANG="C").out == "linde\tCafé Zoë ☎\tLinde\t\t\n"
