"""The man page, made from the help: `python -m smsreminders.cli.man > smsreminders.1`."""

import re
import sys
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

import typer
import typer.main
from typer.core import TyperGroup

from smsreminders import __version__
from smsreminders.cli.app import app
from smsreminders.cli.endings import MEANINGS

if TYPE_CHECKING:
    from typer._click import Command

Record = tuple[str, str] | None  # the names of an option, and what its help says
_NAME = "smsreminders"
_EXAMPLE = "Example: "


def man_page() -> str:
    """Write the page in the language of man(7): every command once, with its options, and the exit codes."""
    program = typer.main.get_command(app)
    top = typer.Context(program, info_name=_NAME, help_option_names=["--help", "-h"])
    everywhere = [option.get_help_record(top) for option in program.get_params(top)]
    lines = [
        f'.TH SMSREMINDERS 1 "" "{_NAME} {__version__}" "User Commands"',
        ".SH NAME",
        rf"{_NAME} \- {_text((program.help or '').rstrip('.'))}",
        ".SH SYNOPSIS",
        rf".B {_NAME}",
        _text("[OPTIONS] COMMAND [ARGS]..."),
        ".SH OPTIONS",
        "Before the command or after it:",
        *_options(program, top, ()),
        ".SH COMMANDS",
        *_commands(program, top, everywhere),
        ".SH EXIT STATUS",
        *(line for code, meaning in MEANINGS.items() for line in (".TP", f".B {code:d}", _text(meaning))),
    ]
    return "\n".join(lines) + "\n"


def _commands(group: "Command", context: typer.Context, left_out: Collection[Record]) -> Iterator[str]:
    assert isinstance(group, TyperGroup)  # noqa: S101  # the program and its groups are
    for name, command in group.commands.items():
        below = typer.Context(command, parent=context, info_name=name, help_option_names=context.help_option_names)
        if isinstance(command, TyperGroup):
            yield from _commands(command, below, left_out)
        else:
            yield from _command(command, below, left_out)


def _command(command: "Command", context: typer.Context, left_out: Collection[Record]) -> Iterator[str]:
    yield f".SS {_text(' '.join([context.command_path, *command.collect_usage_pieces(context)]))}"
    for paragraph in [*(command.help or "").split("\n\n"), command.epilog or ""]:
        if words := " ".join(paragraph.split()):
            example = words.removeprefix(_EXAMPLE)
            yield from [".PP", _text(words)] if example == words else [".PP", ".EX", _text(example), ".EE"]
    yield from _options(command, context, left_out)


def _options(command: "Command", context: typer.Context, left_out: Collection[Record]) -> Iterator[str]:
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record and record not in left_out:
            names, says = record
            yield from (".TP", f".B {_text(names)}", _text(says))


def _text(text: str) -> str:
    r"""Write a text on one line of roff, in which a `\`, a `-` and a sign at the beginning mean what they are."""
    line = re.sub(r"[\\-]", lambda sign: r"\e" if sign[0] == "\\" else r"\-", " ".join(text.split()))
    return rf"\&{line}" if line[:1] in (".", "'") else line


if __name__ == "__main__":
    sys.stdout.write(man_page())
