"""The command `poll`: ask the gateway for replies, opt-outs and delivery reports."""

import typer

from smsreminders.cli.accounts import of_account
from smsreminders.cli.context import invocation, practices_meant
from smsreminders.cli.endings import worst
from smsreminders.cli.options import JsonOption, PracticeOption
from smsreminders.errors import ExitCode, RunIsBusy


def poll(context: typer.Context, *, practice: PracticeOption = None, as_json: JsonOption = False) -> None:
    """Ask the gateway for what patients answered, who opted out, and delivery reports.

    Replies and opt-outs first, where the gateway can be asked for them; then reports of everything that is not final
    yet; without a report for too long it counts as expired. While a round sends, replies and opt-outs only.

    Example: smsreminders poll
    """
    from smsreminders.cli.show.output import show_json, write
    from smsreminders.cli.show.poll import poll_line, poll_row
    from smsreminders.jobs.round.guard import begin_poll
    from smsreminders.jobs.round.poll import listen
    from smsreminders.jobs.round.poll import poll as ask

    run = invocation(context)
    codes: list[ExitCode] = []
    try:
        with run.run_lock(), run.database() as db:
            begin_poll(db, clock=run.clock)
            result = ask(
                db,
                practices_meant(db, practice),
                accounts=run.accounts,
                give_up_after=run.settings.give_up_after,
                clock=run.clock,
            )
    except RunIsBusy:
        with run.database() as db:
            begin_poll(db, clock=run.clock)
            result = listen(db, practices_meant(db, practice), accounts=run.accounts, clock=run.clock)
        run.say("another run is busy with this database: what came in was read, reports are asked for next time")
        codes.append(ExitCode.TRY_AGAIN)
    row = poll_row(result)
    if as_json:
        show_json(row | {"unknown_words": dict(result.unknown_words)})
    elif not run.quiet:
        write(poll_line(row) + "\n")
    for word, count in result.unknown_words.items():
        run.warn(f'the gateway says "{word}" of {count}, a word that we don\'t know: they stay open')
    troubles = [*result.heard.troubles.items(), *result.troubles.items()]
    codes += [error.exit_code for _, error in troubles]
    for line in dict.fromkeys(of_account(name, error) for name, error in troubles):
        run.warn(line)
    if result.uncertain:
        run.warn(
            f"{result.uncertain} notifications are uncertain: see `smsreminders notifications list --status uncertain`"
        )
        codes.append(ExitCode.PARTLY)
    if codes:
        raise typer.Exit(worst(codes))
