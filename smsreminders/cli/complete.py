"""Completion in a shell: its script, and the ids of practices and services, read from the database.

Completing is quiet: without a configuration or a database there is nothing to complete, and nothing is said.
"""

import os
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from smsreminders.errors import SmsremindersError

if TYPE_CHECKING:
    from smsreminders.store.database import Database

_PROGRAM, _VARIABLE = "smsreminders", "_SMSREMINDERS_COMPLETE"


class Shell(StrEnum):
    """A shell that can complete our commands."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def completion(shell: Annotated[Shell, typer.Argument(metavar="SHELL", help="bash, zsh or fish.")]) -> None:
    """Print the script by which a shell completes commands, options, and ids of practices and services.

    For bash, in ~/.bashrc: eval "$(smsreminders completion bash)"; for zsh the same in ~/.zshrc, after compinit; for
    fish, into ~/.config/fish/completions/smsreminders.fish.

    Example: smsreminders completion bash
    """
    from typer._completion_shared import get_completion_script

    from smsreminders.cli.show.output import write

    write(get_completion_script(prog_name=_PROGRAM, complete_var=_VARIABLE, shell=shell.value) + "\n")


def answer_a_shell() -> None:
    """Make the library know the shells, if this run was started by one that wants a word completed."""
    if os.environ.get(_VARIABLE):
        from typer._completion_classes import completion_init

        completion_init()


def complete_practice(context: typer.Context, incomplete: str) -> list[str]:
    """List the codes of the practices that begin like this."""
    from smsreminders.store.practices import all_practices

    return _looked_up(context, lambda db: [p.code for p in all_practices(db) if p.code.startswith(incomplete)])


def complete_service(context: typer.Context, incomplete: str) -> list[str]:
    """List the names of the services that begin like this; of the practice that stands before, or of all."""
    from smsreminders.store.practices import all_practices
    from smsreminders.store.services import services_of

    def names(db: "Database") -> list[str]:
        code = context.params.get("practice")
        owners = [practice for practice in all_practices(db) if code in {None, practice.code}]
        return sorted({service.name for owner in owners for service in services_of(db, owner.id)})

    return [name for name in _looked_up(context, names) if name.startswith(incomplete)]


def _looked_up(context: typer.Context, look: "Callable[[Database], list[str]]") -> list[str]:
    from smsreminders.config.settings import config_path, read_settings
    from smsreminders.store.database import opened

    words = [context.params.get("config"), context.find_root().params.get("config")]
    chosen = next((Path(word) for word in words if word), None)
    try:
        settings = read_settings(config_path(chosen, os.environ), os.environ)
        with opened(settings.database, read_only=True) as db:
            return look(db)
    except (SmsremindersError, OSError):
        return []
