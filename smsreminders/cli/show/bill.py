"""The bill as a person reads it: by practice and service, with a bar a day."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from smsreminders.cli.show.bill_words import bill_words
from smsreminders.domain.billing import show_percentage, show_rate

if TYPE_CHECKING:
    from smsreminders.domain.billing import InvoiceLine
    from smsreminders.domain.totals import Total
    from smsreminders.jobs.bill.show import Bill

_WIDEST = 40  # of a bar
Words = Mapping[str, str]


def bill_text(bill: "Bill", language: str) -> str:
    """Write a bill: each practice with its legal details, its services with their days, and what it owes."""
    words = bill_words(language)
    lines = [words["title"].format(period=bill.period, state=_state(bill, words))]
    for total in bill.totals:
        lines += ["", f"{total.practice_name} ({total.practice})"]
        if legal := total.legal.in_one_line():
            lines.append(f"  {legal}")
        lines += [*_services(bill, total.practice, language), *_sums(total, bill.terms.currency, words)]
    if not bill.totals and not bill.passed_by:
        lines.append(words["nothing"])
    if bill.waived:
        lines.append(words["waived"].format(count=bill.waived))
    return "\n".join(lines) + "\n"


def _state(bill: "Bill", words: Words) -> str:
    if bill.passed_by:
        return words["passed_by"].format(later=bill.passed_by)
    if bill.closed_at:
        return words["closed"].format(at=bill.closed_at)
    return words["rehearsal" if bill.rehearsal else "provisional"]


def _services(bill: "Bill", practice: str, language: str) -> Iterator[str]:
    """Write the lines of each service, and under them its days."""
    from babel.dates import format_date

    words = bill_words(language)
    lines = [line for line in bill.lines if line.practice == practice]
    days = [day for day in bill.days if day.practice == practice]
    most = max((day.segments for day in days), default=1)
    for service in dict.fromkeys(line.service for line in lines):
        for line in lines:
            if line.service == service:
                yield f"  {service}{_kind(line, words)}: {_charged(line, bill.terms.currency, words)}"
        for day in days:
            if day.service == service:
                bar = "#" * max(1, round(_WIDEST * day.segments / most))
                shown = format_date(day.sent_on, "dd MMM", locale="nl" if language == "nl" else "en")
                yield f"    {shown}  {bar} {day.segments}"


def _charged(line: "InvoiceLine", currency: str, words: Words) -> str:
    return words["line"].format(
        notifications=line.notifications,
        segments=line.segments,
        rate=show_rate(line.rate),
        currency=currency,
        amount=line.amount,
    )


def _sums(total: "Total", currency: str, words: Words) -> Iterator[str]:
    sums = [(words["without"], total.amount)]
    sums += [(words["vat"].format(rate=show_percentage(each.vat_rate)), each.vat) for each in total.sums]
    for name, amount in [*sums, (words["with"], total.with_vat)]:
        yield f"  {name:11}  {currency} {amount:>10}"


def _kind(line: "InvoiceLine", words: Words) -> str:
    return "" if line.kind == "regular" else words[line.kind].format(month=line.usage_month)


def closed_line(bill: "Bill") -> str:
    """Say that a month was closed, with what was charged to whom."""
    owed = "; ".join(f"{total.practice} {bill.terms.currency} {total.amount}" for total in bill.totals)
    return f"Closed {bill.period} for good, without VAT: {owed or 'nothing to charge'}."
