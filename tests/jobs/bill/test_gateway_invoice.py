"""The gateway's invoice is read whole or not at all, and no error tells what stands in a cell."""

from decimal import Decimal
from pathlib import Path

import pytest

from smsreminders.domain.bill.invoiced import InvoiceRow
from smsreminders.errors import InputFileError, UsageError
from smsreminders.jobs.bill.gateway_invoice import read_invoice

FULL = [InvoiceRow(2, "r1", "g1", 2, Decimal("0.075")), InvoiceRow(3, None, "g2", 1, None)]


def a_file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "invoice.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    "text",
    [
        "reference,gateway_id,segments,price\nr1,g1,2,0.075\n,g2,1,\n",
        "Reference;GATEWAY_ID;segments;price\r\nr1;g1;2;0,075\r\n;g2;1;\r\n",
        'price\tsegments\t"reference"\tgateway_id\tmsisdn\n0.075\t2\tr1\tg1\t+31600000000\n\t1\t\tg2\t\n',
    ],
    ids=["commas", "semicolons", "tabs"],
)
def test_it_is_read_in_whatever_encoding_delimiter_and_order(tmp_path: Path, text: str, encoding: str) -> None:
    assert read_invoice(a_file(tmp_path, text, encoding), {}, {}).rows == FULL


def test_other_names_are_mapped_and_a_blank_row_is_none(tmp_path: Path) -> None:
    path = a_file(tmp_path, "Id,Aantal delen,Kosten\n\ng1,1,-0.01\n,,\n")
    mapped = {"gateway_id": "id", "segments": "Aantal Delen", "price": "Kosten"}
    assert read_invoice(path, mapped, {}).rows == [InvoiceRow(3, None, "g1", 1, Decimal("-0.01"))]


@pytest.mark.parametrize(
    ("text", "mapped", "message"),
    [
        ("segments\n1\n", {}, 'no column "reference": there are segments; name the file\'s own with --map reference='),
        (
            "reference,segments\nr1,1\n",
            {"price": "Kosten"},
            'no column "Kosten" (mapped to price): there are reference',
        ),
        ("reference,segments,segments\nr1,1,1\n", {}, 'the column "segments" stands there 2 times'),
        ("reference,segments\n,1\n", {}, "no row that counts has our reference or the gateway's id"),
        (
            "reference,segments\nr1,canary\nr2,1\nr3,-1\n",
            {},
            "line 2: segments is no whole number; line 4: segments is",
        ),
        ("reference,segments\nr1\n", {}, "line 2: the row has 1 cells, the header 2"),
        ("reference,segments\nr1,٣\n", {}, "line 2: segments is no whole number"),
        ("reference,segments,price\nr1,1,€ canary\n", {}, "line 2: price is no amount"),
        ("reference,segments\n" + "r,x\n" * 7, {}, "line 6: segments is no whole number; and 2 more"),
        ('reference,segments\n"r1,1\n', {}, "a quote that opens at or before line 2 is never closed"),
        ("\ufeff", {}, "no line with the names of the columns"),
        ("", {}, "the file is empty"),
    ],
)
def test_what_can_not_be_used_is_refused_as_a_whole(
    tmp_path: Path, text: str, mapped: dict[str, str], message: str
) -> None:
    with pytest.raises(InputFileError) as raised:
        read_invoice(a_file(tmp_path, text), mapped, {})
    assert message in str(raised.value)
    assert "canary" not in str(raised.value)


def test_a_field_that_there_is_not_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match='an invoice has no field "phone" to map'):
        read_invoice(a_file(tmp_path, "reference,segments\n"), {"phone": "msisdn"}, {})


REALISTIC = """\
Factuur;november 2026;;;
Klant: Tandarts Linde
;;;;

Kenmerk;Richting;Delen;Kosten;Opmerking
r1;uit;1,0;"€ 0,075";
r2;uit;2,0;"€ 0,15";
r3;in;1,0;"€ 0,00";
;;4;"€ 0,225";zonder kenmerk
Totaal;;4;"€ 0,225";
"""
NAMES = {"reference": "Kenmerk", "segments": "Delen", "price": "Kosten"}


def test_titles_totals_and_rows_that_came_in_are_left_out(tmp_path: Path) -> None:
    invoice = read_invoice(a_file(tmp_path, REALISTIC), NAMES, {"Richting": {"uit"}})
    assert invoice.rows == [
        InvoiceRow(6, "r1", None, 1, Decimal("0.075")),
        InvoiceRow(7, "r2", None, 2, Decimal("0.15")),
    ]
    assert (invoice.left_out, invoice.has_segments, invoice.has_price) == ([9, 10], True, True)


def test_without_a_column_of_segments_it_is_said(tmp_path: Path) -> None:
    invoice = read_invoice(a_file(tmp_path, "Invoice\n\nreference,price\nr1,0.075\n"), {}, {})
    assert invoice.rows == [InvoiceRow(4, "r1", None, None, Decimal("0.075"))]
    assert (invoice.has_segments, invoice.has_price) == (False, True)


@pytest.mark.parametrize("word", ["Totaal", "totaal excl. btw", "TOTAL", "Subtotaal", "Grand total", "Som"])
def test_a_word_for_a_total_is_no_id(tmp_path: Path, word: str) -> None:
    invoice = read_invoice(a_file(tmp_path, f"reference,segments\nr1,1\n{word},1\n"), {}, {})
    assert ([row.reference for row in invoice.rows], invoice.left_out) == (["r1"], [3])


def test_a_condition_on_a_column_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match='no column "Direction"'):
        read_invoice(a_file(tmp_path, REALISTIC), NAMES, {"Direction": {"out"}})
