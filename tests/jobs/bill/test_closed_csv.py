"""The CSV of a closed month is read back whole or not at all."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.cli.show.bill_formats import csv_of
from smsreminders.domain.bill.billing import InvoiceLine, Period, to_cents
from smsreminders.domain.bill.totals import Total
from smsreminders.domain.legal import LegalDetails
from smsreminders.errors import InputFileError
from smsreminders.jobs.bill.closed_csv import read_closed_csv

HEADER = (
    "period,practice,practice_name,service,kind,usage_month,notifications,segments,rate,amount,currency,"
    "vat_rate,buyer_reference"
)
LINE = "2026-11,linde,De Linde,Notificaties,regular,2026-11,2,3,0.10,0.30,EUR,21,"
OCTOBER, NOVEMBER = Period(2026, 10), Period(2026, 11)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=12)


@st.composite
def made(draw: st.DrawFn) -> InvoiceLine:
    kind = draw(st.sampled_from(["regular", "late", "correction"]))
    sign = -1 if kind == "correction" else 1
    rate = Decimal(draw(st.integers(1, 9_999_999))) / 10_000
    segments = sign * draw(st.integers(1, 99_999))
    name, service = draw(TEXTS), draw(TEXTS)
    month = NOVEMBER if kind == "regular" else OCTOBER
    about = (NOVEMBER, draw(st.sampled_from(["linde", "eik"])), name, service, kind, month, sign, segments)
    return InvoiceLine(*about, rate, Decimal(draw(st.integers(0, 1_000_000))) / 10_000, to_cents(segments * rate))


@given(st.lists(made(), min_size=1, max_size=5), TEXTS)
def test_what_was_written_is_read_and_written_again_with_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, lines: list[InvoiceLine], reference: str
) -> None:
    legal = LegalDetails(buyer_reference=reference)
    text = csv_of(lines, [Total(1, code, "", legal, ()) for code in ("linde", "eik")], "EUR")
    file = tmp_path_factory.mktemp("bill") / "bill.csv"
    file.write_bytes(text.encode())
    closed_csv = read_closed_csv(file)
    totals = [
        Total(1, code, "", LegalDetails(buyer_reference=name), ()) for code, name in closed_csv.references.items()
    ]
    assert (closed_csv.text, closed_csv.period, closed_csv.currency) == (text, NOVEMBER, "EUR")
    assert csv_of(closed_csv.lines, totals, "EUR") == text
    money = [(line.kind, line.segments, line.rate, line.vat_rate, line.amount) for line in closed_csv.lines]
    assert money == [(line.kind, line.segments, line.rate, line.vat_rate, line.amount) for line in lines]


def test_a_month_without_a_line_has_no_name(tmp_path: Path) -> None:
    file = tmp_path / "bill.csv"
    file.write_text(f"{HEADER}\n")
    closed_csv = read_closed_csv(file)
    assert (closed_csv.period, closed_csv.currency, closed_csv.lines) == (None, None, [])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"{HEADER}\n{LINE.replace('0.30', '0.31')}\n", "line 2 is none of a closed month's CSV"),
        (f"{HEADER}\n{LINE}\n{LINE.replace(',3,', ',-3,').replace('0.30', '-0.30')}\n", "line 3 is none"),
        (f"{HEADER}\n{LINE.replace('regular', 'gewoon')}\n", "line 2 is none"),
        (f"{HEADER}\n{LINE.replace('2026-11', '2026-13')}\n", "line 2 is none"),
        (f"{HEADER}\n{LINE.replace('0.10', 'NaN')}\n", "line 2 is none"),
        (f"{HEADER}\n{LINE.replace('EUR', 'euro')}\n", "line 2 is none"),
        (f"{HEADER}\nlinde\n", "line 2 is none"),
        (f"{HEADER.replace(',', ';')}\n{LINE.replace(',', ';')}\n", "has not the columns of a closed month's CSV"),
        ("", "has not the columns"),
        (f"{HEADER}\n{LINE}\n{LINE.replace('2026-11,linde', '2026-10,linde')}\n", "has more than one month"),
        (f"{HEADER}\n{LINE}\n{LINE.replace('EUR', 'USD')}\n", "has more than one month or currency"),
    ],
)
def test_what_is_no_bill_is_refused(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "bill.csv"
    file.write_text(text)
    with pytest.raises(InputFileError, match=why):
        read_closed_csv(file)


def test_what_can_not_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bill.csv").write_bytes(b"\xff\xfe")
    for name, why in (("nowhere.csv", "can't be read"), ("bill.csv", "is no UTF-8")):
        with pytest.raises(InputFileError, match=why):
            read_closed_csv(tmp_path / name)
