"""The check-up of everything that a round needs."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from smsreminders.cli.context import Invocation, invocation
from smsreminders.cli.options import JsonOption
from smsreminders.cli.sources import checks_of_sources
from smsreminders.cli.terms import configured_terms, unknown_codes
from smsreminders.errors import ExitCode, SmsremindersError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smsreminders.jobs.keep.doctor.findings import Check


_NAMED = 5  # accounts


def doctor(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """Check everything that a round needs.

    Each check with ok, warning or wrong, and what to do. Changes nothing; exit code 78 with something wrong.

    Example: smsreminders doctor
    """
    from smsreminders.cli.show.columns import View, row
    from smsreminders.cli.show.doctor import COLUMNS, doctor_lines
    from smsreminders.cli.show.output import show_json, write_wrapped
    from smsreminders.jobs.keep.doctor.findings import Verdict

    run = invocation(context)
    checks = [check for check in _checks(run) if not (run.quiet and check.verdict is Verdict.OK)]
    if as_json:
        show_json([row(check, COLUMNS, View()) for check in checks])
    else:
        for line in doctor_lines(checks):
            write_wrapped([line], hanging=3 if line.startswith(" ") else 9)  # below what is said
    if any(check.verdict is Verdict.WRONG for check in checks):
        raise typer.Exit(ExitCode.ADMINISTRATOR)


def _checks(run: Invocation) -> "Iterator[Check]":
    """Check what can be looked at: without a configuration nothing else, without a database nothing in it."""
    from smsreminders.jobs.keep.doctor.findings import Check, Verdict, wrong
    from smsreminders.jobs.keep.doctor.gateway import check_accounts, check_lists
    from smsreminders.jobs.keep.doctor.installation import check_files, check_time_zone
    from smsreminders.jobs.keep.doctor.permissions import check_permissions

    try:
        settings, clock = run.settings, run.clock
    except SmsremindersError as error:
        yield wrong("configuration", error)
        return
    yield Check("configuration", Verdict.OK, f"{settings.path}; {_accounts(run)}")
    yield from check_files([settings.path, settings.database])
    yield from check_permissions(settings.path, settings.database)
    yield check_time_zone(None, settings.schedule.zone, clock.now())
    yield from _monitoring(settings.monitoring.ping_url)
    used = _used(run)
    yield from check_accounts(used, run.accounts)
    yield from check_lists(used, run.accounts, clock.now())
    try:
        yield from _database(run)
    except SmsremindersError as error:
        yield wrong("database", error)


def _accounts(run: Invocation) -> str:
    """Name the accounts of the configuration, the first few."""
    names = run.accounts.readable()
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ("gateway " if len(names) == 1 else "gateways ") + ", ".join(map(str, names[:_NAMED])) + more


def _used(run: Invocation) -> "Sequence[str]":
    """Name the accounts that practices use; all of the configuration where there are none, or no database."""
    from smsreminders.store.practices import all_practices

    try:
        with run.database(read_only=True) as db:
            used = {run.accounts.of_practice(practice.code) for practice in all_practices(db)}
    except SmsremindersError:  # told by the check of the database
        used = set()
    return sorted(used) or run.accounts.names


def _monitoring(ping_url: str | None) -> "Iterator[Check]":
    from smsreminders.gateways.http.ping import check_ping_url
    from smsreminders.jobs.keep.doctor.findings import Check, Verdict, wrong

    if ping_url is None:
        return
    try:
        check_ping_url(ping_url)
        yield Check("monitoring", Verdict.OK, "the start and end of each round are told")
    except SmsremindersError as error:
        yield wrong("monitoring", error)


def _database(run: Invocation) -> "Iterator[Check]":
    from smsreminders.jobs.keep.doctor.answers import check_failed, check_hearing, check_lifted
    from smsreminders.jobs.keep.doctor.billing import check_months
    from smsreminders.jobs.keep.doctor.figures import check_figures
    from smsreminders.jobs.keep.doctor.gateway import check_attempts, check_counts, check_senders
    from smsreminders.jobs.keep.doctor.installation import (
        check_access_log,
        check_database,
        check_past,
        check_waiting,
    )
    from smsreminders.jobs.keep.doctor.practices import check_practices
    from smsreminders.jobs.keep.doctor.retention import check_retention
    from smsreminders.jobs.keep.doctor.rules import check_rules, check_unknown
    from smsreminders.store.practices import all_practices

    settings, clock = run.settings, run.clock
    schedule = settings.schedule
    with run.database(read_only=True) as db:
        yield from check_database(db, clock=clock)
        yield from check_past(db, settings.database, clock=clock)
        yield check_access_log(db)
        yield from check_senders(all_practices(db), run.accounts)
        yield from check_hearing(all_practices(db), run.accounts, configured_terms(run))
        yield from check_lifted(db, all_practices(db))
        yield from check_failed(db, all_practices(db))
        yield from check_unknown(unknown_codes(run, db))
        for practice in all_practices(db):
            yield from check_rules(db, practice, settings.rules_of(practice.code), clock=clock)
        yield from check_practices(db, configured_terms(run), clock=clock)
        yield from checks_of_sources(run, db)
        today = clock.now().astimezone(schedule.zone).date()
        yield check_counts(db, today)
        yield check_attempts(db, today)
        yield from check_figures(db, run.accounts, zone=schedule.zone, clock=clock)
        yield check_waiting(db, run.accounts)
        yield check_months(db, schedule.zone, clock=clock)
        yield from check_retention(db, settings.retention, clock=clock)
