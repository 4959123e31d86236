"""What a practice, 200 practices and the Netherlands need of one machine: a simulation with what this one costs.

First the simulation against real rounds to a gateway on 127.0.0.1, then the tables of docs/scale.md.
"""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.machine import AtOnce, House, Round, Run
from bench.measure import Figure, Goal
from bench.simulation import Costs, Setting, Simulated, simulate
from bench.size import Size

SIZES = {"a practice": 100, "200 practices": 20_000, "the Netherlands": 470_000}  # texts of a morning
RATES = (30, 50, 100, 200, 500)  # requests a second
ANSWERS = (0.05, 0.15)  # seconds
USUAL = 8  # gateway.connections, if nothing is said
CONNECTIONS = (8, 16, 32, 64, 128, 256)  # the last is the most that the configuration takes
COMMITS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05)  # seconds
_REACHED = 0.95  # of the rate
_REAL = [(0, 8, 10_000), (50, 8, 10_000), (50, 64, 10_000), (150, 64, 10_000), (50, 32, 100)]
_NEAR = Goal(1.5)  # a model, and a machine with other work


def run(size: Size) -> Iterator[Figure]:
    """A figure for each real round, its seconds by the simulated ones; then the tables."""
    texts = min(size.texts, 600)
    with tempfile.TemporaryDirectory() as folder:
        small, large = (House(Path(folder) / str(count), count) for count in (texts, size.due))
        costs = small.costs()
        for milliseconds, connections, per_second in _REAL:
            setting = Setting(per_second, milliseconds / 1000, connections, spread=0)
            simulated = simulate(texts, setting, costs).seconds
            rounds = [
                small.round_over_http(milliseconds, connections=connections, per_second=per_second)
                for _ in range(min(size.turns, 3))
            ]
            yield Figure(
                f"{texts} texts, {milliseconds} ms, {connections} connections, {per_second}/s",
                "the simulation",
                tuple(one.seconds / simulated for one in rounds),
                _NEAR,
                f"{rounds[0].seconds:.2f} s against {simulated:.2f} s",
            )
        runs = [
            (setting.round(AtOnce(), connections=64, per_second=1e6), setting.whole_run()) for setting in (small, large)
        ]
    print(*_costs(costs), "", *_sizes(costs, size.due), "", *_disks(costs, size.due), "", *_memory(runs), sep="\n")


def enough(texts: int, per_second: float, answer: float, costs: Costs) -> tuple[Setting, Simulated]:
    """The fewest connections with which so many texts reach the gateway's rate, or else come nearest to it."""
    tried = []
    for connections in CONNECTIONS:
        setting = Setting(per_second, answer, connections)
        simulated = simulate(texts, setting, costs)
        if _speed(simulated) >= _REACHED * per_second:
            return setting, simulated
        tried.append((setting, simulated))
    return max(tried, key=lambda one: _speed(one[1]))


def _sizes(costs: Costs, texts: int) -> Iterator[str]:
    yield "until the last text, by the gateway's rate and answer time, with the fewest connections that reach it"
    yield from _header("a second", "answer", f"{USUAL} connections", "connections", "texts/s", "limit", "CPU", *SIZES)
    for per_second in RATES:
        for answer in ANSWERS:
            usual = simulate(texts, Setting(per_second, answer, USUAL), costs)
            setting, many = enough(texts, per_second, answer, costs)
            mornings = [simulate(count, setting, costs).seconds for count in SIZES.values()]
            yield _row(
                f"{per_second}",
                f"{answer * 1000:.0f} ms",
                f"{_speed(usual):.0f}/s, {usual.limit}",
                f"{setting.connections}",
                f"{_speed(many):.0f}",
                many.limit,
                f"{many.shares['CPU']:.0%}",
                *map(_time, mornings),
            )


def _disks(costs: Costs, texts: int) -> Iterator[str]:
    yield "texts a second by a commit's wait for the disk: 128 connections, answers of 50 ms"
    yield from _header("commit", *(f"{rate} a second" for rate in RATES))
    for commit in COMMITS:
        slow = Costs(costs.transaction, costs.text, costs.request, commit)
        found = [simulate(texts, Setting(rate, 0.05, 128), slow) for rate in RATES]
        yield _row(f"{commit * 1000:.0f} ms", *(f"{_speed(simulated):.0f}, {simulated.limit}" for simulated in found))


def _costs(costs: Costs) -> Iterator[str]:
    yield "this machine, ms: CPU of a transaction, of a text in it, of a request; a commit's wait for the disk"
    yield from _header("transaction", "text", "request", "commit")
    yield _row(*(f"{cost * 1000:.2f}" for cost in (costs.transaction, costs.text, costs.request, costs.commit)))


def _memory(runs: Iterable[tuple[Round, Run]]) -> Iterator[str]:
    yield "a round with a gateway that answers at once: seconds before its first request, and of the whole program"
    yield from _header("texts", "planning", "program", "memory, MiB", "growth of the file, bytes a text")
    for planned, run in runs:
        seconds = f"{planned.planning:.1f} s", f"{run.seconds:.1f} s"
        yield _row(f"{run.texts}", *seconds, f"{run.memory:.0f}", f"{run.growth:.0f}")


def _speed(simulated: Simulated) -> float:
    return simulated.texts / simulated.seconds


def _time(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.2g} s"
    return f"{seconds / 60:.2g} min" if seconds < 6000 else f"{seconds / 3600:.2g} h"


def _header(*names: str) -> Iterator[str]:
    yield _row(*names)
    yield _row(*("---" for _ in names))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
