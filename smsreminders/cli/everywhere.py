"""What every command takes: the options of the program after its name too, and plain words for what can't be read."""

import inspect
from collections import Counter
from collections.abc import Callable
from functools import wraps
from inspect import Parameter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperCommand

from smsreminders.cli.context import Invocation, invocation

if TYPE_CHECKING:
    from typer._click import Context

_PLAIN = {  # what the library says of a value that it can't read, and how we say it
    "Value error, ": "",
    "Input should be a valid integer, unable to parse string as an integer": "write a whole number, like 60",
}


class Command(TyperCommand):
    """A command that tells in plain words what it can't read, and takes each option once that can stand but once."""

    def parse_args(self, ctx: "Context", args: list[str]) -> list[str]:
        """Parse the words after the command's name. Raises what ends in a usage error."""
        if not ctx.resilient_parsing:
            self._refuse_repeated(ctx, args)
        try:
            rest = super().parse_args(ctx, args)
        except typer.BadParameter as error:
            for theirs, ours in _PLAIN.items():
                error.message = error.message.replace(theirs, ours)
            raise
        if not ctx.resilient_parsing:
            self._tell_who(ctx)
        return rest

    def _tell_who(self, ctx: "Context") -> None:
        """Tell the run its command, and who gives it: an own `--by` of the command, or else that of the program."""
        run = ctx.find_root().obj
        assert isinstance(run, Invocation)  # noqa: S101  # the callback of the app makes it
        run.command = ctx.command_path.partition(" ")[2]
        run.by = ctx.params.get("by") or run.by
        if "by" in ctx.params and run.by:
            ctx.params["by"] = run.by

    def get_short_help_str(self, limit: int = 0) -> str:  # noqa: ARG002  # as the library calls it
        """Give the first sentence of the help whole, for the list of commands: the library would cut it."""
        sentence, end, _ = " ".join((self.help or "").partition("\n\n")[0].split()).partition(". ")
        return sentence + end.strip()

    def _refuse_repeated(self, ctx: "Context", args: list[str]) -> None:
        """Refuse a second value for an option that counts once: the first would be lost without a word."""
        *_, order = self.make_parser(ctx).parse_args(list(args))
        for option, count in Counter(order).items():
            once = not (getattr(option, "multiple", False) or getattr(option, "is_flag", False))
            if count > 1 and once and option.param_type_name == "option":
                ctx.fail(f"Option '{max(option.opts, key=len)}' is given {count} times, but only one can count.")


def takes_options_of_the_program(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command, or a group of commands, take the options that stand before its name after it too."""

    @wraps(command)
    def taking(**words: object) -> None:
        command(**{name: word for name, word in words.items() if name not in ours})  # their callbacks have set them

    signature = inspect.signature(command)
    ours = {name: option for name, option in _OPTIONS.items() if name not in signature.parameters}
    own = [
        Parameter(name, Parameter.KEYWORD_ONLY, annotation=annotation, default=None)
        for name, annotation in ours.items()
    ]
    vars(taking)["__signature__"] = signature.replace(parameters=[*signature.parameters.values(), *own])
    vars(taking)["__annotations__"] = {}
    return taking


def _set_config(context: typer.Context, path: Path | None) -> Path | None:
    if path is not None and not context.resilient_parsing:
        invocation(context).config = path
    return path  # completion reads it


def _set_by(context: typer.Context, by: str | None) -> None:
    if by and not context.resilient_parsing:
        invocation(context).by = by


def _set_quiet(context: typer.Context, value: bool | None) -> None:  # as typer calls it
    if value and not context.resilient_parsing:
        invocation(context).quiet = True


def _set_verbose(context: typer.Context, value: bool | None) -> None:  # as typer calls it
    if value and not context.resilient_parsing:
        invocation(context).verbose = True


_OPTIONS = {
    "config": Annotated[
        Path | None,
        typer.Option(
            "--config",
            metavar="FILE",
            readable=False,
            is_eager=True,
            callback=_set_config,
            help="The configuration file.",
        ),
    ],
    "by": Annotated[
        str | None,
        typer.Option("--by", metavar="WHO", is_eager=True, callback=_set_by, help="Who you are, for the access log."),
    ],
    "quiet": Annotated[
        bool | None,
        typer.Option("--quiet", "-q", is_eager=True, callback=_set_quiet, help="Nothing at all when all went well."),
    ],
    "verbose": Annotated[
        bool | None,
        typer.Option(
            "--verbose",
            "-v",
            is_eager=True,
            callback=_set_verbose,
            help="More of what happens, and the trace of a bug.",
        ),
    ],
}
