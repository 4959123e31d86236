"""The page that is shown of a notification: the consent, the text, handed over, delivered, on which bill."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from smsreminders.cli.show.columns import Column, View, row
from smsreminders.cli.show.conclusion import conclusion_of_notification
from smsreminders.cli.show.notification import COLUMNS, which_reminder
from smsreminders.cli.show.reply import COLUMNS as REPLIES
from smsreminders.cli.show.reply import answer_line
from smsreminders.cli.show.stopped import STOPPED, how_words
from smsreminders.cli.show.values import plain
from smsreminders.domain.bill.billing import show_rate, to_cents
from smsreminders.domain.consent import Consent
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.occasions import show_occasion

if TYPE_CHECKING:
    from smsreminders.cli.show.columns import Columns
    from smsreminders.jobs.bill.evidence import Evidence, OtherPatient
    from smsreminders.store.bill.evidence import Charge, ConsentEntry
    from smsreminders.store.round.notifications import Event, Notification

MORE: "Columns[Evidence]" = (
    Column("sender_id", lambda e, _: e.notification.sender_id),
    Column("revision", lambda e, _: e.notification.revision),
    Column("accepted_at", lambda e, view: view.local(e.accepted.at) if e.accepted else None),
    Column("delivered_reported_at", lambda e, _: e.arrived.reported_at if e.arrived else None),
    Column("gateway_segments", lambda e, _: e.notification.gateway_segments),
    Column("gateway_price", lambda e, _: e.notification.gateway_price),
    Column("rate", lambda e, _: show_rate(e.rate)),
    Column("cost", lambda e, _: e.cost),
    Column("billable", lambda e, _: e.billable),
    Column("bills", lambda e, view: [row(charge, CHARGES, view) for charge in e.charges]),
    Column("waived", lambda e, _: str(e.waived_in) if e.waived_in else None),
    Column("events", lambda e, view: [row(event, EVENTS, view) for event in e.events]),
    Column("consent", lambda e, view: row(e.consent, CONSENT, view) if e.consent else None),
    Column("stopped", lambda e, view: row(e.stop, STOPPED, view) if e.stop else None),
    Column("other_patients", lambda e, view: [row(other, OTHER_PATIENT, view) for other in e.other_patients]),
    Column("other_reminders", lambda e, view: [row(other, OTHER_REMINDER, view) for other in e.other_reminders]),
    Column("replies", lambda e, view: [row(reply, REPLIES, view) for reply in e.replies]),
    Column("consent_recorded_later", lambda e, view: [row(entry, CONSENT, view) for entry in e.later]),
)
CHARGES: "Columns[Charge]" = (
    Column("period", lambda c, _: str(c.period)),
    Column("kind", lambda c, _: c.kind),
    Column("segments", lambda c, _: c.segments),
    Column("rate", lambda c, _: show_rate(c.rate)),
    Column("amount", lambda c, _: to_cents(c.segments * c.rate)),
    Column("currency", lambda c, _: c.currency),
)
EVENTS: "Columns[Event]" = (
    Column("at", lambda e, view: view.local(e.at)),
    Column("status", lambda e, _: e.status),
    Column("detail", lambda e, _: e.detail),
    Column("reported_at", lambda e, _: e.reported_at),
)
CONSENT: "Columns[ConsentEntry]" = (
    Column("consent", lambda c, _: _given(c)),
    Column("at", lambda c, view: view.local(c.event.at)),
    Column("how", lambda c, _: c.event.how),
    Column("by", lambda c, _: c.event.by),
    Column("wording", lambda c, _: c.event.wording),
    Column("recorded_at", lambda c, view: view.local(c.recorded_at)),
)
OTHER_PATIENT: "Columns[OtherPatient]" = (
    Column("patient", lambda other, _: other.patient),
    Column("consent", lambda other, view: row(other.consent, CONSENT, view) if other.consent else None),
)
OTHER_REMINDER: "Columns[Notification]" = (
    Column("id", lambda n, _: n.id),
    Column("occasion", lambda n, _: show_occasion(n.occasion)),
    Column("attempt", lambda n, _: n.attempt),
    Column("covers", lambda n, _: list(n.covers)),
    Column("status", lambda n, _: n.status),
    Column("sent_at", lambda n, view: view.local(n.sent_at)),
)


def evidence_row(evidence: "Evidence", view: View) -> dict[str, object]:
    """Give the evidence of a notification the keys of `notifications show --json`."""
    return (
        row(evidence.notification, COLUMNS, view)
        | row(evidence, MORE, view)
        | {"conclusion": conclusion_of_notification(evidence.notification)}
    )


def evidence_page(evidence: "Evidence", view: View) -> str:
    """Write the evidence of a notification as one page for a person."""
    parts = [
        _about(evidence, view),
        _text(evidence),
        _consent(evidence, view),
        _handed_over(evidence, view),
        _delivered(evidence, view),
        ["What happened", *_life(evidence, view)],
        ["The bill", *_bills(evidence, view)],
        *_others(evidence, view),
        *_answers(evidence, view),
        ["What it comes to", f"  {conclusion_of_notification(evidence.notification)}"],
    ]
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def _about(evidence: "Evidence", view: View) -> list[str]:
    n = evidence.notification
    return [
        f"Notification {n.id}, reference {n.reference}",
        f"  practice {n.practice}, service {n.service}",
        f"  appointment {n.appointment} of patient {n.patient}, {_at(n.starts_at, view)}, {which_reminder(n)}",
        f"  to {view.phone(n.phone)} from {n.sender_id}",
        f"  {n.status}" + (f" ({n.reason})" if n.reason else ""),
    ]


def _others(evidence: "Evidence", view: View) -> Iterator[list[str]]:
    """Tell of the other reminders of the same appointments, where there are some."""
    if evidence.other_reminders:
        yield [
            "Other reminders of it",
            *(
                f"  notification {n.id}: {n.status}, {which_reminder(n)}"
                + (f", {_at(n.sent_at, view)}" if n.sent_at else "")
                for n in evidence.other_reminders
            ),
        ]


def _answers(evidence: "Evidence", view: View) -> Iterator[list[str]]:
    """Tell of the replies that may be about it, where there are some."""
    if evidence.replies:
        yield ["Answers", *(f"  {answer_line(reply, _at(reply.received_at, view))}" for reply in evidence.replies)]


def _text(evidence: "Evidence") -> list[str]:
    n = evidence.notification
    return [f"The text{' as it was sent' if n.sent_at else ''} ({_count(n.segments)}, {n.encoding})", f"  {n.text}"]


def _consent(evidence: "Evidence", view: View) -> list[str]:
    sent = evidence.notification.sent_at is not None
    lines = ["Consent in force when it was sent" if sent else "Consent in force now"]
    lines.append(f"  {_consent_in_words(evidence.consent, view)}" if evidence.consent else "  none")
    for other in evidence.other_patients:
        consent = _consent_in_words(other.consent, view) if other.consent else "none"
        lines.append(f"  patient {other.patient}: {consent}")
    if evidence.stop:
        lines.append(f"  the number is stopped since {_at(evidence.stop.at, view)} ({how_words(evidence.stop)})")
    if evidence.later:
        lines.append("Recorded since, so not in force then")
        lines += [f"  {_consent_in_words(entry, view)}" for entry in evidence.later]
    return lines


def _handed_over(evidence: "Evidence", view: View) -> list[str]:
    n = evidence.notification
    if n.sent_at is None:
        return ["Handed over", "  not yet" if n.status is Status.QUEUED else "  never"]
    lines = ["Handed over", f"  {_at(n.sent_at, view)} to {n.gateway}"]
    if evidence.accepted:
        named = f" as {n.gateway_id}" if n.gateway_id else ""
        lines.append(f"  {_at(evidence.accepted.at, view)} accepted{named}")
    return lines


def _delivered(evidence: "Evidence", view: View) -> list[str]:
    if evidence.arrived is None:
        return ["Delivered", "  no report says so"]
    lines = ["Delivered", f"  {_at(evidence.arrived.at, view)} known by our clock"]
    if evidence.arrived.reported_at:
        lines.append(f"  {evidence.arrived.reported_at} by the gateway's clock")
    return lines


def _life(evidence: "Evidence", view: View) -> Iterator[str]:
    for event in evidence.events:
        detail = f" {event.detail}" if event.detail else ""
        yield f"  {_at(event.at, view)} {event.status}{detail}"


def _bills(evidence: "Evidence", view: View) -> Iterator[str]:
    """Tell on which bills a notification stands or will stand, or why on none."""
    n = evidence.notification
    for charge in evidence.charges:
        yield f"  {charge.period}: {charge.kind}, {_price(charge.segments, charge.rate, charge.currency)}"
    if evidence.waived_in:
        yield f"  waived: {evidence.waived_in}; it was known too late and is never billed"
    elif not evidence.charges and evidence.billable:
        yield f"  on no closed bill yet: {_price(n.segments, evidence.rate, view.currency)}"
    elif not evidence.charges:
        yield "  on none: only what was delivered is billed"
    if n.gateway_segments not in {None, n.segments}:
        yield f"  the gateway counted {_count(n.gateway_segments or 0)}; ours are billed"


def _price(segments: int, rate: Decimal, currency: str) -> str:
    return f"{_count(segments)} x {show_rate(rate)} = {currency} {to_cents(segments * rate)}"


def _count(segments: int) -> str:
    return f"{segments} segment" if abs(segments) == 1 else f"{segments} segments"


def _given(entry: "ConsentEntry") -> str:
    return Consent.of(entry.event.given)


def _consent_in_words(entry: "ConsentEntry", view: View) -> str:
    event = entry.event
    by = f" by {event.by}" if event.by else ""
    wording = f', wording "{event.wording}"' if event.wording else ""
    how = f"{event.how.value}{by}{wording}"
    return f"{_given(entry)} on {_at(event.at, view)} ({how}), recorded on {_at(entry.recorded_at, view)}"


def _at(moment: datetime, view: View) -> str:
    return plain(view.local(moment))
