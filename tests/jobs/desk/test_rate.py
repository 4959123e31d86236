"""A rate at the desk: added for everybody or for a practice, and once a day."""

from datetime import date
from decimal import Decimal

import pytest

from smsreminders.domain.billing import Rate
from smsreminders.domain.practices import Practice
from smsreminders.errors import UsageError
from smsreminders.jobs.desk.rate import add_rate
from smsreminders.store.billing import rates
from tests.jobs.bench import Bench

DAY = date(2026, 12, 1)


def test_a_rate_is_added_once_a_day_for_everybody_and_for_a_practice(bench: Bench, linde: Practice) -> None:
    added = [Rate(Decimal("0.09"), DAY), Rate(Decimal("0.0825"), DAY, linde.id)]
    for rate in added:
        add_rate(bench.db, rate)
    with pytest.raises(UsageError, match="there is a rate from 2026-12-01 on already"):
        add_rate(bench.db, Rate(Decimal("0.08"), DAY, linde.id))
    assert rates(bench.db) == added
