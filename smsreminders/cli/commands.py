"""The commands by name: the file of one is read when it is asked for, so that each starts quickly."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer
import typer.main
from typer.core import TyperGroup

from smsreminders.cli.endings import exit_codes
from smsreminders.cli.everywhere import Command, takes_options_of_the_program
from smsreminders.errors import ExitCode

if TYPE_CHECKING:
    from typer._click import Command as AnyCommand

SETTINGS: Mapping[str, Any] = {
    "add_completion": False,
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
    "no_args_is_help": True,
}
_A_RUN = (ExitCode.OK, ExitCode.PARTLY, ExitCode.TRY_AGAIN, ExitCode.ADMINISTRATOR, ExitCode.INTERRUPTED)
_WITH_A_FILE = (ExitCode.OK, ExitCode.PARTLY, ExitCode.BAD_FILE, ExitCode.TRY_AGAIN, ExitCode.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command is: a file of `cli/` and the function in it; a group of commands is its file's `app`.

    `endings` are the exit codes that its help tells.
    """

    file: str
    function: str = "app"
    endings: tuple[ExitCode, ...] = ()


COMMANDS = {
    "init": Place("init", "init"),
    "demo": Place("demo", "demo"),
    "doctor": Place("doctor", "doctor"),
    "preview": Place("preview", "preview"),
    "backup": Place("backup", "backup"),
    "reconcile": Place("reconcile", "reconcile"),
    "schedule": Place("schedule", "schedule"),
    "completion": Place("complete", "completion"),
    "dispatch": Place("dispatch", "dispatch", _A_RUN),
    "poll": Place("poll", "poll", _A_RUN),
    "check": Place("check", "check", _A_RUN),
    "page": Place("page", "page"),
    "unreached": Place("unreached", "unreached"),
    "report": Place("report", "report", _WITH_A_FILE),
    "import": Place("imports", "import_command", _WITH_A_FILE),
    "practice": Place("practice"),
    "service": Place("service"),
    "patient": Place("patient"),
    "consent": Place("consent"),
    "appointment": Place("appointment"),
    "notifications": Place("notifications"),
    "rounds": Place("rounds"),
    "stopped": Place("stopped"),
    "replies": Place("replies"),
    "log": Place("log"),
    "purge": Place("purge", "purge"),
    "rate": Place("rate"),
    "vat": Place("vat"),
    "gateway": Place("gateway"),
}


class Commands(TyperGroup):
    """The program as a group of its commands, none of them read yet."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401  # as typer has it
        super().__init__(**attributes | {"commands": _ByName()})


class _ByName(Mapping[str, "AnyCommand"]):
    """The commands of the table, each made when it is asked for."""

    def __getitem__(self, name: str) -> "AnyCommand":
        return _command(name)

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


@cache
def _command(name: str) -> "AnyCommand":
    """Read the file of a command, or of a group of them. Raises KeyError: there is no such name."""
    place = COMMANDS[name]
    command = getattr(import_module(f"smsreminders.cli.{place.file}"), place.function)
    program = typer.Typer(**SETTINGS)
    if isinstance(command, typer.Typer):
        command.callback()(takes_options_of_the_program(lambda: None))
        program.add_typer(command)
        registered = command.registered_commands
    else:
        program.command(name, epilog=exit_codes(*place.endings) if place.endings else None)(command)
        registered = program.registered_commands
    for single in registered:
        assert single.callback  # noqa: S101  # each was registered with its function
        single.cls = Command
        single.callback = takes_options_of_the_program(single.callback)
    return typer.main.get_group(program).commands[name]
