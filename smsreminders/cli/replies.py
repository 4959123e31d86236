"""Replies: what patients answered, for the desk. No appointment is changed by one, and none is answered."""

from typing import Annotated

import typer

from smsreminders.cli.context import invocation, practices_meant
from smsreminders.cli.listing import listing
from smsreminders.cli.options import JsonOption, PracticeOption, ShowNumbersOption
from smsreminders.cli.show.form import Form

app = typer.Typer(name="replies", help="What patients answered.", no_args_is_help=True)

Id = Annotated[int, typer.Argument(metavar="ID", help="The reply's number, as `replies list` shows it.")]


@app.command("list")
@listing
def list_replies(
    context: typer.Context,
    *,
    form: Form,
    done: Annotated[bool, typer.Option("--done", help="Also those that wait for nobody.")] = False,
    practice: PracticeOption = None,
    show_numbers: ShowNumbersOption = False,
) -> None:
    """Show the replies that wait for the desk, without their texts.

    Example: smsreminders replies list
    """
    from smsreminders.cli.show.output import show_all
    from smsreminders.cli.show.reply import COLUMNS
    from smsreminders.jobs.desk.reply import whose
    from smsreminders.store.round.replies import count_replies, replies

    run = invocation(context)
    with run.looking(in_full=show_numbers) as looking:
        db = looking.db
        ids = [practice.id for practice in practices_meant(db, practice)]
        listed = form.take(
            replies(db, ids, done=done, limit=form.limit), lambda: count_replies(db, ids, done=done), newest=True
        )
        looking.seen(pair for reply in listed.things for pair in whose(db, reply))
    show_all(listed, COLUMNS, run.view(show_numbers=show_numbers), form, say=run.say, for_the_desk=True)


@app.command()
def show(
    context: typer.Context, reply: Id, *, show_numbers: ShowNumbersOption = False, as_json: JsonOption = False
) -> None:
    """Show a reply: its text, who has that phone, the appointments that it may be about, and what to do.

    Example: smsreminders replies show 3
    """
    import sys

    from smsreminders.cli.show.output import show_json, write_lines
    from smsreminders.cli.show.reply import reply_lines, reply_row
    from smsreminders.cli.show.wrap import wrapped
    from smsreminders.jobs.desk.reply import whole_reply, whose

    run = invocation(context)
    view = run.view(show_numbers=show_numbers)
    with run.looking(in_full=show_numbers) as looking:
        whole = whole_reply(looking.db, reply)
        looking.seen(whose(looking.db, whole.reply))
    if as_json:
        show_json(reply_row(whole, view))
    else:
        write_lines(wrapped(line, sys.stdout) for line in reply_lines(whole, view))


@app.command()
def done(
    context: typer.Context,
    ids: Annotated[list[int], typer.Argument(metavar="ID...", help="The numbers of the replies.")],
    *,
    stop: Annotated[
        bool | None, typer.Option("--stop/--no-stop", help="Whether their phones are to get no more texts.")
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who did it; left out: the user of the machine.")] = None,
) -> None:
    """Note that you have dealt with replies: they leave the list. Only --stop changes anything else.

    Of a reply that may ask for no more texts (perhaps-stop) say whether it does: until then its phone gets none.

    Example: smsreminders replies done 3 --stop --by anna
    """
    from smsreminders.cli.rate import who
    from smsreminders.cli.show.reply import done_line
    from smsreminders.jobs.desk.reply import settle_replies

    run = invocation(context)
    with run.database() as db:
        for settled in settle_replies(db, ids, by=who(by), stops=stop, access=run.access, clock=run.clock):
            run.say(done_line(settled))
