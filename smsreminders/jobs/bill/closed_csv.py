"""The CSV of a closed month, read back: its lines, and each practice's buyer reference."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from smsreminders.domain.bill.billing import REGULAR, InvoiceLine, Period, read_currency, to_cents
from smsreminders.domain.bill.closing import CORRECTION, LATE
from smsreminders.errors import InputFileError, UsageError

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_KINDS = (REGULAR, LATE, CORRECTION)
_NEEDED = (
    *("period", "practice", "practice_name", "service", "kind", "usage_month", "notifications", "segments"),
    *("rate", "amount", "currency", "vat_rate", "buyer_reference"),
)
_LARGEST = 10_000_000  # bytes: far more than any bill


@dataclass(frozen=True, slots=True)
class ClosedCsv:
    """A closed month as its CSV tells it; `period` and `currency` are None where nothing was delivered in it."""

    text: str
    period: Period | None
    currency: str | None
    lines: list[InvoiceLine]
    references: Mapping[str, str]


def read_closed_csv(path: Path) -> ClosedCsv:
    """Read a file that `report --format csv` wrote of a closed month. Raises InputFileError for any other."""
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST).decode("utf-8")
    except OSError as error:
        raise InputFileError(f"{path} can't be read: {error.strerror}") from error
    except ValueError as error:
        raise InputFileError(f"{path} is no UTF-8: give the file that `report --format csv` wrote") from error
    lines, currencies, references = [], set(), {}
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        if not set(_NEEDED).issubset(reader.fieldnames or ()):
            raise InputFileError(
                f"{path} has not the columns of a closed month's CSV: period, practice, practice_name ..."
            )
        for row in reader:
            line = _line(row)
            lines.append(line)
            currencies.add(read_currency(row["currency"]))
            references[line.practice] = _plain(row["buyer_reference"])
    except (KeyError, TypeError, ValueError, ArithmeticError, UsageError, csv.Error) as error:
        raise InputFileError(
            f"{path}: line {reader.line_num} is none of a closed month's CSV, as `report --format csv` writes it"
        ) from error
    periods = {line.period for line in lines}
    if len(periods) > 1 or len(currencies) > 1:
        raise InputFileError(f"{path} has more than one month or currency: give the CSV of one closed month")
    return ClosedCsv(text, next(iter(periods), None), next(iter(currencies), None), lines, references)


def _line(row: Mapping[str, str]) -> InvoiceLine:
    """Read a row. Raises ValueError, ArithmeticError or UsageError for a cell that isn't what it should be."""
    line = InvoiceLine(
        Period.parse(row["period"]),
        _plain(row["practice"]),
        _plain(row["practice_name"]),
        _plain(row["service"]),
        row["kind"],
        Period.parse(row["usage_month"]),
        int(row["notifications"]),
        int(row["segments"]),
        Decimal(row["rate"]),
        Decimal(row["vat_rate"]),
        Decimal(row["amount"]),
    )
    sign = -1 if line.kind == CORRECTION else 1
    if (
        line.kind not in _KINDS
        or line.notifications * sign < 1
        or line.segments * sign < 1
        or line.amount != to_cents(line.segments * line.rate)
    ):
        raise InvalidOperation
    return line


def _plain(cell: str) -> str:
    """Take off the guard that a text got which a spreadsheet would run as a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
