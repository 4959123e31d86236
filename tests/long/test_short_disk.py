"""A few of the troubles with disks and locks."""

from collections import Counter

import pytest

from tests.long import mounts
from tests.long.disk_and_locks import (
    ADMINISTRATOR,
    BROKEN,
    LATER_AGAIN,
    Benches,
    at_each_call,
    disk_goes_away,
    not_writable,
    read_only_disk,
    run_lock,
    tiny_disk,
    write_lock,
)
from tests.long.tracing import why_no_strace

by_strace = pytest.mark.skipif(bool(why_no_strace()), reason=why_no_strace() or "")
by_mounting = pytest.mark.skipif(bool(mounts.why_no_mounts()), reason=mounts.why_no_mounts() or "")


@pytest.fixture(scope="module")
def benches(tmp_path_factory: pytest.TempPathFactory) -> Benches:
    return Benches(tmp_path_factory.mktemp("troubles"), appointments=9, within=True)


def kept(tally: Counter[str]) -> bool:
    return not any(tally[name] for name in BROKEN)


@by_strace
@pytest.mark.parametrize(
    ("call", "error", "code"),
    [("pwrite64", "ENOSPC", LATER_AGAIN), ("fdatasync", "EIO", ADMINISTRATOR), ("fsync", "EIO", ADMINISTRATOR)],
)
def test_a_full_or_a_failing_disk_sends_nothing_without_a_claim(
    benches: Benches, call: str, error: str, code: int
) -> None:
    tally = at_each_call(benches, call, error, code, points=1)
    assert (kept(tally), tally["ended early"]) == (True, 1)


def test_a_database_that_may_not_be_written_sends_nothing(benches: Benches) -> None:
    tally = not_writable(benches, "file")
    assert (kept(tally), tally["ended early"], tally["sent before it ended"]) == (True, 1, 0)


def test_a_run_waits_for_the_lock_of_another_program_at_its_claim(benches: Benches) -> None:
    tally = write_lock(benches, released=True)
    assert (kept(tally), tally["waited for the lock"], tally["sent before it ended"]) == (True, 1, 5)


def test_while_another_run_is_busy_nothing_is_sent(benches: Benches) -> None:
    tally = run_lock(benches)
    assert (kept(tally), tally["ended early"], tally["sent before it ended"]) == (True, 1, 0)


@by_mounting
def test_a_disk_that_fills_up_in_a_run_sends_nothing_without_a_claim(benches: Benches) -> None:
    tally = tiny_disk(benches, free=(12,))
    assert (kept(tally), tally["ended early"]) == (True, 1)


@by_mounting
def test_a_disk_that_may_only_be_read_sends_nothing(benches: Benches) -> None:
    tally = read_only_disk(benches)
    assert (kept(tally), tally["ended early"], tally["sent before it ended"]) == (True, 1, 0)


@by_mounting
def test_a_disk_that_goes_away_in_a_run_ends_it(benches: Benches) -> None:
    tally = disk_goes_away(benches, at_post=1)
    assert (kept(tally), tally["ended early"]) == (True, 1)
