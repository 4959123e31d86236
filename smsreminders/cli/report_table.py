"""The bill as a person reads it: by practice and service, with a bar a day."""

from typing import TYPE_CHECKING

from smsreminders.domain.billing import show_rate

if TYPE_CHECKING:
    from smsreminders.domain.billing import InvoiceLine
    from smsreminders.jobs.report import Bill


def table_text(found: "Bill") -> str:
    """Each practice with its lines, days and totals."""
    lines = [f"Bill of {found.period}, {_state(found)}"]
    for total in found.totals:
        lines += ["", f"{total.practice_name} ({total.practice})"]
        for line in (one for one in found.lines if one.practice == total.practice):
            lines.append(
                f"  {line.service}{_kind(line)}: {line.notifications} notifications, {line.segments} segments"
                f" x {show_rate(line.rate)} = {found.currency} {line.amount}"
            )
        days = [day for day in found.days if day.practice == total.practice]
        most = max((day.segments for day in days), default=0)
        lines += [
            f"    {day.sent_on:%d %b}  {'#' * max(1, round(40 * day.segments / most))} {day.segments}" for day in days
        ]
        lines.append(f"  without VAT  {found.currency} {total.amount:>10}")
        lines.append(f"  VAT {found.vat} %     {found.currency} {total.vat:>10}")
        lines.append(f"  with VAT     {found.currency} {total.with_vat:>10}")
    if not found.totals and not found.passed_by:
        lines.append("Nothing was delivered.")
    if found.waived:
        lines.append(f"{found.waived} notifications were known to be delivered too late and are never billed.")
    return "\n".join(lines) + "\n"


def _state(found: "Bill") -> str:
    if found.passed_by:
        return f"never closed, for {found.passed_by} was: what it delivered stands on a later bill"
    if found.closed_at:
        return f"closed on {found.closed_at:%Y-%m-%d %H:%M} UTC"
    return "provisional: the month is not closed"


def _kind(line: "InvoiceLine") -> str:
    return "" if line.kind == "regular" else f", {line.kind} of {line.usage_month}"
