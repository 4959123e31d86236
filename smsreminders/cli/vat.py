"""The VAT rates: how many per cent, from which day of sending on."""

from typing import Annotated

import typer

from smsreminders.cli.context import invocation
from smsreminders.cli.listing import listing
from smsreminders.cli.rate import By, FromDay, History, Replace, who
from smsreminders.cli.show.form import Form

app = typer.Typer(name="vat", help="The VAT on the bill.", no_args_is_help=True)


@app.command()
def add(
    context: typer.Context,
    percentage: Annotated[str, typer.Argument(metavar="PERCENT", help="Like 21, from 0 to 100.")],
    *,
    valid_from: FromDay,
    replace: Replace = False,
    by: By = None,
) -> None:
    """Add a VAT rate for what is sent from a day on; before the first the configuration's counts.

    The day must be after the last closed month.

    Example: smsreminders vat add 21 --from 2027-01-01
    """
    from smsreminders.cli.reading import with_point
    from smsreminders.cli.show.rate import removed_line, vat_line
    from smsreminders.domain.bill.billing import read_percentage
    from smsreminders.domain.bill.prices import Priced, PriceEvent, Verb
    from smsreminders.jobs.desk.rate import add_price

    run = invocation(context)
    added = PriceEvent(
        run.clock.now(), who(by), Priced.VAT, Verb.ADDED, read_percentage(with_point(percentage)), valid_from
    )
    with run.database() as db:
        gone = add_price(db, added, in_its_place=replace)
    if gone:
        run.say(removed_line(gone, None))
    run.say(vat_line(added))


@app.command()
def remove(context: typer.Context, *, valid_from: FromDay, by: By = None) -> None:
    """Remove a VAT rate that no closed month used; `vat list --history` goes on telling of it.

    Example: smsreminders vat remove --from 2027-01-01
    """
    from decimal import Decimal

    from smsreminders.cli.show.rate import removed_line
    from smsreminders.domain.bill.prices import Priced, PriceEvent, Verb
    from smsreminders.jobs.desk.rate import remove_price

    run = invocation(context)
    with run.database() as db:
        now = run.clock.now()
        gone = remove_price(db, PriceEvent(now, who(by), Priced.VAT, Verb.REMOVED, Decimal(0), valid_from))
    run.say(removed_line(gone, None))


@app.command("list")
@listing
def list_vat(context: typer.Context, *, form: Form, history: History = False) -> None:
    """Show the VAT rates: the configuration's first, then those that were added.

    Example: smsreminders vat list
    """
    from smsreminders.cli.show.output import show_all
    from smsreminders.cli.show.rate import HISTORY, VAT_COLUMNS, history_shown, vat_shown
    from smsreminders.domain.bill.prices import Priced, vat_in_force
    from smsreminders.store.bill.billing import price_events

    run = invocation(context)
    with run.database(read_only=True) as db:
        events = price_events(db)
    if history:
        changes = form.take(history_shown(events, Priced.VAT))
        show_all(changes, HISTORY[Priced.VAT], run.view(), form, say=run.say)
        return
    rates = form.take(vat_shown(run.settings.billing.vat, vat_in_force(events)))
    show_all(rates, VAT_COLUMNS, run.view(), form, say=run.say)
