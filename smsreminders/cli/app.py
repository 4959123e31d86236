"""The Typer app: the options that stand before every command, and the commands by name."""

from pathlib import Path
from typing import Annotated

import typer

from smsreminders import __version__
from smsreminders.cli import appointment, consent, gateway, notifications, patient, practice, rate, service, vat
from smsreminders.cli.backup import backup
from smsreminders.cli.check import check
from smsreminders.cli.context import Invocation
from smsreminders.cli.demo import demo
from smsreminders.cli.dispatch import dispatch
from smsreminders.cli.doctor import doctor
from smsreminders.cli.endings import exit_codes
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
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"smsreminders {__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    *,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", readable=False, help="The configuration file.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Nothing at all when all went well.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="More of what happens, and the trace of a bug.")
    ] = False,
    version: Annotated[  # noqa: ARG001  # its callback does it
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version.")
    ] = False,
) -> None:
    """Read the options that stand before the command."""
    context.obj = Invocation(config, quiet, verbose, run_again=context.obj)


OF_A_RUN = (ExitCode.OK, ExitCode.PARTLY, ExitCode.TRY_AGAIN, ExitCode.ADMINISTRATOR, ExitCode.INTERRUPTED)
WITH_A_FILE = (ExitCode.OK, ExitCode.PARTLY, ExitCode.BAD_FILE, ExitCode.TRY_AGAIN, ExitCode.ADMINISTRATOR)

for command in (init, demo, doctor, preview, backup, reconcile):
    app.command()(command)
for command in (dispatch, poll, check):
    app.command(epilog=exit_codes(*OF_A_RUN))(command)
app.command(epilog=exit_codes(*WITH_A_FILE))(report)
app.command("import", epilog=exit_codes(*WITH_A_FILE))(import_command)
for group in (practice, service, patient, consent, appointment, notifications, rate, vat, gateway):
    app.add_typer(group.app)
