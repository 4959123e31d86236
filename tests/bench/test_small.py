"""The benches do what they measure: each in its small form, without a look at the clock."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench.__main__ import NAMES
from bench.measure import Figure, Goal

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", NAMES)
def test_a_bench_measures_work_that_was_done(name: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "bench", "--small", name], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert len(ended.stdout.splitlines()) > 2


def test_a_bench_that_there_is_not_is_a_usage_error() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "bench", "nothing"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, "there is no nothing" in ended.stderr) == (2, True)


@pytest.mark.parametrize(
    ("goal", "ratio", "met"),
    [
        (Goal(2), 2.0, True),
        (Goal(2), 2.1, False),
        (Goal(0.7, at_least=True), 0.7, True),
        (Goal(0.7, at_least=True), 0.69, False),
    ],
)
def test_a_goal_is_a_limit_of_the_median_ratio(goal: Goal, ratio: float, *, met: bool) -> None:
    figure = Figure("ours", "its peer", (ratio / 2, ratio, ratio * 9), goal)
    assert goal.is_met(figure.ratio) is met
