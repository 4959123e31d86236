"""The rates: what a delivered segment costs, from which day on."""

from datetime import date
from typing import Annotated

import typer

from smsreminders.cli.context import invocation, practice_meant
from smsreminders.cli.listing import listing
from smsreminders.cli.options import PracticeOption, date_option
from smsreminders.cli.show.form import Form

app = typer.Typer(name="rate", help="The price of a delivered segment.", no_args_is_help=True)
FromDay = Annotated[date, date_option("--from", help="For what is sent from this day on.")]
Replace = Annotated[bool, typer.Option("--replace", help="Put it in the place of the one from that day.")]
By = Annotated[str | None, typer.Option("--by", help="Who does it; left out: the user of the machine.")]
History = Annotated[bool, typer.Option("--history", help="All that was added and removed: when, and by whom.")]


def who(by: str | None) -> str:
    """Name who changes a price: as said, else the user of the machine."""
    from getpass import getuser

    return by or getuser()


@app.command()
def add(
    context: typer.Context,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="Of a segment, without VAT, like 0.10.")],
    *,
    valid_from: FromDay,
    practice: PracticeOption = None,
    replace: Replace = False,
    yes: Annotated[bool, typer.Option("--yes", help="Also above ten times or below a tenth of the present.")] = False,
    by: By = None,
) -> None:
    """Add a rate: general, or with --practice that practice's own.

    It counts for what is sent from its day on, which must be after the last closed month.

    Example: smsreminders rate add 0.09 --from 2027-01-01
    """
    from smsreminders.cli.asking import be_sure
    from smsreminders.cli.reading import with_point
    from smsreminders.cli.show.rate import far_off_line, rate_line, removed_line
    from smsreminders.domain.bill.billing import read_amount
    from smsreminders.domain.bill.prices import Priced, PriceEvent, Verb
    from smsreminders.jobs.desk.rate import add_price, far_off_from

    run = invocation(context)
    price = read_amount(with_point(amount))
    with run.database() as db:
        owner = practice_meant(db, practice) if practice else None
        of = owner.id if owner else None
        added = PriceEvent(run.clock.now(), who(by), Priced.RATE, Verb.ADDED, price, valid_from, of)
        present = far_off_from(db, added, configured=run.settings.billing.rate)
        if present is not None:
            be_sure(far_off_line(added, present), yes=yes)
        gone = add_price(db, added, in_its_place=replace)
    if gone:
        run.say(removed_line(gone, owner))
    run.say(rate_line(added, owner))


@app.command()
def remove(context: typer.Context, *, valid_from: FromDay, practice: PracticeOption = None, by: By = None) -> None:
    """Remove a rate that no closed month used; `rate list --history` goes on telling of it.

    Example: smsreminders rate remove --from 2027-01-01
    """
    from decimal import Decimal

    from smsreminders.cli.show.rate import removed_line
    from smsreminders.domain.bill.prices import Priced, PriceEvent, Verb
    from smsreminders.jobs.desk.rate import remove_price

    run = invocation(context)
    with run.database() as db:
        owner = practice_meant(db, practice) if practice else None
        of, now = owner.id if owner else None, run.clock.now()
        gone = remove_price(db, PriceEvent(now, who(by), Priced.RATE, Verb.REMOVED, Decimal(0), valid_from, of))
    run.say(removed_line(gone, owner))


@app.command("list")
@listing
def list_rates(context: typer.Context, *, form: Form, history: History = False) -> None:
    """Show the rates: the configuration's first, then those that were added.

    Example: smsreminders rate list
    """
    from smsreminders.cli.show.output import show_all
    from smsreminders.cli.show.rate import COLUMNS, HISTORY, history_shown, rates_shown
    from smsreminders.domain.bill.prices import Priced, rates_in_force
    from smsreminders.store.bill.billing import price_events
    from smsreminders.store.practices import all_practices

    run = invocation(context)
    with run.database(read_only=True) as db:
        events, practices = price_events(db), all_practices(db, removed=True)
    if history:
        changes = form.take(history_shown(events, Priced.RATE, practices))
        show_all(changes, HISTORY[Priced.RATE], run.view(), form, say=run.say)
        return
    rates = form.take(rates_shown(run.settings.billing.rate, rates_in_force(events), practices))
    show_all(rates, COLUMNS, run.view(), form, say=run.say)
