"""The Typer app: the program with the options that stand before the command."""

from typing import Annotated

import typer

from smsreminders import __version__
from smsreminders.cli.commands import SETTINGS, Commands
from smsreminders.cli.everywhere import takes_options_of_the_program

app = typer.Typer(
    cls=Commands,
    help="Reminds the patients of a practice of their appointments by SMS.",
    context_settings={"help_option_names": ["--help", "-h"]},
    **SETTINGS,
)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"smsreminders {__version__}")
        raise typer.Exit


@app.callback()
@takes_options_of_the_program
def options(
    *,
    version: Annotated[  # its callback does it
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version.")
    ] = False,
) -> None:
    """Read the options that stand before the command."""
