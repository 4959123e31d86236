"""`report --match`: a month against the gateway's invoice."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from smsreminders.cli.context import Invocation
from smsreminders.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from smsreminders.domain.billing import Period

_NEXT_FIELD = re.compile(r", *(?=[a-z_]+=)")


def show_match(run: Invocation, period: "Period", path: Path, mapping: list[str], output_format: str) -> ExitCode:
    """Match a month with the gateway's invoice and show what differs.

    Of a row that we don't know only its line is told: its cells may hold a number.
    """
    from smsreminders.cli.show.columns import View
    from smsreminders.cli.show.form import form_of
    from smsreminders.cli.show.match import DIFFERENCES, SUMS, match_row, sides
    from smsreminders.cli.show.output import show_all, show_json
    from smsreminders.jobs.bill.gateway_invoice import read_invoice
    from smsreminders.jobs.bill.match import match_month

    gateway = run.settings.gateway.name
    invoice = read_invoice(path, _mapped(mapping))
    with run.database(read_only=True) as db:
        match = match_month(db, period, invoice, gateway=gateway)
    differences = match.differences
    if output_format == "json":
        show_json(match_row(match, period, gateway))
    else:
        form = form_of(as_csv=output_format == "csv", as_csv_nl=output_format == "csv-nl", whole=True)
        if differences or output_format != "table":
            show_all(form.take(differences), DIFFERENCES, View(), form, say=run.say)
        if output_format == "table":
            show_all(form.take(sides(match)), SUMS, View(), form, say=run.say)
    if differences:
        run.say(f"{len(differences)} differences between our notifications of {period} and the invoice of {gateway}.")
    return ExitCode.PARTLY if differences else ExitCode.OK


def _mapped(mapping: list[str]) -> dict[str, str]:
    """Read FIELD=COLUMN, given several times or with commas between; the name of a column may have a comma too."""
    mapped = {}
    for word in (part for words in mapping for part in _NEXT_FIELD.split(words)):
        field, separator, column = word.partition("=")
        if not (separator and field.strip() and column.strip()):
            raise UsageError(f'--map "{word}": write FIELD=COLUMN, like segments=Parts')
        mapped[field.strip()] = column.strip()
    return mapped
