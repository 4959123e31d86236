"""What is shown: tables on a terminal, whole lines elsewhere; nothing of the data is taken as markup."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from smsreminders.cli.show.columns import View
from smsreminders.cli.show.table import shown
from tests.cli.running import Program

NAME = "[red]Linde[/red] :pill: [link=x]"
LONG = " ".join(f"Linde{number:03}" for number in range(15))
ANSI = re.compile(r"\x1b\[[0-9;]*m")
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


@pytest.mark.parametrize(("columns", "room"), [("40", 80), ("80", 80), ("100", 100)])
def test_a_table_cuts_a_long_name_after_a_word_and_is_no_wider_than_the_terminal(
    agenda: Program, columns: str, room: int
) -> None:
    agenda.does(f"practice edit linde --name '{LONG}'")
    shown = ANSI.sub("", agenda.on_a_terminal("practice list", COLUMNS=columns).out).splitlines()
    assert max(map(len, shown)) <= room
    [words] = re.findall("linde  (.*)…", shown[1])
    assert words.split() == LONG.split()[: len(words.split())]


def test_a_wide_table_has_all_columns_and_cuts_nothing(agenda: Program) -> None:
    agenda.does(f"practice edit linde --name '{LONG}'")
    assert LONG in agenda.on_a_terminal("practice list --wide", COLUMNS="80").out
    title = agenda.on_a_terminal("appointment list --wide", COLUMNS="80").out.splitlines()[0]
    assert re.split("  +", ANSI.sub("", title)) == [
        "practice", "id", "patient", "starts at", "ends at", "status", "revision", "location", "practitioner",
        "type", "unclear", "outcome", "missing",
    ]  # fmt: skip


def test_a_table_shows_times_for_people_and_leaves_out_what_is_for_programs(agenda: Program) -> None:
    agenda.does("dispatch")
    shown = agenda.on_a_terminal("notifications list", COLUMNS="300").out
    assert "wo 25 nov 10:30" in shown
    assert "reference" not in shown
    assert "ends at" not in agenda.on_a_terminal("appointment list", COLUMNS="300").out


def test_a_table_speaks_the_language_of_the_configuration_and_tells_another_year(agenda: Program) -> None:
    agenda.configure('language = "en"\n')
    assert "Wed 25 Nov 10:30" in agenda.on_a_terminal("appointment list").out
    later = agenda.at("2027-01-05T09:00:00+01:00")
    assert "Wed 25 Nov 2026 10:30" in later.on_a_terminal("appointment list").out


def test_a_table_says_what_it_leaves_out(agenda: Program) -> None:
    ended = agenda.on_a_terminal("patient list", COLUMNS="80")
    assert "linde" not in ended.out
    assert ended.said == ["The same in each row: practice linde."]
    agenda.does(f"practice edit linde --phone 020-1234567 --name '{LONG}'")
    agenda.does("practice add eik --name Eik --sender-id Eik")
    assert agenda.on_a_terminal("-q practice list").said == []


def test_an_empty_table_says_that_there_is_nothing(linde: Program) -> None:
    ended = linde.on_a_terminal("patient list")
    assert (ended.out, ended.said) == ("", ["There is nothing to show."])


def test_a_status_is_in_colour_and_a_word_of_the_data_never(linde: Program) -> None:
    linde.does("patient add 1 --name given --phone 0612345678")
    linde.does("patient add 2 --name x --phone 0612345678")
    linde.does("consent give 1 --how desk")
    shown = linde.on_a_terminal("consent list").out
    assert re.findall(r"\x1b\[(3[0-9])m *([a-z ]+?) *\x1b", shown) == [("32", "given"), ("33", "never asked")]


def test_what_a_terminal_would_obey_is_not_shown_to_it() -> None:
    view = View()
    assert [shown(text, view) for text in ("A\x1b[2JB", "A\u202eB", "A\u009bB", "A\tB\nC", "Zoë 漢")] == [
        "A\ufffd[2JB", "A\ufffdB", "A\ufffdB", "A B C", "Zoë 漢",
    ]  # fmt: skip


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
    names = [line.split(",", 2)[2].removesuffix(",,empty,,never asked,") for line in linde("patient list --csv").lines]
    assert names[1:] == ["'=1+1", "'+1", "'-1", "'@x", '"a ""b"", c"']


@pytest.mark.parametrize("option", ["", "--show-numbers"])
def test_csv_guards_a_number_that_is_none(linde: Program, option: str) -> None:
    linde.does("patient add 1001 --name Canaria --phone '=HYPERLINK(\"http://x\")'")
    assert ",=" not in linde(f"patient list --csv {option}").out.replace('"', "")


def test_a_number_is_not_guarded(agenda: Program) -> None:
    assert agenda("patient list --csv --show-numbers").lines[1] == ("linde,1001,J. Canaria,+31612345671,ok,,given,")


def test_an_empty_list_is_an_empty_list_in_every_form(linde: Program) -> None:
    assert linde("patient list --json").json == []
    assert linde("patient list --csv").lines == ["practice,id,name,phone,number,language,consent,unclear"]
    assert linde("patient list").out == ""


@pytest.fixture
def crowd(linde: Program) -> Program:
    rows = "".join(f"{number},{'x' * 190}\n" for number in range(1000))
    (linde.home / "crowd.csv").write_text(f"patient_id,name\n{rows}", encoding="utf-8")
    linde.does("import crowd.csv --kind patients")
    return linde


def test_a_long_table_stops_at_200_rows_and_says_how_to_see_more(crowd: Program) -> None:
    ended = crowd.on_a_terminal("patient list")
    assert len(ended.lines) == 201
    assert ended.said[-1] == "The first 200 of 1000 are shown (--all shows every one)."
    ended = crowd.on_a_terminal("patient list --all")
    assert (len(ended.lines), [line for line in ended.said if "--all" in line]) == (1001, [])


@pytest.mark.parametrize("command", ["patient list", "consent list", "consent list --missing"])
@pytest.mark.parametrize(("option", "more"), [("", 0), ("--csv", 1), ("--csv-nl", 1)])
def test_what_goes_to_another_program_misses_no_row(crowd: Program, command: str, option: str, more: int) -> None:
    assert len(crowd(f"{command} {option}").lines) == 1000 + more


def test_a_list_has_one_form(linde: Program) -> None:
    ended = linde("patient list --json --csv")
    assert (ended.code, ended.out) == (2, "")
    assert "a list has one form: give one of --json, --csv and --csv-nl" in ended.err


@pytest.mark.parametrize("form", ["", "--json"])
def test_a_reader_that_goes_away_is_no_error(crowd: Program, form: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "smsreminders", "patient", "list", *form.split()],
        env=crowd.environment,
        cwd=crowd.home,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(1) != b""
        process.stdout.close()
        talk = process.stderr.read()
    assert (process.returncode, talk) == (0, b"")


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


@pytest.mark.parametrize(
    "environment", [{"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "latin-1"}], ids=str
)
@pytest.mark.parametrize("option", ["--csv", "--csv-nl"])
def test_csv_is_utf8_whatever_the_locale(linde: Program, option: str, environment: dict[str, str]) -> None:
    linde.does("practice edit linde --name 'Café Zoë ☎'")
    assert "Café Zoë ☎" in linde.process(f"practice list {option}", **environment).out


def test_a_plain_locale_loses_no_letter(linde: Program) -> None:
    linde.does("practice edit linde --name 'Café Zoë ☎'")
    assert linde.process("practice list", LANG="C").out == "linde\tCafé Zoë ☎\tLinde\t\t\n"
