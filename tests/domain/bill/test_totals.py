"""Totals: sums of lines, VAT once for each VAT rate."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.bill.billing import InvoiceLine, Period, vat_on
from smsreminders.domain.bill.totals import Document, Total, VatSum, totals_of
from smsreminders.domain.practices import Practice

PERIOD = Period(2026, 11)
LINDE, EIK = Practice(1, "linde", "De Linde", "Linde"), Practice(2, "eik", "De Eik", "Eik")


def a_line(amount: str, vat_rate: str = "21", practice: Practice = LINDE) -> InvoiceLine:
    about = (PERIOD, practice.code, practice.name, "S", "regular", PERIOD, 1, 1, Decimal("0.10"))
    return InvoiceLine(*about, Decimal(vat_rate), Decimal(amount))


def test_vat_is_taken_once_on_the_sum_of_each_rate() -> None:
    lines = [a_line("0.50"), a_line("1.00", "9"), a_line("0.50"), a_line("0.50", "9")]
    (total,) = totals_of(lines, [EIK, LINDE])
    assert total == Total(
        1,
        "linde",
        "De Linde",
        LINDE.legal,
        (
            VatSum(Decimal(9), Decimal("1.50"), Decimal("0.14")),
            VatSum(Decimal(21), Decimal("1.00"), Decimal("0.21")),
        ),
    )
    assert (total.amount, total.vat, total.with_vat) == (Decimal("2.50"), Decimal("0.35"), Decimal("2.85"))


@pytest.mark.parametrize(
    ("amounts", "document"),
    [
        (["0.10"], Document.INVOICE),
        (["0.00"], Document.INVOICE),
        (["-0.10", "0.20"], Document.INVOICE),
        (["-0.20", "0.10"], Document.CREDIT_NOTE),
        (["-0.01"], Document.CREDIT_NOTE),
    ],
)
def test_a_bill_that_is_negative_as_a_whole_is_a_credit_note(amounts: list[str], document: Document) -> None:
    (total,) = totals_of([a_line(amount) for amount in amounts], [LINDE])
    assert total.document is document


@pytest.mark.parametrize("practices", [[], [EIK]])
def test_a_practice_without_a_line_has_no_total(practices: list[Practice]) -> None:
    assert totals_of([a_line("0.50")], practices) == []


LINES = st.lists(
    st.builds(
        a_line,
        st.integers(-999, 9999).map(lambda cents: str(Decimal(cents) / 100)),
        st.sampled_from(["0", "9", "21"]),
        st.sampled_from([LINDE, EIK]),
    )
)


@given(LINES)
def test_totals_are_sums_of_lines_in_whatever_order(lines: list[InvoiceLine]) -> None:
    totals = totals_of(lines, [EIK, LINDE])
    assert totals == totals_of(lines[::-1], [EIK, LINDE])
    for total in totals:
        own = [line for line in lines if line.practice == total.practice]
        assert total.amount == sum((line.amount for line in own), Decimal(0))
        assert {vat_sum.vat_rate for vat_sum in total.sums} == {line.vat_rate for line in own}
        for vat_sum in total.sums:
            assert vat_sum.vat == vat_on(
                sum((line.amount for line in own if line.vat_rate == vat_sum.vat_rate), Decimal(0)), vat_sum.vat_rate
            )


def test_the_words_for_what_the_bookkeeping_makes_of_a_bill_are_these() -> None:
    assert list(Document) == ["invoice", "credit_note"]
