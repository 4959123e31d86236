"""The Typer app: the commands by name, and the options that all of them take."""

from typing import Annotated

import typer

from smsreminders import __version__
from smsreminders.cli import appointment, consent, gateway, notifications, patient, practice, rate, service, vat
from smsreminders.cli.backup import backup
from smsreminders.cli.check import check
from smsreminders.cli.complete import completion
from smsreminders.cli.demo import demo
from smsreminders.cli.dispatch import dispatch
from smsreminders.cli.doctor import doctor
from smsreminders.cli.endings import exit_codes
from smsreminders.cli.everywhere import Command, takes_options_of_the_program
from smsreminders.cli.imports import import_command
from smsreminders.cli.init import init
from smsreminders.cli.poll import poll
from smsreminders.cli.preview import preview
from smsreminders.cli.reconcile import reconcile
from smsreminders.cli.report import report
from smsreminders.errors import ExitCode

app = typer.Typer(
    help="Reminds the patients of a practice of their appointments by SMS.",
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["--help", "-h"]},
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
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


OF_A_RUN = (ExitCode.OK, ExitCode.PARTLY, ExitCode.TRY_AGAIN, ExitCode.ADMINISTRATOR, ExitCode.INTERRUPTED)
WITH_A_FILE = (ExitCode.OK, ExitCode.PARTLY, ExitCode.BAD_FILE, ExitCode.TRY_AGAIN, ExitCode.ADMINISTRATOR)
GROUPS = (practice, service, patient, consent, appointment, notifications, rate, vat, gateway)

for command in (init, demo, doctor, preview, backup, reconcile, completion):
    app.command()(command)
for command in (dispatch, poll, check):
    app.command(epilog=exit_codes(*OF_A_RUN))(command)
app.command(epilog=exit_codes(*WITH_A_FILE))(report)
app.command("import", epilog=exit_codes(*WITH_A_FILE))(import_command)
for group in GROUPS:
    group.app.callback()(takes_options_of_the_program(lambda: None))
    app.add_typer(group.app)
for registered in [
    command for typed in (app, *(group.app for group in GROUPS)) for command in typed.registered_commands
]:
    assert registered.callback  # noqa: S101  # each was registered with its function
    registered.cls = Command
    registered.callback = takes_options_of_the_program(registered.callback)
