"""The lock of a run: one holder at a time, a second is refused at once, and it is free however the holder went."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from smsreminders.errors import AdministratorNeeded, TryAgainLater
from smsreminders.store.lock import run_lock

HOLDER = """
import sys
from pathlib import Path
from smsreminders.store.lock import run_lock

with run_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "smsreminders.db"


def taken(database: Path) -> bool:
    try:
        with run_lock(database):
            return False
    except TryAgainLater:
        return True


def test_a_second_run_gets_no_lock_and_is_not_kept_waiting(database: Path) -> None:
    with run_lock(database), pytest.raises(TryAgainLater) as raised, run_lock(database):
        pass  # pragma: no cover  # never reached
    assert str(raised.value) == "another run is busy with this database: try again when it has ended"


def test_the_lock_is_free_again_when_the_run_has_ended(database: Path) -> None:
    with run_lock(database):
        assert taken(database)
    assert not taken(database)


def test_the_lock_is_free_again_when_the_run_failed(database: Path) -> None:
    with pytest.raises(KeyboardInterrupt), run_lock(database):
        raise KeyboardInterrupt
    assert not taken(database)


def test_another_database_has_a_lock_of_its_own(database: Path) -> None:
    with run_lock(database):
        assert not taken(database.with_name("other.db"))


def test_the_lock_stands_beside_the_database_for_its_owner_only(database: Path) -> None:
    with run_lock(database):
        pass
    lock = database.with_name("smsreminders.db.lock")
    assert list(database.parent.iterdir()) == [lock]
    assert stat.S_IMODE(lock.stat().st_mode) == 0o600


def test_a_process_that_is_killed_lets_go(database: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert taken(database)
        holder.kill()
        holder.wait()
    with run_lock(database) as lock:
        assert lock.last_died
    assert not taken(database)


def test_a_lock_that_cannot_be_made_needs_an_administrator(database: Path) -> None:
    missing = database.parent / "missing" / "smsreminders.db"
    with pytest.raises(AdministratorNeeded) as raised, run_lock(missing):
        pass  # pragma: no cover  # never reached
    assert str(raised.value) == f"{missing}.lock can't be made: No such file or directory"
