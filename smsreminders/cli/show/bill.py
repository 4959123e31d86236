"""The bill as a person reads it: by practice and service, with a bar a day."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from smsreminders.cli.show.bill_words import bill_words, closed_text, counted, month_text, number_text
from smsreminders.domain.bill.billing import show_percentage, show_rate

if TYPE_CHECKING:
    from datetime import tzinfo

    from smsreminders.domain.bill.billing import InvoiceLine
    from smsreminders.domain.bill.totals import Total
    from smsreminders.jobs.bill.show import Bill

_WIDEST = 40  # of a bar


def bill_text(bill: "Bill", language: str, zone: "tzinfo") -> str:
    """Write a bill: each practice with its legal details, its services with their days, and what it owes."""
    words = bill_words(language)
    state = _state(bill, language, zone)
    lines = [words["title"].format(period=month_text(bill.period, language), state=state)]
    for total in bill.totals:
        lines += ["", f"{total.practice_name} ({total.practice})"]
        if legal := total.legal.in_one_line(vat=words["vat_number"], reference=words["buyer_reference"]):
            lines.append(f"  {legal}")
        lines += [*_services(bill, total.practice, language), *_sums(total, bill.terms.currency, language)]
    if not bill.totals and not bill.passed_by:
        lines.append(words["nothing"])
    if bill.waived:
        lines.append(words["waived"].format(count=bill.waived))
    return "\n".join(lines) + "\n"


def _state(bill: "Bill", language: str, zone: "tzinfo") -> str:
    words = bill_words(language)
    if bill.passed_by:
        return words["passed_by"].format(later=month_text(bill.passed_by, language))
    if bill.closed_at:
        return words["closed"].format(at=closed_text(bill.closed_at.astimezone(zone), language))
    return words["rehearsal" if bill.rehearsal else "provisional"]


def _services(bill: "Bill", practice: str, language: str) -> Iterator[str]:
    """Write the lines of each service, and under them its days."""
    from babel.dates import format_date

    lines = [line for line in bill.lines if line.practice == practice]
    days = [day for day in bill.days if day.practice == practice]
    most = max((day.segments for day in days), default=1)
    for service in dict.fromkeys(line.service for line in lines):
        for line in lines:
            if line.service == service:
                yield f"  {service}{_kind(line, language)}: {_charged(line, bill.terms.currency, language)}"
        for day in days:
            if day.service == service:
                bar = "#" * max(1, round(_WIDEST * day.segments / most))
                shown = format_date(day.sent_on, "dd MMM", locale="nl" if language == "nl" else "en")
                yield f"    {shown}  {bar} {day.segments}"


def _charged(line: "InvoiceLine", currency: str, language: str) -> str:
    words = bill_words(language)
    return words["line"].format(
        notifications=counted(line.notifications, "notification", words),
        segments=counted(line.segments, "segment", words),
        rate=number_text(show_rate(line.rate), language),
        currency=currency,
        amount=number_text(str(line.amount), language),
    )


def _sums(total: "Total", currency: str, language: str) -> Iterator[str]:
    words = bill_words(language)
    sums = [(words["without"], total.amount)]
    sums += [
        (words["vat"].format(rate=number_text(show_percentage(each.vat_rate), language)), each.vat)
        for each in total.sums
    ]
    for name, amount in [*sums, (words["with"], total.with_vat)]:
        yield f"  {name:11}  {currency} {number_text(str(amount), language):>10}"


def _kind(line: "InvoiceLine", language: str) -> str:
    if line.kind == "regular":
        return ""
    return bill_words(language)[line.kind].format(month=month_text(line.usage_month, language))


def closed_line(bill: "Bill") -> str:
    """Say that a month was closed, with what was charged to whom."""
    owed = "; ".join(f"{total.practice} {bill.terms.currency} {total.amount}" for total in bill.totals)
    return f"Closed {bill.period} for good, without VAT: {owed or 'nothing to charge'}."
