"""The appointments of a practice, one at a time; usually they come by `import`."""

from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smsreminders.cli.context import invocation, practice_meant, practice_that_has, practices_meant
from smsreminders.cli.options import (
    AppointmentArgument,
    CsvOption,
    FromOption,
    JsonOption,
    PracticeOption,
    ToOption,
    read_moment,
)
from smsreminders.errors import UsageError

if TYPE_CHECKING:
    from smsreminders.domain.appointments import Appointment, Booking

app = typer.Typer(name="appointment", help="The appointments of a practice.", no_args_is_help=True)

KEYS = ("practice", "id", "patient", "starts_at", "ends_at", "status", "revision", "location", "practitioner")
IN_A_TABLE = ("practice", "id", "patient", "starts_at", "status", "revision", "location", "practitioner")

Start = Annotated[datetime, typer.Option("--start", parser=read_moment, metavar="TIME", help='"2026-11-24 10:30".')]


@app.command()
def add(
    context: typer.Context,
    appointment: AppointmentArgument,
    *,
    patient: Annotated[str, typer.Option("--patient", metavar="ID", help="The patient's id.")],
    start: Start,
    end: Annotated[datetime | None, typer.Option("--end", parser=read_moment, metavar="TIME")] = None,
    location: Annotated[str, typer.Option("--location", help="Where, for {location} in the text.")] = "",
    practitioner: Annotated[str, typer.Option("--with", metavar="NAME", help="With whom; never in a text.")] = "",
    practice: PracticeOption = None,
) -> None:
    """Add an appointment of a known patient.

    Example: smsreminders appointment add A1 --patient 1001 --start "2026-11-24 10:30"
    """
    from smsreminders.domain.appointments import Appointment, check_times
    from smsreminders.domain.local_time import to_utc
    from smsreminders.domain.source_ids import check_source_id
    from smsreminders.store import appointments as store
    from smsreminders.store.database import write_transaction
    from smsreminders.store.patients import patient_by_id

    run = invocation(context)
    zone = run.settings.schedule.zone
    starts_at, ends_at = to_utc(start, zone), to_utc(end, zone) if end else None
    check_times(starts_at, ends_at, run.clock.now())
    appointment = check_source_id(appointment)
    told = Appointment(appointment, patient, starts_at, ends_at, location, practitioner)
    with run.database() as db, write_transaction(db):
        owner = practice_meant(db, practice)
        if store.appointments_among(db, owner.id, [appointment]):
            raise UsageError(f'there is an appointment "{appointment}" already; move or cancel that one')
        store.save_appointment(db, owner.id, told, patient_by_id(db, owner.id, patient).id)


@app.command()
def move(
    context: typer.Context, appointment: AppointmentArgument, *, start: Start, practice: PracticeOption = None
) -> None:
    """Move an appointment; the patient gets a new reminder. A cancelled one is booked again.

    Example: smsreminders appointment move A1 --start "2026-11-25 09:00"
    """
    from smsreminders.domain.appointments import Booking, check_times
    from smsreminders.domain.local_time import to_utc

    run = invocation(context)
    starts_at = to_utc(start, run.settings.schedule.zone)
    check_times(starts_at, None, run.clock.now())
    _change(context, appointment, practice, starts_at=starts_at, booking=Booking.BOOKED)


@app.command()
def cancel(context: typer.Context, appointment: AppointmentArgument, *, practice: PracticeOption = None) -> None:
    """Cancel an appointment: no reminder leaves any more.

    Example: smsreminders appointment cancel A1
    """
    from smsreminders.domain.appointments import Booking

    _change(context, appointment, practice, booking=Booking.CANCELLED)


@app.command("list")
def list_appointments(
    context: typer.Context,
    *,
    practice: PracticeOption = None,
    first: FromOption = None,
    last: ToOption = None,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """Show the appointments by start.

    Example: smsreminders appointment list --from 2026-11-24 --to 2026-11-30
    """
    from smsreminders.cli.show.output import show_list
    from smsreminders.store.appointments import appointments_between

    run = invocation(context)
    zone = run.settings.schedule.zone
    start, end = day_bounds(first, last, zone)
    with run.database(read_only=True) as db:
        rows = [
            {"practice": owner.code} | _row(appointment, zone)
            for owner in practices_meant(db, practice)
            for _, appointment in appointments_between(db, owner.id, start, end)
        ]
    show_list(rows, KEYS, table=IN_A_TABLE, as_json=as_json, as_csv=as_csv)


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
    from smsreminders.cli.show.output import show_one
    from smsreminders.store.appointments import appointment_by_id, appointments_among

    run = invocation(context)
    with run.database(read_only=True) as db:
        owner = practice_that_has(db, practice, lambda p: bool(appointments_among(db, p.id, [appointment])))
        _, found = appointment_by_id(db, owner.id, appointment)
    show_one(_row(found, run.settings.schedule.zone), as_json=as_json)


def day_bounds(first: date | None, last: date | None, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    """The instants between which local dates lie, both included."""
    from smsreminders.domain.local_time import day_start

    return (
        day_start(first, zone) if first else None,
        day_start(last + timedelta(days=1), zone) if last else None,
    )


def _change(
    context: typer.Context,
    source_id: str,
    practice: str | None,
    *,
    booking: "Booking",
    starts_at: datetime | None = None,
) -> None:
    from dataclasses import replace

    from smsreminders.domain.appointments import revised
    from smsreminders.store import appointments as store
    from smsreminders.store.database import write_transaction
    from smsreminders.store.patients import patient_by_id

    with invocation(context).database() as db, write_transaction(db):
        owner = practice_meant(db, practice)
        _, stored = store.appointment_by_id(db, owner.id, source_id)
        start = starts_at or stored.starts_at
        end = stored.ends_at + (start - stored.starts_at) if stored.ends_at else None
        changed = revised(stored, replace(stored, starts_at=start, ends_at=end, booking=booking))
        store.save_appointment(db, owner.id, changed, patient_by_id(db, owner.id, changed.patient).id)


def _row(appointment: "Appointment", zone: tzinfo) -> dict[str, Any]:
    from smsreminders.cli.show.output import local

    return {
        "id": appointment.source_id,
        "patient": appointment.patient,
        "starts_at": local(appointment.starts_at, zone),
        "ends_at": local(appointment.ends_at, zone),
        "status": appointment.booking,
        "revision": appointment.revision,
        "location": appointment.location,
        "practitioner": appointment.practitioner,
    }
