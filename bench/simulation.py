"""A model of the sending of a round, event by event: connections, answer times, the gateway's rate, commits, one CPU.

It runs the loop of `jobs/round/send.py` in made-up time, with its own `Pace`: one transaction carries what has ended
and what is claimed next; a request leaves when its claim is committed; the loop wakes when a request has ended or when
the rate allows another one, and takes all that have ended by then. The CPU is one queue, for Python runs
one thread at a time; a commit's wait for the disk holds up the loop and nobody else.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntEnum
from math import log
from random import Random

from smsreminders.jobs.round.pace import Pace

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
    WAITED = 2  # for the rate to allow another request


class _Loop:
    """The loop of one run, with a clock of its own.

    A text is waiting, being claimed, flying, ended, or recorded.
    """

    def __init__(self, texts: int, setting: Setting, costs: Costs) -> None:
        self._texts, self._setting, self._costs = texts, setting, costs
        self._waiting, self._claiming, self._flying, self._ended = texts, 0, 0, 0
        self._writing = False
        self._pace = Pace(setting.per_second, 0.0)
        self._answer = answer_times(setting.answer, setting.spread)
        self._events: list[tuple[float, _What, int]] = []
        self._waits = 0  # only the last one counts
        self._cpu_free_at = 0.0
        self._cpu = self._disk = self._connected = 0.0
        self._transactions = self._window = 0

    def run(self) -> Simulated:
        """Go on until all are recorded."""
        now = 0.0
        self._turn(now)
        while self._events:
            now, what, wait = heapq.heappop(self._events)
            if what is _What.WAITED and wait != self._waits:
                continue
            if what is _What.ENDED:
                self._flying, self._ended = self._flying - 1, self._ended + 1
            elif what is _What.COMMITTED:
                self._leave(now)
            if not self._writing:
                self._turn(now)
        setting = self._setting
        shares = {
            "rate": self._texts / setting.per_second / now,
            "connections": self._connected / setting.connections / now,
            "CPU": self._cpu / now,
            "disk": self._disk / now,
        }
        return Simulated(self._texts, now, shares, self._transactions, self._window)

    def _turn(self, now: float) -> None:
        """Write what has ended and claim what may leave; else wait until the rate allows another request."""
        room = min(self._setting.connections - self._flying, self._waiting)
        self._claiming = self._pace.take(room, now)
        self._waiting -= self._claiming
        self._waits += 1
        if not self._claiming and not self._ended:
            if room:
                self._happens(now + max(self._pace.wait(now), 1e-6), _What.WAITED)
            return
        self._window = max(self._window, self._flying + max(self._claiming, self._ended))
        self._writing = True
        self._transactions += 1
        self._disk += self._costs.commit
        work = self._costs.transaction + self._costs.text * (self._claiming + self._ended) / 2
        self._ended = 0
        self._happens(self._computed(now, work) + self._costs.commit, _What.COMMITTED)

    def _leave(self, now: float) -> None:
        """Begin a request for each claim that is on disk by now."""
        for _ in range(self._claiming):
            ends_at = self._computed(now, self._costs.request) + self._answer()
            self._connected += ends_at - now
            self._happens(ends_at, _What.ENDED)
        self._flying += self._claiming
        self._claiming, self._writing = 0, False

    def _computed(self, now: float, work: float) -> float:
        """When so much work is done by the CPU, after what others gave it before."""
        self._cpu_free_at = max(now, self._cpu_free_at) + work
        self._cpu += work
        return self._cpu_free_at

    def _happens(self, at: float, what: _What) -> None:
        heapq.heappush(self._events, (at, what, self._waits))
