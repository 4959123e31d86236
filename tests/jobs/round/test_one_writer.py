"""Threads that ask and one that writes: in order, in the caller's thread, and to an end whatever happens."""

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError

import pytest

from smsreminders.jobs.round.one_writer import OneWriter


def test_all_is_written_in_the_thread_of_the_caller_and_what_it_gives_goes_back() -> None:
    writer, threads, results = OneWriter(), set(), []

    def work() -> int:
        threads.add(threading.current_thread())
        return len(threads)

    writer.run([lambda: results.append(writer.write(work))] * 40)
    assert (threads, results) == ({threading.current_thread()}, [1] * 40)


def test_what_a_job_raises_is_raised_when_the_others_have_ended() -> None:
    writer, written = OneWriter(), []

    def broken() -> None:
        raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        writer.run([broken, lambda: writer.write(lambda: written.append(1))])
    assert written == [1]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_what_the_writer_raises_ends_the_jobs_that_wait_for_it(error: type[BaseException]) -> None:
    writer, waiting, ended = OneWriter(), threading.Barrier(3), []

    def fail() -> None:
        raise error

    def job(work: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            waiting.wait()
            try:
                writer.write(work)
            except (CancelledError, error):
                ended.append(1)

        return run

    with pytest.raises(error):
        writer.run([job(fail) for _ in range(3)])
    assert ended == [1, 1, 1]
