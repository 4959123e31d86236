"""The access log: who looked at patients' data in full or changed it at the desk; and the proof that it is whole."""

from typing import Annotated

import typer

from smsreminders.cli.context import invocation
from smsreminders.cli.listing import listing
from smsreminders.cli.options import FromOption, JsonOption, PracticeOption, ToOption
from smsreminders.cli.show.form import Form

app = typer.Typer(name="log", help="Who looked at patients' data or changed it.", no_args_is_help=True)


@app.command("list")
@listing
def list_lines(
    context: typer.Context,
    *,
    form: Form,
    patient: Annotated[str | None, typer.Option("--patient", metavar="ID", help="Only about this patient.")] = None,
    first: FromOption = None,
    last: ToOption = None,
    practice: PracticeOption = None,
) -> None:
    """Show who looked at patients' data in full or changed it at the desk: when, by which command, of whom.

    Example: smsreminders log list --patient 1001
    """
    from smsreminders.cli.show.log import COLUMNS
    from smsreminders.cli.show.output import show_all
    from smsreminders.domain.local_time import day_bounds
    from smsreminders.store.keep.access import Asked, count_lines, lines_shown
    from smsreminders.store.practices import practice_by_code

    run = invocation(context)
    start, end = day_bounds(first, last, run.settings.schedule.zone)
    with run.database(read_only=True) as db:
        asked = Asked(practice_by_code(db, practice, removed=True).id if practice else None, patient, start, end)
        lines = lines_shown(db, asked, limit=form.limit)
        listed = form.take(lines, lambda: count_lines(db, asked), newest=True)
    show_all(listed, COLUMNS, run.view(), form, say=run.say)


@app.command("verify")
def verify_command(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """Prove that no line of the access log was changed, removed or added since it was written, nor cut off its end.

    Exit code 78 names the first line that isn't as it was written. A database that was put back from a backup lacks
    the lines since: `smsreminders reconcile` notes that in the log.

    Example: smsreminders log verify
    """
    from smsreminders.cli.show.output import show_json
    from smsreminders.errors import AdministratorNeeded
    from smsreminders.jobs.keep.access import WHAT_TO_DO, verify
    from smsreminders.store.keep.access import last_mark

    run = invocation(context)
    with run.database(read_only=True) as db:
        broken, lines = verify(db), last_mark(db).number
    if as_json:
        show_json({"lines": lines, "line": broken and broken.number, "broken": broken and broken.what})
    if broken:
        raise AdministratorNeeded(f"the access log isn't as it was written: {broken.what}; {WHAT_TO_DO}")
    run.say(f"The access log is whole: {lines} lines.")
