"""Writing to the database: all or nothing, alone from the start, tried again later where it can't be."""

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Thread

import pytest

from smsreminders.errors import AdministratorNeeded, TryAgainLater
from smsreminders.store.database import Database, one_view, opened, rehearsal, write_transaction
from smsreminders.store.soundness import is_whole
from tests.store.files import add_rounds, another_program, files_no_longer_than, mode_of, rounds, umask

LOCKED = "is locked by another program: try again later"
Transaction = Callable[[Database], AbstractContextManager[None]]


def write_and_fail(db: Database, transaction: Transaction, error: type[BaseException]) -> None:
    with transaction(db):
        add_rounds(db)
        raise error


def write_without_waiting(path: Path) -> None:
    """A write by a run that doesn't wait for its turn."""
    with opened(path) as db:
        db.execute("pragma busy_timeout = 0")
        with write_transaction(db):
            add_rounds(db)


def write_without_room(path: Path) -> None:
    with opened(path) as db:
        (pages,) = db.execute("pragma page_count").fetchone()
        db.execute(f"pragma max_page_count = {pages}")
        with write_transaction(db):
            add_rounds(db, 1000)


def test_what_a_transaction_wrote_is_there_for_others(path: Path, db: Database) -> None:
    with write_transaction(db):
        add_rounds(db, 2)
    with another_program(path) as other:
        assert rounds(other) == 2


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, TryAgainLater])
def test_a_transaction_that_fails_in_whatever_way_writes_nothing(db: Database, error: type[BaseException]) -> None:
    with pytest.raises(error):
        write_and_fail(db, write_transaction, error)
    assert rounds(db) == 0
    assert not db.conn.in_transaction


def test_what_is_read_in_one_view_stays_as_it_is_until_the_end_of_it(path: Path, db: Database) -> None:
    with one_view(db):
        assert rounds(db) == 0
        with pytest.raises(TryAgainLater, match=LOCKED):
            write_without_waiting(path)
        assert rounds(db) == 0
    write_without_waiting(path)
    assert rounds(db) == 1


def test_a_statement_that_is_refused_takes_the_whole_transaction_back(db: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="NOT NULL"), write_transaction(db):
        db.executescript("insert into rounds (started_at) values (''); insert into rounds (started_at) values (null);")
    assert rounds(db) == 0


def test_a_transaction_that_sqlite_took_back_itself_ends_with_the_reason(db: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="NOT NULL"), write_transaction(db):
        db.execute("insert or rollback into rounds (started_at) values (null)")
    assert not db.conn.in_transaction


def test_a_transaction_within_another_is_a_mistake_of_ours(db: Database) -> None:
    with (
        pytest.raises(sqlite3.OperationalError, match="within a transaction"),
        write_transaction(db),
        write_transaction(db),
    ):
        pass  # pragma: no cover  # never reached
    assert not db.conn.in_transaction


@pytest.mark.parametrize("transaction", [write_transaction, rehearsal])
def test_a_transaction_holds_the_write_lock_from_its_start(path: Path, db: Database, transaction: Transaction) -> None:
    with another_program(path) as other, transaction(db):
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            other.execute("begin immediate")
        assert rounds(other) == 0  # reading goes on


def test_reading_and_then_writing_loses_nothing_between_two_connections(path: Path, db: Database) -> None:
    db.execute("insert into rounds (started_at) values ('0')")

    def count_up() -> None:
        with opened(path) as own:
            own.execute("pragma synchronous = off")
            for _ in range(25):
                with write_transaction(own):
                    (seen,) = own.execute("select started_at from rounds").fetchone()
                    own.execute("update rounds set started_at = ?", [str(int(seen) + 1)])

    threads = [Thread(target=count_up) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(db.execute("select started_at from rounds")) == [("50",)]


def test_the_journal_of_a_transaction_is_its_owners_only(path: Path, db: Database) -> None:
    with umask(0), write_transaction(db):
        add_rounds(db)
        assert mode_of(path.with_name("smsreminders.db-journal")) == 0o600


def test_a_rehearsal_shows_what_would_happen_and_nothing_happens(path: Path, db: Database) -> None:
    before = path.read_bytes()
    with rehearsal(db):
        add_rounds(db, 2)
        assert rounds(db) == 2
    assert rounds(db) == 0
    assert path.read_bytes() == before


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_rehearsal_that_fails_changes_nothing(db: Database, error: type[BaseException]) -> None:
    with pytest.raises(error):
        write_and_fail(db, rehearsal, error)
    assert rounds(db) == 0
    assert not db.conn.in_transaction


def test_a_rehearsal_that_sqlite_took_back_itself_ends_with_the_reason(db: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="NOT NULL"), rehearsal(db):
        db.execute("insert or rollback into rounds (started_at) values (null)")


def test_after_a_rehearsal_others_can_write(path: Path, db: Database) -> None:
    with rehearsal(db):
        add_rounds(db)
    with another_program(path) as other:
        other.execute("insert into rounds (started_at) values ('')")
    assert rounds(db) == 1


# What makes a write wait for another time


def test_a_database_that_another_writes_to_is_for_later(path: Path) -> None:
    with another_program(path) as other:
        other.execute("begin immediate")
        with pytest.raises(TryAgainLater) as raised:
            write_without_waiting(path)
    assert str(raised.value) == f"{path} {LOCKED}"


def test_a_commit_that_a_reader_holds_up_is_for_later_and_changes_nothing(path: Path) -> None:
    with another_program(path) as other:
        other.execute("begin")
        assert rounds(other) == 0
        with pytest.raises(TryAgainLater) as raised:
            write_without_waiting(path)
        other.execute("rollback")
        assert str(raised.value) == f"{path} {LOCKED}"
        assert rounds(other) == 0


def test_a_full_disk_is_for_later_and_changes_nothing(path: Path) -> None:
    with pytest.raises(TryAgainLater) as raised:
        write_without_room(path)
    assert str(raised.value) == f"{path}: the disk is full: make room and try again"
    with opened(path) as db:
        assert (rounds(db), is_whole(db)) == (0, True)


def test_a_disk_that_does_not_write_needs_an_administrator(path: Path) -> None:
    with (
        pytest.raises(AdministratorNeeded) as raised,
        opened(path) as db,
        files_no_longer_than(path.stat().st_size),
        write_transaction(db),
    ):
        add_rounds(db, 1000)
    assert str(raised.value) == f"{path}: the disk doesn't read or write as it should: look at the disk"
    with opened(path) as db:
        assert (rounds(db), is_whole(db)) == (0, True)
