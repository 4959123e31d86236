"""Dead numbers: two definite failures in a row; a text that arrives, or a person's word, begins anew."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.round.dead_numbers import Failures, NumberWord, failures

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
DEAD, DELIVERED, LIFTED = NumberWord
WORDS = st.lists(st.sampled_from(NumberWord), max_size=8)


def told(*words: NumberWord) -> list[tuple[NumberWord, datetime]]:
    return [(word, NOW + timedelta(days=day)) for day, word in enumerate(words)]


@pytest.mark.parametrize(
    ("words", "times"),
    [
        ([], 0),
        ([DEAD], 1),
        ([DEAD, DEAD], 2),
        ([DEAD, DELIVERED], 0),
        ([DEAD, DELIVERED, DEAD], 1),
        ([DEAD, DEAD, LIFTED], 0),
        ([DEAD, DEAD, LIFTED, DEAD, DEAD, DEAD], 3),
    ],
)
def test_failures_count_from_the_last_text_that_arrived_or_a_persons_word(words: list[NumberWord], times: int) -> None:
    first = NOW + timedelta(days=len(words) - times)
    assert failures(iter(told(*words))) == (Failures(times, first) if times else None)


@pytest.mark.parametrize(("times", "expected"), [(1, False), (2, True), (3, True)])
def test_a_number_is_dead_after_two(times: int, expected: bool) -> None:
    assert Failures(times, NOW).is_dead is expected


@given(WORDS)
def test_one_text_that_arrives_ends_it_and_one_failure_after_it_is_not_enough(words: list[NumberWord]) -> None:
    assert failures(told(*words, DELIVERED)) is None
    after = failures(told(*words, DELIVERED, DEAD))
    assert after is not None
    assert not after.is_dead


def test_the_words_are_these() -> None:
    assert list(NumberWord) == ["dead", "delivered", "lifted"]
