"""A command that takes a value: each of its fields is an option, written down once for all commands that take it."""

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from inspect import Parameter
from typing import Annotated

from typer.models import OptionInfo

Command = Callable[..., None]


def takes(value: type, options: Mapping[str, OptionInfo], *, required: str = "") -> Callable[[Command], Command]:
    """Let a command take `change`, a `value` made of these options by its fields' names; one left out is None."""

    def decorate(command: Command) -> Command:
        @wraps(command)
        def made(**words: object) -> None:
            command(change=value(**{name: words.pop(name) for name in options}), **words)

        signature = inspect.signature(command)
        own = [parameter for parameter in signature.parameters.values() if parameter.name != "change"]
        before = [parameter for parameter in own if parameter.kind is Parameter.POSITIONAL_OR_KEYWORD]
        fields = [
            Parameter(name, Parameter.KEYWORD_ONLY, annotation=Annotated[str, option])
            if name == required
            else Parameter(name, Parameter.KEYWORD_ONLY, annotation=Annotated[str | None, option], default=None)
            for name, option in options.items()
        ]
        after = [parameter for parameter in own if parameter.kind is Parameter.KEYWORD_ONLY]
        vars(made)["__signature__"] = signature.replace(parameters=[*before, *fields, *after])
        vars(made)["__annotations__"] = {}
        return made

    return decorate
