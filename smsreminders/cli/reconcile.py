"""After a backup was put back: what did the gateway send already."""

from typing import Annotated

import typer

from smsreminders.cli.context import invocation, practices_meant


def reconcile(
    context: typer.Context,
    *,
    by_hand: Annotated[
        bool, typer.Option("--by-hand", help="Don't ask: a person looked at what was sent, or at the clock.")
    ] = False,
) -> None:
    """After a restore: ask what was sent.

    A database that was put back from a backup doesn't know what was sent since, so rounds are refused until this has
    asked the gateway. What it took already counts as sent. Import the agenda and the consents first.
    --by-hand is also for a clock that a round doesn't believe and that is right.

    Example: smsreminders reconcile
    """
    from smsreminders.jobs.keep.reconcile import allow_runs
    from smsreminders.jobs.keep.reconcile import reconcile as ask

    run = invocation(context)
    with run.run_lock() as lock, run.database() as db:
        if by_hand:
            allow_runs(db, lock, clock=run.clock)
            run.say("Rounds may run again.")
            return
        report = ask(
            db,
            lock,
            practices_meant(db, None),
            account=run.gateway(),
            schedule=run.settings.schedule,
            wording=run.settings.wording,
            clock=run.clock,
        )
    if report.not_asked:
        run.warn(
            f"{report.not_asked} could not be asked for: their patients' numbers can't be texted now; mend the numbers "
            "and run it again, or look for them by hand"
        )
    run.say(f"Asked for {report.asked} reminders; {report.found} were sent already. Rounds may run again.")
