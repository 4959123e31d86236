"""The appointments of a practice, one at a time; usually they come by `import`."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from smsreminders.cli.context import Invocation, invocation, practice_meant, practice_that_has, practices_meant
from smsreminders.cli.listing import listing
from smsreminders.cli.options import (
    AppointmentArgument,
    FromOption,
    JsonOption,
    PracticeOption,
    ToOption,
    time_option,
)
from smsreminders.cli.show.form import Form
from smsreminders.domain.appointments import Outcome

if TYPE_CHECKING:
    from smsreminders.domain.practices import Practice

app = typer.Typer(name="appointment", help="The appointments of a practice.", no_args_is_help=True)

Start = Annotated[datetime, time_option("--start", help='"2026-11-24 10:30".')]


@app.command()
def add(
    context: typer.Context,
    appointment: AppointmentArgument,
    *,
    patient: Annotated[str, typer.Option("--patient", metavar="ID", help="The patient's id.")],
    start: Start,
    end: Annotated[datetime | None, time_option("--end", help="When it ends.")] = None,
    location: Annotated[str, typer.Option("--location", help="Where, for {location} in the text.")] = "",
    practitioner: Annotated[str, typer.Option("--with", metavar="NAME", help="With whom; never in a text.")] = "",
    kind: Annotated[str, typer.Option("--type", help="Of what type; a practice may leave types out.")] = "",
    practice: PracticeOption = None,
) -> None:
    """Add an appointment of a known patient.

    Example: smsreminders appointment add A1 --patient 1001 --start "2026-11-24 10:30"
    """
    from smsreminders.cli.show.appointment import appointment_line
    from smsreminders.domain.appointments import Appointment
    from smsreminders.domain.local_time import to_utc
    from smsreminders.jobs.desk.appointment import add_appointment

    run = invocation(context)
    zone = run.settings.schedule.zone
    ends_at = to_utc(end, zone) if end else None
    new = Appointment(appointment, patient, to_utc(start, zone), ends_at, location, practitioner, type=kind)
    with run.database() as db:
        whose = practice_meant(db, practice)
        added, owner = add_appointment(db, whose, new, access=run.access, clock=run.clock)
    run.say(appointment_line("Added", added, owner, zone=zone))
    _note_too_late(run, whose, added.starts_at)


@app.command()
def move(
    context: typer.Context, appointment: AppointmentArgument, *, start: Start, practice: PracticeOption = None
) -> None:
    """Move an appointment; the patient gets a new reminder. A cancelled one is booked again.

    Example: smsreminders appointment move A1 --start "2026-11-25 09:00"
    """
    from smsreminders.cli.show.appointment import appointment_line
    from smsreminders.domain.local_time import to_utc
    from smsreminders.jobs.desk.appointment import move_appointment

    run = invocation(context)
    zone = run.settings.schedule.zone
    starts_at = to_utc(start, zone)
    with run.database() as db:
        owner = practice_meant(db, practice)
        moved, patient = move_appointment(
            db, owner, appointment, starts_at=starts_at, access=run.access, clock=run.clock
        )
    run.say(appointment_line("Moved", moved, patient, zone=zone))
    _note_too_late(run, owner, starts_at)


def _note_too_late(run: Invocation, practice: "Practice", starts_at: datetime) -> None:
    """Note of an appointment that nobody is reminded of it, for it is over or begins too soon."""
    now = run.clock.now()
    if starts_at <= now:
        run.say("Note: that is in the past, so nobody is reminded of it.")
    elif starts_at <= now + run.settings.rules_of(practice.code).schedule.minimum_notice:
        run.say("Note: that is too soon for a reminder: call the patient.")


@app.command()
def cancel(context: typer.Context, appointment: AppointmentArgument, *, practice: PracticeOption = None) -> None:
    """Cancel an appointment: no reminder leaves any more.

    Example: smsreminders appointment cancel A1
    """
    from smsreminders.cli.show.appointment import appointment_line
    from smsreminders.jobs.desk.appointment import cancel_appointment
    from smsreminders.store.appointments import appointment_by_id

    run = invocation(context)
    with run.database() as db:
        owner = practice_meant(db, practice)
        _, before = appointment_by_id(db, owner.id, appointment)
        cancelled, patient = cancel_appointment(db, owner, appointment, access=run.access)
    done = "Cancelled already:" if before == cancelled else "Cancelled"
    run.say(appointment_line(done, cancelled, patient, zone=run.settings.schedule.zone))


@app.command()
def confirm(context: typer.Context, appointment: AppointmentArgument, *, practice: PracticeOption = None) -> None:
    """Confirm that an appointment is as it is stored: it is unclear or missing no longer, until its row says otherwise.

    Example: smsreminders appointment confirm A1
    """
    from smsreminders.cli.show.appointment import appointment_line
    from smsreminders.jobs.desk.appointment import confirm_appointment

    run = invocation(context)
    with run.database() as db:
        confirmed, patient = confirm_appointment(db, practice_meant(db, practice), appointment, access=run.access)
    run.say(appointment_line("Confirmed", confirmed, patient, zone=run.settings.schedule.zone))
    if patient.unclear:
        run.say(f"Note: their consent is still unclear ({patient.unclear}): `smsreminders consent give ID` ends that.")


@app.command()
def outcome(
    context: typer.Context,
    appointment: AppointmentArgument,
    became: Annotated[Outcome, typer.Argument(metavar="OUTCOME", help="attended or no-show.")],
    *,
    practice: PracticeOption = None,
) -> None:
    """Keep what became of an appointment: the patient came (attended) or didn't (no-show).

    Example: smsreminders appointment outcome A1 no-show
    """
    from smsreminders.cli.show.appointment import appointment_line
    from smsreminders.jobs.desk.appointment import keep_outcome

    run = invocation(context)
    with run.database() as db:
        kept, patient = keep_outcome(
            db, practice_meant(db, practice), appointment, became, access=run.access, clock=run.clock
        )
    done = "Kept as attended:" if became is Outcome.ATTENDED else "Kept as no-show:"
    run.say(appointment_line(done, kept, patient, zone=run.settings.schedule.zone))


@app.command("list")
@listing
def list_appointments(
    context: typer.Context,
    *,
    form: Form,
    practice: PracticeOption = None,
    first: FromOption = None,
    last: ToOption = None,
    patient: Annotated[str | None, typer.Option("--patient", metavar="ID", help="Only this patient's.")] = None,
) -> None:
    """Show the appointments by start.

    Example: smsreminders appointment list --patient 1001 --from today
    """
    from smsreminders.cli.show.appointment import COLUMNS
    from smsreminders.cli.show.output import show_all
    from smsreminders.domain.local_time import day_bounds
    from smsreminders.store.appointments import appointments_between, count_between

    run = invocation(context)
    start, end = day_bounds(first, last, run.settings.schedule.zone)
    with run.database(read_only=True) as db:
        owners = practices_meant(db, practice)
        appointments = (
            (owner, appointment)
            for owner in owners
            for _, appointment in appointments_between(db, owner.id, start, end, patient=patient)
        )
        listed = form.take(
            appointments, lambda: sum(count_between(db, owner.id, start, end, patient=patient) for owner in owners)
        )
    show_all(listed, COLUMNS, run.view(), form, say=run.say)


@app.command()
def show(
    context: typer.Context,
    appointment: AppointmentArgument,
    *,
    practice: PracticeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show an appointment. Why it got a reminder or not: `smsreminders notifications explain`.

    Example: smsreminders appointment show A1
    """
    from smsreminders.cli.show.appointment import PAGE
    from smsreminders.cli.show.columns import row
    from smsreminders.cli.show.output import show_one
    from smsreminders.store.appointments import appointment_by_id, appointments_among

    run = invocation(context)
    with run.database(read_only=True) as db:
        owner = practice_that_has(db, practice, lambda p: bool(appointments_among(db, p.id, [appointment])))
        _, stored = appointment_by_id(db, owner.id, appointment)
    show_one(row((owner, stored), PAGE, run.view()), as_json=as_json)
