"""What the three-way match found, as it is shown: the messages that differ, and the sums of the three sides."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smsreminders.cli.context import Invocation
from smsreminders.errors import UsageError

if TYPE_CHECKING:
    from smsreminders.domain.billing import Period
    from smsreminders.domain.matching import Difference, Match, Side

PARTLY = 3
_NEXT_FIELD = re.compile(r", *(?=[a-z_]+=)")
KEYS = ("difference", "notification", "reference", "status", "line", "ours", "gateway", "invoice", "price")
SUMS = ("side", "messages", "segments", "price")


def show_match(run: Invocation, period: "Period", path: Path, mapping: list[str], output_format: str) -> int:
    """Match a month with the gateway's invoice and show what differs; the exit code.

    Of a row that we don't know only its line is told: its cells may hold a number.
    """
    from smsreminders.cli.show.output import show_json, show_list
    from smsreminders.jobs.bill.gateway_invoice import read_invoice
    from smsreminders.jobs.bill.match import match_month

    gateway = run.settings.gateway.name
    invoice = read_invoice(path, _mapped(mapping))
    with run.database(read_only=True) as db:
        found = match_month(db, period, invoice, gateway=gateway)
    rows = [_row(one) for one in found.differences]
    sums = _sums(found)
    if output_format == "json":
        by_side = {one["side"]: {key: one[key] for key in SUMS[1:]} for one in sums}
        show_json({"period": str(period), "gateway": gateway, "differences": rows, "sums": by_side})
    elif output_format == "csv":
        show_list(rows, KEYS, as_csv=True)
    else:
        if rows:
            show_list(rows, KEYS)
        show_list(sums, SUMS)
    if rows:
        run.say(f"{len(rows)} differences between our notifications of {period} and the invoice of {gateway}.")
    return PARTLY if rows else 0


def _mapped(mapping: list[str]) -> dict[str, str]:
    """FIELD=COLUMN as often as it is given, or several with commas between them; a column may have one in its name."""
    mapped = {}
    for word in (part for words in mapping for part in _NEXT_FIELD.split(words)):
        field, separator, column = word.partition("=")
        if not (separator and field.strip() and column.strip()):
            raise UsageError(f'--map "{word}": write FIELD=COLUMN, like segments=Parts')
        mapped[field.strip()] = column.strip()
    return mapped


def _row(one: "Difference") -> dict[str, Any]:
    own, row = one.own, one.row
    return {
        "difference": one.why,
        "notification": own.id if own else None,
        "reference": own.reference if own else None,
        "status": own.status if own else None,
        "line": row.line if row else None,
        "ours": own.segments if own else None,
        "gateway": own.gateway_segments if own else None,
        "invoice": row.segments if row else None,
        "price": row.price if row else None,
    }


def _sums(found: "Match") -> list[dict[str, Any]]:
    def line(name: str, side: "Side") -> dict[str, Any]:
        return {"side": name, "messages": side.messages, "segments": side.segments, "price": side.price}

    return [line("ours", found.ours), line("gateway", found.counted), line("invoice", found.invoice)]
