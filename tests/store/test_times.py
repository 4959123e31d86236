"""Times as text: one width, the order of time, and back again."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.store.times import from_text, maybe_text, maybe_time, to_text

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TIMES = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=OFFSETS)  # noqa: DTZ001  # aware by `timezones`


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 11, 24, 9, 30, tzinfo=UTC), "2026-11-24T09:30:00Z"),
        (datetime(2026, 11, 24, 10, 30, tzinfo=AMSTERDAM), "2026-11-24T09:30:00Z"),
        (datetime(2026, 7, 1, 0, 30, tzinfo=AMSTERDAM), "2026-06-30T22:30:00Z"),
        (datetime(2026, 10, 25, 2, 30, tzinfo=AMSTERDAM), "2026-10-25T00:30:00Z"),
        (datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=AMSTERDAM), "2026-10-25T01:30:00Z"),
        (datetime(2026, 11, 24, 9, 30, 59, 999_999, tzinfo=UTC), "2026-11-24T09:30:59Z"),
        (datetime(26, 11, 24, 9, 30, tzinfo=UTC), "0026-11-24T09:30:00Z"),
    ],
)
def test_a_time_is_written_in_utc_and_whole_seconds(moment: datetime, expected: str) -> None:
    assert to_text(moment) == expected


@given(TIMES)
def test_all_stored_times_have_the_same_width(moment: datetime) -> None:
    assert len(to_text(moment)) == len("2026-11-24T09:30:00Z")


@given(TIMES, TIMES)
def test_text_sorts_as_time_does(one: datetime, other: datetime) -> None:
    one, other = one.replace(microsecond=0), other.replace(microsecond=0)
    assert (to_text(one) < to_text(other)) == (one < other)


@given(TIMES)
def test_a_stored_time_comes_back_as_it_was_in_whole_seconds(moment: datetime) -> None:
    assert from_text(to_text(moment)) == moment.replace(microsecond=0)


@given(TIMES)
def test_a_time_comes_back_in_utc(moment: datetime) -> None:
    assert from_text(to_text(moment)).tzinfo == UTC


def test_no_time_stays_no_time() -> None:
    assert (maybe_text(None), maybe_time(None)) == (None, None)


def test_a_time_that_may_be_missing_is_written_and_read_as_any() -> None:
    moment = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    assert maybe_text(moment) == "2026-11-24T09:30:00Z"
    assert maybe_time("2026-11-24T09:30:00Z") == moment
