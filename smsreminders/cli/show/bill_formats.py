"""The bill as other programs read it: CSV, CSV for a Dutch Excel, JSON; of a closed month always the same."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING

from smsreminders.cli.show.columns import Column, View, keys, row
from smsreminders.cli.show.sheet import csv_text, dutch_csv_text
from smsreminders.domain.bill.billing import show_percentage, show_rate

if TYPE_CHECKING:
    from smsreminders.cli.show.columns import Columns
    from smsreminders.domain.bill.billing import InvoiceLine
    from smsreminders.domain.bill.totals import Total
    from smsreminders.jobs.bill.show import Bill

LINES: "Columns[tuple[InvoiceLine, Total]]" = (  # each line with the total of its practice
    Column("period", lambda pair, _: str(pair[0].period)),
    Column("practice", lambda pair, _: pair[0].practice),
    Column("practice_name", lambda pair, _: pair[0].practice_name),
    Column("service", lambda pair, _: pair[0].service),
    Column("kind", lambda pair, _: pair[0].kind),
    Column("usage_month", lambda pair, _: str(pair[0].usage_month)),
    Column("notifications", lambda pair, _: pair[0].notifications),
    Column("segments", lambda pair, _: pair[0].segments),
    Column("rate", lambda pair, _: Decimal(show_rate(pair[0].rate))),
    Column("amount", lambda pair, _: pair[0].amount),
    Column("currency", lambda _, view: view.currency),
    Column("vat_rate", lambda pair, _: Decimal(show_percentage(pair[0].vat_rate))),
    Column("buyer_reference", lambda pair, _: pair[1].legal.buyer_reference),
)


def plain_csv(bill: "Bill") -> str:
    """Write a bill with commas and points; of a closed month the text that was printed at its close."""
    return bill.csv or csv_of(bill.lines, bill.totals, bill.terms.currency)


def csv_of(lines: "Iterable[InvoiceLine]", totals: "Iterable[Total]", currency: str) -> str:
    """Write the columns of the contract, a line for each line of the bill; each practice has its total."""
    return csv_text(_rows(lines, totals, currency), keys(LINES))


def dutch_csv(bill: "Bill") -> str:
    """Write a bill for a Dutch Excel."""
    return dutch_csv_text(_rows(bill.lines, bill.totals, bill.terms.currency), keys(LINES))


def bill_row(bill: "Bill") -> dict[str, object]:
    """Give a bill the keys of `report --format json`: its lines with status, VAT and totals a practice."""
    return {
        "period": str(bill.period),
        "status": "closed" if bill.closed_at else "open",
        "rehearsal": bill.rehearsal,
        "closed_at": bill.closed_at,
        "passed_by": str(bill.passed_by) if bill.passed_by else None,
        "waived": bill.waived,
        "currency": bill.terms.currency,
        "vat_rate": Decimal(show_percentage(bill.terms.vat)),
        "lines": list(_rows(bill.lines, bill.totals, bill.terms.currency)),
        "totals": [_total(total) for total in bill.totals],
    }


def _rows(lines: "Iterable[InvoiceLine]", totals: "Iterable[Total]", currency: str) -> "Iterator[dict[str, object]]":
    view, by_practice = View(currency=currency), {total.practice: total for total in totals}
    return (row((line, by_practice[line.practice]), LINES, view) for line in lines)


def _total(total: "Total") -> dict[str, object]:
    vat_rates = [asdict(part) | {"vat_rate": Decimal(show_percentage(part.vat_rate))} for part in total.sums]
    return {
        "practice": total.practice,
        "practice_name": total.practice_name,
        "document": total.document,
        "amount": total.amount,
        "vat": total.vat,
        "amount_with_vat": total.with_vat,
        "vat_rates": vat_rates,
        "legal": asdict(total.legal),
    }
