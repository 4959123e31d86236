"""Some weeks of rounds against the loopback gateway, and what is billed of them, against the sum over its journal."""

import pytest

from tests.long.three_months import cents, parts, run


def test_the_bills_of_some_weeks_are_the_sum_over_the_gateways_journal() -> None:
    figures = run(seed=1, days=15)
    assert (figures.cents, figures.examples) == (0, [])
    assert figures.kept


@pytest.mark.parametrize(
    ("text", "expected"), [("a" * 160, 1), ("a" * 161, 2), ("a" * 307, 3), ("ë" * 70, 1), ("ë" * 71, 2), ("ë" * 135, 3)]
)
def test_the_independent_count_is_right_by_the_book(text: str, expected: int) -> None:
    assert parts(text) == expected


def test_the_independent_cents_are_right_by_the_book() -> None:
    assert [cents(7, "0.0825"), cents(-7, "0.0825"), cents(3, "0.10")] == [58, -58, 30]
