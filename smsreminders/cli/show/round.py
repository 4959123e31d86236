"""What a round did, in words and JSON, and the exit code that it ends with."""

from typing import TYPE_CHECKING, Any

import typer

from smsreminders.cli.context import Invocation
from smsreminders.cli.show.forecast import forecast_row
from smsreminders.cli.show.output import local, show_json, show_list, write
from smsreminders.domain.notifications import Status

if TYPE_CHECKING:
    from datetime import tzinfo

    from smsreminders.domain.reminders import Reminder, Skip
    from smsreminders.jobs.round.result import DispatchResult

PARTLY = 3
IN_A_TABLE = ("practice", "appointment", "patient", "starts_at", "outcome", "reason", "segments")


def show(run: Invocation, report: "DispatchResult", *, as_json: bool, dry_run: bool) -> None:
    """Say what a round did; of a dry run also each appointment with its outcome, and in JSON the forecast."""
    zone, currency = run.settings.schedule.zone, run.settings.billing.currency
    if as_json:
        show_json(_row(report) | (_rehearsed(report, zone) if dry_run else {}))
        return
    if run.quiet:
        return
    if dry_run:
        show_list(_appointments(report, zone), IN_A_TABLE)
    for one in report.plans:
        window = one.rules.window
        write(f"{one.rules.practice.code}: covers {window.today:%a %d %b %Y} to {window.last:%a %d %b %Y}\n")
    counts = _row(report)
    words = ["queued"] if dry_run else ["queued", "sent", "uncertain", "rejected", "waiting"]
    write("  ".join(f"{counts[word]} {word}" for word in words) + "\n")
    if report.skipped:
        write("skipped: " + ", ".join(f"{count} {reason}" for reason, count in counts["skipped"].items()) + "\n")
    write(f"{counts['segments']} segments, {currency} {counts['cost']} if all of them are delivered\n")


def end(run: Invocation, report: "DispatchResult") -> None:
    """Tell what a person must look at, and end with the exit code of the worst of it."""
    for held in report.held_back:
        run.warn(
            f"practice {held.code} is held back: more than {run.settings.schedule.daily_limit} texts in a day "
            "(schedule.daily_limit); nothing of it goes out until somebody has looked at its appointments"
        )
    if report.uncertain:
        run.warn(
            f"{report.uncertain} notifications are uncertain: see `smsreminders notifications list --status uncertain`"
        )
    if rejected := report.sent.by_status[Status.REJECTED]:
        run.warn(f"{rejected} were rejected: see `smsreminders notifications list --status rejected`")
    tell_problems(run, report)
    if report.sent.stopped:
        raise report.sent.stopped
    if report.held_back or report.uncertain or rejected:
        raise typer.Exit(PARTLY)


def tell_problems(run: Invocation, report: "DispatchResult") -> None:
    """Tell what may be wrong and what kept practices from being planned at all; end with the exit code of the first."""
    for warning in report.warnings:
        run.warn(warning)
    for problem in report.problems:
        run.warn(str(problem))
    if report.problems:
        raise typer.Exit(report.problems[0].exit_code)


def _row(report: "DispatchResult") -> dict[str, Any]:
    from smsreminders.domain.billing import to_cents

    widest = report.widest
    return {
        "round": report.round_id,
        "covers": {"from": widest.today, "to": widest.last} if widest else None,
        "practices": [
            {
                "practice": one.rules.practice.code,
                "from": one.rules.window.today,
                "to": one.rules.window.last,
                "held_back": one.plan.held_back,
            }
            for one in report.plans
        ],
        "queued": report.queued,
        "sent": report.sent.by_status[Status.SENT],
        "uncertain": report.sent.by_status[Status.UNCERTAIN],
        "rejected": report.sent.by_status[Status.REJECTED],
        "waiting": report.waiting,
        "skipped": {reason.value: count for reason, count in sorted(report.skipped.items())},
        "segments": report.segments.total(),
        "cost": to_cents(report.cost),
    }


def _rehearsed(report: "DispatchResult", zone: "tzinfo") -> dict[str, Any]:
    foreseen = report.forecast and forecast_row(report.forecast, zone)
    return {"forecast": foreseen, "appointments": _appointments(report, zone)}


def _appointments(report: "DispatchResult", zone: "tzinfo") -> list[dict[str, Any]]:
    rows = []
    for one in report.plans:
        decided: list[Reminder | Skip] = [*one.plan.reminders, *one.plan.skips]
        decided.sort(key=lambda decision: (decision.due.starts_at, decision.due.appointment))
        rows += [_appointment(one.rules.practice.code, decision, zone) for decision in decided]
    return rows


def _appointment(practice: str, decision: "Reminder | Skip", zone: "tzinfo") -> dict[str, Any]:
    from smsreminders.domain.reminders import Reminder

    row = {
        "practice": practice,
        "appointment": decision.due.appointment,
        "patient": decision.due.patient,
        "starts_at": local(decision.due.starts_at, zone),
    }
    if isinstance(decision, Reminder):
        counted = decision.counted
        text = {"text": decision.text, "encoding": counted.encoding, "segments": counted.segments}
        return row | {"outcome": "send", "reason": None} | text
    return row | {"outcome": "skip", "reason": decision.reason, "text": None, "encoding": None, "segments": 0}
