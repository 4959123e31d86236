"""The command `dispatch`: the round that cron runs at 09:00."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from smsreminders.cli.context import Invocation, invocation, practices_meant
from smsreminders.cli.listing import WholeOption, WideOption
from smsreminders.cli.options import DryRunOption, JsonOption, PracticeOption, date_option
from smsreminders.cli.round import end, foretell, show, show_rehearsed, tell_problems, tell_services
from smsreminders.cli.show.form import form_of
from smsreminders.cli.terms import configured_terms, terms_of
from smsreminders.errors import UsageError

if TYPE_CHECKING:
    from smsreminders.domain.practices import Practice
    from smsreminders.jobs.round.result import DispatchResult
    from smsreminders.store.database import Database
    from smsreminders.store.lock import RunLock

_FARTHEST = timedelta(days=60)  # an agenda says little of what comes later


def dispatch(
    context: typer.Context,
    *,
    practice: PracticeOption = None,
    dry_run: DryRunOption = False,
    on: Annotated[
        date | None, date_option("--on", help="With --dry-run: the round of this day, if nothing changes until then.")
    ] = None,
    rehearse: Annotated[
        str | None, typer.Option("--rehearse", metavar="NUMBER", help="Each text to this one phone; nothing is kept.")
    ] = None,
    if_missed: Annotated[bool, typer.Option("--if-missed", help="Only where today's round left something.")] = False,
    as_json: JsonOption = False,
    wide: WideOption = False,
    whole: WholeOption = False,
) -> None:
    """Remind patients: the round of the morning.

    Each appointment up to the end of the next working day gets one SMS, or a reason why not.

    --rehearse sends what the round would send now to one phone of yours instead, at most twenty texts, each with its
    patient's id at the end: by the real account, which costs what the gateway asks. Nobody counts as reminded by it.

    Example: smsreminders dispatch --dry-run --on tomorrow
    """
    from smsreminders.cli.monitor import told_to_monitor
    from smsreminders.cli.rehearse import rehearse_to
    from smsreminders.cli.waiting import round_lock
    from smsreminders.jobs.round.result import DispatchResult

    run = invocation(context)
    _check_day(run, on, dry_run=dry_run)
    if rehearse is not None:
        if dry_run or if_missed:
            raise UsageError("--rehearse goes without --dry-run and --if-missed")
        rehearse_to(run, rehearse, practice, form_of(as_json=as_json, wide=wide, whole=whole))
        return
    if dry_run:
        with run.database(read_only=True) as db:
            rehearsed = _dry_run(run, db, _practices(run, db, practice, if_missed=if_missed), on)
            show_rehearsed(run, rehearsed, form_of(as_json=as_json, wide=wide, whole=whole))
            foretell(run, rehearsed.forecast)
            tell_services(run, db, rehearsed)
            tell_problems(run, rehearsed)
        return
    lock_of_round = round_lock(run.settings.database, run.clock, run.say)
    with told_to_monitor(run) as begins, lock_of_round as lock, run.database() as db:
        practices = _practices(run, db, practice, if_missed=if_missed)
        if practices:
            begins()
            result = _round(run, db, lock, practices)
            show(run, result, as_json=as_json)
            tell_services(run, db, result)
            end(run, result)
        elif as_json:
            show(run, DispatchResult([]), as_json=True)


def _practices(run: Invocation, db: "Database", code: str | None, *, if_missed: bool) -> "Sequence[Practice]":
    from smsreminders.jobs.round.missed import missed

    practices = practices_meant(db, code)
    if not if_missed:
        return practices
    return missed(db, practices, accounts=run.accounts, terms=configured_terms(run), clock=run.clock)


def _check_day(run: Invocation, on: date | None, *, dry_run: bool) -> None:
    """Refuse a day that isn't to come, or with a round that sends. Raises UsageError."""
    if on is None:
        return
    if not dry_run:
        raise UsageError("--on is for --dry-run: a round that sends is of today")
    if not timedelta() <= on - run.today() <= _FARTHEST:
        raise UsageError(
            f"--on {on}: give today or a day of the next {_FARTHEST.days}; `smsreminders rounds` has the past"
        )


def _dry_run(run: Invocation, db: "Database", practices: "Sequence[Practice]", on: date | None) -> "DispatchResult":
    from smsreminders.jobs.round.dispatch import dry_run

    return dry_run(db, practices, accounts=run.accounts, terms=terms_of(run, db), clock=run.clock, on=on)


def _round(run: Invocation, db: "Database", lock: "RunLock", practices: "Sequence[Practice]") -> "DispatchResult":
    from smsreminders.cli.progress import progress_bar
    from smsreminders.jobs.round.dispatch import dispatch
    from smsreminders.jobs.round.terms import Talk

    terms = terms_of(run, db)
    with _signals() as signals, progress_bar("sending", quiet=run.quiet) as progress:
        talk = Talk(signals.have_come, signals.break_off, partial(foretell, run), progress)
        return dispatch(db, lock, practices, accounts=run.accounts, terms=terms, clock=run.clock, talk=talk)


class _Signals:
    """Ctrl-C and SIGTERM during a round: what is under way is finished and recorded, and nothing more is claimed."""

    def __init__(self) -> None:
        self._came = self._breaks_off = False

    def have_come(self) -> bool:
        """Whether one of them came."""
        return self._came

    def handle(self, _signal: int, _frame: FrameType | None) -> None:
        """Remember that one came. Raises KeyboardInterrupt where the round may be broken off."""
        self._came = True
        if self._breaks_off:
            raise KeyboardInterrupt

    @contextmanager
    def break_off(self) -> Iterator[None]:
        """Let a signal end the round there and then, as it ends any other command; also one that came before."""
        self._breaks_off = True
        try:
            if self._came:
                raise KeyboardInterrupt
            yield
        finally:
            self._breaks_off = False


@contextmanager
def _signals() -> Iterator[_Signals]:
    """Take the signals of this process until the round has ended."""
    signals = _Signals()
    before = {number: signal.signal(number, signals.handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield signals
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
