"""The gateway's invoice: a CSV file -> its rows. Every row must be understood, or its sums would mean nothing."""

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from smsreminders.domain.matching import InvoiceRow
from smsreminders.errors import InputFileError, UsageError, did_you_mean
from smsreminders.importers.columns import find_columns
from smsreminders.importers.csv import read_rows
from smsreminders.importers.table import find_header

FIELDS = ("reference", "gateway_id", "segments", "price")
_SEGMENTS = re.compile(r"[0-9]{1,3}")
_PRICE = re.compile(r"-?[0-9]{1,6}([.,][0-9]{1,8})?")
_SHOWN = 5  # bad rows in an error


def read_invoice(path: Path, mapped: Mapping[str, str]) -> list[InvoiceRow]:
    """Read the rows of an invoice; `mapped` gives the file's own names of the columns, by field.

    Raises UsageError for a field that there isn't, InputFileError for a file that can't be used as a whole: no text,
    a column that is missing, a row that can't be understood. No cell is ever shown, for it may be a number or a name.
    """
    for field in mapped:
        if field not in FIELDS:
            raise UsageError(f'an invoice has no field "{field}" to map: {did_you_mean(field, FIELDS)}')
    wanted = {field: (mapped.get(field, field),) for field in FIELDS}
    rows = read_rows(path, wanted)
    header = find_header(rows)
    columns = find_columns(path, header, ["segments"], wanted)
    if "gateway_id" not in columns.places:
        columns = find_columns(path, header, ["segments", "reference"], wanted)
    filled = [(line, cells) for line, cells in rows if any(map(str.strip, cells))]
    read = [(line, columns.misfit(cells) or _row(line, columns.texts(cells))) for line, cells in filled]
    if bad := [f"line {line}: {row}" for line, row in read if isinstance(row, str)]:
        more = f"; and {len(bad) - _SHOWN} more" if len(bad) > _SHOWN else ""
        raise InputFileError(f"{path}: {'; '.join(bad[:_SHOWN])}{more}")
    return [row for _, row in read if isinstance(row, InvoiceRow)]


def _row(line: int, texts: Mapping[str, str]) -> InvoiceRow | str:
    """Read a row from its texts by field, or say why it can't be understood."""
    reference, gateway_id = texts.get("reference") or None, texts.get("gateway_id") or None
    segments, price = texts["segments"], texts.get("price", "")
    if reference is None and gateway_id is None:
        return "neither our reference nor the gateway's id"
    if not _SEGMENTS.fullmatch(segments) or not segments.isascii():
        return "segments is no whole number"
    if price and not (_PRICE.fullmatch(price) and price.isascii()):
        return "price is no amount"
    return InvoiceRow(line, reference, gateway_id, int(segments), Decimal(price.replace(",", ".")) if price else None)
