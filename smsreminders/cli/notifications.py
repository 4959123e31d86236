"""The overview: all SMS with their status, one with its life, and why an appointment got a reminder or not."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from smsreminders.cli.appointment import day_bounds
from smsreminders.cli.context import Invocation, invocation, practice_meant, practice_that_has
from smsreminders.cli.options import (
    AppointmentArgument,
    CsvOption,
    FromOption,
    JsonOption,
    PracticeOption,
    ToOption,
)
from smsreminders.domain.notifications import Status, Word

if TYPE_CHECKING:
    from smsreminders.store.notifications import Notification

app = typer.Typer(name="notifications", help="All SMS with their status.", no_args_is_help=True)

KEYS = (
    *("id", "reference", "practice", "service", "appointment", "patient", "phone", "starts_at", "text", "encoding"),
    *("segments", "status", "reason", "gateway", "gateway_id", "created_at", "sent_at", "delivered_at"),
)
IN_A_TABLE = ("id", "practice", "patient", "appointment", "starts_at", "status", "reason", "segments", "sent_at")

Id = Annotated[str, typer.Argument(metavar="ID", help="The notification's id or reference.")]
ShowNumbers = Annotated[bool, typer.Option("--show-numbers", help="Phone numbers in full.")]


@app.command("list")
def list_notifications(
    context: typer.Context,
    *,
    status: Annotated[Status | None, typer.Option("--status", help="Only these.")] = None,
    first: FromOption = None,
    last: ToOption = None,
    patient: Annotated[str | None, typer.Option("--patient", metavar="ID", help="Only this patient's.")] = None,
    practice: PracticeOption = None,
    show_numbers: ShowNumbers = False,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """Show the notifications by the day on which they were planned. Appointments without one: see `explain`.

    Example: smsreminders notifications list --status uncertain
    """
    from smsreminders.cli.show.output import show_list
    from smsreminders.store.notifications import notifications

    run = invocation(context)
    start, end = day_bounds(first, last, run.settings.schedule.zone)
    with run.database(read_only=True) as db:
        practice_id = practice_meant(db, practice).id if practice else None
        found = notifications(db, practice_id, status=status, start=start, end=end, patient=patient)
    rows = [_row(run, one, show_numbers=show_numbers) for one in found]
    show_list(rows, KEYS, table=IN_A_TABLE, as_json=as_json, as_csv=as_csv)


@app.command()
def show(
    context: typer.Context, notification: Id, *, show_numbers: ShowNumbers = False, as_json: JsonOption = False
) -> None:
    """Show all that is known of a notification: consent, text, handing over, delivery, bills. One page, for a dispute.

    Example: smsreminders notifications show 17
    """
    from smsreminders.cli.show.evidence import more_keys, page
    from smsreminders.cli.show.output import show_json, write
    from smsreminders.jobs.bill.evidence import evidence

    run = invocation(context)
    billing, zone = run.settings.billing, run.settings.schedule.zone
    with run.database(read_only=True) as db:
        found = evidence(db, notification, general_rate=billing.rate, zone=zone, clock=run.clock)
    row = _row(run, found.notification, show_numbers=show_numbers)
    if as_json:
        show_json(row | more_keys(found, zone))
    else:
        write(page(found, row, zone, billing.currency))


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
    from smsreminders.cli.show.output import local, show_one, write
    from smsreminders.jobs.explain import explain as look
    from smsreminders.store.appointments import appointments_among

    run = invocation(context)
    settings = run.settings
    zone = settings.schedule.zone
    with run.database(read_only=True) as db:
        found = look(
            db,
            practice_that_has(db, practice, lambda p: bool(appointments_among(db, p.id, [appointment]))),
            appointment,
            schedule=settings.schedule,
            wording=settings.wording,
            clock=run.clock,
        )
    row = {
        "practice": found.practice.code,
        "appointment": found.appointment.source_id,
        "patient": found.appointment.patient,
        "starts_at": local(found.appointment.starts_at, zone),
        "status": found.appointment.booking,
        "revision": found.appointment.revision,
        "now": found.now,
    }
    rounds = [
        {
            "round": one.round_id,
            "at": local(one.started_at, zone),
            "revision": one.revision,
            "outcome": "skip" if one.reason else "send",
            "reason": one.reason,
        }
        for one in found.rounds
    ]
    sent = [
        {
            "id": one.id,
            "revision": one.revision,
            "status": one.status,
            "reason": one.reason,
            "sent_at": local(one.sent_at, zone),
        }
        for one in found.notifications
    ]
    if as_json:
        show_one(row | {"rounds": rounds, "notifications": sent}, as_json=True)
        return
    show_one(row)
    for line in rounds:
        write(
            f"round {line['round']} at {line['at']}: {line['outcome']}"
            + (f" ({line['reason']})" if line["reason"] else "")
            + f", revision {line['revision']}\n"
        )
    for notice in sent:
        write(
            f"notification {notice['id']}: {notice['status']}"
            + (f" ({notice['reason']})" if notice["reason"] else "")
            + f", revision {notice['revision']}\n"
        )
    if not rounds:
        write("no round has looked at it yet\n")


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
    from smsreminders.jobs.settle import settle as take

    run = invocation(context)
    with run.run_lock(), run.database() as db:  # no poll may hear otherwise meanwhile
        settled = take(db, notification, word, clock=run.clock)
    run.say(f"Notification {settled.id} is {settled.status} now.")


def _row(run: Invocation, one: "Notification", *, show_numbers: bool) -> dict[str, Any]:
    from smsreminders.cli.show.output import local
    from smsreminders.domain.phone import mask

    zone = run.settings.schedule.zone
    return {
        "id": one.id,
        "reference": one.reference,
        "practice": one.practice,
        "service": one.service,
        "appointment": one.appointment,
        "patient": one.patient,
        "phone": one.phone if show_numbers else mask(one.phone),
        "starts_at": local(one.starts_at, zone),
        "text": one.text,
        "encoding": one.encoding,
        "segments": one.segments,
        "status": one.status,
        "reason": one.reason,
        "gateway": one.gateway,
        "gateway_id": one.gateway_id,
        "created_at": local(one.created_at, zone),
        "sent_at": local(one.sent_at, zone),
        "delivered_at": local(one.delivered_at, zone),
    }
