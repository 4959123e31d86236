"""No-shows by what patients got: the counts, and an interval that holds the true share in 95 of 100 practices."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.keep.effect import NoShows, Reached, effect, wilson


@pytest.mark.parametrize(
    ("no_shows", "appointments", "low", "high"),
    [  # R. G. Newcombe, Two-sided confidence intervals for the single proportion (1998), table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (20, 20, 0.8389, 1.0),
    ],
)
def test_the_interval_is_wilsons(no_shows: int, appointments: int, low: float, high: float) -> None:
    assert wilson(no_shows, appointments) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_share_lies_in_its_interval_within_0_and_1(of: tuple[int, int]) -> None:
    no_shows, appointments = of
    low, high = wilson(no_shows, appointments)
    assert 0 <= low <= no_shows / appointments <= high <= 1


def test_over_simulated_practices_it_covers_the_true_share_in_95_of_100_within_1() -> None:
    seeded = Random(20261129)  # noqa: S311  # a simulation
    inside = 0
    for _ in range(3000):
        true, appointments = seeded.uniform(0.02, 0.25), seeded.randint(100, 400)
        low, high = wilson(sum(seeded.random() < true for _ in range(appointments)), appointments)
        inside += low <= true <= high
    assert 0.94 <= inside / 3000 <= 0.96


def test_what_is_not_known_has_no_share() -> None:
    groups = effect({(Reached.DELIVERED, True): 2, (Reached.DELIVERED, False): 38, (Reached.NONE, False): 4})
    assert groups == [
        NoShows(Reached.DELIVERED, 40, 2),
        NoShows(Reached.UNDELIVERED, 0, 0),
        NoShows(Reached.NONE, 4, 0),
    ]
    assert [group.share for group in groups] == [0.05, None, 0.0]
    assert [group.interval is None for group in groups] == [False, True, False]
