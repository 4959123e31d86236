"""Stopped and dead numbers as they are shown: the columns of their lists, what changed in one line, since when."""

from typing import TYPE_CHECKING

from smsreminders.cli.show.columns import Column, View
from smsreminders.cli.show.moments import moment_text
from smsreminders.domain.phone import mask
from smsreminders.domain.round.dead_numbers import Failures
from smsreminders.domain.round.stopped import How, StopEvent
from smsreminders.jobs.desk.stopped import HELD

if TYPE_CHECKING:
    from smsreminders.cli.show.columns import Columns
    from smsreminders.domain.practices import Practice
    from smsreminders.jobs.desk.stopped import NumberFailed, NumberLifted, NumberStopped

COLUMNS: "Columns[NumberStopped]" = (
    Column("practice", lambda number, _: number.practice.code, 60),
    Column("phone", lambda number, view: view.phone(number.e164), 90),
    Column("since", lambda number, view: view.local(number.stop.at), 80),
    Column("how", lambda number, _: number.stop.how, 70),
    Column("by", lambda number, _: number.stop.by, 40),
    Column("patients", lambda number, _: number.patients, 50),
)
FAILED: "Columns[NumberFailed]" = (
    Column("practice", lambda failed, _: failed.practice.code, 60),
    Column("id", lambda failed, _: failed.patient.source_id, 90),
    Column("name", lambda failed, _: failed.patient.name, 80, cut=True),
    Column("phone", lambda failed, view: view.phone(failed.e164), 75),
    Column("failures", lambda failed, _: failed.failures.times, 70),
    Column("since", lambda failed, view: view.local(failed.failures.since), 65),
    Column("texted", lambda failed, _: not failed.failures.is_dead, 50),
)
STOPPED: "Columns[StopEvent]" = (  # of one number
    Column("since", lambda stop, view: view.local(stop.at)),
    Column("how", lambda stop, _: stop.how),
    Column("by", lambda stop, _: stop.by),
)
_IN_WORDS = {
    How.REPLY: "by an SMS from that phone",
    How.OPT_OUT: "on the gateway's list",
    How.REJECTED: "by the gateway's refusal",
    How.DESK: "at the desk",
}


def since_words(stop: StopEvent, view: View) -> str:
    """Say since when a number is stopped and how that was told."""
    return f"since {moment_text(stop.at.astimezone(view.zone), view)} ({how_words(stop)})"


def how_words(stop: StopEvent) -> str:
    """Say how it was told that a number is stopped, and by whom."""
    return _IN_WORDS[stop.how] + (f", by {stop.by}" if stop.by else "")


def failed_words(failed: Failures, view: View) -> str:
    """Say how often a number failed, and since when."""
    return f"{failed.times} times since {moment_text(failed.since.astimezone(view.zone), view)}"


def still_stopped(stop: StopEvent, view: View) -> str:
    """Say at the end of a line that consent given again doesn't lift a stop."""
    return f" The phone stays stopped, {since_words(stop, view)}: `smsreminders stopped lift` says how it is lifted."


def stopped_line(number: "NumberStopped", withdrawn: int) -> str:
    """Say what was stopped, and what of the outbox was withdrawn by it."""
    texts = f"; {withdrawn} waiting text{'' if withdrawn == 1 else 's'} withdrawn" if withdrawn else ""
    return f"Stopped {mask(number.e164)} for {number.practice.code}, {_whose(number.patients)}{texts}."


def lifted_line(number: "NumberLifted", practice: "Practice", view: View) -> str:
    """Say what was lifted of a number."""
    stop = [f"it was stopped {since_words(number.stop, view)}"] if number.stop else []
    failed = [f"it had failed {failed_words(number.failures, view)}"] if number.failures else []
    refuses = ""
    if number.stop and number.stop.how is not How.DESK:
        refuses = (
            " The gateway may still refuse it: ask the holder to text START, or the gateway to take it off its list."
        )
    was = ", and ".join(stop + failed)
    held = f" But {HELD}." if number.perhaps_stopped else ""
    return f"Lifted {mask(number.e164)} for {practice.code}, {_whose(number.patients)}: {was}.{refuses}{held}"


def _whose(patients: list[str]) -> str:
    if not patients:
        return "which no patient has"
    shown = ", ".join(patients[:5]) + (f" and {len(patients) - 5} more" if len(patients) > 5 else "")
    return f"the number of {shown}"
