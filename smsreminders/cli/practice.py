"""The practices: added, shown, edited; their own days."""

from typing import Annotated

import typer

from smsreminders.cli.context import invocation
from smsreminders.cli.days import days
from smsreminders.cli.leaving import export, remove
from smsreminders.cli.listing import listing
from smsreminders.cli.options import JsonOption, PracticeArgument
from smsreminders.cli.show.form import Form
from smsreminders.cli.takes import takes
from smsreminders.domain.changes import PracticeChange

app = typer.Typer(name="practice", help="The practices, our customers.", no_args_is_help=True)
app.command()(days)
app.command()(export)
app.command()(remove)

Sure = Annotated[bool, typer.Option("--sure", help="Take a sender ID that isn't plainly the practice's own.")]
CHANGE = {
    "name": typer.Option("--name", help="As patients read it."),
    "sender_id": typer.Option("--sender-id", help="What a text comes from: 11 letters and digits, or a number."),
    "phone": typer.Option("--phone", help="The practice's own number, for {phone} in the text."),
    "language": typer.Option("--language", help="Of patients who have none of their own, like nl."),
    "legal_name": typer.Option("--legal-name", help="Who is billed."),
    "street": typer.Option("--street", help="And number, for the bill."),
    "postcode": typer.Option("--postcode", help="For the bill."),
    "town": typer.Option("--town", help="For the bill."),
    "kvk_number": typer.Option("--kvk-number", help="Of the Dutch trade register: 8 digits."),
    "vat_number": typer.Option("--vat-number", help="Like NL123456789B01."),
    "buyer_reference": typer.Option("--buyer-reference", help="What they want to see on the bill."),
}


@app.command()
@takes(PracticeChange, CHANGE, required="name")
def add(context: typer.Context, code: PracticeArgument, *, change: PracticeChange, sure: Sure = False) -> None:
    """Add a practice. Without a sender ID it gets its name without words such as tandarts or praktijk.

    A sender ID that another practice has, that says nothing (Info) or that is a well-known other's needs --sure.

    Example: smsreminders practice add linde --name "Tandartspraktijk De Linde" --phone 020-1234567
    """
    from smsreminders.cli.show.practice import practice_name
    from smsreminders.jobs.desk.practice import add_practice

    run = invocation(context)
    with run.database() as db:
        practice = add_practice(db, code, change, country=run.settings.schedule.region.country, sure=sure)
    run.say(
        f"Added {practice_name(practice)}, texts come from {practice.sender_id}. Next: smsreminders service add "
        f"--practice {practice.code} --name Notificaties --channel sms --notification-type appointment-reminder"
    )


@app.command()
@takes(PracticeChange, CHANGE)
def edit(context: typer.Context, code: PracticeArgument, *, change: PracticeChange, sure: Sure = False) -> None:
    """Change what is given; the rest stays.

    Example: smsreminders practice edit linde --phone 020-1234567
    """
    from smsreminders.cli.show.edited import edited
    from smsreminders.cli.show.practice import practice_details, practice_name
    from smsreminders.jobs.desk.practice import edit_practice

    run = invocation(context)
    with run.database() as db:
        country = run.settings.schedule.region.country
        before, after = edit_practice(db, code, change, country=country, sure=sure)
    run.say(edited(practice_name(after), practice_details(before), practice_details(after)))


@app.command()
def rename(
    context: typer.Context,
    code: PracticeArgument,
    new: Annotated[str, typer.Argument(metavar="NEW", help="The new code: small letters, digits, dashes.")],
) -> None:
    """Give a practice another code. What was sent keeps its references, and closed bills their bytes.

    Write the new code into your crontab and configuration too, where they name the practice.

    Example: smsreminders practice rename tandarts-de-linde linde
    """
    from smsreminders.cli.show.practice import practice_name
    from smsreminders.jobs.desk.practice import rename_practice

    run = invocation(context)
    with run.database() as db:
        practice = rename_practice(db, code, new)
    table = f", and [practices.{code}] in your configuration" if code in run.settings.practices else ""
    run.say(f"Renamed {code}: it is {practice_name(practice)} now. Change it in your crontab too{table}.")


@app.command("list")
@listing
def list_practices(context: typer.Context, *, form: Form) -> None:
    """Show all practices.

    Example: smsreminders practice list
    """
    from smsreminders.cli.show.output import show_all
    from smsreminders.cli.show.practice import COLUMNS
    from smsreminders.store.practices import all_practices

    run = invocation(context)
    with run.database(read_only=True) as db:
        practices = form.take(all_practices(db))
    show_all(practices, COLUMNS, run.view(), form, say=run.say)


@app.command()
def show(context: typer.Context, code: PracticeArgument, *, as_json: JsonOption = False) -> None:
    """Show a practice with its services, its own days, its legal details and the rules that hold for it.

    Of each rule it is told where it comes from: its own of the configuration, the general one, or built in.

    Example: smsreminders practice show linde
    """
    from smsreminders.cli.show.output import show_one
    from smsreminders.cli.show.practice import practice_page
    from smsreminders.cli.show.rules import rules_page, rules_row
    from smsreminders.cli.terms import unknown_codes
    from smsreminders.store.practices import own_days, practice_by_code
    from smsreminders.store.services import services_of

    run = invocation(context)
    rules = run.settings.rules_of(code)
    with run.database(read_only=True) as db:
        practice = practice_by_code(db, code)
        page = practice_page(practice, services_of(db, practice.id), own_days(db, practice.id))
        unknown = unknown_codes(run, db)
    show_one(page | (rules_row(rules) if as_json else rules_page(rules)), as_json=as_json)
    for line in unknown:
        run.warn(line)
