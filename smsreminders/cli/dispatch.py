"""A round: what cron runs at 09:00."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from smsreminders.cli.context import Invocation, invocation, practices_meant
from smsreminders.cli.options import DryRunOption, JsonOption, PracticeOption
from smsreminders.cli.show.forecast import foretell
from smsreminders.cli.show.round import end, show, tell_problems

if TYPE_CHECKING:
    from smsreminders.domain.practices import Practice
    from smsreminders.jobs.round.dispatch import DispatchResult
    from smsreminders.store.database import Database
    from smsreminders.store.lock import RunLock


def dispatch(
    context: typer.Context,
    *,
    practice: PracticeOption = None,
    dry_run: DryRunOption = False,
    if_missed: Annotated[bool, typer.Option("--if-missed", help="Only where today's round left something.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Remind patients: the round of the morning.

    Each appointment up to the end of the next working day gets one SMS, or a reason why not.

    Example: smsreminders dispatch --dry-run
    """
    from smsreminders.cli.monitor import told_to_monitor
    from smsreminders.jobs.round.dispatch import DispatchResult

    run = invocation(context)
    if dry_run:
        with run.database(read_only=True) as db:
            rehearsed = _rehearse(run, db, _practices(run, db, practice, if_missed=if_missed))
            show(run, rehearsed, as_json=as_json, dry_run=True)
            foretell(run, rehearsed.forecast)
            tell_problems(run, rehearsed)
        return
    with told_to_monitor(run) as begins, run.run_lock() as lock, run.database() as db:
        practices = _practices(run, db, practice, if_missed=if_missed)
        if practices:
            begins()
            report = _round(run, db, lock, practices)
            show(run, report, as_json=as_json, dry_run=False)
            end(run, report)
        elif as_json:
            show(run, DispatchResult([]), as_json=True, dry_run=False)


def _practices(run: Invocation, db: "Database", code: str | None, *, if_missed: bool) -> "Sequence[Practice]":
    from smsreminders.jobs.round.dispatch import missed

    practices = practices_meant(db, code)
    return missed(db, practices, schedule=run.settings.schedule, clock=run.clock) if if_missed else practices


def _rehearse(run: Invocation, db: "Database", practices: "Sequence[Practice]") -> "DispatchResult":
    from smsreminders.gateways.by_name import features_of
    from smsreminders.jobs.round.dispatch import rehearse

    return rehearse(
        db,
        practices,
        features=features_of(run.settings.gateway.name),
        per_second=run.per_second,
        schedule=run.settings.schedule,
        wording=run.settings.wording,
        general_rate=run.settings.billing.rate,
        clock=run.clock,
    )


def _round(run: Invocation, db: "Database", lock: "RunLock", practices: "Sequence[Practice]") -> "DispatchResult":
    from smsreminders.cli.progress import progress_bar
    from smsreminders.domain.window import check_sending_hours
    from smsreminders.jobs.round.dispatch import dispatch
    from smsreminders.jobs.round.guard import begin_run, end_run

    gateway, schedule = run.gateway(), run.settings.schedule
    check_sending_hours(run.clock.now(), schedule.sending_hours, schedule.zone)
    begin_run(db, lock, clock=run.clock)
    with _told_to_stop() as told, progress_bar("sending", quiet=run.quiet) as progress:
        try:
            return dispatch(
                db,
                practices,
                account=gateway,
                schedule=schedule,
                wording=run.settings.wording,
                general_rate=run.settings.billing.rate,
                clock=run.clock,
                interrupted=told,
                asking=told.at_once,
                progress=progress,
                foreseen=partial(foretell, run),
            )
        finally:
            end_run(lock, clock=run.clock)


class _Told:
    """Whether Ctrl-C or SIGTERM came: then what is under way is finished and recorded, and nothing more is claimed."""

    def __init__(self) -> None:
        self._came = self._ends_at_once = False

    def __call__(self) -> bool:
        return self._came

    def stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._came = True
        if self._ends_at_once:
            raise KeyboardInterrupt

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Meanwhile it ends the run there and then, as it does any other command."""
        self._ends_at_once = True
        try:
            if self._came:
                raise KeyboardInterrupt
            yield
        finally:
            self._ends_at_once = False


@contextmanager
def _told_to_stop() -> Iterator[_Told]:
    told = _Told()
    before = {number: signal.signal(number, told.stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
