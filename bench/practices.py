"""A thousand practices, each with an account of its own at one gateway: the round, the poll and the check of one run.

Fifty accounts are down, each in one of four ways: nothing listens, it never answers, it refuses the key, it is busy.
The whole is measured against what it can't do without: the seconds of CPU of its one process, or those of the
slowest account, whichever is more. The latter is measured too: it is the same job for four practices alone, one for
each way of being down. Memory is the peak of a process that does the round, beside that of a process that sends as
many texts by ten accounts. The time in which the thread of the job could have gone on and the machine gave its core to
other processes isn't counted.
"""

import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import time as clock_time
from datetime import timedelta
from pathlib import Path

from bench.made_up import RATE, SCHEDULE, WORDING, RunningClock, fill
from bench.many_accounts import many_accounts
from bench.measure import Figure, Goal, must
from bench.size import Size
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import AccountName
from smsreminders.gateways.accounts import Accounts, Unopened
from smsreminders.gateways.base import Account, Options
from smsreminders.gateways.by_name import features_of, open_gateway
from smsreminders.jobs.keep.check import check
from smsreminders.jobs.round.dispatch import dispatch
from smsreminders.jobs.round.poll import poll
from smsreminders.jobs.round.terms import Talk, Terms
from smsreminders.store.database import Database, opened
from smsreminders.store.lock import run_lock
from smsreminders.store.practices import all_practices
from smsreminders.store.round.notification_counts import count_by_status

_WAYS = ("unheard", "silent", "refused", "busy")  # of being down
_ONE_IN = 20  # accounts is down
_TIMEOUT = 2.0  # seconds
_AT_MOST = Goal(1.3)
_FEW = 10  # accounts
_TERMS = Terms(SCHEDULE, WORDING, RATE)


@dataclass(slots=True)
class _Measured:
    """What a job took: seconds by the clock and of CPU, and the most threads that there were."""

    seconds: float = 0.0
    cpu: float = 0.0
    threads: int = 0


@dataclass(slots=True)
class _Bench:
    """A database of practices whose accounts are all at this address; each is known by the code of its practice."""

    database: Path
    url: str
    unheard: str
    down: frozenset[str] = frozenset()
    clock: RunningClock = field(default_factory=RunningClock)

    def accounts(self, practices: Sequence[Practice]) -> Accounts:
        """The account of each practice, opened where it is used."""
        shared, features = threading.local(), features_of("spryng")

        def named(name: str) -> Unopened:
            def open_it() -> Account:
                own = {"api_key": self.key(name), "account_reference": "SPNL1"}
                url = self.unheard if self.key(name).startswith("unheard") else self.url
                options = Options(
                    self.database, url, timeout=_TIMEOUT, own=own, per_second=50, clock=self.clock, connections=shared
                )
                return Account(known_as, open_gateway("spryng", options), 8, 50, timedelta(minutes=10))

            known_as = AccountName("spryng", name)
            return Unopened(known_as, features, 8, 50, open_it)

        return Accounts([practice.code for practice in practices], named, lambda code: code)

    def key(self, code: str) -> str:
        """The key of an account, which says how it is."""
        number = int(code.removeprefix("praktijk-"))
        return f"{_WAYS[number // _ONE_IN % 4] if code in self.down else 'works'}-{number}"

    def round(self, db: Database, practices: Sequence[Practice]) -> _Measured:
        """A round of these practices."""

        def work(look: Callable[..., None]) -> None:
            with run_lock(self.database) as lock:
                accounts, talk = self.accounts(practices), Talk(progress=look)
                dispatch(db, lock, practices, accounts=accounts, terms=_TERMS, clock=self.clock, talk=talk)

        return _measured(work)

    def poll(self, db: Database, practices: Sequence[Practice]) -> _Measured:
        """A poll of what they sent."""
        return _measured(
            lambda _: poll(
                db,
                practices,
                accounts=self.accounts(practices),
                give_up_after=timedelta(hours=72),
                clock=self.clock,
            )
        )

    def check(self, db: Database, practices: Sequence[Practice]) -> _Measured:
        """A look at all of them."""
        return _measured(
            lambda _: check(
                db,
                practices,
                accounts=self.accounts(practices),
                terms=_TERMS,
                round_by=clock_time(10),
                clock=self.clock,
            )
        )


def run(size: Size) -> Iterator[Figure]:
    """The round, the poll and the check of all practices, and the memory of the round."""
    with _filled(size.accounts, size.texts_each, down=True) as bench, opened(bench.database) as db:
        practices = all_practices(db)
        alone = _alone(bench, practices)
        yield _figure("a round", bench.round(db, practices), alone["round"])
        ids = {practice.id for practice in practices if practice.code not in bench.down}
        done = count_by_status(db, ids, [Status.SENT], rehearsed=False)[Status.SENT]
        must(done == len(ids) * size.texts_each, f"{done} texts of {len(ids)} practices were sent")
        yield _figure("a poll", bench.poll(db, practices), alone["poll"])
        delivered = count_by_status(db, ids, [Status.DELIVERED], rehearsed=False)[Status.DELIVERED]
        must(delivered == done, f"{delivered} of {done} were delivered")
        yield _figure("a check", bench.check(db, practices), 0.0)
    yield _memory(size)


def _alone(bench: _Bench, practices: Sequence[Practice]) -> dict[str, float]:
    """The seconds that each job takes for four practices alone, whose accounts are down in the four ways."""
    copy = Path(shutil.copyfile(bench.database, bench.database.with_name("alone.db")))
    four = {bench.key(practice.code).split("-")[0]: practice for practice in practices if practice.code in bench.down}
    there = _Bench(copy, bench.url, bench.unheard, bench.down)
    jobs = {"round": there.round, "poll": there.poll}
    with opened(copy) as db:
        return {name: job(db, list(four.values())).seconds for name, job in jobs.items()}


def _figure(what: str, took: _Measured, slowest: float) -> Figure:
    needed = max(took.cpu, slowest)
    return Figure(
        f"{what} of all practices",
        "its CPU, or its slowest account",
        (took.seconds / needed,),
        _AT_MOST,
        f"{took.seconds:.2f} s; CPU {took.cpu:.2f} s, slowest {slowest:.2f} s"
        + (f"; {took.threads} threads" if took.threads > 1 else ""),
    )


def _memory(size: Size) -> Figure:
    """The peak memory of a round by all accounts, beside one of as many texts by ten."""
    texts = size.accounts * size.texts_each
    many, few = (_peak(accounts, texts // accounts) for accounts in (size.accounts, _FEW))
    note = f"{many // 1024} MB against {few // 1024} MB"
    return Figure(f"memory of {texts:,} texts", f"the same by {_FEW} accounts", (many / few,), _AT_MOST, note)


def _peak(accounts: int, texts_each: int) -> int:
    command = [sys.executable, "-m", "bench.practices", str(accounts), str(texts_each)]
    return int(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)


@contextmanager
def _filled(accounts: int, texts_each: int, *, down: bool) -> Iterator[_Bench]:
    with tempfile.TemporaryDirectory() as folder, many_accounts() as url, socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))  # and doesn't listen: a connection is refused
        database = Path(folder) / "practices.db"
        fill(database, practices=accounts, due=accounts * texts_each)
        codes = frozenset(f"praktijk-{number}" for number in range(_ONE_IN, accounts + 1, _ONE_IN) if down)
        yield _Bench(database, url, f"http://127.0.0.1:{unheard.getsockname()[1]}", codes)


def _measured(work: Callable[[Callable[..., None]], object]) -> _Measured:
    took = _Measured()

    def look(*_: object) -> None:
        took.threads = max(took.threads, threading.active_count())

    began, cpu = time.perf_counter() - _in_line(), time.process_time()
    work(look)
    took.seconds, took.cpu = time.perf_counter() - _in_line() - began, time.process_time() - cpu
    look()
    return took


def _in_line() -> float:
    """The seconds in which this thread could have gone on and another process had its core (Linux: schedstats)."""
    line = Path("/proc/thread-self/schedstat")
    return int(line.read_text(encoding="ascii").split()[1]) / 1e9 if line.exists() else 0.0


def main(accounts: int, texts_each: int) -> None:
    """Do a round of so many accounts, and print the peak of this process in kB."""
    with _filled(accounts, texts_each, down=False) as bench, opened(bench.database) as db:
        bench.round(db, all_practices(db))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
