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
    from collections.abc import Sequence

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
    close: Annotated[bool, typer.Option("--close", help="Close the month for good, for all practices.")] = False,
    force: Annotated[bool, typer.Option("--force", help="With --close: before the 5th at 06:00.")] = False,
) -> None:
    """Show the bill of a month, or close it.

    Only what was delivered, without VAT. An open month is provisional; a closed one always prints the same bytes.
    What becomes known after the close comes as a late line, what is taken back as a correction, in the next one.

    Example: smsreminders report --month 2026-10 --format csv --output october.csv
    """
    from smsreminders.cli.output import write
    from smsreminders.domain.billing import Period
    from smsreminders.jobs.closing import close_month
    from smsreminders.jobs.report import bill

    run = invocation(context)
    if close and practice:
        raise UsageError("a month is closed for all practices at once: leave out --practice")
    if force and not close:
        raise UsageError("--force goes with --close")
    billing = run.settings.billing
    today = run.clock.now().astimezone(run.settings.schedule.zone).date()
    period = Period.parse(month) if month else Period.of(today).previous
    terms = {"general_rate": billing.rate, "vat": billing.vat}
    with run.database(read_only=not close) as db:
        if close:
            zone = run.settings.schedule.zone
            close_month(
                db, period, **terms, currency=billing.currency, zone=zone, force=force, as_csv=_csv_of, clock=run.clock
            )
        found = bill(db, period, practices_meant(db, practice), **terms, currency=billing.currency, as_csv=_csv_of)
    if close and run.quiet and not output:
        return
    text = _FORMATS[output_format](found)
    if output:
        _write_beside(output, text)
    else:
        write(text)
    if output_format in {"csv", "csv-nl"} and found.closed_at is None:
        run.say(f"{period} is provisional: it is not closed.")


def _as_table(found: "Bill") -> str:
    from smsreminders.domain.billing import show_rate

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


def _as_csv(found: "Bill") -> str:
    return _csv_of(found.lines, found.currency)


def _csv_of(lines: "Sequence[InvoiceLine]", currency: str) -> str:
    from smsreminders.cli.output import csv_text

    return csv_text([_row(line, currency) for line in lines], COLUMNS)


def _as_dutch_csv(found: "Bill") -> str:
    """For a Dutch Excel: a BOM, semicolons, decimal commas, CRLF."""
    from smsreminders.cli.output import guarded

    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(DUTCH_COLUMNS)
    for line in found.lines:
        row = _row(line, found.currency) | {"kind": DUTCH_KINDS[line.kind]}
        writer.writerow(
            str(row[c]).replace(".", ",") if isinstance(row[c], Decimal) else guarded(row[c]) for c in COLUMNS
        )
    return "\ufeff" + buffer.getvalue()


def _as_json(found: "Bill") -> str:
    import json

    from smsreminders.cli.output import plain

    value = {
        "period": str(found.period),
        "status": "closed" if found.closed_at else "open",
        "closed_at": found.closed_at,
        "waived": found.waived,
        "currency": found.currency,
        "vat_rate": found.vat,
        "lines": [_row(line, found.currency) for line in found.lines],
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


def _kind(line: "InvoiceLine") -> str:
    return "" if line.kind == "regular" else f", {line.kind} of {line.usage_month}"


def _row(line: "InvoiceLine", currency: str) -> dict[str, Any]:
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
        "currency": currency,
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
