"""The command `unreached`: the call list."""

from datetime import date
from typing import Annotated

import typer

from smsreminders.cli.context import invocation, practices_meant
from smsreminders.cli.listing import listing
from smsreminders.cli.options import PracticeOption, date_option
from smsreminders.cli.show.form import Form
from smsreminders.cli.terms import terms_of
from smsreminders.errors import UsageError


@listing
def unreached(
    context: typer.Context,
    *,
    form: Form,
    on: Annotated[date | None, date_option("--on", help="As of this day's round; left out: today's.")] = None,
    practice: PracticeOption = None,
) -> None:
    """List whom to call: each coming appointment of the round's days without a delivered text, why, and what to do.

    Also those with an answer that waits for you (`replies list`).

    Names and phone numbers are in full, for this list is made for calling, and who asks for it is logged. A delivery
    that comes late takes its line away.

    Example: smsreminders unreached
    """
    from smsreminders.cli.show.call_words import next_steps
    from smsreminders.cli.show.output import show_all
    from smsreminders.cli.show.unreached import COLUMNS
    from smsreminders.jobs.unreached import to_call

    run = invocation(context)
    if on is not None and on > run.today():
        raise UsageError(
            f"the round of {on} is still to come: `smsreminders dispatch --dry-run --on {on}` shows what it would do"
        )
    with run.looking(in_full=True) as looking:
        practices, terms = practices_meant(looking.db, practice), terms_of(run, looking.db)
        calls = form.take(to_call(looking.db, practices, accounts=run.accounts, terms=terms, on=on, clock=run.clock))
        looking.seen((call.practice.code, call.due.patient) for call in calls.things)
    run.say_if_rehearsal()
    view = run.view(show_numbers=True)
    if "next" in show_all(calls, COLUMNS, view, form, say=run.say, for_the_desk=True):
        for line in next_steps((call.reason for call in calls.things), view.language):
            run.say(line)
