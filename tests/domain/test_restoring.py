"""What a restored database lost: the day on which a reminder was likely sent, which is the month that is billed."""

from datetime import date

import pytest

from smsreminders.domain.restoring import likely_day

NEW_YEAR = date(2027, 1, 1)


@pytest.mark.parametrize(
    ("starts_on", "first", "today", "expected"),
    [
        pytest.param(
            date(2026, 11, 25), date(2026, 11, 20), date(2026, 12, 5), date(2026, 11, 24), id="the-day-before"
        ),
        pytest.param(date(2026, 12, 1), date(2026, 11, 20), date(2026, 12, 5), date(2026, 11, 30), id="last-month"),
        pytest.param(
            date(2026, 11, 30), date(2026, 11, 20), date(2026, 12, 5), date(2026, 11, 27), id="before-a-sunday"
        ),
        pytest.param(date(2027, 1, 4), date(2026, 12, 20), date(2027, 1, 5), date(2026, 12, 31), id="before-a-holiday"),
        pytest.param(
            date(2026, 11, 30), date(2026, 11, 28), date(2026, 12, 5), date(2026, 11, 28), id="not-before-the-run"
        ),
        pytest.param(date(2026, 12, 9), date(2026, 11, 20), date(2026, 12, 5), date(2026, 12, 5), id="not-after-today"),
    ],
)
def test_a_reminder_was_likely_sent_on_the_working_day_before(
    starts_on: date, first: date, today: date, expected: date
) -> None:
    day = likely_day(starts_on, weekdays=range(5), holidays=[NEW_YEAR], first=first, today=today)
    assert day == expected
