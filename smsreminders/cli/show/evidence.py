"""The page that is shown of a notification: the consent, the text, handed over, delivered, on which bill."""

from collections.abc import Iterable, Mapping
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from smsreminders.cli.show.output import local, plain
from smsreminders.domain.billing import show_rate, to_cents
from smsreminders.domain.notifications import Status

if TYPE_CHECKING:
    from smsreminders.jobs.bill.evidence import Evidence
    from smsreminders.store.evidence import Charge, ConsentEntry


def more_keys(found: "Evidence", zone: tzinfo) -> dict[str, Any]:
    """What `notifications show --json` has besides the keys of the list."""
    one, accepted, arrived = found.notification, found.accepted, found.arrived
    return {
        "sender_id": one.sender_id,
        "revision": one.revision,
        "accepted_at": local(accepted.at, zone) if accepted else None,
        "delivered_reported_at": arrived.reported_at if arrived else None,
        "gateway_segments": one.gateway_segments,
        "gateway_price": one.gateway_price,
        "rate": show_rate(found.rate),
        "cost": found.cost,
        "billable": found.billable,
        "bills": [
            {
                "period": str(charge.period),
                "kind": charge.kind,
                "segments": charge.segments,
                "rate": show_rate(charge.rate),
                "amount": to_cents(charge.segments * charge.rate),
                "currency": charge.currency,
            }
            for charge in found.charges
        ],
        "waived": str(found.waived_in) if found.waived_in else None,
        "events": [
            {"at": local(e.at, zone), "status": e.status, "detail": e.detail, "reported_at": e.reported_at}
            for e in found.events
        ],
        "consent": _consent(found.consent, zone) if found.consent else None,
        "consent_recorded_later": [_consent(entry, zone) for entry in found.later],
    }


def page(found: "Evidence", row: Mapping[str, Any], zone: tzinfo, currency: str) -> str:
    """One page for a person; `row` are the keys of the list, with the number masked or not."""
    one = found.notification
    about = [
        f"Notification {one.id}, reference {one.reference}",
        f"  practice {one.practice}, service {one.service}",
        f"  appointment {one.appointment} of patient {one.patient}, {plain(row['starts_at'])}, revision {one.revision}",
        f"  to {row['phone']} from {one.sender_id}",
        f"  {one.status}" + (f" ({one.reason})" if one.reason else ""),
    ]
    text = [f"The text{' as it was sent' if one.sent_at else ''} ({_count(one.segments)}, {one.encoding})"]
    parts = [
        about,
        [*text, f"  {one.text}"],
        _consent_part(found, zone),
        _handed_over(found, zone),
        _delivered(found, zone),
        ["What happened", *(f"  {' '.join(words)}" for words in _life(found, zone))],
        _bill_part(found, currency),
    ]
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def _consent_part(found: "Evidence", zone: tzinfo) -> list[str]:
    sent = found.notification.sent_at is not None
    lines = ["Consent in force when it was sent" if sent else "Consent in force now"]
    lines.append(f"  {_in_words(found.consent, zone)}" if found.consent else "  none")
    if found.later:
        lines += ["Recorded since, so not in force then", *(f"  {_in_words(entry, zone)}" for entry in found.later)]
    return lines


def _handed_over(found: "Evidence", zone: tzinfo) -> list[str]:
    one = found.notification
    if one.sent_at is None:
        return ["Handed over", "  not yet" if one.status is Status.QUEUED else "  never"]
    lines = ["Handed over", f"  {plain(local(one.sent_at, zone))} to {one.gateway}"]
    if found.accepted:
        named = f" as {one.gateway_id}" if one.gateway_id else ""
        lines.append(f"  {plain(local(found.accepted.at, zone))} accepted{named}")
    return lines


def _delivered(found: "Evidence", zone: tzinfo) -> list[str]:
    if found.arrived is None:
        return ["Delivered", "  no report says so"]
    lines = ["Delivered", f"  {plain(local(found.arrived.at, zone))} known by our clock"]
    if found.arrived.reported_at:
        lines.append(f"  {found.arrived.reported_at} by the gateway's clock")
    return lines


def _life(found: "Evidence", zone: tzinfo) -> Iterable[list[str]]:
    for event in found.events:
        yield [word for word in (plain(local(event.at, zone)), event.status.value, event.detail) if word]


def _bill_part(found: "Evidence", currency: str) -> list[str]:
    lines = ["The bill", *(f"  {charge.period}: {_charged(charge)}" for charge in found.charges)]
    segments = found.notification.segments
    if found.waived_in:
        lines.append(f"  waived: {found.waived_in}; it was known too late and is never billed")
    elif not found.charges and found.billable:
        priced = f"{_count(segments)} x {show_rate(found.rate)} = {currency} {found.cost}"
        lines.append(f"  on no closed bill yet: {priced}")
    elif not found.charges:
        lines.append("  on none: only what was delivered is billed")
    if found.notification.gateway_segments not in {None, segments}:
        lines.append(f"  the gateway counted {_count(found.notification.gateway_segments or 0)}; ours are billed")
    return lines


def _charged(charge: "Charge") -> str:
    amount = to_cents(charge.segments * charge.rate)
    return f"{charge.kind}, {_count(charge.segments)} x {show_rate(charge.rate)} = {charge.currency} {amount}"


def _count(segments: int) -> str:
    return f"{segments} segment" if abs(segments) == 1 else f"{segments} segments"


def _consent(entry: "ConsentEntry", zone: tzinfo) -> dict[str, Any]:
    event = entry.event
    return {
        "consent": "given" if event.given else "withdrawn",
        "at": local(event.at, zone),
        "how": event.how,
        "by": event.by,
        "wording": event.wording,
        "recorded_at": local(entry.recorded_at, zone),
    }


def _in_words(entry: "ConsentEntry", zone: tzinfo) -> str:
    told = _consent(entry, zone)
    by = f" by {told['by']}" if told["by"] else ""
    wording = f', wording "{told["wording"]}"' if told["wording"] else ""
    how, at, recorded = told["how"].value, plain(told["at"]), plain(told["recorded_at"])
    return f"{told['consent']} on {at} ({how}{by}{wording}), recorded on {recorded}"
