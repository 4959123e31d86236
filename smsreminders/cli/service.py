"""The online services of a practice: without an enabled one with SMS reminders assigned nothing goes out."""

from typing import Annotated

import typer

from smsreminders.cli.complete import complete_service
from smsreminders.cli.context import invocation, practice_meant, practices_meant
from smsreminders.cli.listing import listing
from smsreminders.cli.options import PracticeOption
from smsreminders.cli.show.form import Form
from smsreminders.domain.practices import Channel, NotificationType, ServiceType
from smsreminders.errors import UsageError

app = typer.Typer(name="service", help="The online services of a practice.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", autocompletion=complete_service, help="The service's name.")]
NewName = Annotated[str, typer.Option("--name", help="As the practice calls it, like Notificaties.")]
ChannelOption = Annotated[Channel, typer.Option("--channel", help="By what it goes.")]
TypeOption = Annotated[NotificationType, typer.Option("--notification-type", help="What it is about.")]


@app.command()
def add(
    context: typer.Context,
    *,
    name: NewName,
    practice: PracticeOption = None,
    service_type: Annotated[ServiceType, typer.Option("--type", help="What the service is for.")] = (
        ServiceType.NOTIFICATIONS
    ),
    channel: Annotated[Channel | None, typer.Option("--channel", help="Assign this channel.")] = None,
    notification_type: Annotated[
        NotificationType | None, typer.Option("--notification-type", help="Assign this notification type.")
    ] = None,
) -> None:
    """Add a service, and assign it a channel and notification type if both are given.

    Example: smsreminders service add --name Notificaties --channel sms --notification-type appointment-reminder
    """
    from smsreminders.cli.show.service import pair_name, service_name
    from smsreminders.domain.practices import check_name
    from smsreminders.jobs.desk.service import add_service

    if not name.strip():
        raise typer.BadParameter("a service has a name", param_hint="--name")
    if (channel is None) != (notification_type is None):
        raise UsageError("--channel and --notification-type are assigned together: give both or none")
    pair = (channel, notification_type) if channel and notification_type else None
    name = check_name(name)
    run = invocation(context)
    with run.database() as db:
        owner = practice_meant(db, practice)
        add_service(db, owner, name, service_type, pair)
    run.say(f"Added {service_name(name, owner)}" + (f": {pair_name(pair)}." if pair else "."))


@app.command()
def assign(
    context: typer.Context,
    name: Name,
    *,
    channel: ChannelOption,
    notification_type: TypeOption,
    practice: PracticeOption = None,
) -> None:
    """Assign a channel and notification type to a service.

    Example: smsreminders service assign Notificaties --channel sms --notification-type appointment-reminder
    """
    from smsreminders.cli.show.service import pair_name, service_name
    from smsreminders.jobs.desk import service

    run = invocation(context)
    pair = (channel, notification_type)
    with run.database() as db:
        owner = practice_meant(db, practice)
        service.assign(db, owner, name, pair)
    run.say(f"Assigned {pair_name(pair)} to {service_name(name, owner)}.")


@app.command()
def unassign(
    context: typer.Context,
    name: Name,
    *,
    channel: ChannelOption,
    notification_type: TypeOption,
    practice: PracticeOption = None,
) -> None:
    """Take a channel and notification type away from a service.

    Example: smsreminders service unassign Notificaties --channel sms --notification-type appointment-reminder
    """
    from smsreminders.cli.show.service import pair_name, service_name
    from smsreminders.jobs.desk import service

    run = invocation(context)
    pair = (channel, notification_type)
    with run.database() as db:
        owner = practice_meant(db, practice)
        service.unassign(db, owner, name, pair)
    run.say(f"Took {pair_name(pair)} away from {service_name(name, owner)}.")


@app.command()
def enable(context: typer.Context, name: Name, *, practice: PracticeOption = None) -> None:
    """Enable a service.

    Example: smsreminders service enable Notificaties
    """
    _enable(context, name, practice, enabled=True)


@app.command()
def disable(context: typer.Context, name: Name, *, practice: PracticeOption = None) -> None:
    """Disable a service: from now on nothing of it goes out.

    Example: smsreminders service disable Notificaties
    """
    _enable(context, name, practice, enabled=False)


@app.command("list")
@listing
def list_services(context: typer.Context, *, form: Form, practice: PracticeOption = None) -> None:
    """Show the services with what is assigned to them.

    Example: smsreminders service list
    """
    from smsreminders.cli.show.output import show_all
    from smsreminders.cli.show.service import COLUMNS
    from smsreminders.store.services import services_of

    run = invocation(context)
    with run.database(read_only=True) as db:
        owners = practices_meant(db, practice)
        listed = form.take((owner, service) for owner in owners for service in services_of(db, owner.id))
    show_all(listed, COLUMNS, run.view(), form, say=run.say)


def _enable(context: typer.Context, name: str, practice: str | None, *, enabled: bool) -> None:
    from smsreminders.cli.show.service import service_name
    from smsreminders.jobs.desk import service

    run = invocation(context)
    with run.database() as db:
        owner = practice_meant(db, practice)
        service.enable(db, owner, name, enabled=enabled)
    run.say(f"{'Enabled' if enabled else 'Disabled'} {service_name(name, owner)}.")
