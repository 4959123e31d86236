"""One line for monitoring."""

import typer

from smsreminders.cli.context import invocation, practices_meant
from smsreminders.cli.options import JsonOption, PracticeOption

PARTLY = 3


def check(context: typer.Context, *, practice: PracticeOption = None, as_json: JsonOption = False) -> None:
    """Say in one line whether all is well.

    Exit code 0: today's round ran, nothing waits for a person, as much arrives as usual, last month is closed by the
    6th; else 3 and what is wrong.

    Example: smsreminders check
    """
    from smsreminders.cli.show.output import show_json, write
    from smsreminders.jobs.keep.check import check as look

    run = invocation(context)
    settings = run.settings
    with run.database(read_only=True) as db:
        found = look(
            db,
            practices_meant(db, practice),
            schedule=settings.schedule,
            round_by=settings.monitoring.round_by,
            clock=run.clock,
        )
    if as_json:
        show_json(
            {
                "ok": not found.troubles,
                "troubles": found.troubles,
                "sent_today": found.sent,
                "waiting": found.waiting,
                "uncertain": found.uncertain,
                "delivered": _share(found.recent),
                "delivered_usually": _share(found.usual),
            }
        )
    elif found.troubles or not run.quiet:
        verdict = "ok" if not found.troubles else "; ".join(found.troubles)
        write(
            f"{verdict}: {found.sent} sent today, {found.waiting} queued, {found.uncertain} uncertain, "
            f"delivered {_share(found.recent)} (usually {_share(found.usual)})\n"
        )
    if found.troubles:
        raise typer.Exit(PARTLY)


def _share(rate: tuple[int, int]) -> str:
    return f"{100 * rate[0] // rate[1]} %" if rate[1] else "-"
