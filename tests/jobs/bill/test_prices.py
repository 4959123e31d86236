"""What segments cost: the configuration's rate until another begins, a practice's own before the general one."""

from datetime import date
from decimal import Decimal

import pytest

from smsreminders.domain.bill.billing import Rate
from smsreminders.domain.practices import Practice
from smsreminders.jobs.bill.prices import all_rates, cost
from smsreminders.store.database import write_transaction
from tests.builders import add_rate
from tests.jobs.bench import Bench
from tests.jobs.builders import RATE

DAY = date(2026, 11, 23)


def rated(bench: Bench, *rates: Rate) -> None:
    with write_transaction(bench.db):
        for rate in rates:
            add_rate(bench.db, rate)


def priced(bench: Bench, segments: dict[int, int], day: date = DAY) -> Decimal:
    return cost(bench.db, segments, day=day, general_rate=RATE)


def test_the_rate_of_the_configuration_counts_from_the_beginning_of_time(bench: Bench) -> None:
    assert (all_rates(bench.db, RATE), priced(bench, {1: 3}, date.min)) == ([Rate(RATE, date.min)], Decimal("0.30"))


def test_nothing_costs_nothing(bench: Bench) -> None:
    assert priced(bench, {}) == Decimal(0)


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2026, 11, 22), "0.20"), (date(2026, 11, 23), "0.24"), (date(2027, 1, 1), "0.26")],
    ids=str,
)
def test_a_rate_counts_from_its_first_day_until_the_next(bench: Bench, day: date, expected: str) -> None:
    rated(bench, Rate(Decimal("0.13"), date(2027, 1, 1)), Rate(Decimal("0.12"), DAY))
    assert priced(bench, {1: 2}, day) == Decimal(expected)


def test_a_practices_own_rate_goes_before_a_newer_general_one(bench: Bench, linde: Practice, duin: Practice) -> None:
    rated(bench, Rate(Decimal("0.095"), date(2026, 1, 1), linde.id), Rate(Decimal("0.12"), DAY))
    assert priced(bench, {linde.id: 1, duin.id: 2}) == Decimal("0.335")
