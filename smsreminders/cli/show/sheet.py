"""CSV for programs, and for a Dutch Excel: text that a spreadsheet would run as a formula is guarded, numbers never."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from smsreminders.cli.show.columns import Row
from smsreminders.cli.show.dutch import HEADINGS, MONTHS, WORDS
from smsreminders.cli.show.values import plain

# What a spreadsheet takes as the beginning of a formula (CWE-1236): at the start of a cell, and wherever a program
# begins a new one that splits at another separator than ours, or knows no quotes.
_FORMULA = re.compile(r'(^|[,;\t\r\n])(?=[\t\r]|[ "]*[=+\-@])')
_PHONE = re.compile(r"\+[0-9]+")


def csv_text(rows: Iterable[Row], columns: Sequence[str]) -> str:
    """Write CSV with commas and a header."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([guarded(row[c], is_phone=c == "phone") for c in columns] for row in rows)
    return buffer.getvalue()


def dutch_csv_text(rows: Iterable[Row], columns: Sequence[str]) -> str:
    """Write CSV for a Dutch Excel: a BOM, Dutch headings, semicolons, decimal commas, CRLF, months that stay months.

    Excel makes a date of `2026-11` and of every other way to write a month with a separator, so it is `202611`.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADINGS.get(column, column) for column in columns)
    writer.writerows([_dutch(column, row[column]) for column in columns] for row in rows)
    return "\ufeff" + buffer.getvalue()


def guarded(value: object, *, is_phone: bool = False) -> str:
    """Write a cell of a CSV file; a phone number in full may begin with its plus."""
    text = plain(value)
    if isinstance(value, int | Decimal | date) or (is_phone and _PHONE.fullmatch(text)):
        return text
    return _FORMULA.sub(r"\1'", text)


def _dutch(column: str, value: object) -> str:
    if isinstance(value, Decimal):
        return plain(value).replace(".", ",")
    if column in MONTHS:
        return plain(value).replace("-", "")
    text = guarded(value, is_phone=column == "phone")
    return WORDS.get((column, text), text)
