"""The gateway's invoice: a CSV file -> its rows. Every row must be understood, or its sums would mean nothing."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from smsreminders.domain.matching import InvoiceRow
from smsreminders.errors import InputFileError, UsageError, did_you_mean
from smsreminders.importers.text import find_text

FIELDS = ("reference", "gateway_id", "segments", "price")
_DELIMITERS = ";,\t"
_SEGMENTS = re.compile(r"[0-9]{1,3}")
_PRICE = re.compile(r"-?[0-9]{1,6}([.,][0-9]{1,8})?")
_TOLD = 5  # bad rows in an error
_LONGEST = 10_000  # characters of a header line


def read_invoice(path: Path, mapped: Mapping[str, str]) -> list[InvoiceRow]:
    """The rows of a file; `mapped` gives the file's own names of the columns, by field.

    Raises UsageError for a field that there isn't, InputFileError for a file that can't be used as a whole: no text,
    a column that is missing, a row that can't be understood. No cell is ever told, for it may be a number or a name.
    """
    for field in mapped:
        if field not in FIELDS:
            raise UsageError(f'an invoice has no field "{field}" to map: {did_you_mean(field, FIELDS)}')
    names = {field: mapped.get(field, field).casefold() for field in FIELDS}
    text = "".join(find_text(path).lines())
    delimiter = max(_DELIMITERS, key=lambda one: len(_header(text, one) & set(names.values())))
    lines = _lines(path, text, delimiter)
    header = [cell.strip().casefold() for cell in next(lines, (0, []))[1]]
    places = {field: header.index(name) for field, name in names.items() if name in header}
    _check_columns(path, mapped, places, header)
    rows: list[InvoiceRow] = []
    bad = []
    for line, cells in lines:
        row = _row(line, {field: cells[at].strip() if at < len(cells) else "" for field, at in places.items()})
        if isinstance(row, InvoiceRow):
            rows.append(row)
        else:
            bad.append(f"line {line}: {row}")
    if bad:
        more = f"; and {len(bad) - _TOLD} more" if len(bad) > _TOLD else ""
        raise InputFileError(f"{path}: {'; '.join(bad[:_TOLD])}{more}")
    return rows


def _header(text: str, delimiter: str) -> set[str]:
    """The names that the first line would have with this delimiter."""
    first = text.lstrip()[:_LONGEST].splitlines()[:1]
    return {cell.strip().strip('"').casefold() for line in first for cell in line.split(delimiter)}


def _lines(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that isn't blank, with the line where it ends."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise InputFileError(f"{path}: line {reader.line_num} is no CSV ({error})") from error


def _check_columns(path: Path, mapped: Mapping[str, str], places: Mapping[str, int], header: Sequence[str]) -> None:
    lacking = [field for field in mapped if field not in places]
    if "segments" not in places:
        lacking.append("segments")
    if "reference" not in places and "gateway_id" not in places:
        lacking.append("reference")
    if lacking:
        fields = list(dict.fromkeys(lacking))
        hint = " ".join(f"--map {field}=COLUMN" for field in fields)
        raise InputFileError(f"{path}: no column for {', '.join(fields)} among {len(header)}: say {hint}")
    twice = [field for field, place in places.items() if header.count(header[place]) > 1]
    if twice:
        raise InputFileError(f"{path}: the column for {', '.join(twice)} stands there more than once")


def _row(line: int, cells: Mapping[str, str]) -> InvoiceRow | str:
    """The row, or why it can't be understood."""
    reference, gateway_id = cells.get("reference") or None, cells.get("gateway_id") or None
    segments, price = cells["segments"], cells.get("price", "")
    if reference is None and gateway_id is None:
        return "neither our reference nor the gateway's id"
    if not _SEGMENTS.fullmatch(segments) or not segments.isascii():
        return "segments is no whole number"
    if price and not (_PRICE.fullmatch(price) and price.isascii()):
        return "price is no amount"
    return InvoiceRow(line, reference, gateway_id, int(segments), Decimal(price.replace(",", ".")) if price else None)
