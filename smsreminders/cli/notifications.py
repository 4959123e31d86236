"""The overview: all SMS with their status, one with its life, and why an appointment got a reminder or not."""

import sys
from typing import Annotated

import typer

from smsreminders.cli.context import invocation, practice_meant
from smsreminders.cli.listing import listing
from smsreminders.cli.meant import appointment_meant, notification_meant, of_patient
from smsreminders.cli.options import FromOption, JsonOption, PracticeOption, ShowNumbersOption, ToOption
from smsreminders.cli.show.form import Form
from smsreminders.cli.terms import terms_of
from smsreminders.domain.local_time import day_bounds
from smsreminders.domain.round.notifications import Status, Word
from smsreminders.errors import UsageError

app = typer.Typer(name="notifications", help="All SMS with their status.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="ID", help="The notification's id or reference.")]
EitherId = Annotated[
    str, typer.Argument(metavar="ID", help="The notification's id or reference, or the appointment's id.")
]


@app.command("list")
@listing
def list_notifications(
    context: typer.Context,
    *,
    form: Form,
    statuses: Annotated[
        list[Status] | None,
        typer.Option(
            "--status", metavar="STATUS", help=f"Only these; may be given several times: {', '.join(Status)}."
        ),
    ] = None,
    first: FromOption = None,
    last: ToOption = None,
    patient: Annotated[str | None, typer.Option("--patient", metavar="ID", help="Only this patient's.")] = None,
    appointment: Annotated[
        str | None, typer.Option("--appointment", metavar="ID", help="Only this appointment's.")
    ] = None,
    practice: PracticeOption = None,
    show_numbers: ShowNumbersOption = False,
) -> None:
    """Show the notifications by the day on which they were planned. Appointments without one: see `explain`.

    Example: smsreminders notifications list --status uncertain
    """
    from smsreminders.cli.show.notification import COLUMNS
    from smsreminders.cli.show.output import show_all
    from smsreminders.store.round.notifications import count_notifications, notifications

    run = invocation(context)
    start, end = day_bounds(first, last, run.settings.schedule.zone)
    with run.looking(in_full=show_numbers) as looking:
        db = looking.db
        of, these = practice_meant(db, practice).id if practice else None, statuses or []
        listed = form.take(
            notifications(
                db,
                of,
                statuses=these,
                start=start,
                end=end,
                patient=patient,
                appointment=appointment,
                limit=form.limit,
            ),
            lambda: count_notifications(
                db, of, statuses=these, start=start, end=end, patient=patient, appointment=appointment
            ),
            newest=True,
        )
        looking.seen((notification.practice, notification.patient) for notification in listed.things)
    run.tell(f"notifications found: {listed.total}")
    run.say_if_rehearsal()
    show_all(listed, COLUMNS, run.view(show_numbers=show_numbers), form, say=run.say)


@app.command()
def show(
    context: typer.Context,
    notification: EitherId,
    *,
    practice: PracticeOption = None,
    show_numbers: ShowNumbersOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show all that is known of a notification: consent, text, handing over, delivery, bills. One page, for a dispute.

    By the id of an appointment its newest one is shown. The page ends with what it comes to and what to do.

    Example: smsreminders notifications show 17
    """
    from smsreminders.cli.show.evidence import evidence_page, evidence_row
    from smsreminders.cli.show.output import show_json, write
    from smsreminders.cli.show.wrap import wrapped
    from smsreminders.jobs.bill.evidence import evidence

    run = invocation(context)
    rate, view = run.settings.billing.rate, run.view(show_numbers=show_numbers)
    with run.looking(in_full=show_numbers) as looking:
        named = notification_meant(looking.db, practice, notification)
        gathered = evidence(looking.db, named, general_rate=rate, zone=view.zone, clock=run.clock)
        looking.seen([(gathered.notification.practice, gathered.notification.patient)])
    if as_json:
        show_json(evidence_row(gathered, view))
    else:
        write(wrapped(evidence_page(gathered, view), sys.stdout))


@app.command()
def explain(
    context: typer.Context,
    appointment: Annotated[
        str, typer.Argument(metavar="[ID]", help="The appointment's id, or a notification's id or reference.")
    ] = "",
    *,
    patient: Annotated[
        str | None, typer.Option("--patient", metavar="ID", help="This patient's next appointment, or the last one.")
    ] = None,
    practice: PracticeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say why an appointment got a reminder or why not, round by round, and what a round would do now.

    It ends with what it comes to and what to do. By a notification's id or reference its appointment is explained.

    Example: smsreminders notifications explain A1
    """
    from smsreminders.cli.show.explanation import explanation_lines, explanation_row
    from smsreminders.cli.show.output import show_json, write_wrapped
    from smsreminders.jobs.explain import explain as look

    run, view = invocation(context), invocation(context).view()
    if bool(appointment) == (patient is not None):
        raise UsageError("say which appointment by its ID, or whose by --patient ID: one of the two")
    with run.database(read_only=True) as db:
        if patient is None:
            owner, source_id = appointment_meant(db, practice, appointment)
        else:
            owner, source_id = of_patient(db, practice, patient, clock=run.clock)
        terms = terms_of(run, db)
        explanation = look(db, owner, source_id, terms=terms, rehearsal=run.accounts.rehearses(owner), clock=run.clock)
    if as_json:
        show_json(explanation_row(explanation, view))
    else:
        write_wrapped(explanation_lines(explanation, view))


@app.command()
def settle(
    context: typer.Context,
    notification: Id,
    *,
    word: Annotated[Word, typer.Option("--as", help="What a person knows of it.")],
) -> None:
    """Take a person's word: on an uncertain one (sent, not-sent) or a wrongly delivered one (not-delivered).

    `not-sent` lets the next round send it, if it still makes sense: say so only where it is certain. The gateway is
    asked for it first, and what it knows was sent.

    Example: smsreminders notifications settle 17 --as sent
    """
    from smsreminders.cli.show.notification import settled_line
    from smsreminders.jobs.desk.settle import check_not_sent
    from smsreminders.jobs.desk.settle import settle as take

    run = invocation(context)
    with run.run_lock(), run.database() as db:  # no poll may hear otherwise meanwhile
        if word is Word.NOT_SENT:
            check_not_sent(db, notification, accounts=run.accounts, clock=run.clock)
        settled = take(db, notification, word, access=run.access, clock=run.clock)
    run.say(settled_line(settled))
