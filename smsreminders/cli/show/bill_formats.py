"""The bill as other programs read it: CSV, CSV for a Dutch Excel, JSON; of a closed month always the same."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smsreminders.cli.show.output import csv_text, guarded
from smsreminders.domain.billing import show_percentage, show_rate

if TYPE_CHECKING:
    from smsreminders.domain.billing import InvoiceLine
    from smsreminders.domain.totals import Total
    from smsreminders.jobs.bill.show import Bill

COLUMNS = (
    "period",
    "practice",
    "practice_name",
    "service",
    "kind",
    "usage_month",
    "notifications",
    "segments",
    "rate",
    "amount",
    "currency",
    "vat_rate",
    "buyer_reference",
)
DUTCH_COLUMNS = (
    "periode",
    "praktijk",
    "praktijknaam",
    "dienst",
    "soort",
    "gebruiksmaand",
    "berichten",
    "segmenten",
    "tarief",
    "bedrag",
    "valuta",
    "btw_tarief",
    "kenmerk_klant",
)
MONTHS = ("period", "usage_month")
DUTCH_KINDS = {"regular": "gewoon", "late": "nagekomen", "correction": "correctie"}


def plain_csv(found: "Bill") -> str:
    """With commas and points; of a closed month the text that was printed at its close."""
    return found.csv or csv_of(found.lines, found.totals, found.terms.currency)


def csv_of(lines: "Iterable[InvoiceLine]", totals: "Iterable[Total]", currency: str) -> str:
    """Write the columns of the contract, a line for each line of the bill; each practice has its total."""
    return csv_text(_rows(lines, totals, currency), COLUMNS)


def dutch_csv(found: "Bill") -> str:
    """Write the bill for a Dutch Excel: a BOM, semicolons, decimal commas, CRLF, and months that it leaves alone.

    Excel makes a date of `2026-11` and of every other way to write a month with a separator, so it is `202611`.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(DUTCH_COLUMNS)
    for row in _rows(found.lines, found.totals, found.terms.currency):
        months = {month: row[month].replace("-", "") for month in MONTHS}
        cells = row | months | {"kind": DUTCH_KINDS[row["kind"]]}
        writer.writerow(
            str(cells[c]).replace(".", ",") if isinstance(cells[c], Decimal) else guarded(cells[c]) for c in COLUMNS
        )
    return "\ufeff" + buffer.getvalue()


def json_value(found: "Bill") -> dict[str, Any]:
    """The lines with status, VAT and totals a practice."""
    return {
        "period": str(found.period),
        "status": "closed" if found.closed_at else "open",
        "closed_at": found.closed_at,
        "passed_by": str(found.passed_by) if found.passed_by else None,
        "waived": found.waived,
        "currency": found.terms.currency,
        "vat_rate": Decimal(show_percentage(found.terms.vat)),
        "lines": list(_rows(found.lines, found.totals, found.terms.currency)),
        "totals": [
            {
                "practice": total.practice,
                "practice_name": total.practice_name,
                "document": total.document,
                "amount": total.amount,
                "vat": total.vat,
                "amount_with_vat": total.with_vat,
                "vat_rates": [asdict(one) | {"vat_rate": Decimal(show_percentage(one.vat_rate))} for one in total.sums],
                "legal": asdict(total.legal),
            }
            for total in found.totals
        ],
    }


def _rows(lines: "Iterable[InvoiceLine]", totals: "Iterable[Total]", currency: str) -> "Iterator[dict[str, Any]]":
    """Fill the columns of each line; the buyer reference is that of its practice's total."""
    references = {total.practice: total.legal.buyer_reference for total in totals}
    for line in lines:
        yield _row(line, currency) | {"buyer_reference": references[line.practice]}


def _row(line: "InvoiceLine", currency: str) -> dict[str, Any]:
    return {
        "period": str(line.period),
        "practice": line.practice,
        "practice_name": line.practice_name,
        "service": line.service,
        "kind": line.kind,
        "usage_month": str(line.usage_month),
        "notifications": line.notifications,
        "segments": line.segments,
        "rate": Decimal(show_rate(line.rate)),
        "vat_rate": Decimal(show_percentage(line.vat_rate)),
        "amount": line.amount,
        "currency": currency,
    }
