"""The rounds: those that were, one of them with its appointments, and those to come."""

import sys
from typing import Annotated

import typer

from smsreminders.cli.context import invocation, practices_meant
from smsreminders.cli.listing import listing
from smsreminders.cli.options import PracticeOption
from smsreminders.cli.show.form import Form, Kind
from smsreminders.cli.terms import configured_terms
from smsreminders.errors import UsageError

app = typer.Typer(name="rounds", help="The rounds that were, and those to come.", no_args_is_help=True)


@app.command("list")
@listing
def list_rounds(
    context: typer.Context,
    *,
    form: Form,
    coming: Annotated[
        int | None, typer.Option("--coming", min=1, max=366, metavar="DAYS", help="The rounds of so many days to come.")
    ] = None,
    practice: PracticeOption = None,
) -> None:
    """Show each round: when, which days it covered, how many texts went and arrived, who was skipped and why.

    With --coming: the rounds that will cover new days, of which days, and the holidays among them by name.

    Example: smsreminders rounds list --coming 14
    """
    from smsreminders.cli.show.output import show_all
    from smsreminders.cli.show.rounds import COLUMNS, COMING
    from smsreminders.jobs.round.coming import coming as rounds_to_come
    from smsreminders.store.round.past_rounds import count_rounds, past_rounds

    run = invocation(context)
    with run.database(read_only=True) as db:
        practices = practices_meant(db, practice)
        if coming is not None:
            to_come = form.take(
                rounds_to_come(db, practices, terms=configured_terms(run), days=coming, clock=run.clock)
            )
        else:
            ids = [each.id for each in practices]
            listed = form.take(past_rounds(db, ids, limit=form.limit), lambda: count_rounds(db, ids), newest=True)
    if coming is not None:
        show_all(to_come, COMING, run.view(), form, say=run.say)
    else:
        show_all(listed, COLUMNS, run.view(), form, say=run.say)


@app.command()
@listing
def show(
    context: typer.Context,
    round_id: Annotated[int, typer.Argument(metavar="ID", help="The round's id, as `rounds list` has it.")],
    *,
    form: Form,
) -> None:
    """Show what a round made of each appointment that it looked at.

    Example: smsreminders rounds show 1
    """
    from smsreminders.cli.show.output import show_all, show_json
    from smsreminders.cli.show.rounds import OUTCOMES, round_heads, round_rows
    from smsreminders.cli.show.wrap import wrapped
    from smsreminders.store.round.past_rounds import one_round, outcomes_of_round

    run, view = invocation(context), invocation(context).view()
    with run.database(read_only=True) as db:
        rounds = one_round(db, round_id)
        if not rounds:
            raise UsageError(f"there was no round {round_id}; `smsreminders rounds list` shows them")
        if form.kind is Kind.JSON:
            show_json(round_rows(rounds, outcomes_of_round(db, round_id), view))
            return
        listed = form.take(outcomes_of_round(db, round_id))
    for line in round_heads(rounds, view):
        run.say(wrapped(line, sys.stderr))
    show_all(listed, OUTCOMES, view, form, say=run.say)
