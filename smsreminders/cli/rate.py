"""The rates: what a delivered segment costs, from which day on."""

from datetime import date
from typing import Annotated

import typer

from smsreminders.cli.context import invocation, practice_meant
from smsreminders.cli.options import CsvOption, JsonOption, PracticeOption, read_date

app = typer.Typer(name="rate", help="The price of a delivered segment.", no_args_is_help=True)


@app.command()
def add(
    context: typer.Context,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="Of a segment, without VAT, like 0.10.")],
    *,
    valid_from: Annotated[
        date, typer.Option("--from", parser=read_date, metavar="DATE", help="For what is sent from this day on.")
    ],
    practice: PracticeOption = None,
) -> None:
    """Add a rate: general, or with --practice that practice's own. Rates are never changed.

    Example: smsreminders rate add 0.09 --from 2027-01-01
    """
    from smsreminders.cli.show.rate import rate_line
    from smsreminders.domain.billing import Rate, read_amount
    from smsreminders.jobs.desk.rate import add_rate

    run = invocation(context)
    price = read_amount(amount)
    with run.database() as db:
        owner = practice_meant(db, practice) if practice else None
        rate = Rate(price, valid_from, owner.id if owner else None)
        add_rate(db, rate)
    run.say(rate_line(rate, owner))


@app.command("list")
def list_rates(context: typer.Context, *, as_json: JsonOption = False, as_csv: CsvOption = False) -> None:
    """Show the rates: the configuration's first, then those that were added.

    Example: smsreminders rate list
    """
    from smsreminders.cli.show.output import show_list
    from smsreminders.cli.show.rate import COLUMNS, rate_rows
    from smsreminders.store.billing import rates
    from smsreminders.store.practices import all_practices

    run = invocation(context)
    billing = run.settings.billing
    with run.database(read_only=True) as db:
        rows = rate_rows(billing.rate, rates(db), all_practices(db), currency=billing.currency)
    show_list(rows, COLUMNS, as_json=as_json, as_csv=as_csv)
