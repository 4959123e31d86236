"""A copy of the database."""

from pathlib import Path
from typing import Annotated

import typer

from smsreminders.cli.context import invocation


def backup(
    context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that isn't there yet.")]
) -> None:
    """Copy the database.

    The copy is consistent while others work, and readable by its owner only.

    Example: smsreminders backup /var/backups/smsreminders-2026-11-24.db
    """
    from smsreminders.jobs.keep.backup import backup as copy

    run = invocation(context)
    with run.database(read_only=True) as db:
        copy(db, file)
    run.say(f"Copied to {file}.")
