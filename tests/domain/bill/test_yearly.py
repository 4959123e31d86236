"""The estimate of a year: texts, segments by their average, and cents."""

from decimal import Decimal

import pytest

from smsreminders.domain.bill.yearly import Year, year_of

RATE = Decimal("0.10")


@pytest.mark.parametrize(
    ("occurrences", "reminders", "segments", "expected"),
    [
        pytest.param(1000, 1, [1, 1], Year(1000, 1000, Decimal("100.00")), id="one-each"),
        pytest.param(1000, 2, [1, 1], Year(2000, 2000, Decimal("200.00")), id="two-reminders"),
        pytest.param(1000, 1, [1, 2], Year(1000, 1500, Decimal("150.00")), id="half-of-them-long"),
        pytest.param(1, 1, [1, 2], Year(1, 2, Decimal("0.20")), id="half-a-segment-up"),
        pytest.param(5, 1, [], Year(5, 5, Decimal("0.50")), id="nobody-to-look-at"),
        pytest.param(0, 4, [3], Year(0, 0, Decimal("0.00")), id="nothing"),
    ],
)
def test_a_year_is_the_last_one_again(occurrences: int, reminders: int, segments: list[int], expected: Year) -> None:
    assert year_of(occurrences, reminders=reminders, segments=segments, rate=RATE) == expected


def test_the_years_of_practices_add_up() -> None:
    assert Year(1, 2, Decimal("0.20")) + Year(2, 2, Decimal("0.10")) == Year(3, 4, Decimal("0.30"))
