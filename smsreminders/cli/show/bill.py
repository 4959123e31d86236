"""The bill as a person reads it: by practice and service, with a bar a day."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from smsreminders.domain.billing import show_percentage, show_rate

if TYPE_CHECKING:
    from smsreminders.domain.billing import InvoiceLine
    from smsreminders.domain.totals import Total
    from smsreminders.jobs.bill.show import Bill

_WIDEST = 40  # of a bar


def table_text(found: "Bill") -> str:
    """Each practice with its legal details, its services with their days, and what it owes."""
    lines = [f"Bill of {found.period}, {_state(found)}"]
    for total in found.totals:
        lines += ["", f"{total.practice_name} ({total.practice})"]
        if legal := total.legal.in_one_line():
            lines.append(f"  {legal}")
        lines += [*_services(found, total.practice), *_sums(total, found.terms.currency)]
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


def _services(found: "Bill", practice: str) -> Iterator[str]:
    """The lines of each service, and under them its days."""
    lines = [line for line in found.lines if line.practice == practice]
    days = [day for day in found.days if day.practice == practice]
    most = max((day.segments for day in days), default=1)
    for service in dict.fromkeys(line.service for line in lines):
        for line in lines:
            if line.service == service:
                yield (
                    f"  {service}{_kind(line)}: {line.notifications} notifications, {line.segments} segments"
                    f" x {show_rate(line.rate)} = {found.terms.currency} {line.amount}"
                )
        for day in days:
            if day.service == service:
                bar = "#" * max(1, round(_WIDEST * day.segments / most))
                yield f"    {day.sent_on:%d %b}  {bar} {day.segments}"


def _sums(total: "Total", currency: str) -> Iterator[str]:
    yield f"  without VAT  {currency} {total.amount:>10}"
    for one in total.sums:
        yield f"  {f'VAT {show_percentage(one.vat_rate)} %':11}  {currency} {one.vat:>10}"
    yield f"  with VAT     {currency} {total.with_vat:>10}"


def _kind(line: "InvoiceLine") -> str:
    return "" if line.kind == "regular" else f", {line.kind} of {line.usage_month}"
