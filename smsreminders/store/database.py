"""The database file: made, opened, brought to the newest schema, locked for a write.

A rollback journal with synchronous=EXTRA: a commit is on disk when it returns. FULL leaves the unlink of the journal
unsynced, so a power cut could undo the claim of a text that was sent; WAL has a bug before SQLite 3.51.3 that can
corrupt the file (sqlite.org/wal.html, "The WAL-reset bug"), and Debian 12 has 3.40.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database, Migrations

from smsreminders.domain.keep.erasing import trace_of
from smsreminders.domain.phone import e164_of
from smsreminders.errors import AdministratorNeeded
from smsreminders.store.backup import backup
from smsreminders.store.filesystem import MOUNTS, check_local
from smsreminders.store.schema import is_sound, pending
from smsreminders.store.sqlite_errors import damaged, in_words, in_words_of_making
from smsreminders.store.tables.migrations import MIGRATIONS

__all__ = ["Database", "create", "one_view", "opened", "rehearsal", "scratch", "write_transaction"]

APPLICATION_ID = 0x534D5352  # "SMSR": this file is ours
_PATIENCE = 30_000  # milliseconds to wait for another process's write


def create(path: Path, *, mounts: Path = MOUNTS) -> None:
    """Make an empty database, readable by its owner only. Raises UsageError if there is a file already."""
    check_local(path, mounts)
    with in_words_of_making(path):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        with _connected(path) as db:
            db.execute(f"pragma application_id = {APPLICATION_ID}")
            with write_transaction(db):
                MIGRATIONS.apply(db)
    except BaseException:
        path.unlink()
        raise


@contextmanager
def opened(
    path: Path, *, read_only: bool = False, migrations: Migrations = MIGRATIONS, mounts: Path = MOUNTS
) -> Iterator[Database]:
    """Open a database; an older schema is backed up and migrated first, a newer one is refused.

    A database on a network file system is refused (`mounts`: see check_local). `read_only` refuses every write. What
    SQLite raises while the database is open becomes an error of ours.
    """
    try:
        is_there = path.is_file()
    except OSError as error:
        raise AdministratorNeeded(f"{path} can't be looked at: {error.strerror}") from error
    if not is_there:
        raise AdministratorNeeded(
            f"{path}: there is no database; put the last backup back there (docs/reliability.md), or if there was none "
            "ever, move the configuration away and run `smsreminders init`"
        )
    check_local(path, mounts)
    with _connected(path) as db:
        _check_ours(db, path)
        db.execute("pragma journal_mode = delete")  # another tool may have set WAL, and that stays in the file
        _migrate(db, path, migrations)
        if read_only:
            db.execute("pragma query_only = on")
        yield db


@contextmanager
def scratch() -> Iterator[Database]:
    """Open an empty database that is nowhere and gone with the connection, to compare what files say."""
    db = Database(sqlite3.connect(":memory:"), execute_plugins=False)
    try:
        yield db
    finally:
        db.close()


def path_of(db: Database) -> Path:
    """Find the file that a database was opened from."""
    (path,) = [file for _, name, file in db.execute("pragma database_list") if name == "main"]
    return Path(path)


@contextmanager
def write_transaction(db: Database) -> Iterator[None]:
    """Write all or nothing, with the write lock from the start: what is read inside stays so until it is written."""
    db.execute("begin immediate")
    try:
        yield
        db.execute("commit")
    except BaseException:
        if db.conn.in_transaction:
            db.execute("rollback")
        raise


@contextmanager
def rehearsal(db: Database) -> Iterator[None]:
    """Write in a transaction that is always taken back: it shows what would happen, and nothing happens."""
    db.execute("begin immediate")
    with _taken_back(db):
        yield


@contextmanager
def one_view(db: Database) -> Iterator[None]:
    """Read the database as it is at one moment, whatever others commit meanwhile."""
    db.execute("begin")
    with _taken_back(db):
        yield


@contextmanager
def _taken_back(db: Database) -> Iterator[None]:
    try:
        yield
    finally:
        if db.conn.in_transaction:
            db.execute("rollback")


@contextmanager
def _connected(path: Path) -> Iterator[Database]:
    try:
        db = Database(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=_PATIENCE / 1000),
            execute_plugins=False,
        )
        try:
            db.conn.create_function("number_of", 2, e164_of, deterministic=True)  # see E164_OF
            db.conn.create_function("trace_of", 2, trace_of, deterministic=True)
            db.execute("pragma foreign_keys = on")
            db.execute("pragma synchronous = extra")
            db.execute("pragma secure_delete = on")
            yield db
        except (sqlite3.Error, ValueError, KeyError) as error:  # a KeyError: a column that a damaged schema lost
            if in_words(error, path) or is_sound(db):
                raise
            raise damaged(path) from error
        finally:
            db.close()
    except sqlite3.Error as error:
        if known := in_words(error, path):
            raise known from error
        raise


def _check_ours(db: Database, path: Path) -> None:
    (application,) = db.execute("pragma application_id").fetchone()
    if not path.stat().st_size:
        raise AdministratorNeeded(f"{path} is an empty file, no database: put the last backup back there")
    if application != APPLICATION_ID:
        raise AdministratorNeeded(f"{path} is a database of another program: nothing was changed")


def _migrate(db: Database, path: Path, migrations: Migrations) -> None:
    if not pending(db, path, migrations):
        return
    with write_transaction(db):
        lacking = pending(db, path, migrations)  # by now another process may have done it
        if not lacking:
            return
        before = path.with_name(f"{path.name}.before-{lacking[0]}")
        before.unlink(missing_ok=True)  # of a migration that failed
        with _connected(path) as reader:  # SQLite copies nothing from a connection that writes
            backup(reader, before)
        migrations.apply(db)
