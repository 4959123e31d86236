"""How long something is kept: days or years, never so short that a bill would miss a text."""

from datetime import UTC, datetime, timedelta

import pytest

from smsreminders.domain.keep.retention import SHORTEST_FOR_TEXTS, Limits, Retention, limits, read_term
from smsreminders.errors import UsageError

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.mark.parametrize(("text", "days"), [("1d", 1), ("90d", 90), ("1y", 366), ("5y", 1830), ("100y", 36600)])
def test_a_term_is_days_or_years(text: str, days: int) -> None:
    assert read_term(text) == timedelta(days=days)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", 'write days or years, like "90d" or "5y"'),
        ("90", 'write days or years, like "90d" or "5y"'),
        ("3h", 'write days or years, like "90d" or "5y"'),
        ("-1d", 'write days or years, like "90d" or "5y"'),
        ("0d", "at least 1d, and at most 100y"),
        ("101y", "at least 1d, and at most 100y"),
    ],
)
def test_what_is_no_term_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_term(text)


def test_a_text_is_kept_while_its_delivery_may_still_become_known() -> None:
    assert timedelta(days=36) == SHORTEST_FOR_TEXTS
    assert read_term("36d", shortest=SHORTEST_FOR_TEXTS) == SHORTEST_FOR_TEXTS
    with pytest.raises(UsageError, match="at least 36d, and at most 100y"):
        read_term("35d", shortest=SHORTEST_FOR_TEXTS)


def test_each_has_its_own_limit() -> None:
    assert limits(Retention(), NOW) == Limits(
        datetime(2026, 8, 26, 8, tzinfo=UTC),
        datetime(2026, 10, 25, 8, tzinfo=UTC),
        datetime(2021, 11, 20, 8, tzinfo=UTC),
    )
