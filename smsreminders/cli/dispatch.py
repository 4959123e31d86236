"""A round: what cron runs at 09:00."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smsreminders.cli.context import Invocation, invocation, practices_meant
from smsreminders.cli.options import DryRunOption, JsonOption, PracticeOption
from smsreminders.cli.output import local, show_json, show_list, write
from smsreminders.domain.notifications import Status

if TYPE_CHECKING:
    from datetime import tzinfo

    from smsreminders.domain.notifications import Status
    from smsreminders.domain.reminders import Reminder, Skip
    from smsreminders.jobs.dispatch import DispatchReport

PARTLY = 3
IN_A_TABLE = ("practice", "appointment", "patient", "starts_at", "outcome", "reason", "segments")


def dispatch(
    context: typer.Context,
    *,
    practice: PracticeOption = None,
    dry_run: DryRunOption = False,
    if_missed: Annotated[bool, typer.Option("--if-missed", help="Only where today's round was not completed.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Remind patients: the round of the morning.

    Each appointment up to the end of the next working day gets one SMS, or a reason why not.

    Example: smsreminders dispatch --dry-run
    """
    from smsreminders.cli.progress import progress_bar
    from smsreminders.jobs import dispatch as job

    run = invocation(context)
    settings = run.settings
    with nullcontext() if dry_run else run.run_lock(), run.database(read_only=dry_run) as db:
        practices = practices_meant(db, practice)
        if if_missed:
            practices = job.missed(db, practices, schedule=settings.schedule, clock=run.clock)
            if not practices:
                return
        if dry_run:
            report = job.rehearse(
                db,
                practices,
                schedule=settings.schedule,
                wording=settings.wording,
                general_rate=settings.billing.rate,
                clock=run.clock,
            )
        else:
            with _told_to_stop() as interrupted, progress_bar("sending", quiet=run.quiet) as progress:
                report = job.dispatch(
                    db,
                    practices,
                    gateway=run.gateway(),
                    schedule=settings.schedule,
                    wording=settings.wording,
                    general_rate=settings.billing.rate,
                    clock=run.clock,
                    interrupted=interrupted,
                    progress=progress,
                )
    _show(run, report, as_json=as_json, dry_run=dry_run)
    _end(run, report)


@contextmanager
def _told_to_stop() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C or SIGTERM came: then what is under way is finished and recorded, and nothing more is claimed."""
    told = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal told
        told = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _show(run: Invocation, report: "DispatchReport", *, as_json: bool, dry_run: bool) -> None:
    zone, currency = run.settings.schedule.zone, run.settings.billing.currency
    if as_json:
        show_json(_row(report) | ({"appointments": _appointments(report, zone)} if dry_run else {}))
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


def _end(run: Invocation, report: "DispatchReport") -> None:
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
    for problem in report.problems:
        run.warn(str(problem))
    if report.problems:
        raise typer.Exit(report.problems[0].exit_code)
    if report.sent.stopped:
        raise report.sent.stopped
    if report.held_back or report.uncertain or rejected:
        raise typer.Exit(PARTLY)


def _row(report: "DispatchReport") -> dict[str, Any]:
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


def _appointments(report: "DispatchReport", zone: "tzinfo") -> list[dict[str, Any]]:
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
