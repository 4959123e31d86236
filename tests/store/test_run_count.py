"""The number of the last run stands in the lock's file: there when it is written, None where nothing readable is."""

import errno
import os
from pathlib import Path

import pytest

from smsreminders.store.lock import run_lock
from tests.builders import NOW
from tests.store.files import make_full


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "smsreminders.db"


def lock_file(database: Path) -> Path:
    return database.with_name("smsreminders.db.lock")


def test_a_lock_that_was_never_held_has_no_number(database: Path) -> None:
    with run_lock(database) as lock:
        assert lock.runs() is None


@pytest.mark.parametrize("runs", [0, 1, 9, 10, 2**63])
def test_a_number_is_read_again_by_the_next_holder(database: Path, runs: int) -> None:
    with run_lock(database) as lock:
        lock.write_runs(runs, NOW)
        assert lock.runs() == runs
    with run_lock(database) as lock:
        assert lock.runs() == runs


def test_a_shorter_number_of_runs_leaves_nothing_of_a_longer_number(database: Path) -> None:
    with run_lock(database) as lock:
        lock.write_runs(12345, NOW)
        lock.write_runs(7, NOW)
        assert lock.runs() == 7
    assert lock_file(database).read_bytes() == b"7 2026-11-23T08:00:00Z\n"


@pytest.mark.parametrize("content", [b"", b"\n", b"-1\n", b"1.5", b"0x10", b"\xff\xfe1\x00", "²".encode(), b"one"])
def test_what_is_no_number_is_none(database: Path, content: bytes) -> None:
    lock_file(database).write_bytes(content)
    with run_lock(database) as lock:
        assert lock.runs() is None


@pytest.mark.parametrize(
    "content", [b"7", b"7\n", b" 7 \n", b"7 today", b"7 2026-11-23T08:00:00", b"7 2026-11-23T08:00:00Z and more"]
)
def test_a_number_that_a_person_wrote_is_read(database: Path, content: bytes) -> None:
    lock_file(database).write_bytes(content)
    with run_lock(database) as lock:
        assert (lock.runs(), lock.last_at()) == (7, None)


def test_its_time_is_read_again_by_the_next_holder(database: Path) -> None:
    with run_lock(database) as lock:
        assert lock.last_at() is None
        lock.write_runs(7, NOW)
    with run_lock(database) as lock:
        assert (lock.runs(), lock.last_at()) == (7, NOW)


def test_the_file_is_its_owners_only_and_holds_the_number_and_its_time_alone(database: Path) -> None:
    before = os.umask(0)
    try:
        with run_lock(database) as lock:
            lock.write_runs(3, NOW)
    finally:
        os.umask(before)
    assert (lock_file(database).stat().st_mode & 0o777, lock_file(database).read_text()) == (
        0o600,
        "3 2026-11-23T08:00:00Z\n",
    )


def test_a_full_disk_is_an_error_that_names_the_file(database: Path) -> None:
    make_full(lock_file(database))
    with run_lock(database) as lock, pytest.raises(OSError, match="No space left") as caught:
        lock.write_runs(1, NOW)
    assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, str(lock_file(database)))
