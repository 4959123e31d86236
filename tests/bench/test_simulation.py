"""The simulated sending: what can be worked out by hand comes out so, and no limit is ever passed."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.scale import CONNECTIONS, enough
from bench.simulation import Costs, Setting, answer_times, simulate

FREE = Costs(transaction=0, text=0, request=0, commit=0)
USUAL = Costs(transaction=0.0005, text=0.0005, request=0.0005, commit=0.001)
UNLIMITED = 1e9  # requests a second
COSTS = st.builds(Costs, *[st.sampled_from([0.0, 0.0005, 0.004])] * 3, commit=st.sampled_from([0.0005, 0.02]))
SETTINGS = st.builds(
    Setting,
    per_second=st.sampled_from([5, 50, 500, UNLIMITED]),
    answer=st.sampled_from([0.0, 0.05, 0.15]),
    connections=st.integers(1, 40),
)


@pytest.mark.parametrize(
    ("setting", "costs", "seconds", "limit"),
    [
        pytest.param(Setting(UNLIMITED, 0.05, 1, spread=0), FREE, 5.0, "connections", id="one-after-the-other"),
        pytest.param(Setting(UNLIMITED, 0.05, 10, spread=0), FREE, 0.5, "connections", id="ten-at-a-time"),
        pytest.param(Setting(10, 0.05, 10, spread=0), FREE, 9.95, "rate", id="ten-a-second"),
        pytest.param(Setting(UNLIMITED, 0, 1), replace(FREE, commit=0.01), 1.01, "disk", id="a-commit-each"),
        pytest.param(Setting(UNLIMITED, 0, 100), replace(FREE, commit=0.01), 0.03, "disk", id="all-in-three-commits"),
        pytest.param(Setting(UNLIMITED, 0, 100), replace(FREE, request=0.01), 1.0, "CPU", id="one-CPU"),
    ],
)
def test_a_hundred_texts_take_what_can_be_worked_out(
    setting: Setting, costs: Costs, seconds: float, limit: str
) -> None:
    simulated = simulate(100, setting, costs)
    assert simulated.limit == limit
    assert simulated.seconds == pytest.approx(seconds, rel=0.01)


@given(st.integers(1, 150), SETTINGS, COSTS)
def test_no_limit_is_passed(texts: int, setting: Setting, costs: Costs) -> None:
    simulated = simulate(texts, setting, costs)
    at_once = max(1.0, setting.per_second / 10)
    assert simulated.window <= setting.connections
    assert max(simulated.shares[name] for name in ("connections", "CPU", "disk")) <= 1.000001
    assert texts <= simulated.seconds * setting.per_second + at_once + 1e-6
    assert simulated.transactions <= 2 * texts


@settings(max_examples=30)
@given(st.integers(1, 100), SETTINGS, COSTS)
def test_the_same_comes_out_each_time(texts: int, setting: Setting, costs: Costs) -> None:
    assert simulate(texts, setting, costs) == simulate(texts, setting, costs)


def test_a_long_round_goes_on_as_it_began() -> None:
    setting = Setting(100, 0.05, 16)
    short, long = (simulate(texts, setting, USUAL) for texts in (8_000, 80_000))
    assert long.seconds == pytest.approx(10 * short.seconds, rel=0.01)
    assert long.transactions == pytest.approx(10 * short.transactions, rel=0.01)


def test_answer_times_have_their_mean_and_a_tail() -> None:
    drawn = [draw() for draw in [answer_times(0.05, 0.5)] * 20_000]
    assert sum(drawn) / len(drawn) == pytest.approx(0.05, rel=0.02)
    assert Counter(one > 0.14 for one in drawn)[True] == pytest.approx(200, rel=0.4)


def test_the_fewest_connections_that_reach_the_rate_are_found() -> None:
    found, simulated = enough(2_000, 100, 0.15, USUAL)
    fewer = replace(found, connections=CONNECTIONS[CONNECTIONS.index(found.connections) - 1])
    assert 2_000 / simulated.seconds >= 95 > 2_000 / simulate(2_000, fewer, USUAL).seconds


def test_where_no_connections_reach_the_rate_the_nearest_are_taken() -> None:
    found, simulated = enough(2_000, 10_000, 0.05, USUAL)
    assert simulated == simulate(2_000, found, USUAL)
    assert simulated.limit == "CPU"
