"""A model of the sending of a round, event by event: connections, answer times, the gateway's rate, commits, one CPU.

It runs the loop of `jobs/round/send.py` in made-up time, with its own `Pace`: one transaction carries what has ended
and what is claimed next, as many claimed ahead as there are connections; a request leaves after its claim is committed;
the loop wakes when results have gathered or when the rate allows another request. The CPU is one queue, for Python runs
one thread at a time; a commit's wait for the disk holds up the loop and nobody else.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntEnum
from math import log
from random import Random

from smsreminders.jobs.round.pace import Pace

_MANY, _TOGETHER = 8, 0.005  # connections from which on claims go ahead, seconds: as in `jobs/round/send.py`
_SIMULATED = 8_000  # texts: what comes after goes on as these did
_SPREAD = 0.5  # of the logarithm of an answer time: one in a hundred takes more than three times the median


@dataclass(frozen=True, slots=True)
class Costs:
    """What a machine needs, in seconds: the CPU of a transaction, of a text in it, of a request; a commit's wait."""

    transaction: float
    text: float
    request: float
    commit: float


@dataclass(frozen=True, slots=True)
class Setting:
    """A gateway as it is used: requests a second, mean answer time in seconds, connections.

    `spread` is of the logarithm of the answer times, 0: all the same.
    """

    per_second: float
    answer: float
    connections: int
    spread: float = _SPREAD

    @property
    def ahead(self) -> int:
        """How many are claimed beyond the connections."""
        return self.connections if self.connections >= _MANY else 0


@dataclass(frozen=True, slots=True)
class Simulated:
    """Seconds until the last result is recorded, and which share of that time each thing was at work.

    `window` is how many were claimed and not recorded at the most: what a crash would leave uncertain.
    """

    texts: int
    seconds: float
    shares: dict[str, float]
    transactions: int
    window: int

    @property
    def limit(self) -> str:
        """What was most at work."""
        return max(self.shares, key=self.shares.__getitem__)


def simulate(texts: int, setting: Setting, costs: Costs) -> Simulated:
    """A round of so many texts; of a long one only the beginning, and the rest at its pace. The same each time."""
    if texts <= _SIMULATED:
        return _Loop(texts, setting, costs).run()
    short, long = (_Loop(count, setting, costs).run() for count in (_SIMULATED // 2, _SIMULATED))
    pace = (long.seconds - short.seconds) / (long.texts - short.texts)
    return replace(
        long,
        texts=texts,
        seconds=long.seconds + (texts - long.texts) * pace,
        transactions=long.transactions * texts // long.texts,
    )


def answer_times(mean: float, spread: float) -> Callable[[], float]:
    """Answer times of this mean, log-normal; the same ones each time."""
    random = Random(mean)  # noqa: S311  # no secret is made of it
    centre = log(mean) - spread**2 / 2 if mean else 0.0
    return lambda: random.lognormvariate(centre, spread) if mean else 0.0


class _What(IntEnum):
    """What happens; at the same moment the first of these first."""

    ENDED = 0  # a request has its answer
    COMMITTED = 1  # the claims are on disk, and the loop goes on
    WAITED = 2  # for another result long enough, or for the rate to allow another request


class _Loop:
    """The loop of one run, with a clock of its own.

    A text is waiting, being claimed, ready (claimed, and no connection is free), flying, ended, or recorded.
    """

    def __init__(self, texts: int, setting: Setting, costs: Costs) -> None:
        self._texts, self._setting, self._costs = texts, setting, costs
        self._waiting, self._claiming, self._ready, self._flying, self._ended = texts, 0, 0, 0, 0
        self._recording = False
        self._pace = Pace(setting.per_second, 0.0)
        self._answer = answer_times(setting.answer, setting.spread)
        self._events: list[tuple[float, _What, int]] = []
        self._waits = 0  # only the last one counts
        self._cpu_free_at = 0.0
        self._cpu = self._disk = self._connected = 0.0
        self._transactions = self._window = 0

    def run(self) -> Simulated:
        """Until all are recorded."""
        now = 0.0
        self._turn(now, 0)
        while self._events:
            now, what, wait = heapq.heappop(self._events)
            if what is _What.WAITED and wait != self._waits:
                continue
            if what is _What.ENDED:
                self._flying, self._ended = self._flying - 1, self._ended + 1
            elif what is _What.COMMITTED:
                self._ready, self._claiming, self._recording = self._ready + self._claiming, 0, False
            self._connect(now)
            if what is _What.WAITED:
                self._turn(now, self._ended)
            elif not self._recording:
                self._come_back(now)
        setting = self._setting
        shares = {
            "rate": self._texts / setting.per_second / now,
            "connections": self._connected / setting.connections / now,
            "CPU": self._cpu / now,
            "disk": self._disk / now,
        }
        return Simulated(self._texts, now, shares, self._transactions, self._window)

    def _turn(self, now: float, gathered: int) -> None:
        """A transaction with the results that were gathered and the claims of what goes next, or another wait."""
        self._ended -= gathered
        self._claiming = self._pace.take(self._room(), now)
        self._waiting -= self._claiming
        self._window = max(self._window, self._claiming + self._ready + self._flying + self._ended)
        if not self._claiming and not gathered:
            self._come_back(now)
            return
        self._recording = True
        self._waits += 1
        self._transactions += 1
        self._disk += self._costs.commit
        work = self._costs.transaction + self._costs.text * (self._claiming + gathered) / 2
        self._happens(self._computed(now, work) + self._costs.commit, _What.COMMITTED)

    def _come_back(self, now: float) -> None:
        """Go on with enough results; else wait for the next, or for the rate where another could go."""
        enough = max(1, self._setting.ahead // 2)
        self._waits += 1
        if self._ended >= enough:
            self._turn(now, enough)
        elif self._ended:
            self._happens(now + _TOGETHER, _What.WAITED)
        elif self._room():
            self._happens(now + max(self._pace.wait(now), 1e-6), _What.WAITED)

    def _room(self) -> int:
        setting = self._setting
        return min(setting.connections + setting.ahead - self._ready - self._flying - self._ended, self._waiting)

    def _connect(self, now: float) -> None:
        """A request of what is ready on every connection that is free."""
        starting = min(self._ready, self._setting.connections - self._flying)
        self._ready, self._flying = self._ready - starting, self._flying + starting
        for _ in range(starting):
            ends_at = self._computed(now, self._costs.request) + self._answer()
            self._connected += ends_at - now
            self._happens(ends_at, _What.ENDED)

    def _computed(self, now: float, work: float) -> float:
        """When so much work is done by the CPU, after what others gave it before."""
        self._cpu_free_at = max(now, self._cpu_free_at) + work
        self._cpu += work
        return self._cpu_free_at

    def _happens(self, at: float, what: _What) -> None:
        heapq.heappush(self._events, (at, what, self._waits))
