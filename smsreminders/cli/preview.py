"""The text as patients get it, before anything is sent."""

from typing import Annotated

import typer

from smsreminders.cli.context import invocation, practices_meant
from smsreminders.cli.options import JsonOption, PracticeOption
from smsreminders.cli.terms import terms_of


def preview(
    context: typer.Context,
    *,
    practice: PracticeOption = None,
    patient: Annotated[str | None, typer.Option("--patient", metavar="ID", help="Only this patient's.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show the text, its segments and cost.

    Over all patients: whose text takes more than one segment, and which character does it. The text is of a patient's
    next appointment, or of a made-up one.

    Example: smsreminders preview --patient 1001
    """
    from smsreminders.cli.show.output import show_json, write_wrapped
    from smsreminders.cli.show.preview import preview_lines, preview_row
    from smsreminders.jobs.preview import preview as look

    run = invocation(context)
    view = run.view()
    with run.database(read_only=True) as db:
        practices = practices_meant(db, practice)
        result = look(db, practices, patient=patient, accounts=run.accounts, terms=terms_of(run, db), clock=run.clock)
    if as_json:
        show_json(preview_row(result, view))
    else:
        write_wrapped(preview_lines(result, view, summary=patient is None))
