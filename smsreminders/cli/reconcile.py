"""After a backup was put back: what did the gateway send already."""

import typer

from smsreminders.cli.context import invocation, practices_meant


def reconcile(context: typer.Context) -> None:
    """After a restore: ask what was sent.

    A database that was put back from a backup doesn't know what was sent since, so rounds are refused until this has
    asked the gateway. What it took already counts as sent. Import the agenda and the consents first.

    Example: smsreminders reconcile
    """
    from smsreminders.jobs.reconcile import reconcile as ask

    run = invocation(context)
    with run.run_lock() as lock, run.database() as db:
        report = ask(
            db,
            lock,
            practices_meant(db, None),
            gateway=run.gateway(),
            schedule=run.settings.schedule,
            wording=run.settings.wording,
            clock=run.clock,
        )
    run.say(f"Asked for {report.asked} reminders; {report.found} were sent already. Rounds may run again.")
