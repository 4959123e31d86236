"""Occasions: what `remind` may say, and how it is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.round.occasions import Occasions, read_occasions, show_occasion
from smsreminders.errors import UsageError

NO_OCCASION = 'is no occasion: write working days before the appointment, from "1wd" to "10wd"'


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["1wd"], (1,)),
        (["10wd"], (10,)),
        (["3wd", "1wd"], (3, 1)),
        (["1wd", "3wd"], (3, 1)),
        (["2wd", "10wd", "1wd", "9wd"], (10, 9, 2, 1)),
    ],
)
def test_occasions_are_read_as_working_days_the_farthest_first(words: list[str], expected: tuple[int, ...]) -> None:
    assert read_occasions(words) == Occasions(expected)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        *(
            ([word], f'"{word}" {NO_OCCASION}')
            for word in ("", "1", "wd", "1d", "24h", "0wd", "11wd", "99wd", "100wd", "-1wd", "01wd", "1.5wd", "1 wd")
        ),
        *(([word], f'"{word}" {NO_OCCASION}') for word in ("1WD", "1wd ", " 1wd", "١wd", "1wd\n", "1wd,3wd")),
        (["1wd", "3w"], f'"3w" {NO_OCCASION}'),
        (["x" * 500], f'"{"x" * 20}" {NO_OCCASION}'),
        (["1wd", "1wd"], '"1wd" stands there twice: each reminder has an occasion of its own'),
        (["3wd", "1wd", "3wd"], '"3wd" stands there twice: each reminder has an occasion of its own'),
        ([], "write one to 4 occasions, not 0"),
        (["1wd", "2wd", "3wd", "4wd", "5wd"], "write one to 4 occasions, not 5"),
    ],
)
def test_what_can_not_be_an_occasion_is_refused_with_the_reason(words: list[str], why: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_occasions(words)
    assert str(raised.value) == why


def test_a_nearer_reminder_may_be_left_out_for_who_has_confirmed() -> None:
    words = ["1wd unless confirmed", "3wd", "2wd"]
    read = read_occasions(words)
    assert read == Occasions((3, 2, 1), frozenset({1}))
    assert [show_occasion(days, unless_confirmed=days in read.unless_confirmed) for days in read.days] == [
        "3wd",
        "2wd",
        "1wd unless confirmed",
    ]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (
            ["1wd unless confirmed"],
            (
                '"1wd unless confirmed": nobody can confirm before the first reminder; write it to a nearer one, as in '
                '["3wd", "1wd unless confirmed"]'
            ),
        ),
        (["3wd unless confirmed", "1wd"], '"3wd unless confirmed": nobody can confirm before the first reminder'),
        (["3wd", "1wd  unless confirmed"], f'"1wd " {NO_OCCASION}'),
        (["3wd", "1wd Unless Confirmed"], f'"1wd Unless Confirmed" {NO_OCCASION}'),
        (["3wd", "1wd", "1wd unless confirmed"], '"1wd" stands there twice'),
    ],
)
def test_unless_confirmed_is_refused_where_it_can_not_be_meant(words: list[str], why: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_occasions(words)
    assert str(raised.value).startswith(why)


@given(st.sets(st.integers(1, 10), min_size=1, max_size=4).flatmap(lambda days: st.permutations(sorted(days))))
def test_the_order_in_which_occasions_are_written_makes_no_difference(days: list[int]) -> None:
    assert read_occasions([show_occasion(number) for number in days]) == Occasions(tuple(sorted(days, reverse=True)))
