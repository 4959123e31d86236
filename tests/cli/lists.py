"""The commands that show a list, as the program has them."""

import typer.main
from typer.core import TyperGroup

from smsreminders.cli.app import app


def lists() -> list[str]:
    """Every command that takes --csv."""
    groups = typer.main.get_command(app)
    assert isinstance(groups, TyperGroup)
    return sorted(
        f"{group} {name}"
        for group, commands in groups.commands.items()
        if isinstance(commands, TyperGroup)
        for name, command in commands.commands.items()
        if any("--csv" in parameter.opts for parameter in command.params)
    )
