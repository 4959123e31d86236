"""The command `purge`: what is kept too long goes."""

from typing import Annotated

import typer

from smsreminders.cli.context import invocation
from smsreminders.cli.options import DryRunOption, JsonOption


def purge(
    context: typer.Context,
    *,
    dry_run: DryRunOption = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask; what cron says.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Take away what is kept longer than [retention] of the configuration says. It can't be undone.

    Texts with their numbers and replies are blanked, what files said of past appointments goes, and old lines of the
    access log; bills, and what keeps a second text away, stay. It is logged. Rounds may run meanwhile.

    Example: smsreminders purge --dry-run
    """
    from smsreminders.cli.asking import be_sure
    from smsreminders.cli.show.output import show_json
    from smsreminders.cli.show.purge import purge_line
    from smsreminders.jobs.keep.purge import purge as take_away
    from smsreminders.jobs.keep.purge import to_purge
    from smsreminders.jobs.round.guard import check_clock_of_words

    run = invocation(context)
    retention = run.settings.retention
    with run.database(read_only=dry_run) as db:
        counts = to_purge(db, retention, clock=run.clock)
        if not dry_run and any(counts.values()):
            check_clock_of_words(db, run.clock.now(), nothing="nothing was purged")  # it can't be taken back
            be_sure(f"{purge_line(counts)}: they go for good.", yes=yes)
            counts = take_away(db, retention, access=run.access, clock=run.clock)
    if as_json:
        show_json(counts)
    else:
        run.say(("Would purge " if dry_run else "Purged ") + purge_line(counts) + ".")
