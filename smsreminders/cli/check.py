"""The check for monitoring."""

from collections.abc import Iterator

import typer

from smsreminders.cli.context import Invocation, invocation, practices_meant
from smsreminders.cli.options import JsonOption, PracticeOption
from smsreminders.cli.terms import configured_terms, unknown_codes
from smsreminders.errors import AdministratorNeeded, ExitCode


def check(context: typer.Context, *, practice: PracticeOption = None, as_json: JsonOption = False) -> None:
    """Say in one line that all is well, or what is wrong.

    Exit code 0: a run wouldn't be refused, today's round ran, as much was sent, skipped and delivered as usual, nothing
    waits for a person, last month is closed by the 6th. Else 3: each thing that is wrong is told on a line, with what
    to do.

    Example: smsreminders check
    """
    from smsreminders.cli.show.check import check_lines, check_row
    from smsreminders.cli.show.output import show_json, write_lines
    from smsreminders.gateways.by_name import features_of
    from smsreminders.jobs.keep.check import check as look

    run = invocation(context)
    features, round_by = features_of(run.settings.gateway.name), run.settings.monitoring.round_by
    terms = configured_terms(run)
    with run.database(read_only=True) as db:
        result = look(
            db,
            practices_meant(db, practice),
            features=features,
            terms=terms,
            round_by=round_by,
            clock=run.clock,
        )
        result.troubles[:0] = [*_unusable(run), *unknown_codes(run, db)]
    if as_json:
        show_json(check_row(result))
    elif result.troubles or not run.quiet:
        write_lines(check_lines(result, rehearsal=run.rehearsal))
    if result.troubles:
        raise typer.Exit(ExitCode.PARTLY)


def _unusable(run: Invocation) -> Iterator[str]:
    """Tell in the words of `dispatch` why no gateway can be made of the configuration; nothing is asked of it."""
    try:
        run.gateway()
    except AdministratorNeeded as error:
        yield str(error)
