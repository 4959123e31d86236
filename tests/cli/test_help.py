"""What the program says of itself: the help of every command, the version."""

import re
import sys
from pathlib import Path

import pytest

from smsreminders import __version__
from smsreminders.cli.endings import MEANINGS
from smsreminders.errors import ExitCode
from tests.cli.running import Program

LEGAL = "--legal-name --street --postcode --town --kvk-number --vat-number --buyer-reference"
OPTIONS = {
    "init": "--practice --code --sender-id --phone --sure --database",
    "demo": "",
    "doctor": "--json",
    "practice add": f"--name --sender-id --phone --language {LEGAL} --sure",
    "practice list": "--json --csv --csv-nl --wide --all",
    "practice show": "--json",
    "practice edit": f"--name --sender-id --phone --language {LEGAL} --sure",
    "practice rename": "",
    "practice export": "--output",
    "practice remove": "--yes --dry-run -n",
    "practice days": "--closed-on --open-on --open-on-holiday --json",
    "service add": "--practice --name --type --channel --notification-type",
    "service assign": "--practice --channel --notification-type",
    "service unassign": "--practice --channel --notification-type",
    "service list": "--practice --json --csv --csv-nl --wide --all",
    "service enable": "--practice",
    "service disable": "--practice",
    "patient add": "--practice --name --phone --language",
    "patient edit": "--practice --name --phone --language",
    "patient list": "--search --practice --failed-numbers --json --csv --csv-nl --wide --all",
    "patient show": "--practice --json",
    "patient export": "--practice --output --html",
    "patient erase": "--practice --yes --dry-run -n",
    "consent give": "--practice --how --by --at --wording",
    "consent withdraw": "--practice --how --by --at",
    "consent show": "--practice --json --csv --csv-nl --wide --all",
    "consent list": "--practice --missing --json --csv --csv-nl --wide --all",
    "appointment add": "--practice --patient --start --end --location --with --type",
    "appointment move": "--practice --start",
    "appointment confirm": "--practice",
    "appointment cancel": "--practice",
    "appointment outcome": "--practice",
    "appointment list": "--practice --from --to --patient --json --csv --csv-nl --wide --all",
    "appointment show": "--practice --json",
    "import": "--all --try --initials --practice --kind --format --map --word --source --sure --complete -n --json",
    "preview": "--practice --patient --json",
    "dispatch": "--practice --dry-run -n --on --rehearse --if-missed --json --wide --all",
    "poll": "--practice --json",
    "check": "--practice --json",
    "page": "--output --practice --show-numbers",
    "unreached": "--on --practice --json --csv --csv-nl --wide --all",
    "reconcile": "--by-hand",
    "gateway list": "--json --csv --csv-nl --wide --all",
    "gateway test": "--practice --wait --dry-run -n --json",
    "notifications list": "--practice --status --from --to --patient --appointment --show-numbers --json --csv --all",
    "notifications show": "--practice --show-numbers --json",
    "notifications explain": "--patient --practice --json",
    "notifications settle": "--as",
    "rounds list": "--coming --practice --json --csv --csv-nl --wide --all",
    "rounds show": "--json --csv --csv-nl --wide --all",
    "stopped list": "--practice --show-numbers --json --csv --csv-nl --wide --all",
    "stopped add": "--practice --by",
    "stopped lift": "--practice --by",
    "replies list": "--practice --done --show-numbers --json --csv --csv-nl --wide --all",
    "replies show": "--show-numbers --json",
    "replies done": "--by",
    "log list": "--practice --patient --from --to --json --csv --csv-nl --wide --all",
    "log verify": "--json",
    "purge": "--dry-run -n --yes --json",
    "rate add": "--from --practice --replace --yes --by",
    "rate remove": "--from --practice --by",
    "rate list": "--history --json --csv --csv-nl --wide --all",
    "vat add": "--from --replace --by",
    "vat remove": "--from --by",
    "vat list": "--history --json --csv --csv-nl --wide --all",
    "report": "--month --practice --format --output --close --force --match --map --effect",
    "backup": "",
    "schedule": "--systemd --output --name",
    "completion": "",
}
EVERYWHERE = "--config --by --quiet -q --verbose -v --help -h"
GROUPS = sorted({command.split()[0] for command in OPTIONS if " " in command})
SLOW_TO_IMPORT = ("requests", "holidays", "phonenumbers", "babel", "sqlite_utils")


@pytest.mark.parametrize("command", OPTIONS)
def test_the_help_of_a_command_names_its_options_and_gives_an_example_that_works(
    program: Program, command: str
) -> None:
    text = program.does(f"{command} --help")
    assert program.does(f"{command} -h") == text
    words = text.replace(",", " ").split()
    assert [option for option in [*OPTIONS[command].split(), *EVERYWHERE.split()] if option not in words] == []
    assert f"Example: smsreminders {command}" in text
    shown = text.partition("Example: smsreminders ")[2].partition("\n\n")[0]
    example = re.sub(r"(-?)\n +", lambda broken: broken[1] or " ", shown)  # as it was before it was broken into lines
    assert program.does(f"{example} --help") == text


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_without_a_command_shows_its_commands(program: Program, group: str) -> None:
    ended = program(group)
    commands = set(re.findall(r"^  (\S+)", ended.err.partition("Commands:\n")[2], re.MULTILINE))
    assert ended.code == 2
    assert commands == {name.split()[1] for name in OPTIONS if name.startswith(f"{group} ")}


def test_without_a_command_all_of_them_are_shown(program: Program) -> None:
    ended = program("")
    commands = set(re.findall(r"^  (\S+)", ended.err.partition("Commands:\n")[2], re.MULTILINE))
    assert ended.code == 2
    assert commands == {name.split()[0] for name in OPTIONS}


def test_help_imports_nothing_that_is_slow(program: Program) -> None:
    code = f"""
import sys
from smsreminders.cli.main import run
codes = [run([*command.split(), "--help"]) for command in {list(OPTIONS)}]
print(sum(codes), sorted(set(sys.modules) & set({SLOW_TO_IMPORT})))
"""
    assert program.process("", code=code).lines[-1] == "0 []"


@pytest.mark.parametrize("command", ["--version", "--quiet --version", "--version dispatch"])
def test_the_version_is_shown_and_nothing_else_happens(program: Program, command: str) -> None:
    assert program.does(command) == f"smsreminders {__version__}\n"


def test_the_version_needs_no_typer(program: Program) -> None:
    code = "import sys; from smsreminders.__main__ import main; main(); print('typer' in sys.modules)"
    assert program.process("--version", code=code).out == f"smsreminders {__version__}\nFalse\n"


def test_the_entry_runs_a_command_and_ends_with_its_exit_code(
    program: Program, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from smsreminders.__main__ import main

    monkeypatch.setattr(sys, "argv", ["smsreminders", "--config", str(program.home / "none"), "doctor"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 78
    assert "there is no configuration" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "codes"),
    [
        ("dispatch", "0 3 75 78 130"),
        ("poll", "0 3 75 78 130"),
        ("check", "0 3 75 78 130"),
        ("import", "0 3 65 75 78"),
        ("report", "0 3 65 75 78"),
    ],
)
def test_the_help_of_what_cron_runs_names_its_exit_codes(program: Program, command: str, codes: str) -> None:
    told = " ".join(program.does(f"{command} --help").partition("Exit codes: ")[2].split())
    assert re.findall(r"(?:^|; )([0-9]+) ", told) == codes.split()


def test_the_readme_gives_each_exit_code_the_meaning_that_the_help_gives() -> None:
    table = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8").partition("## Exit codes")[2]
    codes = {int(code): meaning for code, meaning in re.findall(r"^\| ([0-9]+) \| (.+) \|$", table, re.MULTILINE)}
    assert sorted(codes) == sorted(ExitCode)
    assert [code for code, meaning in MEANINGS.items() if not codes[code].startswith(meaning)] == []


def test_no_help_is_cut_and_none_is_wider_than_a_terminal(program: Program) -> None:
    helps = [program.does(f"{command} --help") for command in ["", *GROUPS, *OPTIONS]]
    lines = [line for text in helps for line in text.splitlines()[1:]]  # without "[OPTIONS] COMMAND [ARGS]..."
    assert [line for line in lines if len(line) > 80 or line.endswith("...") or "…" in line] == []
