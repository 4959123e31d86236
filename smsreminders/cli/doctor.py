"""The check-up of everything that a round needs."""

from typing import TYPE_CHECKING

import typer

from smsreminders.cli.context import Invocation, invocation
from smsreminders.cli.options import JsonOption
from smsreminders.errors import SmsremindersError

if TYPE_CHECKING:
    from smsreminders.jobs.doctor import Check

NEEDS_ADMINISTRATOR = 78


def doctor(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """Check everything that a round needs.

    Each check with ok, warning or wrong, and what to do. Changes nothing; exit code 78 with something wrong.

    Example: smsreminders doctor
    """
    from smsreminders.cli.output import show_json, write
    from smsreminders.jobs.doctor import Verdict

    run = invocation(context)
    checks = [check for check in _look(run) if not (run.quiet and check.verdict is Verdict.OK)]
    if as_json:
        show_json([{"check": c.name, "verdict": c.verdict, "found": c.found, "advice": c.advice} for c in checks])
    else:
        for check in checks:
            write(f"{check.verdict:8} {check.name}: {check.found}\n")
            if check.advice:
                write(f"         -> {check.advice}\n")
    if any(check.verdict is Verdict.WRONG for check in checks):
        raise typer.Exit(NEEDS_ADMINISTRATOR)


def _look(run: Invocation) -> "list[Check]":
    """What can be looked at: without a configuration nothing else, without a database nothing in it."""
    from smsreminders.jobs import doctor as job

    def wrong(name: str, error: SmsremindersError) -> "Check":
        return job.Check(name, job.Verdict.WRONG, str(error))

    try:
        settings, clock = run.settings, run.clock
    except SmsremindersError as error:
        return [wrong("configuration", error)]
    checks = [job.Check("configuration", job.Verdict.OK, f"{settings.path}; gateway {settings.gateway.name}")]
    checks += job.check_files([settings.path, settings.database])
    checks.append(job.check_time_zone(None, settings.schedule.zone, clock.now()))
    try:
        run.gateway()
        checks.append(job.Check("gateway", job.Verdict.OK, f"the settings of {settings.gateway.name} are complete"))
    except SmsremindersError as error:
        checks.append(wrong("gateway", error))
    try:
        with run.database(read_only=True) as db:
            checks += job.check_database(db)
            checks += job.check_practices(db, schedule=settings.schedule, wording=settings.wording, clock=clock)
            checks.append(job.check_waiting(db))
    except SmsremindersError as error:
        checks.append(wrong("database", error))
    return checks
