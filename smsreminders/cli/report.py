"""The bill: what was delivered in a month, for a person, a spreadsheet or a program."""

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from smsreminders.cli.context import invocation, practices_meant
from smsreminders.cli.options import FileOption, PracticeOption
from smsreminders.errors import UsageError

if TYPE_CHECKING:
    from smsreminders.config import BillingSettings
    from smsreminders.domain.billing import InvoiceLine
    from smsreminders.jobs.report import Bill

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


def report(
    context: typer.Context,
    *,
    month: Annotated[str | None, typer.Option("--month", metavar="YYYY-MM", help="Left out: last month.")] = None,
    practice: PracticeOption = None,
    output_format: Annotated[
        Literal["table", "csv", "csv-nl", "json"], typer.Option("--format", help="csv-nl is for a Dutch Excel.")
    ] = "table",
    output: FileOption = None,
) -> None:
    """Show the bill of a month.

    Only what was delivered, without VAT. An open month is provisional.

    Example: smsreminders report --month 2026-10 --format csv --output october.csv
    """
    from smsreminders.cli.output import write
    from smsreminders.domain.billing import Period
    from smsreminders.jobs.report import bill

    run = invocation(context)
    billing = run.settings.billing
    today = run.clock.now().astimezone(run.settings.schedule.zone).date()
    period = Period.parse(month) if month else Period.of(today).previous
    with run.database(read_only=True) as db:
        found = bill(db, period, practices_meant(db, practice), general_rate=billing.rate, vat=billing.vat)
    text = _FORMATS[output_format](found, billing)
    if output:
        _write_beside(output, text)
    else:
        write(text)
    if output_format in {"csv", "csv-nl"}:
        run.say(f"{period} is provisional: it is not closed.")


def _as_table(found: "Bill", billing: "BillingSettings") -> str:
    from smsreminders.domain.billing import show_rate

    lines = [f"Bill of {found.period}, provisional: the month is not closed"]
    for total in found.totals:
        lines += ["", f"{total.practice_name} ({total.practice})"]
        for line in (one for one in found.lines if one.practice == total.practice):
            lines.append(
                f"  {line.service}: {line.notifications} notifications, {line.segments} segments"
                f" x {show_rate(line.rate)} = {billing.currency} {line.amount}"
            )
        days = [day for day in found.days if day.practice == total.practice]
        most = max(day.segments for day in days)
        lines += [
            f"    {day.sent_on:%d %b}  {'#' * max(1, round(40 * day.segments / most))} {day.segments}" for day in days
        ]
        lines.append(f"  without VAT  {billing.currency} {total.amount:>10}")
        lines.append(f"  VAT {billing.vat} %     {billing.currency} {total.vat:>10}")
        lines.append(f"  with VAT     {billing.currency} {total.with_vat:>10}")
    if not found.totals:
        lines.append("Nothing was delivered.")
    return "\n".join(lines) + "\n"


def _as_csv(found: "Bill", billing: "BillingSettings") -> str:
    from smsreminders.cli.output import csv_text

    return csv_text([_row(line, billing) for line in found.lines], COLUMNS)


def _as_dutch_csv(found: "Bill", billing: "BillingSettings") -> str:
    """For a Dutch Excel: a BOM, semicolons, decimal commas, CRLF."""
    from smsreminders.cli.output import guarded

    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(DUTCH_COLUMNS)
    for line in found.lines:
        row = _row(line, billing) | {"kind": DUTCH_KINDS[line.kind]}
        writer.writerow(
            str(row[c]).replace(".", ",") if isinstance(row[c], Decimal) else guarded(row[c]) for c in COLUMNS
        )
    return "\ufeff" + buffer.getvalue()


def _as_json(found: "Bill", billing: "BillingSettings") -> str:
    import json

    from smsreminders.cli.output import plain

    value = {
        "period": str(found.period),
        "status": "open",
        "currency": billing.currency,
        "vat_rate": billing.vat,
        "lines": [_row(line, billing) for line in found.lines],
        "totals": [
            {
                "practice": total.practice,
                "practice_name": total.practice_name,
                "amount": total.amount,
                "vat": total.vat,
                "amount_with_vat": total.with_vat,
            }
            for total in found.totals
        ],
    }
    return json.dumps(value, ensure_ascii=False, indent=2, default=plain) + "\n"


_FORMATS = {"table": _as_table, "csv": _as_csv, "csv-nl": _as_dutch_csv, "json": _as_json}


def _row(line: "InvoiceLine", billing: "BillingSettings") -> dict[str, Any]:
    from smsreminders.domain.billing import show_rate

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
        "amount": line.amount,
        "currency": billing.currency,
    }


def _write_beside(path: Path, text: str) -> None:
    """Into a file beside it, which then takes its name: a reader sees the old one or the new one, never half."""
    from smsreminders.cli.output import write_new

    if path.is_dir():
        raise UsageError(f"{path} is a folder: name a file for the bill")
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.unlink(missing_ok=True)
        write_new(beside, text)
        beside.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
