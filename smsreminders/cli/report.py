"""The bill: what was delivered in a month, for a person, a spreadsheet or a program."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from smsreminders.cli.context import Invocation, invocation, practices_meant
from smsreminders.cli.options import FileOption, PracticeOption
from smsreminders.errors import UsageError

if TYPE_CHECKING:
    from smsreminders.cli.match import MatchWords
    from smsreminders.cli.show.columns import View
    from smsreminders.domain.bill.billing import Period
    from smsreminders.jobs.bill.show import Bill
    from smsreminders.store.database import Database


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
    match: Annotated[
        Path | None, typer.Option("--match", metavar="FILE", readable=False, help="Compare with the gateway's invoice.")
    ] = None,
    mapping: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN", help="The invoice's own name of a column.")
    ] = None,
    where: Annotated[
        list[str] | None, typer.Option("--where", metavar="COLUMN=VALUE", help="Only the invoice's rows that have it.")
    ] = None,
    match_total: Annotated[
        list[str] | None,
        typer.Option("--match-total", metavar="SUM=NUMBER", help="An invoice of sums: messages, segments, price."),
    ] = None,
    gateway: Annotated[
        str | None, typer.Option("--gateway", metavar="NAME", help="Whose invoice; left out: the configuration's.")
    ] = None,
    effect: Annotated[bool, typer.Option("--effect", help="How many didn't come, by what they got.")] = False,
) -> None:
    """Show the bill of a month, or close it.

    Only what was delivered, without VAT. An open month is provisional; a closed one always prints the same bytes.
    What becomes known after the close comes as a late line, what is taken back as a correction, in the next one.

    --match FILE sets our segments against the gateway's own count and its invoice, a CSV file with a row a message or a
    row a part; fields to map: reference, gateway_id, segments, price; --where Direction=outbound leaves other rows out.
    --match-total segments=1311,price=98.33 is for an invoice without rows. Exit code 3 if anything differs.

    --effect shows no bill, but the no-shows among appointments with a delivered text, another one and none: those of
    --month, or of the last year; where outcomes are imported.

    Example: smsreminders report --month 2026-10 --format csv --output october.csv
    """
    from smsreminders.cli.effect import show_effect
    from smsreminders.cli.match import MatchWords, show_match
    from smsreminders.cli.reading import read_month
    from smsreminders.cli.show.bill import closed_line
    from smsreminders.domain.bill.billing import Period
    from smsreminders.jobs.bill.show import bill as look

    run = invocation(context)
    words = MatchWords(match, match_total or (), mapping or (), where or (), gateway)
    _check_words(practice, output, close=close, force=force, match=words)
    if effect:
        if close or match or match_total or output:
            raise UsageError("--effect goes with --month, --practice and --format only")
        show_effect(run, read_month(month) if month else None, practice, output_format)
        return
    terms = run.settings.billing
    today = run.clock.now().astimezone(run.settings.schedule.zone).date()
    period = read_month(month) if month else Period.of(today).previous
    if match or match_total:
        raise typer.Exit(show_match(run, period, words, output_format))
    with run.database(read_only=not close) as db:
        is_new = close and _close(run, db, period, output_format, output, force=force)
        bill = look(db, period, practices_meant(db, practice, removed=True), terms, rehearsal=run.rehearsal)
    if is_new:
        run.say(closed_line(bill))
    if close and run.quiet and not output:
        return
    _show(run, bill, output_format, output)


def _show(run: Invocation, bill: "Bill", output_format: str, output: Path | None) -> None:
    """Write a bill in a format, to a file or to stdout."""
    from smsreminders.cli.files import put_in_place
    from smsreminders.cli.show.output import write, write_utf8

    text = _text(bill, output_format, run.view(), into_a_file=output is not None)
    if output:
        put_in_place(output, text)
    elif output_format in {"csv", "csv-nl"}:
        write_utf8(text)
    else:
        write(text)
    if output_format in {"csv", "csv-nl"}:
        _say_aside(run, bill)


def _check_new_close(
    run: Invocation, db: "Database", period: "Period", output: Path | None, output_format: str
) -> None:
    """Refuse to close a month that the guards of a run, a rehearsal or a file in its place stand against."""
    from smsreminders.cli.files import check_place
    from smsreminders.jobs.bill.close import refuse_rehearsed
    from smsreminders.jobs.bill.guard import begin_close
    from smsreminders.jobs.bill.show import bill

    begin_close(db, clock=run.clock)
    if run.rehearsal:
        refuse_rehearsed(db, period)
    if output:
        now = bill(db, period, practices_meant(db, None, removed=True), run.settings.billing)
        check_place(output, _text(now, output_format, run.view(), into_a_file=True))


def _say_aside(run: Invocation, bill: "Bill") -> None:
    """Say what a CSV file has no place for."""
    if bill.closed_at is None:
        run.say(f"{bill.period} is provisional: it is not closed.")
    if bill.rehearsal:
        run.say(f"{bill.period} is a rehearsal: the gateway sends nothing, and nobody owes anything for it.")


def _close(
    run: Invocation, db: "Database", period: "Period", output_format: str, output: Path | None, *, force: bool
) -> bool:
    """Close a month where the guards and the place of its file allow it; False where it was closed already.

    Terms that are otherwise than the last ones are told, with --quiet too where they change what is paid: nobody can
    undo it.
    """
    from smsreminders.cli.show.bill_formats import csv_of
    from smsreminders.jobs.bill.close import close_month, closed_month
    from smsreminders.jobs.bill.differences import changes_since_last

    terms, zone, news = run.settings.billing, run.settings.schedule.zone, []
    is_new = closed_month(db, period) is None
    if is_new:
        _check_new_close(run, db, period, output, output_format)
        news = changes_since_last(db, period, terms)
    close_month(db, period, terms=terms, zone=zone, force=force, as_csv=csv_of, clock=run.clock)
    for change in news:
        (run.warn if change.is_money else run.say)(f"{period}: {change.text}")
    return is_new


def _check_words(
    practice: str | None,
    output: Path | None,
    *,
    close: bool,
    force: bool,
    match: "MatchWords",
) -> None:
    """Refuse options that can't be meant together. Raises UsageError."""
    if close and practice:
        raise UsageError("a month is closed for all practices at once: leave out --practice")
    if force and not close:
        raise UsageError("--force goes with --close")
    if (match.mapping or match.where) and not match.file:
        raise UsageError("--map and --where go with --match")
    if match.gateway and not (match.file or match.total):
        raise UsageError("--gateway goes with --match or --match-total")
    if match.file and match.total:
        raise UsageError("say either --match or --match-total")
    if (match.file or match.total) and (practice or close or output):
        raise UsageError("an invoice is compared with all practices: leave out --practice, --close and --output")


def _text(bill: "Bill", output_format: str, view: "View", *, into_a_file: bool) -> str:
    """Write a bill in a format, for a person in their language; JSON on stdout in letters that it has."""
    from smsreminders.cli.show.bill import bill_text
    from smsreminders.cli.show.bill_formats import bill_row, dutch_csv, plain_csv
    from smsreminders.cli.show.output import json_text
    from smsreminders.cli.show.wrap import wrapped

    match output_format:
        case "csv":
            return plain_csv(bill)
        case "csv-nl":
            return dutch_csv(bill)
        case "json":
            return json_text(bill_row(bill), indent=2, any_letter=into_a_file) + "\n"
    text = bill_text(bill, view.language, view.zone)
    return text if into_a_file else wrapped(text, sys.stdout)
