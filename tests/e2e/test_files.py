"""What users copy from our files works as it stands: the crontab, the example of a configuration, the README."""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from smsreminders import errors
from smsreminders.errors import SmsremindersError
from tests.cli.running import TUESDAY, Program

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDES = ["importing.md", "import-tables.md"]
TABLES = (ROOT / "docs" / "import-tables.md").read_text(encoding="utf-8")
IMPORTING = "\n".join((ROOT / "docs" / name).read_text(encoding="utf-8") for name in GUIDES)
CRONTAB = (ROOT / "crontab.example").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS, (PATIENTS, AGENDA) = BLOCK.findall(README), BLOCK.findall(TABLES)
RANGES = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)]  # crontab(5): minute, hour, day of month, month, day of week


def jobs() -> list[str]:
    lines = [line.strip() for line in CRONTAB.splitlines()]
    return [line for line in lines if line and not line.startswith("#") and not re.match(r"[A-Z_]+=", line)]


def commands_in(block: str) -> list[str]:
    """What stands on the lines of a block, as it would be typed: without the program's name and the comments."""
    typed = [part.strip() for line in block.splitlines() for part in line.partition("#")[0].split(";")]
    return [command.removeprefix("smsreminders ") for command in typed if command.startswith("smsreminders ")]


def test_the_times_of_the_crontab_are_valid() -> None:
    assert len(jobs()) == 10
    for job in jobs():
        for field, (least, most) in zip(job.split()[:5], RANGES, strict=True):
            numbers = [int(number) for number in re.findall(r"\d+", re.sub(r"/\d+", "", field))]
            assert re.fullmatch(r"(\*|\d+(-\d+)?)(/\d+)?(,(\*|\d+(-\d+)?)(/\d+)?)*", field)
            assert all(least <= number <= most for number in numbers)


def test_the_crontab_ends_with_a_line_break_for_cron_skips_a_last_line_without() -> None:
    assert CRONTAB.endswith("\n")


def test_each_line_of_the_crontab_runs_as_cron_would_run_it_and_says_nothing(tmp_path: Path) -> None:
    Program(tmp_path).does("init --practice Linde")
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "smsreminders"
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m smsreminders "$@"\n')
    script.chmod(0o755)
    for job in jobs():
        command = job.split(maxsplit=5)[5].replace(r"\%", "%")
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            env={
                "HOME": str(tmp_path),
                "LOGNAME": "nobody",
                "SHELL": "/bin/sh",
                "PATH": f"{folder}:/usr/bin:/bin",
                "SMSREMINDERS_NOW": TUESDAY,
            },
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), command
    [copy] = tmp_path.glob("smsreminders-*.db")
    assert copy.stat().st_size > 0
    assert "<html" in (tmp_path / "smsreminders.html").read_text(encoding="utf-8")
    [bill] = tmp_path.glob("smsreminders-????-??.csv")
    assert bill.read_text(encoding="utf-8").startswith("period,practice,")


def test_the_example_of_a_configuration_is_read_as_it_is(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.does("init --practice Linde")
    program.config.unlink()
    shutil.copy(ROOT / "config.example.toml", program.config)
    program.config.chmod(0o600)
    checks = {check["check"]: check["verdict"] for check in program("doctor --json").json}
    assert (checks["configuration"], checks["gateway"]) == ("ok", "warning")
    assert "wrong" not in checks.values()


def test_what_the_example_leaves_as_comments_is_understood_too(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.does("init --practice Linde")
    text = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    text = text.replace('name = "sandbox"', 'name = "spryng"').replace("host:port", "localhost:1")
    head, further, tail = text.partition("# [gateways.noord]")
    own = re.sub(r"^# (?=base_url|account_reference|api_key)", "", head, flags=re.MULTILINE)
    program.configure(own + further + tail)
    checks = {check["check"]: check["found"] for check in program("doctor --json").json}
    assert "there is no connection to it" in checks["gateway"]  # so far the settings were complete


def test_the_first_block_of_the_readme_is_two_commands() -> None:
    first, second = BLOCKS[0].splitlines()
    assert first.endswith(".venv/bin/smsreminders demo")
    assert second.endswith(".venv/bin/pytest")


def test_the_second_command_of_the_readme_is_what_ci_runs() -> None:
    [command] = re.findall(r"^test_command=(.*)$", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
    done = subprocess.run(
        ["/bin/sh", "-c", f'test_command={command}; printf "%s\\n" "$test_command"'],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout == BLOCKS[0].splitlines()[1] + "\n"


def test_each_command_of_the_readme_is_understood(tmp_path: Path) -> None:
    in_the_text = re.findall(r"`(smsreminders [^`]+)`", README.replace("```", ""))
    commands = [command for block in [*BLOCKS[1:], "\n".join(in_the_text)] for command in commands_in(block)]
    assert len(commands) > 10
    assert [command for command in commands if Program(tmp_path)(f"{command} --help").code] == []


def test_the_first_hour_of_the_readme_goes_as_it_says(tmp_path: Path) -> None:
    program = Program(tmp_path)
    setup, agenda, trying, settings, hour = BLOCKS[1:6]
    (tmp_path / "agenda.csv").write_text(agenda, encoding="utf-8")
    for command in commands_in(setup):
        program.does(command)
    [tried] = [program.does(f"{command} --initials") for command in commands_in(trying)]
    assert tried == settings.replace("/home/anna", str(tmp_path))
    for command in commands_in(hour):
        typed, _, file = command.partition(" >> ")
        shown = program.does(typed + " --initials" * ("--try" in typed))
        if file:
            assert Path(file.replace("~", str(tmp_path))) == program.config
            program.configure(program.config.read_text(encoding="utf-8") + shown)
    assert [line.split("\t")[11] for line in program("notifications list").lines] == ["delivered", "delivered"]
    reasons = {call["appointment"]: call["reason"] for call in program("unreached --json").json}
    assert reasons == {"50114": "consent-withdrawn", "50115": "not-mobile"}


def test_the_imports_of_the_guide_go_with_the_files_of_the_readme_and_no_configuration(tmp_path: Path) -> None:
    program = Program(tmp_path)
    write_files(tmp_path, PATIENTS, AGENDA)
    program.does("init --practice Linde")
    printed = re.findall(r"^    smsreminders (import .*)$", IMPORTING, re.MULTILINE)
    mapped = [command for command in printed if "--map" in command]
    assert [program(command).code for command in mapped] == [0, 0]
    assert [appointment["id"] for appointment in program("appointment list --json").json] == ["A1", "A2"]
    given = [patient["consent"] for patient in program("patient list --json").json]
    assert given == ["never asked", "given"]
    assert [program(f"{command} --help").code for command in printed] == [0] * 5


def test_the_same_file_again_does_not_undo_the_desk_with_the_columns_of_the_configuration(tmp_path: Path) -> None:
    program = Program(tmp_path)
    write_files(tmp_path, PATIENTS, AGENDA)
    program.does("init --practice Linde")
    paste(program)
    imports = ["import patients.csv --source patients", "import agenda.csv --source agenda"]
    for command in imports:
        program.does(command)
    program.does("appointment cancel A1")
    program.does("consent withdraw 1002 --how desk --by anna")
    program.does("patient edit 1001 --phone 0612345679")
    lists = ["appointment list --json", "patient list --json --show-numbers"]
    before = [program(command).out for command in lists]
    assert [(program(command).code, program(command).said) for command in imports] == [(0, []), (0, [])]
    assert [program(command).out for command in lists] == before


@pytest.mark.parametrize("column", ["Mobiel", "Akkoord sms", "Status", "Locatie"])
def test_a_column_of_the_configuration_that_is_called_otherwise_is_refused(tmp_path: Path, column: str) -> None:
    program = Program(tmp_path)
    write_files(tmp_path, PATIENTS, AGENDA)
    program.does("init --practice Linde")
    paste(program)
    imports = ["import patients.csv --source patients", "import agenda.csv --source agenda"]
    for command in imports:
        program.does(command)
    write_files(tmp_path, *(block.replace(column, "Anders") for block in (PATIENTS, AGENDA)))
    assert sorted(program(command).code for command in imports) == [0, 65]


def write_files(folder: Path, patients: str, agenda: str) -> None:
    (folder / "patients.csv").write_text(patients, encoding="utf-8")
    (folder / "agenda.csv").write_text(agenda, encoding="utf-8")


def paste(program: Program) -> None:
    """Put what `--try` finds of both files at the end of the configuration."""
    found = program.does("import --try patients.csv agenda.csv --initials")
    program.configure(f"{program.config.read_text(encoding='utf-8')}\n{found}")


def exit_codes() -> Iterator[int]:
    for error in vars(errors).values():
        if isinstance(error, type) and issubclass(error, SmsremindersError):
            yield error.exit_code


def test_the_readmes_table_of_exit_codes_is_the_one_of_the_errors() -> None:
    table = README.partition("## Exit codes")[2].partition("\n## ")[0]
    codes = [int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)]
    no_errors = {0, 3}  # done, and done in part
    assert codes == sorted({*exit_codes(), *no_errors})
