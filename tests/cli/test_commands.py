"""The commands by name: each is there, and reads no file of another."""

import subprocess
import sys

import pytest
import typer.main
from typer.core import TyperGroup

from smsreminders.cli.app import app
from smsreminders.cli.commands import COMMANDS

FILES_READ = """
import sys
from smsreminders.__main__ import main
sys.argv = ["smsreminders", {command!r}, "--help"]
try:
    main()
except SystemExit:
    pass
print(*(name for name in sys.modules if name.startswith("smsreminders.cli.")), file=sys.stderr)
"""


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_table_is_there_under_its_name(command: str) -> None:
    program = typer.main.get_command(app)
    assert isinstance(program, TyperGroup)
    assert program.commands[command].name == command


def test_a_command_reads_no_file_of_another() -> None:
    code = FILES_READ.format(command="poll")
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    files_of_commands = {f"smsreminders.cli.{place.file}" for place in COMMANDS.values()}
    assert files_of_commands & set(ended.stderr.split()) == {"smsreminders.cli.poll", "smsreminders.cli.complete"}
