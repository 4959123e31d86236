"""How a round is told: its forecast before it, what it did after it, and the exit code that it ends with."""

import sys
from typing import TYPE_CHECKING

import typer

from smsreminders.cli.accounts import of_account
from smsreminders.cli.context import Invocation
from smsreminders.cli.endings import worst
from smsreminders.cli.show.form import Form, Kind
from smsreminders.errors import ExitCode

if TYPE_CHECKING:
    from smsreminders.domain.round.forecast import Forecast
    from smsreminders.jobs.round.result import DispatchResult
    from smsreminders.store.database import Database


def foretell(run: Invocation, forecast: "Forecast | None") -> None:
    """Warn of who will wait, where the round can't end in time."""
    from smsreminders.cli.show.forecast import forecast_warning

    if forecast and (warning := forecast_warning(forecast, run.view())):
        run.warn(warning)


def show(run: Invocation, result: "DispatchResult", *, as_json: bool) -> None:
    """Show what a round did."""
    from smsreminders.cli.show.output import show_json, write_lines
    from smsreminders.cli.show.round import round_lines, round_row
    from smsreminders.cli.show.wrap import wrapped
    from smsreminders.domain.round.notifications import Status

    view = run.view()
    if as_json:
        show_json(round_row(result, view))
    elif not run.quiet:
        lines = round_lines(result, view, dry_run=False, rehearsal=run.rehearsal)
        write_lines(wrapped(line, sys.stdout) for line in lines)
        if result.sent.by_status[Status.SENT]:
            run.say_if_rehearsal()


def show_rehearsed(run: Invocation, result: "DispatchResult", form: Form) -> None:
    """Show what a round would do: each appointment with its outcome, the counts, and in JSON the forecast."""
    from smsreminders.cli.show.output import show_all, show_json, write_lines
    from smsreminders.cli.show.round import APPOINTMENTS, appointments, rehearsal_row, round_lines
    from smsreminders.cli.show.wrap import wrapped

    view = run.view()
    if form.kind is Kind.JSON:
        show_json(rehearsal_row(result, view))
    elif not run.quiet:
        show_all(form.take(appointments(result)), APPOINTMENTS, view, form, say=run.say)
        write_lines(wrapped(line, sys.stdout) for line in round_lines(result, view, dry_run=True))


def tell_services(run: Invocation, db: "Database", result: "DispatchResult") -> None:
    """Warn of each practice of which nothing can go out, for it has no enabled service for reminders by SMS."""
    from smsreminders.domain.round.reminders import SkipReason
    from smsreminders.jobs.keep.services import service_trouble

    for planned in result.plans:
        if any(skip.reason is SkipReason.NO_SERVICE for skip in planned.plan.skips):
            trouble = service_trouble(db, planned.rules.practice, run.clock.now())
            if trouble:
                run.warn(str(trouble))


def end(run: Invocation, result: "DispatchResult") -> None:
    """Tell what a person must look at and who waits, and end with the exit code of the worst of it."""
    from smsreminders.cli.show.round import to_look_at, who_waits

    for note in result.notes:
        run.say(note)
    lines = to_look_at(result, run.settings.rules_of)
    for line in lines:
        run.warn(line)
    codes = [ExitCode.PARTLY] if lines else []
    for name, stopped in result.stopped.items():
        run.warn(who_waits(of_account(name, stopped.error), stopped.practices, of_all=result.plans))
        codes.append(stopped.error.exit_code)
    codes += _tell_problems(run, result)
    if result.sent.stopped:
        run.warn(str(result.sent.stopped))
        codes.append(result.sent.stopped.exit_code)
    if codes:
        raise typer.Exit(worst(codes))


def tell_problems(run: Invocation, result: "DispatchResult") -> None:
    """Tell what may be wrong and what kept practices from being planned; end with the exit code of the worst."""
    if codes := _tell_problems(run, result):
        raise typer.Exit(worst(codes))


def _tell_problems(run: Invocation, result: "DispatchResult") -> list[ExitCode]:
    for line in [*result.warnings, *map(str, result.problems)]:
        run.warn(line)
    return [problem.exit_code for problem in result.problems]
