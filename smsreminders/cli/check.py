"""The check for monitoring."""

import typer

from smsreminders.cli.context import invocation, practices_meant
from smsreminders.cli.options import JsonOption, PracticeOption
from smsreminders.cli.sources import source_troubles
from smsreminders.cli.terms import configured_terms, unknown_codes
from smsreminders.errors import ExitCode


def check(context: typer.Context, *, practice: PracticeOption = None, as_json: JsonOption = False) -> None:
    """Say in one line that all is well, or what is wrong.

    Exit code 0: a run wouldn't be refused, today's round ran, as much was sent, skipped and delivered as usual, nothing
    waits for a person, every source still comes, last month is closed by the 6th. Else 3: each thing that is wrong is
    told on a line, with what to do.

    Example: smsreminders check
    """
    from smsreminders.cli.show.check import check_lines, check_row
    from smsreminders.cli.show.output import show_json, write_wrapped
    from smsreminders.jobs.keep.check import check as look

    run = invocation(context)
    terms = configured_terms(run)
    with run.database(read_only=True) as db:
        result = look(
            db,
            practices_meant(db, practice),
            accounts=run.accounts,
            terms=terms,
            round_by=run.settings.monitoring.round_by,
            clock=run.clock,
        )
        result.troubles[:0] = unknown_codes(run, db)
        result.troubles += source_troubles(run, db, practice)
    if as_json:
        show_json(check_row(result))
    elif result.troubles or not run.quiet:
        write_wrapped(check_lines(result, rehearsal=run.rehearsal))
    if result.troubles:
        raise typer.Exit(ExitCode.PARTLY)
