"""The measuring of one thing against its peer: turn by turn, so that whatever else the machine does falls on both."""

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

Measured = Callable[[], float]  # one turn: does the work and returns the seconds that count


@dataclass(frozen=True, slots=True)
class Goal:
    """What a ratio should be: `at_least` or `at_most` the limit."""

    limit: float
    at_least: bool = False

    def is_met(self, ratio: float) -> bool:
        """Whether a ratio reaches the goal."""
        return ratio >= self.limit if self.at_least else ratio <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: the ratio of each turn, and what they mean. `note` says the figures behind it."""

    what: str
    peer: str
    ratios: tuple[float, ...]
    goal: Goal
    note: str = ""

    @property
    def ratio(self) -> float:
        """The median of the turns."""
        return median(self.ratios)


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that ended well: what it wrote, its processor time, and the most memory that it held."""

    output: str
    seconds: float
    megabytes: int


class WrongResultError(Exception):
    """What was measured did not do its work: its figure means nothing."""


def must(is_so: bool, what: str) -> None:
    """Refuse a figure of work that was not done. Raises WrongResultError."""
    if not is_so:
        raise WrongResultError(what)


def times(ours: Measured, peer: Measured, *, turns: int, goal: Goal, what: str, against: str, note: str = "") -> Figure:
    """How many times as long as its peer ours takes: our seconds by theirs, at most the goal."""
    pairs = [(ours(), peer()) for _ in range(turns)]
    return Figure(what, against, tuple(mine / theirs for mine, theirs in pairs), goal, note or _seconds(pairs))


def speed(ours: Measured, peer: Measured, *, turns: int, goal: Goal, what: str, against: str, note: str = "") -> Figure:
    """How fast ours is in terms of its peer, both at the same work: their seconds by ours, at least the goal."""
    pairs = [(ours(), peer()) for _ in range(turns)]
    return Figure(what, against, tuple(theirs / mine for mine, theirs in pairs), goal, note or _seconds(pairs))


def run_to_its_end(command: Sequence[str | Path], surroundings: Mapping[str, str]) -> Ended:
    """Run a command, and count the time that processors spent on it: what else the machine does hardly matters.

    Raises WrongResultError where it doesn't end well.
    """
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            command, env={**os.environ, **surroundings}, stdout=output, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        must(process.returncode == 0, f"{command[0]} ended with {process.returncode}")
        output.seek(0)
        return Ended(output.read(), usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024)


def seconds_of(work: Callable[[], object]) -> float:
    """The seconds that a call takes."""
    with stopwatch() as passed:
        work()
    return passed()


@contextmanager
def stopwatch() -> Iterator[Callable[[], float]]:
    """The seconds that a block took."""
    began = time.perf_counter()
    ended = began
    try:
        yield lambda: ended - began
    finally:
        ended = time.perf_counter()


def _seconds(pairs: list[tuple[float, float]]) -> str:
    mine, theirs = (median(side) for side in zip(*pairs, strict=True))
    return f"{_short(mine)} against {_short(theirs)}"


def _short(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.3g} ms"
