"""The check-up of everything that a round needs."""

from typing import TYPE_CHECKING

import typer

from smsreminders.cli.context import Invocation, invocation
from smsreminders.cli.options import JsonOption
from smsreminders.errors import SmsremindersError

if TYPE_CHECKING:
    from smsreminders.jobs.keep.doctor.findings import Check

NEEDS_ADMINISTRATOR = 78


def doctor(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """Check everything that a round needs.

    Each check with ok, warning or wrong, and what to do. Changes nothing; exit code 78 with something wrong.

    Example: smsreminders doctor
    """
    from smsreminders.cli.show.output import show_json, write
    from smsreminders.jobs.keep.doctor.findings import Verdict

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
    from smsreminders.gateways.http.ping import check_ping_url
    from smsreminders.jobs.keep.doctor.billing import check_months
    from smsreminders.jobs.keep.doctor.findings import Check, Verdict
    from smsreminders.jobs.keep.doctor.gateway import check_account, check_counts, check_senders
    from smsreminders.jobs.keep.doctor.installation import (
        check_database,
        check_files,
        check_past,
        check_time_zone,
        check_waiting,
    )
    from smsreminders.jobs.keep.doctor.practices import check_practices
    from smsreminders.store.practices import all_practices

    def wrong(name: str, error: SmsremindersError) -> Check:
        return Check(name, Verdict.WRONG, str(error))

    try:
        settings, clock = run.settings, run.clock
    except SmsremindersError as error:
        return [wrong("configuration", error)]
    checks = [Check("configuration", Verdict.OK, f"{settings.path}; gateway {settings.gateway.name}")]
    checks += check_files([settings.path, settings.database])
    checks.append(check_time_zone(None, settings.schedule.zone, clock.now()))
    if settings.monitoring.ping_url:
        try:
            check_ping_url(settings.monitoring.ping_url)
            checks.append(Check("monitoring", Verdict.OK, "the start and end of each round are told"))
        except SmsremindersError as error:
            checks.append(wrong("monitoring", error))
    gateway = None
    try:
        gateway = run.gateway().gateway
        checks.append(check_account(gateway))
    except SmsremindersError as error:
        checks.append(wrong("gateway", error))
    try:
        with run.database(read_only=True) as db:
            checks += check_database(db)
            checks += check_past(db, settings.database, clock=clock)
            checks += check_senders(gateway, all_practices(db)) if gateway else []
            checks += check_practices(db, schedule=settings.schedule, wording=settings.wording, clock=clock)
            checks.append(check_counts(db, clock.now().astimezone(settings.schedule.zone).date()))
            checks.append(check_waiting(db))
            checks.append(check_months(db, settings.schedule.zone, clock=clock))
    except SmsremindersError as error:
        checks.append(wrong("database", error))
    return checks
