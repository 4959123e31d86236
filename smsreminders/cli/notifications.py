"""The overview: all SMS with their status, one with its life, and why an appointment got a reminder or not."""

from typing import Annotated

import typer

from smsreminders.cli.context import invocation, practice_meant, practice_that_has
from smsreminders.cli.listing import listing
from smsreminders.cli.options import (
    AppointmentArgument,
    FromOption,
    JsonOption,
    PracticeOption,
    ToOption,
)
from smsreminders.cli.show.form import Form
from smsreminders.domain.local_time import day_bounds
from smsreminders.domain.notifications import Status, Word

app = typer.Typer(name="notifications", help="All SMS with their status.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="ID", help="The notification's id or reference.")]
ShowNumbers = Annotated[bool, typer.Option("--show-numbers", help="Phone numbers in full.")]


@app.command("list")
@listing
def list_notifications(
    context: typer.Context,
    *,
    form: Form,
    statuses: Annotated[
        list[Status] | None, typer.Option("--status", help="Only these; may be given several times.")
    ] = None,
    first: FromOption = None,
    last: ToOption = None,
    patient: Annotated[str | None, typer.Option("--patient", metavar="ID", help="Only this patient's.")] = None,
    practice: PracticeOption = None,
    show_numbers: ShowNumbers = False,
) -> None:
    """Show the notifications by the day on which they were planned. Appointments without one: see `explain`.

    Example: smsreminders notifications list --status uncertain
    """
    from smsreminders.cli.show.notification import COLUMNS
    from smsreminders.cli.show.output import show_all
    from smsreminders.store.notifications import count_notifications, notifications

    run = invocation(context)
    start, end = day_bounds(first, last, run.settings.schedule.zone)
    with run.database(read_only=True) as db:
        of, these = practice_meant(db, practice).id if practice else None, statuses or []
        listed = form.take(
            notifications(db, of, statuses=these, start=start, end=end, patient=patient, limit=form.limit),
            lambda: count_notifications(db, of, statuses=these, start=start, end=end, patient=patient),
        )
    run.tell(f"notifications found: {listed.total}")
    show_all(listed, COLUMNS, run.view(show_numbers=show_numbers), form, say=run.say)


@app.command()
def show(
    context: typer.Context, notification: Id, *, show_numbers: ShowNumbers = False, as_json: JsonOption = False
) -> None:
    """Show all that is known of a notification: consent, text, handing over, delivery, bills. One page, for a dispute.

    Example: smsreminders notifications show 17
    """
    from smsreminders.cli.show.evidence import evidence_page, evidence_row
    from smsreminders.cli.show.output import show_json, write
    from smsreminders.jobs.bill.evidence import evidence

    run = invocation(context)
    rate, view = run.settings.billing.rate, run.view(show_numbers=show_numbers)
    with run.database(read_only=True) as db:
        gathered = evidence(db, notification, general_rate=rate, zone=view.zone, clock=run.clock)
    if as_json:
        show_json(evidence_row(gathered, view))
    else:
        write(evidence_page(gathered, view))


@app.command()
def explain(
    context: typer.Context,
    appointment: AppointmentArgument,
    *,
    practice: PracticeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say why an appointment got a reminder or why not, round by round, and what a round would do now.

    Example: smsreminders notifications explain A1
    """
    from smsreminders.cli.show.explanation import explanation_lines, explanation_row
    from smsreminders.cli.show.output import show_json, write_lines
    from smsreminders.jobs.explain import explain as look
    from smsreminders.store.appointments import appointments_among

    run, view = invocation(context), invocation(context).view()
    schedule, wording = run.settings.schedule, run.settings.wording
    with run.database(read_only=True) as db:
        owner = practice_that_has(db, practice, lambda p: bool(appointments_among(db, p.id, [appointment])))
        explanation = look(
            db, owner, appointment, schedule=schedule, wording=wording, rehearsal=run.rehearsal, clock=run.clock
        )
    if as_json:
        show_json(explanation_row(explanation, view))
    else:
        write_lines(explanation_lines(explanation, view))


@app.command()
def settle(
    context: typer.Context,
    notification: Id,
    *,
    word: Annotated[Word, typer.Option("--as", help="What a person knows of it.")],
) -> None:
    """Take a person's word: on an uncertain one (sent, not-sent) or a wrongly delivered one (not-delivered).

    `not-sent` lets the next round send it, if it still makes sense: say so only where it is certain.

    Example: smsreminders notifications settle 17 --as sent
    """
    from smsreminders.jobs.desk.settle import settle as take

    run = invocation(context)
    with run.run_lock(), run.database() as db:  # no poll may hear otherwise meanwhile
        settled = take(db, notification, word, clock=run.clock)
    run.say(f"Notification {settled.id} is {settled.status} now.")
