"""The gateway's invoice: a CSV file -> its rows. Every row must be understood, or its sums would mean nothing."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from smsreminders.domain.bill.invoiced import InvoiceRow, read_price
from smsreminders.errors import InputFileError, UsageError, did_you_mean
from smsreminders.importers.columns import Columns, count_known, find_columns
from smsreminders.importers.csv import read_rows
from smsreminders.importers.wanted import Wanted

FIELDS = ("reference", "gateway_id", "segments", "price")
_SEGMENTS = re.compile(r"([0-9]{1,3})([.,]0{1,4})?", re.ASCII)
_TOTALS = re.compile(r"(sub|eind|grand |sub-|sub )?tota(a)?l.*|tota(a)?l.*|som|sum", re.IGNORECASE)
_TITLES = 20  # rows that may stand before the header
_SHOWN = 5  # bad rows in an error
Line = tuple[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Invoice:
    """The rows of an invoice, the lines that are titles or totals, and whether it tells segments and prices."""

    rows: list[InvoiceRow]
    left_out: list[int]
    has_segments: bool
    has_price: bool


def read_invoice(path: Path, mapped: Mapping[str, str], where: Mapping[str, Collection[str]]) -> Invoice:
    """Read the rows of an invoice; `mapped` gives the file's own names of the columns, by field.

    Only rows count that have one of the values of `where` in each of its columns. Titles before the header, and rows
    without an id or with a word for a total in its place, are left out. Raises UsageError for a field that there
    isn't, InputFileError for a file that can't be used as a whole: no text, a column that is missing, a row that can't
    be understood. No cell is ever shown, for it may be a number or a name.
    """
    for field in mapped:
        if field not in FIELDS:
            raise UsageError(f'an invoice has no field "{field}" to map: {did_you_mean(field, FIELDS)}')
    names = {field: (mapped.get(field, field),) for field in FIELDS}
    columns, lines = _table(path, Wanted(names | {_condition(column): (column,) for column in where}))
    rows: list[InvoiceRow] = []
    left_out: list[int] = []
    bad: list[str] = []
    for line, cells in lines:
        texts = columns.texts([*cells, *[""] * (len(columns.headers) - len(cells))])
        if _is_no_row(texts):
            left_out.append(line)
        elif all(texts[_condition(column)].casefold() in values for column, values in where.items()):
            row = columns.misfit(cells) or _row(line, texts)
            if isinstance(row, InvoiceRow):
                rows.append(row)
            else:
                bad.append(f"line {line}: {row}")
    if bad:
        more = f"; and {len(bad) - _SHOWN} more" if len(bad) > _SHOWN else ""
        raise InputFileError(f"{path}: {'; '.join(bad[:_SHOWN])}{more}")
    if left_out and not rows:
        raise InputFileError(f"{path}: no row that counts has our reference or the gateway's id")
    return Invoice(rows, left_out, "segments" in columns.places, "price" in columns.places)


def _table(path: Path, wanted: Wanted) -> tuple[Columns, Iterable[Line]]:
    """Find the header, which may have titles before it; the rows after it that aren't blank."""
    rows = (row for row in read_rows(path, wanted, titles=_TITLES) if any(map(str.strip, row[1])))
    first = list(islice(rows, _TITLES + 1))
    known = [count_known(cells, wanted) for _, cells in first]
    at = known.index(max(known, default=0)) if known else 0
    header = first[at][1] if first else ()
    columns = find_columns(path, header, wanted)
    if "gateway_id" not in columns.places:
        columns = find_columns(path, header, replace(wanted, required=["reference"]))
    return columns, chain(first[at + 1 :], rows)


def _condition(column: str) -> str:
    return f"--where {column}"


def _is_no_row(texts: Mapping[str, str]) -> bool:
    """Tell whether a row is of no message: it has no id, or a word for a total in its place."""
    ids = [text for field in ("reference", "gateway_id") if (text := texts.get(field))]
    return not ids or all(_TOTALS.fullmatch(text) for text in ids)


def _row(line: int, texts: Mapping[str, str]) -> InvoiceRow | str:
    """Read a row from its texts by field, or say why it can't be understood."""
    reference, gateway_id = texts.get("reference") or None, texts.get("gateway_id") or None
    segments = _SEGMENTS.fullmatch(texts["segments"]) if "segments" in texts else None
    if "segments" in texts and segments is None:
        return "segments is no whole number"
    price = read_price(texts["price"]) if texts.get("price") else None
    if texts.get("price") and price is None:
        return "price is no amount"
    return InvoiceRow(line, reference, gateway_id, int(segments[1]) if segments else None, price)
