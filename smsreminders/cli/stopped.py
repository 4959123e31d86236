"""Stopped numbers: phones that a practice texts no more, shown, stopped at the desk, lifted at the desk."""

from typing import Annotated

import typer

from smsreminders.cli.context import invocation, practice_meant, practices_meant
from smsreminders.cli.listing import listing
from smsreminders.cli.options import PracticeOption, ShowNumbersOption
from smsreminders.cli.show.form import Form

app = typer.Typer(name="stopped", help="Phones that are not texted any more.", no_args_is_help=True)

NumberArgument = Annotated[str, typer.Argument(metavar="NUMBER", help="The phone number, as people write it.")]


@app.command("list")
@listing
def list_stopped(
    context: typer.Context, *, form: Form, practice: PracticeOption = None, show_numbers: ShowNumbersOption = False
) -> None:
    """Show the stopped numbers: since when, how it was told, and whose they are.

    Example: smsreminders stopped list --practice linde
    """
    from smsreminders.cli.show.output import show_all
    from smsreminders.cli.show.stopped import COLUMNS
    from smsreminders.jobs.desk.stopped import numbers_stopped

    run = invocation(context)
    with run.looking(in_full=show_numbers) as looking:
        owners = practices_meant(looking.db, practice)
        listed = form.take(number for owner in owners for number in numbers_stopped(looking.db, owner))
        looking.seen((number.practice.code, id_) for number in listed.things for id_ in (*number.patients, None))
    show_all(listed, COLUMNS, run.view(show_numbers=show_numbers), form, say=run.say)


@app.command()
def add(
    context: typer.Context,
    number: NumberArgument,
    *,
    by: Annotated[str, typer.Option("--by", help="Who recorded it.")] = "",
    practice: PracticeOption = None,
) -> None:
    """Stop a number for a practice: no SMS goes to that phone any more, whoever's appointment it is.

    Example: smsreminders stopped add 06-12345678 --by anna
    """
    from smsreminders.cli.show.stopped import stopped_line
    from smsreminders.jobs.desk.stopped import read_number, stop_number

    run = invocation(context)
    e164 = read_number(number, run.settings.schedule.region.country)
    with run.database() as db:
        stopped, withdrawn = stop_number(
            db, practice_meant(db, practice), e164, by=by, access=run.access, now=run.clock.now()
        )
    run.say(stopped_line(stopped, withdrawn))


@app.command("lift")
def lift_command(
    context: typer.Context,
    number: NumberArgument,
    *,
    by: Annotated[str, typer.Option("--by", help="Who says that it may be texted.")],
    practice: PracticeOption = None,
) -> None:
    """Let a practice text a stopped number again, or one that was called dead. Only where its holder asks for it.

    A gateway that keeps a list of its own may still refuse that number.

    Example: smsreminders stopped lift 06-12345678 --by anna
    """
    from smsreminders.cli.show.stopped import lifted_line
    from smsreminders.jobs.desk.stopped import lift_number, read_number

    run = invocation(context)
    e164 = read_number(number, run.settings.schedule.region.country)
    with run.database() as db:
        owner = practice_meant(db, practice)
        lifted = lift_number(db, owner, e164, by=by, access=run.access, now=run.clock.now())
    run.say(lifted_line(lifted, owner, run.view()))
