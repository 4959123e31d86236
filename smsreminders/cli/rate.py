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
    from smsreminders.domain.billing import Rate, read_amount
    from smsreminders.domain.months import check_rate_from
    from smsreminders.store.billing import add_rate
    from smsreminders.store.closing import last_closed
    from smsreminders.store.database import write_transaction

    price = read_amount(amount)
    with invocation(context).database() as db, write_transaction(db):
        check_rate_from(valid_from, last_closed(db))
        owner = practice_meant(db, practice).id if practice else None
        add_rate(db, Rate(price, valid_from, owner))


@app.command("list")
def list_rates(context: typer.Context, *, as_json: JsonOption = False, as_csv: CsvOption = False) -> None:
    """Show the rates: the configuration's first, then those that were added.

    Example: smsreminders rate list
    """
    from smsreminders.cli.show.output import show_list
    from smsreminders.domain.billing import show_rate
    from smsreminders.store.billing import rates
    from smsreminders.store.practices import all_practices

    run = invocation(context)
    billing = run.settings.billing
    with run.database(read_only=True) as db:
        codes = {practice.id: practice.code for practice in all_practices(db)}
        found = rates(db)
    rows = [{"practice": None, "from": None, "rate": show_rate(billing.rate), "currency": billing.currency}]
    rows += [
        {
            "practice": codes[rate.practice_id] if rate.practice_id else None,
            "from": rate.valid_from.isoformat(),
            "rate": show_rate(rate.amount),
            "currency": billing.currency,
        }
        for rate in found
    ]
    show_list(rows, ["practice", "from", "rate", "currency"], as_json=as_json, as_csv=as_csv)
