"""A second process reads ahead: the same parts in their order, its errors told, its death never taken for the end."""

import os
import signal
from collections.abc import Iterator
from itertools import islice

import pytest

from smsreminders.errors import InputFileError, TryAgainLater
from smsreminders.importers.ahead import read_ahead


def test_the_parts_come_in_their_order_from_another_process() -> None:
    pids = list(read_ahead(((number, os.getpid()) for number in range(3)), "a.csv"))
    assert [number for number, _ in pids] == [0, 1, 2]
    assert len({pid for _, pid in pids} | {os.getpid()}) == 2


def test_more_than_a_pipe_holds_comes_whole() -> None:
    assert list(read_ahead(("x" * 100_000 for _ in range(50)), "a.csv")) == ["x" * 100_000] * 50


def test_what_goes_wrong_there_is_told_here_after_what_came_before() -> None:
    def parts() -> Iterator[str]:
        yield "first"
        raise InputFileError("a.csv: cut off")

    received = read_ahead(parts(), "a.csv")
    assert next(received) == "first"
    with pytest.raises(InputFileError, match=r"a\.csv: cut off") as told:
        next(received)
    assert any("in parts" in note for note in told.value.__notes__)  # where it came from, for -v


def test_an_error_of_the_system_is_told_as_it_was() -> None:
    def parts() -> Iterator[str]:
        yield "first"
        raise PermissionError(13, "no access")

    received = read_ahead(parts(), "a.csv")
    assert next(received) == "first"
    with pytest.raises(PermissionError, match="no access"):
        next(received)


def test_a_reader_that_is_killed_is_not_the_end_of_the_file() -> None:
    def parts() -> Iterator[str]:
        yield "first"
        os.kill(os.getpid(), signal.SIGKILL)

    received = read_ahead(parts(), "a.csv")
    assert next(received) == "first"
    with pytest.raises(TryAgainLater, match=r"a\.csv: the process that read it ended \(-9\): run it again"):
        next(received)


def test_a_reader_ends_with_the_reading() -> None:
    def pids() -> Iterator[int]:
        while True:
            yield os.getpid()

    received = read_ahead(pids(), "a.csv")
    [pid] = set(islice(received, 3))
    received.close()  # type: ignore[attr-defined]  # it is a generator
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_reader_that_dies_within_a_message_is_not_the_end_either() -> None:
    def parts() -> Iterator[int | str]:
        yield os.getpid()
        yield "x" * 10_000_000  # more than a pipe holds

    received = read_ahead(parts(), "a.csv")
    pid = next(received)
    assert received.gi_frame.f_locals["receiver"].poll(60)  # type: ignore[attr-defined]  # the message has begun
    os.kill(int(pid), signal.SIGKILL)
    with pytest.raises(TryAgainLater, match=r"ended \(-9\)"):
        next(received)
