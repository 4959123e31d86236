"""What docs/running.md says of commands, of a move with the folder and of one with a copy alone."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.cli.running import TUESDAY, WEDNESDAY, Program

PAGE = (Path(__file__).parents[2] / "docs" / "running.md").read_text(encoding="utf-8")
AGENDA = """\
appointment_id,patient_id,patient_name,phone,consent,start
A1,1001,J. Canaria,06-12345671,ja,2026-11-25 10:30
A2,1001,J. Canaria,06-12345671,ja,2026-11-26 10:30
"""


@pytest.fixture
def old(tmp_path: Path) -> Program:
    """A practice on its old machine, after Tuesday's round."""
    made = Program(tmp_path / "old", TUESDAY)
    made.home.mkdir()
    made.does("init --practice Linde")
    made.does("service add --name Notificaties --channel sms --notification-type appointment-reminder")
    (made.home / "agenda.csv").write_text(AGENDA, encoding="utf-8")
    made.does("import agenda.csv --kind appointments")
    made.does("dispatch")
    return made


def test_each_command_of_the_page_is_understood(tmp_path: Path) -> None:
    printed = re.findall(r"(?:^    |`|bin/)smsreminders ((?!schedule --systemd`)[^`;#\n]*)", PAGE, re.MULTILINE)
    commands = [command for command in printed if command and not command.startswith(("smsreminders", "{"))]
    assert len(commands) > 12
    assert [command for command in commands if Program(tmp_path)(f"{command} --help").code] == []


def test_a_move_with_the_folder_goes_on_as_if_nothing_was(old: Program, tmp_path: Path) -> None:
    new = Program(tmp_path / "new", WEDNESDAY)
    shutil.copytree(old.home, new.home)
    ended = new("dispatch --json")
    assert (ended.code, ended.json["sent"], ended.json["skipped"]) == (0, 1, {"already-reminded": 1})


def test_a_move_with_a_copy_alone_is_refused_until_the_gateway_was_asked(old: Program, tmp_path: Path) -> None:
    old.does("backup copy.db")
    new = Program(tmp_path / "new", WEDNESDAY)
    new.config.parent.mkdir(parents=True)
    for there, here in ((old.config, new.config), (old.home / "copy.db", new.database)):
        shutil.copy(there, here)
    refused = new("dispatch")
    assert (refused.code, "smsreminders reconcile" in refused.err) == (78, True)
    new.does("reconcile")
    new.does("dispatch")


def test_the_lines_for_logrotate_are_whole() -> None:
    [block] = re.findall(r"^    (/\S+ \{\n(?:.*\n)+?    \})$", PAGE, re.MULTILINE)
    words = shlex.split(block)
    assert (words[1], words[-1], words.count("create")) == ("{", "}", 1)
