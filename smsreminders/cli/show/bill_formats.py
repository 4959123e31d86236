"""The bill as other programs read it: CSV, CSV for a Dutch Excel, JSON; of a closed month always the same."""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from smsreminders.cli.show.output import csv_text, guarded
from smsreminders.domain.billing import show_rate

if TYPE_CHECKING:
    from smsreminders.domain.billing import InvoiceLine
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
)
DUTCH_KINDS = {"regular": "gewoon", "late": "nagekomen", "correction": "correctie"}


def plain_csv(found: "Bill") -> str:
    """With commas and points; of a closed month the text that was printed at its close."""
    return found.csv or csv_of(found.lines, found.terms.currency)


def csv_of(lines: "Sequence[InvoiceLine]", currency: str) -> str:
    """The columns of the contract, a line for each line of the bill."""
    return csv_text([_row(line, currency) for line in lines], COLUMNS)


def dutch_csv(found: "Bill") -> str:
    """For a Dutch Excel: a BOM, semicolons, decimal commas, CRLF."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(DUTCH_COLUMNS)
    for line in found.lines:
        row = _row(line, found.terms.currency) | {"kind": DUTCH_KINDS[line.kind]}
        writer.writerow(
            str(row[c]).replace(".", ",") if isinstance(row[c], Decimal) else guarded(row[c]) for c in COLUMNS
        )
    return "\ufeff" + buffer.getvalue()


def json_value(found: "Bill") -> dict[str, Any]:
    """The lines with status, VAT and totals a practice."""
    return {
        "period": str(found.period),
        "status": "closed" if found.closed_at else "open",
        "closed_at": found.closed_at,
        "waived": found.waived,
        "currency": found.terms.currency,
        "vat_rate": found.terms.vat,
        "lines": [_row(line, found.terms.currency) for line in found.lines],
        "totals": [
            {
                "practice": total.practice,
                "practice_name": total.practice_name,
                "amount": total.amount,
                "vat": total.vat,
                "amount_with_vat": total.with_vat,
                "vat_rates": [asdict(one) for one in total.sums],
                "legal": asdict(total.legal),
            }
            for total in found.totals
        ],
    }


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
        "vat_rate": line.vat_rate,
        "amount": line.amount,
        "currency": currency,
    }
