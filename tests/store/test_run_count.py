"""The number of the last run stands in the lock's file: there when it is written, None where nothing readable is."""

import errno
import os
from pathlib import Path

import pytest

from smsreminders.store.lock import last_beside, run_lock
from smsreminders.store.machine import this_machine
from tests.builders import NOW
from tests.store.files import make_full

HERE = this_machine().encode()
ELSEWHERE = "f0f0f0f0f0f0f0f0"


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
        assert (lock.runs(), lock_file(database).read_bytes()) == (7, b"7 2026-11-23T08:00:00Z unfinished\n" + HERE)
    assert lock_file(database).read_bytes() == b"7 2026-11-23T08:00:00Z\n" + HERE


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
        f"3 2026-11-23T08:00:00Z\n{HERE.decode()}",
    )


def test_a_full_disk_is_an_error_that_names_the_file(database: Path) -> None:
    make_full(lock_file(database))
    with pytest.raises(OSError, match="No space left") as caught, run_lock(database):
        pass  # pragma: no cover  # never reached
    assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, str(lock_file(database)))


def test_a_run_that_comes_to_its_end_has_not_died_whether_it_failed_or_not(database: Path) -> None:
    with run_lock(database) as lock:
        lock.write_runs(7, NOW)
    with pytest.raises(KeyboardInterrupt), run_lock(database):
        raise KeyboardInterrupt
    with run_lock(database) as lock:
        assert (lock.last_died, lock.runs(), lock.last_at()) == (False, 7, NOW)


@pytest.mark.parametrize(
    ("before", "runs"), [("", None), ("7\n", 7), ("7 2026-11-23T08:00:00Z\n", 7), ("rubbish\n", None)]
)
def test_a_run_that_is_killed_is_known_to_the_next_one_alone(database: Path, before: str, runs: int | None) -> None:
    lock_file(database).write_text(before)
    with run_lock(database):
        killed = lock_file(database).read_bytes()
    lock_file(database).write_bytes(killed)
    with run_lock(database) as lock:
        assert (lock.last_died, lock.runs()) == (True, runs)
    with run_lock(database) as lock:
        assert (lock.last_died, lock.runs()) == (False, runs)
    assert lock_file(database).read_text().strip() == before.strip()


@pytest.mark.skipif(not HERE, reason="this machine has no id")
def test_a_number_of_another_machine_counts_for_nothing_until_a_run_was_here(database: Path) -> None:
    lock_file(database).write_text(f"7 2026-11-23T08:00:00Z\n{ELSEWHERE}", encoding="ascii")
    for _ in range(2):  # a run that is refused leaves it as it is
        with run_lock(database) as lock:
            assert (lock.runs(), lock.last_at(), last_beside(database)) == (None, NOW, (None, NOW))
    with run_lock(database) as lock:
        lock.write_runs(8, NOW)
    assert last_beside(database) == (8, NOW)


def test_a_machine_without_an_id_is_none(tmp_path: Path) -> None:
    empty, other = tmp_path / "empty", tmp_path / "other"
    empty.write_text("\n", encoding="ascii")
    other.write_text("0123456789abcdef\n", encoding="ascii")
    assert (this_machine(tmp_path / "none"), this_machine(empty)) == ("", "")
    assert (len(this_machine(other)), "0123" in this_machine(other)) == (16, False)
