"""Why an appointment got a reminder or why not, as rows and as lines."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from smsreminders.cli.show.columns import Column, View, row
from smsreminders.cli.show.conclusion import conclusion_of_appointment
from smsreminders.cli.show.moments import moment_text
from smsreminders.cli.show.notification import which_reminder
from smsreminders.cli.show.output import one_lines
from smsreminders.cli.show.reply import COLUMNS as REPLIES
from smsreminders.cli.show.reply import answer_line
from smsreminders.cli.show.stopped import STOPPED
from smsreminders.domain.round.occasions import show_occasion

if TYPE_CHECKING:
    from smsreminders.cli.show.columns import Columns
    from smsreminders.jobs.explain import Explanation
    from smsreminders.store.round.notifications import Notification
    from smsreminders.store.round.rounds import RoundOutcome

APPOINTMENT: "Columns[Explanation]" = (
    Column("practice", lambda e, _: e.practice.code),
    Column("appointment", lambda e, _: e.appointment.source_id),
    Column("patient", lambda e, _: e.appointment.patient),
    Column("starts_at", lambda e, view: view.local(e.appointment.starts_at)),
    Column("status", lambda e, _: e.appointment.booking),
    Column("revision", lambda e, _: e.appointment.revision),
    Column("now", lambda e, _: e.now),
    Column("unclear", lambda e, _: e.appointment.unclear),
    Column("missing", lambda e, _: e.appointment.missing),
)
ROUNDS: "Columns[RoundOutcome]" = (
    Column("round", lambda r, _: r.round_id),
    Column("at", lambda r, view: view.local(r.started_at)),
    Column("revision", lambda r, _: r.revision),
    Column("outcome", lambda r, _: _outcome(r)),
    Column("reason", lambda r, _: r.reason),
)
NOTIFICATIONS: "Columns[Notification]" = (
    Column("id", lambda n, _: n.id),
    Column("revision", lambda n, _: n.revision),
    Column("status", lambda n, _: n.status),
    Column("reason", lambda n, _: n.reason),
    Column("sent_at", lambda n, view: view.local(n.sent_at)),
    Column("covers", lambda n, _: list(n.covers)),
    Column("occasion", lambda n, _: show_occasion(n.occasion)),
    Column("attempt", lambda n, _: n.attempt),
)


def explanation_row(explanation: "Explanation", view: View) -> dict[str, object]:
    """Give an explanation the keys of `notifications explain --json`."""
    return row(explanation, APPOINTMENT, view) | {
        "rounds": [row(outcome, ROUNDS, view) for outcome in explanation.rounds],
        "notifications": [row(notification, NOTIFICATIONS, view) for notification in explanation.notifications],
        "replies": [row(reply, REPLIES, view) for reply in explanation.replies],
        "stopped": row(explanation.stop, STOPPED, view) if explanation.stop else None,
        "conclusion": conclusion_of_appointment(explanation, view),
    }


def explanation_lines(explanation: "Explanation", view: View) -> Iterator[str]:
    """Explain to a person: the appointment, each round and each notification on a line, what it comes to."""
    yield from one_lines(
        row(explanation, APPOINTMENT, view) | {"starts_at": _at(explanation.appointment.starts_at, view)}
    )
    for outcome in explanation.rounds:
        what = _outcome(outcome) + _because(outcome.reason)
        yield f"round {outcome.round_id} at {_at(outcome.started_at, view)}: {what}, revision {outcome.revision}"
    for notification in explanation.notifications:
        what = f"{notification.status}{_because(notification.reason)}"
        yield f"notification {notification.id}: {what}, {which_reminder(notification)}"
    for reply in explanation.replies:
        yield answer_line(reply, _at(reply.received_at, view))
    if not explanation.rounds:
        yield "no round has looked at it yet"
    yield conclusion_of_appointment(explanation, view)


def _at(moment: datetime, view: View) -> str:
    return moment_text(moment.astimezone(view.zone), view)


def _outcome(outcome: "RoundOutcome") -> str:
    return "skip" if outcome.reason else "send"


def _because(reason: str | None) -> str:
    return f" ({reason})" if reason else ""
