"""The bill as a person reads it: by practice and service, with a bar a day."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from smsreminders.domain.billing import show_percentage, show_rate

if TYPE_CHECKING:
    from smsreminders.domain.billing import InvoiceLine
    from smsreminders.domain.totals import Total
    from smsreminders.jobs.bill.show import Bill

_WIDEST = 40  # of a bar


def bill_text(bill: "Bill") -> str:
    """Write a bill: each practice with its legal details, its services with their days, and what it owes."""
    lines = [f"Bill of {bill.period}, {_state(bill)}"]
    for total in bill.totals:
        lines += ["", f"{total.practice_name} ({total.practice})"]
        if legal := total.legal.in_one_line():
            lines.append(f"  {legal}")
        lines += [*_services(bill, total.practice), *_sums(total, bill.terms.currency)]
    if not bill.totals and not bill.passed_by:
        lines.append("Nothing was delivered.")
    if bill.waived:
        lines.append(f"{bill.waived} notifications were known to be delivered too late and are never billed.")
    return "\n".join(lines) + "\n"


def _state(bill: "Bill") -> str:
    if bill.passed_by:
        return f"never closed, for {bill.passed_by} was: what it delivered stands on a later bill"
    if bill.closed_at:
        return f"closed on {bill.closed_at:%Y-%m-%d %H:%M} UTC"
    if bill.rehearsal:
        return "a rehearsal: the gateway sends nothing, and nobody owes anything for it"
    return "provisional: the month is not closed"


def _services(bill: "Bill", practice: str) -> Iterator[str]:
    """Write the lines of each service, and under them its days."""
    lines = [line for line in bill.lines if line.practice == practice]
    days = [day for day in bill.days if day.practice == practice]
    most = max((day.segments for day in days), default=1)
    for service in dict.fromkeys(line.service for line in lines):
        for line in lines:
            if line.service == service:
                yield (
                    f"  {service}{_kind(line)}: {line.notifications} notifications, {line.segments} segments"
                    f" x {show_rate(line.rate)} = {bill.terms.currency} {line.amount}"
                )
        for day in days:
            if day.service == service:
                bar = "#" * max(1, round(_WIDEST * day.segments / most))
                yield f"    {day.sent_on:%d %b}  {bar} {day.segments}"


def _sums(total: "Total", currency: str) -> Iterator[str]:
    yield f"  without VAT  {currency} {total.amount:>10}"
    for vat_sum in total.sums:
        yield f"  {f'VAT {show_percentage(vat_sum.vat_rate)} %':11}  {currency} {vat_sum.vat:>10}"
    yield f"  with VAT     {currency} {total.with_vat:>10}"


def _kind(line: "InvoiceLine") -> str:
    return "" if line.kind == "regular" else f", {line.kind} of {line.usage_month}"


def closed_line(bill: "Bill") -> str:
    """Say that a month was closed, with what was charged to whom."""
    owed = "; ".join(f"{total.practice} {bill.terms.currency} {total.amount}" for total in bill.totals)
    return f"Closed {bill.period} for good, without VAT: {owed or 'nothing to charge'}."
