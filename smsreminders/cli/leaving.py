"""A practice that leaves, on the command line: `practice export`, `practice remove`."""

from pathlib import Path
from typing import Annotated

import typer

from smsreminders.cli.context import invocation
from smsreminders.cli.options import DryRunOption, PracticeArgument


def export(
    context: typer.Context,
    code: PracticeArgument,
    *,
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="A file that isn't there yet.")],
) -> None:
    """Copy all that is of one practice into a database of its own, to take along when it leaves.

    No byte of another practice is in it. Closed months have the practice's own lines. The access log isn't in it, for
    its lines are chained over all practices: `smsreminders log list --practice CODE` has the practice's own. It is
    logged, with every patient. The file is readable by its owner only; an export that dies leaves none, or one that
    ends in .part, in which no other practice is either.

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


def remove(
    context: typer.Context,
    code: PracticeArgument,
    *,
    dry_run: DryRunOption = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask for the code to be typed again.")] = False,
) -> None:
    """Remove a practice that left, after its last bill: each of its patients is erased. It can't be undone.

    First close the months in which it sent something. What bills count stays, without patients, and so do the access
    log and the code, which no other practice gets. It is logged. One that was killed goes on where it is run again.

    Example: smsreminders practice remove linde
    """
    from functools import partial

    from smsreminders.cli.asking import ask_again
    from smsreminders.gateways.sandbox import forget
    from smsreminders.jobs.keep.removing import check_removable, remove_practice
    from smsreminders.store.keep.leaving import patient_ids
    from smsreminders.store.practices import practice_by_code

    run = invocation(context)
    if dry_run:
        with run.database(read_only=True) as db:
            practice = practice_by_code(db, code)
            check_removable(db, practice, run.clock.now())
            count = len(patient_ids(db, practice.id))
        run.say(f"Would remove practice {code}, with {count} patients.")
        return
    with run.run_lock(), run.database() as db:  # no round may text its patients meanwhile
        practice = practice_by_code(db, code)
        check_removable(db, practice, run.clock.now())
        ask_again(code, f"Practice {code} is removed, and its patients are erased for good.", yes=yes)
        out_of_sandbox = partial(forget, run.settings.database)
        removed = remove_practice(db, practice, access=run.access, forget=out_of_sandbox, clock=run.clock)
    run.say(f"Removed practice {code}, with {removed.patients} patients.")
    for copy in removed.copies:
        run.warn(f"{copy} still has them: remove it once you are sure that nobody needs it")
    if code in run.settings.practices:
        run.warn(f"take [practices.{code}] out of your configuration: no round runs while it stands there")
    run.say(
        f"Take {code} out of your crontab and configuration too. Backups, exports, pages and what your gateway keeps "
        "may still have its patients: docs/privacy.md says what to do."
    )
