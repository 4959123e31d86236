"""Several threads that ask gateways, and one that writes: that of the caller, to which the database belongs."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import NamedTuple, Protocol, TypeVar

Written = TypeVar("Written")

_AT_A_TIME = 16  # threads, each with a connection, however many accounts there are


class Write(Protocol):
    """Has something written where the database may be written to, and gives what comes of it."""

    def __call__(self, work: Callable[[], Written], /) -> Written:
        """Do this. Raises what it raises."""
        ...


def at_once(work: Callable[[], Written]) -> Written:
    """Write in this thread, which is the only one."""
    return work()


class _Wanted(NamedTuple):
    """Something that a job wants written."""

    do: Callable[[], None]
    cancel: Callable[[], bool]


class OneWriter:
    """Runs jobs in threads of their own; what they want written is done in the thread of `run`, one after the other."""

    def __init__(self) -> None:
        self._wanted: SimpleQueue[_Wanted | None] = SimpleQueue()  # None: a job has ended
        self._lock = threading.Lock()
        self._is_over = False

    def write(self, work: Callable[[], Written]) -> Written:
        """Have the writer do this, and wait until it has; what it raises is raised here too."""
        future: Future[Written] = Future()
        with self._lock:
            if self._is_over:
                future.cancel()
            else:
                self._wanted.put(_Wanted(lambda: _do(work, future), future.cancel))
        return future.result()

    def run(self, jobs: Sequence[Callable[[], None]]) -> None:
        """Run every job to its end. Raises what a job or a writing raises; nothing is written after that."""
        pool = ThreadPoolExecutor(_AT_A_TIME)
        try:
            started = [pool.submit(self._run, job) for job in jobs]
            left = len(started)
            while left:
                wanted = self._wanted.get()
                if wanted:
                    wanted.do()
                else:
                    left -= 1
            for job in started:
                job.result()
        finally:
            self._end()
            pool.shutdown(cancel_futures=True)

    def _run(self, job: Callable[[], None]) -> None:
        try:
            job()
        finally:
            self._wanted.put(None)

    def _end(self) -> None:
        """Cancel what is still wanted, so that whoever waits for it ends."""
        with self._lock:
            self._is_over = True
            while not self._wanted.empty():
                wanted = self._wanted.get()
                if wanted:
                    wanted.cancel()


def _do(work: Callable[[], Written], future: "Future[Written]") -> None:
    try:
        future.set_result(work())
    except BaseException as error:
        future.set_exception(error)
        raise
