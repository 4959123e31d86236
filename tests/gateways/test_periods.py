"""A time is cut so that nothing of it is left out, and so that each part has its share of what is asked for."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.gateways.http.periods import cut

START = datetime(2026, 11, 22, 8, tzinfo=UTC)
END = START + timedelta(days=2)
SECOND = timedelta(seconds=1)
SENT = [START + timedelta(hours=24, seconds=number) for number in range(1000)]


@given(st.lists(st.integers(-10, 200_000), max_size=50), st.integers(1, 20))
def test_the_parts_leave_nothing_out_and_overlap_by_a_second(seconds: list[int], parts: int) -> None:
    periods = cut(START, END, sorted(START + number * SECOND for number in seconds), parts=parts)
    assert (periods[0][0], periods[-1][1]) == (START, END)
    assert [before[1] for before in periods[:-1]] == [after[0] + SECOND for after in periods[1:]]
    assert all(before[0] < after[0] for before, after in pairwise(periods))
    assert len(periods) <= max(parts, 2)


@pytest.mark.parametrize("parts", [1, 2, 3, 7])
def test_each_part_has_as_many_of_the_times(parts: int) -> None:
    periods = cut(START, END, SENT, parts=parts)
    starts = [start for start, _ in periods] + [END]
    shares = [sum(first <= one < last for one in SENT) for first, last in pairwise(starts)]
    assert max(shares) - min(shares) <= 1


@pytest.mark.parametrize("times", [[], [START], [END], [START - SECOND, END + SECOND]])
def test_a_time_without_any_of_them_is_halved(times: list[datetime]) -> None:
    middle = START + timedelta(days=1)
    assert cut(START, END, times, parts=9) == [(START, middle + SECOND), (middle, END)]
