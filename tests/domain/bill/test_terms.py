"""What is otherwise than on the closed bill before: told once, with the practices that it is about."""

from dataclasses import replace
from decimal import Decimal

import pytest

from smsreminders.domain.bill.billing import InvoiceLine, MoneyTerms, Period
from smsreminders.domain.bill.terms import BillTerms, Change, changes, terms_of
from smsreminders.domain.bill.totals import Total
from smsreminders.domain.legal import LegalDetails

NOVEMBER = Period(2026, 11)
HELD = MoneyTerms(Decimal("0.10"), Decimal(21), "EUR")


def a_line(practice: str = "linde", *, rate: str = "0.10", vat: str = "21", kind: str = "regular") -> InvoiceLine:
    about = (NOVEMBER, practice, practice.title(), "S", kind, NOVEMBER, 1, 1)
    return InvoiceLine(*about, Decimal(rate), Decimal(vat), Decimal("0.10"))


def made(*lines: InvoiceLine, held: MoneyTerms = HELD, **legal: str) -> BillTerms:
    codes = dict.fromkeys(line.practice for line in lines)
    totals = [Total(id_, code, code.title(), LegalDetails(**legal), ()) for id_, code in enumerate(codes)]
    return terms_of(held, lines, totals)


LINDE = made(a_line())


@pytest.mark.parametrize(
    ("now", "differences"),
    [
        (LINDE, []),
        (made(a_line(rate="0.100", vat="21.0")), []),
        (made(a_line("eik", rate="7")), []),
        (made(a_line(), a_line(rate="7", kind="late"), a_line(vat="9", kind="correction")), []),
        (made(a_line(rate="7", kind="late")), []),
        (made(a_line(rate="1.00")), [Change("rate: 1.00, on the last closed bill 0.10 (linde)", is_money=True)]),
        (
            made(a_line(), a_line(vat="9")),
            [Change("VAT: 21 and 9, on the last closed bill 21 (linde)", is_money=True)],
        ),
        (
            made(a_line(), held=replace(HELD, rate=Decimal(1), currency="USD", vat=Decimal(9))),
            [
                Change("currency: USD, on the last closed bill EUR", is_money=True),
                Change("configured rate: 1.00, on the last closed bill 0.10", is_money=True),
                Change("configured VAT: 9, on the last closed bill 21", is_money=True),
            ],
        ),
        (
            made(a_line(), kvk_number="12345678"),
            [Change("kvk number: 12345678, on the last closed bill none (linde)", is_money=False)],
        ),
    ],
)
def test_what_is_otherwise_is_told(now: BillTerms, differences: list[Change]) -> None:
    assert changes(LINDE, now) == differences


def test_one_change_of_many_practices_is_told_once() -> None:
    codes = ["a", "b", "c", "d", "e", "f", "g"]
    before, now = (made(*(a_line(code, rate=rate) for code in codes)) for rate in ("0.10", "0.12"))
    message = "rate: 0.12, on the last closed bill 0.10 (a, b, c, d, e and 2 more)"
    assert changes(before, now) == [Change(message, is_money=True)]


def test_as_many_practices_as_are_named_leave_no_more() -> None:
    before, now = (made(*(a_line(code, rate=rate) for code in "abcde")) for rate in ("0.10", "0.12"))
    assert [change.text for change in changes(before, now)] == [
        "rate: 0.12, on the last closed bill 0.10 (a, b, c, d, e)"
    ]
