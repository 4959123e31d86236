"""The command `schedule`: the lines of the crontab with the paths of this installation."""

import os
import sys
from pathlib import Path

import typer

from smsreminders.cli.context import invocation

EXAMPLE = Path(__file__).parents[1] / "crontab.example"
_PATH, _MAIL = "PATH=/opt/smsreminders/.venv/bin:", "MAILTO="


def schedule(context: typer.Context) -> None:
    """Print the lines of the crontab with the paths of this installation.

    What each of them does stands above it. They are for the user who owns the configuration (`crontab -e`); whoever has
    nothing else in their crontab pipes them into `crontab -`. Times are the machine's.

    Example: smsreminders schedule
    """
    from smsreminders.cli.show.output import write

    run = invocation(context)
    variables = f"SMSREMINDERS_CONFIG={run.settings.path.absolute()}\n"
    if os.environ.get("SMSREMINDERS_DATABASE"):  # which the environment of cron doesn't have
        variables += f"SMSREMINDERS_DATABASE={run.settings.database}\n"
    text = EXAMPLE.read_text(encoding="utf-8")
    text = text.replace(_PATH, f"PATH={Path(sys.executable).parent}:", 1)
    write(text.replace(_MAIL, variables + _MAIL, 1))
