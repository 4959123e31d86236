"""`report --match`: a month against the gateway's invoice."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from smsreminders.cli.context import Invocation
from smsreminders.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Collection

    from smsreminders.domain.bill.billing import Period
    from smsreminders.domain.bill.matching import Side
    from smsreminders.domain.round.sending import AccountName
    from smsreminders.jobs.bill.gateway_invoice import Invoice

_NEXT_FIELD = re.compile(r", *(?=[a-z_]+=)")
_SHOWN = 10  # lines that are left out, by number


@dataclass(frozen=True, slots=True)
class MatchWords:
    """What `--match` or `--match-total` and the options that go with them say."""

    file: Path | None = None
    total: Sequence[str] = ()
    mapping: Sequence[str] = ()
    where: Sequence[str] = ()
    gateway: str | None = None


def show_match(run: Invocation, period: "Period", words: MatchWords, output_format: str) -> ExitCode:
    """Match a month with the gateway's invoice and show what differs.

    Of a row that we don't know only its line is told: its cells may hold a number.
    """
    from smsreminders.cli.show.columns import View
    from smsreminders.cli.show.form import form_of
    from smsreminders.cli.show.match import DIFFERENCES, SUMS, match_row, sides
    from smsreminders.cli.show.output import show_all, show_json
    from smsreminders.jobs.bill.match import match_month

    account = _account(run, period, words.gateway)
    if words.file is None:
        return _show_total(run, period, _read_total(words.total), account, output_format)
    invoice = _read_rows(words.file, words)
    with run.database(read_only=True) as db:
        match = match_month(db, period, invoice.rows, account=account)
    differences = match.differences
    if output_format == "json":
        show_json(match_row(match, period, account, invoice))
    else:
        form = form_of(as_csv=output_format == "csv", as_csv_nl=output_format == "csv-nl", whole=True)
        if differences or output_format != "table":
            show_all(form.take(differences), DIFFERENCES, View(), form, say=run.say)
        if output_format == "table":
            show_all(form.take(sides(match)), SUMS, View(), form, say=run.say)
    _say_what_is_compared(run, invoice)
    if differences:
        run.say(f"{len(differences)} differences between our notifications of {period} and the invoice of {account}.")
    return ExitCode.PARTLY if differences else ExitCode.OK


def _read_rows(file: Path, words: MatchWords) -> "Invoice":
    """Read an invoice with a row a message or a part, as `--map` and `--where` say. Raises what `read_invoice` does."""
    from smsreminders.jobs.bill.gateway_invoice import read_invoice

    where: dict[str, set[str]] = {}
    for column, value in _pairs("--where", words.where, like="Direction=out"):
        where.setdefault(column, set()).add(value.casefold())
    return read_invoice(file, dict(_pairs("--map", words.mapping, like="segments=Parts")), where)


def _show_total(
    run: Invocation, period: "Period", invoice: "Side", account: "AccountName", output_format: str
) -> ExitCode:
    """Compare the sums of an invoice that has no more than those."""
    from smsreminders.cli.show.columns import View
    from smsreminders.cli.show.form import form_of
    from smsreminders.cli.show.match import SUMS, total_row
    from smsreminders.cli.show.output import show_all, show_json
    from smsreminders.domain.bill.matching import sums_that_differ
    from smsreminders.jobs.bill.match import our_side

    with run.database(read_only=True) as db:
        ours = our_side(db, period, account=account)
    differ = sums_that_differ(ours, invoice)
    if output_format == "json":
        show_json(total_row(ours, invoice, differ, period, account))
    else:
        form = form_of(as_csv=output_format == "csv", as_csv_nl=output_format == "csv-nl", whole=True)
        show_all(form.take([("ours", ours), ("invoice", invoice)]), SUMS, View(), form, say=run.say)
    if differ:
        run.say(f"The {' and '.join(differ)} of {period} differ from those of the invoice of {account}.")
    return ExitCode.PARTLY if differ else ExitCode.OK


def _account(run: Invocation, period: "Period", asked: str | None) -> "AccountName":
    """Choose whose invoice it is: that of the account or gateway of this name, else the configuration's.

    Raises UsageError where there is none of this name, or more than one.
    """
    from smsreminders.store.bill.matching import accounts_in

    with run.database(read_only=True) as db:
        used = accounts_in(db, period)
    chosen = _named(run, asked, used) if asked else _usual(run, used)
    if used and chosen not in used:
        by_account = ", ".join(f"{count} by {name}" for name, count in used.items())
        run.say(
            f"Nothing of {period} went by {chosen}, but {by_account}: say --gateway NAME if it is that one's invoice."
        )
    return chosen


def _named(run: Invocation, asked: str, used: "Collection[AccountName]") -> "AccountName":
    from smsreminders.domain.round.sending import AccountName
    from smsreminders.errors import did_you_mean
    from smsreminders.gateways.by_name import names

    known = {*used, *run.accounts.readable()}
    fitting = [name for name in known if asked == (name.account or name.gateway)]
    fitting = fitting or [name for name in known if asked == name.gateway]
    if len(fitting) > 1:
        accounts = ", ".join(sorted(name.account for name in fitting))
        raise UsageError(f"there are several accounts at {asked}: say which with --gateway NAME, of {accounts}")
    if not fitting and asked not in names():
        words = {*names(), *(word for name in known for word in (name.account, name.gateway) if word)}
        raise UsageError(f'there is no gateway "{asked}": {did_you_mean(asked, words)}')
    return fitting[0] if fitting else AccountName(asked)


def _usual(run: Invocation, used: "Collection[AccountName]") -> "AccountName":
    """Choose the account of `[gateway]`, else the only one that is configured or was in use."""
    configured = run.accounts.readable()
    main = [name for name in configured if not name.account]
    for choice in (main, list(used), configured):
        if len(choice) == 1:
            return choice[0]
    raise UsageError("there are several accounts: say whose invoice it is with --gateway NAME")


def _say_what_is_compared(run: Invocation, invoice: "Invoice") -> None:
    if not invoice.has_segments:
        price = " and price" if invoice.has_price else ""
        run.say(
            f"The invoice has no column for segments (--map segments=COLUMN): only presence{price} can be compared."
        )
    if invoice.left_out:
        lines = ", ".join(map(str, invoice.left_out[:_SHOWN])) + (" ..." if len(invoice.left_out) > _SHOWN else "")
        run.say(f"Left out as titles or totals, for they have no id: {len(invoice.left_out)} rows (lines {lines}).")


def _read_total(words: Sequence[str]) -> "Side":
    """Read the sums of an invoice: of messages, segments, price. Raises UsageError."""
    from smsreminders.domain.bill.invoiced import read_price
    from smsreminders.domain.bill.matching import Side

    sums = dict(_pairs("--match-total", words, like="segments=1311"))
    for name, text in sums.items():
        fits = read_price(text) is not None if name == "price" else text.isascii() and text.isdigit()
        if name not in {"messages", "segments", "price"} or not fits:
            raise UsageError(f'--match-total "{name}={text}": write messages=1200,segments=1311,price=98.33')
    messages, segments = (int(sums[name]) if name in sums else None for name in ("messages", "segments"))
    return Side(messages, segments, read_price(sums.get("price", "")))


def _pairs(option: str, words: Sequence[str], *, like: str) -> list[tuple[str, str]]:
    """Read NAME=VALUE, given several times or with commas between; a name or value may have a comma too."""
    pairs = []
    for word in (part for given in words for part in _NEXT_FIELD.split(given)):
        name, separator, value = word.partition("=")
        if not (separator and name.strip() and value.strip()):
            form = "FIELD=COLUMN" if option == "--map" else "NAME=VALUE"
            raise UsageError(f'{option} "{word}": write {form}, like {like}')
        pairs.append((name.strip(), value.strip()))
    return pairs
