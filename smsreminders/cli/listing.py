"""The options of every list: in which form it is asked for, and how much of it."""

import inspect
from collections.abc import Callable
from functools import wraps
from inspect import Parameter
from typing import Annotated

import typer

from smsreminders.cli.options import CsvOption, JsonOption

Command = Callable[..., None]
WideOption = Annotated[bool, typer.Option("--wide", help="A table with all columns, however wide the terminal is.")]
WholeOption = Annotated[bool, typer.Option("--all", help="A table with all rows; else it stops at 200.")]
OPTIONS: dict[str, object] = {
    "as_json": JsonOption,
    "as_csv": CsvOption,
    "as_csv_nl": Annotated[bool, typer.Option("--csv-nl", help="As CSV for a Dutch Excel.")],
    "wide": WideOption,
    "whole": WholeOption,
}


def listing(command: Command) -> Command:
    """Let a command that shows a list take `form`, made of the options that every list has."""
    from smsreminders.cli.show.form import form_of

    @wraps(command)
    def made(**words: object) -> None:
        command(form=form_of(**{name: bool(words.pop(name)) for name in OPTIONS}), **words)

    signature = inspect.signature(command)
    own = [parameter for parameter in signature.parameters.values() if parameter.name != "form"]
    options = [
        Parameter(name, Parameter.KEYWORD_ONLY, annotation=option, default=False) for name, option in OPTIONS.items()
    ]
    vars(made)["__signature__"] = signature.replace(parameters=[*own, *options])
    vars(made)["__annotations__"] = {}
    return made
