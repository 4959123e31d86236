"""The three-way match: what differs is told, and what is told explains the difference of the sums."""

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.bill.invoiced import InvoiceRow, Own, put_together, read_price, usual_price
from smsreminders.domain.bill.matching import Difference, Side, Why, match, sums_that_differ


def own(number: int = 1, segments: int = 1, *, counted: int | None = None, expected: bool = True) -> Own:
    return Own(number, f"r{number}", f"g{number}", "delivered", segments, counted, expected)


def row(
    line: int, reference: str | None, segments: int | None = 1, *, gateway_id: str | None = None, price: str = ""
) -> InvoiceRow:
    return InvoiceRow(line, reference, gateway_id, segments, Decimal(price) if price else None)


@pytest.mark.parametrize(
    ("ours", "invoice", "expected"),
    [
        pytest.param([own()], [row(2, "r1")], [], id="the-same-by-our-reference"),
        pytest.param([own()], [row(2, None, gateway_id="g1")], [], id="the-same-by-the-gateways-id"),
        pytest.param([own()], [row(2, "theirs", gateway_id="g1")], [], id="a-reference-that-is-not-ours"),
        pytest.param([own(counted=1)], [row(2, "r1")], [], id="all-three-the-same"),
        pytest.param([own()], [], [(Why.ONLY_OURS, 1, None)], id="not-invoiced"),
        pytest.param([], [row(2, "x")], [(Why.ONLY_INVOICE, None, 2)], id="not-ours"),
        pytest.param([own()], [row(2, "r1", 2)], [(Why.COUNTED, 1, 2)], id="invoiced-otherwise"),
        pytest.param([own(counted=2)], [row(2, "r1")], [(Why.COUNTED, 1, 2)], id="counted-otherwise"),
        pytest.param([own(counted=2)], [row(2, "r1", 2)], [(Why.COUNTED, 1, 2)], id="both-otherwise-is-one"),
        pytest.param([own(counted=2)], [], [(Why.ONLY_OURS, 1, None), (Why.COUNTED, 1, None)], id="counted-only"),
        pytest.param([own()], [row(3, "r1"), row(2, "r1")], [(Why.TWICE, 1, 3)], id="twice"),
        pytest.param([own(1, 2)], [row(2, "r1"), row(3, "r1")], [], id="a-row-a-part"),
        pytest.param([own(1, 3)], [row(2, "r1", 2), row(3, "r1")], [], id="parts-that-add-up"),
        pytest.param([own(1, 3)], [row(2, "r1"), row(3, "r1")], [(Why.COUNTED, 1, 2)], id="a-part-that-is-missing"),
        pytest.param([own(1, 2)], [row(2, "r1"), row(3, "r1"), row(4, "r1")], [(Why.COUNTED, 1, 2)], id="a-part-more"),
        pytest.param([own(1, 2)], [row(2, "r1", 2), row(3, "r1", 2)], [(Why.TWICE, 1, 3)], id="twice-in-full"),
        pytest.param([own(1, 1, counted=2)], [row(2, "r1"), row(3, "r1")], [(Why.COUNTED, 1, 2)], id="their-parts"),
        pytest.param([own(1, 2)], [row(2, "r1", None)], [], id="without-segments"),
        pytest.param([own(1, 2)], [row(2, "r1", None), row(3, "r1", None)], [], id="a-row-a-part-without-segments"),
        pytest.param([own()], [row(2, "r1", None), row(3, "r1", None)], [(Why.TWICE, 1, 3)], id="twice-without"),
        pytest.param([own(expected=False)], [row(2, "r1")], [(Why.NOT_EXPECTED, 1, 2)], id="not-expected"),
        pytest.param([own(expected=False)], [], [], id="not-expected-and-not-there"),
        pytest.param(
            [Own(1, "r1", None, "delivered", 1, None)],
            [row(2, None)],
            [(Why.ONLY_OURS, 1, None), (Why.ONLY_INVOICE, None, 2)],
            id="expected-unless-told-otherwise-and-no-id-is-nobodys",
        ),
        pytest.param([own()], [row(2, None), row(3, "r1")], [(Why.ONLY_INVOICE, None, 2)], id="a-row-without-an-id"),
        pytest.param(
            [own(2), own(1)],
            [row(2, "x")],
            [(Why.ONLY_OURS, 1, None), (Why.ONLY_OURS, 2, None), (Why.ONLY_INVOICE, None, 2)],
            id="ours-first-by-id",
        ),
    ],
)
def test_what_differs_is_told(
    ours: list[Own], invoice: list[InvoiceRow], expected: list[tuple[Why, int | None, int | None]]
) -> None:
    assert [in_short(difference) for difference in match(ours, invoice).differences] == expected


def in_short(difference: Difference) -> tuple[Why, int | None, int | None]:
    return (
        difference.why,
        difference.own.id if difference.own else None,
        difference.row.line if difference.row else None,
    )


def test_the_sums_are_of_what_each_side_has() -> None:
    priced = [InvoiceRow(2, "r1", None, 3, Decimal("0.0750")), InvoiceRow(3, "x", None, 2, Decimal("0.05"))]
    matched = match([own(1, 2, counted=3), own(2, 1), own(3, 9, expected=False)], priced)
    assert (matched.ours, matched.counted) == (Side(2, 3), Side(1, 3))
    assert matched.invoice == Side(2, 5, Decimal("0.1250"))
    assert match([], [row(2, "x")]).invoice.price is None
    assert match([own()], [row(2, "r1", None)]).invoice == Side(1, None, None)
    assert match([own()], []).invoice == Side(0, 0, None)


def test_the_price_of_most_segments_is_told() -> None:
    assert match([own()], [row(2, "r1", price="0.05")]).usual_price == Decimal("0.05")
    assert match([own()], [row(2, "r1")]).usual_price is None


def test_an_empty_id_of_the_gateway_finds_no_row_without_one() -> None:
    ours = Own(1, "r1", "", "delivered", 1, None)
    assert [difference.why for difference in match([ours], [row(2, None)]).differences] == [
        Why.ONLY_OURS,
        Why.ONLY_INVOICE,
    ]


OWNS = st.builds(
    own,
    st.integers(1, 6),
    st.integers(1, 4),
    counted=st.one_of(st.none(), st.integers(1, 4)),
    expected=st.booleans(),
)
OURS = st.lists(OWNS, max_size=6, unique_by=lambda ours: ours.id)
IDS = st.integers(1, 8)
ROWS = st.lists(st.tuples(st.one_of(st.none(), IDS), st.one_of(st.none(), IDS), st.integers(0, 4)), max_size=10).map(
    lambda drawn: [
        InvoiceRow(line, f"r{reference}" if reference else None, f"g{gateway_id}" if gateway_id else None, segments)
        for line, (reference, gateway_id, segments) in enumerate(drawn, 2)
    ]
)


@given(OURS)
def test_an_invoice_of_our_own_counts_differs_in_nothing(ours: list[Own]) -> None:
    agreed = [own(known.id, known.segments, counted=known.segments) for known in ours]
    invoice = [row(line, known.reference, known.segments) for line, known in enumerate(agreed, 2)]
    matched = match(agreed, invoice)
    assert matched.differences == []
    assert matched.ours == matched.counted == matched.invoice


@given(OURS, ROWS, st.randoms())
def test_the_order_of_neither_side_matters(ours: list[Own], invoice: list[InvoiceRow], shuffler: Random) -> None:
    matched = match(ours, invoice)
    shuffler.shuffle(ours)
    shuffler.shuffle(invoice)
    assert match(ours, invoice) == matched


@given(OURS, ROWS)
def test_the_differences_explain_the_sums_and_every_row_is_matched_or_told(
    ours: list[Own], invoice: list[InvoiceRow]
) -> None:
    matched = match(ours, invoice)
    explained = 0
    for difference in matched.differences:
        match difference.why, difference.own, difference.row:
            case Why.ONLY_OURS, Own(segments=segments), None:
                explained -= segments
            case Why.COUNTED, Own(segments=segments), InvoiceRow(segments=int(invoiced)):
                explained += invoiced - segments
            case _, _, InvoiceRow(segments=int(invoiced)):
                explained += invoiced
    assert (matched.invoice.segments or 0) - (matched.ours.segments or 0) == explained
    lines = {difference.row.line for difference in matched.differences if difference.row}
    ids = {known.reference for known in ours} | {known.gateway_id for known in ours}
    assert all({row.reference, row.gateway_id} & ids for row in invoice if row.line not in lines)
    apart = [Why.TWICE, Why.ONLY_INVOICE, Why.NOT_EXPECTED]
    more = sum(difference.why in apart for difference in matched.differences)
    assert (matched.invoice.messages or 0) - more <= len([known for known in ours if known.expected])


def test_the_words_for_how_the_sides_differ_are_these() -> None:
    assert list(Why) == ["only-ours", "only-invoice", "not-expected", "twice", "counted", "priced"]


@pytest.mark.parametrize(
    ("prices", "lines"),
    [
        (["0.075", "0.075", "0.09"], [3]),
        (["0.075", "0.0750"], []),
        (["0.075", "0.09"], []),
        (["0.075", "", "0.075"], []),
        ([], []),
    ],
)
def test_a_price_that_is_not_that_of_most_is_told(prices: list[str], lines: list[int]) -> None:
    rows = [row(line, f"r{line}", price=price) for line, price in enumerate(prices, 1)]
    matched = match([own(line) for line in range(1, len(prices) + 1)], rows)
    assert [
        difference.row.line for difference in matched.differences if difference.row and difference.why is Why.PRICED
    ] == lines


def test_a_price_of_several_segments_may_be_rounded() -> None:
    usual = usual_price([(own(n), row(n, "r", price="0.083")) for n in (1, 2, 3)])
    assert usual is not None
    prices = ["0.166", "0.165", "0.167", "0.164", "0.20"]
    assert [usual.fits(own(1, 2), row(9, "r", 2, price=price)) for price in prices] == [True, True, True, False, False]
    assert not usual.fits(own(), row(9, "r", price="0.084"))


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 99_999))
def test_the_parts_of_a_message_are_one_row_with_their_sums(segments: int, line: int, price: int) -> None:
    cost = Decimal(price) / 10_000
    parts = [InvoiceRow(line + part, "r1", None, 1, cost) for part in range(segments)]
    assert put_together(own(1, segments), parts) == [InvoiceRow(line, "r1", None, segments, cost * segments)]
    assert put_together(own(1, segments), [InvoiceRow(line, "r1", None, segments)]) == [
        InvoiceRow(line, "r1", None, segments)
    ]


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("0.075", "0.075"),
        ("0,075", "0.075"),
        (",075", "0.075"),
        ("€ 0,075", "0.075"),
        ("€\u00a00,075", "0.075"),
        ("EUR 0.075", "0.075"),
        ("0,075 EUR", "0.075"),
        ("0,075€", "0.075"),
        ("-0.01", "-0.01"),
        ("€ -0,20", "-0.20"),
        ("-€ 0,20", "-0.20"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("7", "7"),
        ("", None),
        ("€", None),
        ("--1", None),
        ("1.2.3", None),
        ("1,2,3", None),
        ("0.075x", None),
        ("0٣", None),
        ("1e5", None),
        ("NaN", None),
    ],
)
def test_a_price_is_read_as_invoices_write_it(text: str, price: str | None) -> None:
    assert read_price(text) == (Decimal(price) if price else None)


@pytest.mark.parametrize(
    ("invoice", "differ"),
    [
        (Side(2, 3), []),
        (Side(None, 3, Decimal(1)), []),
        (Side(None, None, Decimal(1)), []),
        (Side(3, 3), ["messages"]),
        (Side(1, 4), ["messages", "segments"]),
    ],
)
def test_the_sums_that_an_invoice_tells_are_compared(invoice: Side, differ: list[str]) -> None:
    assert sums_that_differ(Side(2, 3), invoice) == differ
