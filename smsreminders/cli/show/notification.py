"""A notification as it is shown: its columns in a list, and the line that says how a person settled it."""

from typing import TYPE_CHECKING

from smsreminders.cli.show.columns import Column
from smsreminders.domain.round.occasions import show_occasion

if TYPE_CHECKING:
    from smsreminders.cli.show.columns import Columns
    from smsreminders.store.round.notifications import Notification

COLUMNS: "Columns[Notification]" = (
    Column("id", lambda n, _: n.id, 95),
    Column("reference", lambda n, _: n.reference),
    Column("practice", lambda n, _: n.practice, 50),
    Column("service", lambda n, _: n.service),
    Column("appointment", lambda n, _: n.appointment, 70),
    Column("patient", lambda n, _: n.patient, 75),
    Column("phone", lambda n, view: view.phone(n.phone)),
    Column("starts_at", lambda n, view: view.local(n.starts_at), 60),
    Column("text", lambda n, _: n.text, 5, cut=True),
    Column("encoding", lambda n, _: n.encoding),
    Column("segments", lambda n, _: n.segments, 20),
    Column("status", lambda n, _: n.status, 90),
    Column("reason", lambda n, _: n.reason, 80),
    Column("gateway", lambda n, _: n.gateway),
    Column("gateway_id", lambda n, _: n.gateway_id),
    Column("created_at", lambda n, view: view.local(n.created_at)),
    Column("sent_at", lambda n, view: view.local(n.sent_at), 10),
    Column("rehearsed", lambda n, _: n.rehearsed),
    Column("delivered_at", lambda n, view: view.local(n.delivered_at)),
    Column("covers", lambda n, _: list(n.covers)),
    Column("occasion", lambda n, _: show_occasion(n.occasion)),
    Column("attempt", lambda n, _: n.attempt),
    Column("account", lambda n, _: n.account),
)


def which_reminder(notification: "Notification") -> str:
    """Say which reminder a notification is: its revision and occasion, its attempt, and what it covers together."""
    words = [f"revision {notification.revision}", show_occasion(notification.occasion)]
    words += [f"attempt {notification.attempt}"] if notification.attempt > 1 else []
    words += [f"for {', '.join(notification.covers)} together"] if len(notification.covers) > 1 else []
    words += ["a rehearsal"] if notification.rehearsed else []
    return ", ".join(words)


def settled_line(settled: "Notification") -> str:
    """Say how a notification stands after a person's word, and whose it is."""
    whose = f"appointment {settled.appointment}, patient {settled.patient} of practice {settled.practice}"
    return f"Notification {settled.id} ({whose}) is {settled.status} now."
