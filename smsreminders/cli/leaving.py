"""A practice that leaves, on the command line: `practice export`."""

from pathlib import Path
from typing import Annotated

import typer

from smsreminders.cli.context import invocation
from smsreminders.cli.options import PracticeArgument


def export(
    context: typer.Context,
    code: PracticeArgument,
    *,
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="A file that isn't there yet.")],
) -> None:
    """Copy all that is of one practice into a database of its own, to take along when it leaves.

    No byte of another practice is in it. Closed months have the practice's own lines. The access log isn't in it, for
    its lines are chained over all practices: `smsreminders log list --practice CODE` has the practice's own. It is
    logged, with every patient. The file is readable by its owner only; a copy that dies leaves one that ends in .part,
    with everybody's data: remove it.

    Example: smsreminders practice export linde --output linde.db
    """
    from smsreminders.cli.show.bill_formats import csv_of
    from smsreminders.jobs.keep.leaving import export_practice
    from smsreminders.store.practices import practice_by_code

    run = invocation(context)
    with run.database() as db:
        practice = practice_by_code(db, code)
        export_practice(db, practice, output, access=run.access, as_csv=csv_of)
    run.say(
        f"All that is of {practice.code} stands in {output}, but for the access log (smsreminders log list --practice "
        f"{practice.code}). Whoever goes on with it runs `smsreminders reconcile` first."
    )
