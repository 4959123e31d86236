"""The database file: made, opened, migrated, locked for a write; what SQLite says in words for a person.

A rollback journal with synchronous=EXTRA: a commit is on disk when it returns. FULL leaves the unlink of the journal
unsynced, so a power cut could undo the claim of a text that was sent; WAL has a bug before SQLite 3.51.3 that can
corrupt the file (sqlite.org/wal.html, "The WAL-reset bug"), and Debian 12 has 3.40.
"""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlite_utils import Database, Migrations

from smsreminders.domain.guards import A_COPY
from smsreminders.errors import AdministratorNeeded, SmsremindersError, TryAgainLater, UsageError
from smsreminders.store.filesystem import MOUNTS, check_local, not_made
from smsreminders.store.migrations import MIGRATIONS

__all__ = [
    "Database",
    "backup",
    "create",
    "is_whole",
    "one_view",
    "opened",
    "rehearsal",
    "schema_of",
    "version",
    "write_transaction",
]

APPLICATION_ID = 0x534D5352  # "SMSR": this file is ours
_DAMAGED = "{path} is damaged: stop the cron jobs and put the last backup back"
_PATIENCE = 30_000  # milliseconds to wait for another process's write


def create(path: Path, *, mounts: Path = MOUNTS) -> None:
    """Make an empty database, readable by its owner only. Raises UsageError if there is a file already."""
    check_local(path, mounts)
    _make_file(path)
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
    """The database, ready for use; an older schema is backed up and migrated first, a newer one is refused.

    One on a network file system is refused (`mounts`: see check_local). `read_only` refuses every write. Whatever
    SQLite raises meanwhile is told as an error of ours.
    """
    try:
        is_there = path.is_file()
    except OSError as error:
        raise AdministratorNeeded(f"{path} can't be looked at: {error.strerror}") from error
    if not is_there:
        raise AdministratorNeeded(f"{path}: there is no database; run `smsreminders init`")
    check_local(path, mounts)
    with _connected(path) as db:
        _check_ours(db, path)
        db.execute("pragma journal_mode = delete")  # another tool may have set WAL, and that stays in the file
        _migrate(db, path, migrations)
        if read_only:
            db.execute("pragma query_only = on")
        yield db


@contextmanager
def write_transaction(db: Database) -> Iterator[None]:
    """All or nothing, with the write lock from the start: what is read inside can't change before it is written."""
    db.execute("begin immediate")
    try:
        yield
        db.execute("commit")
    except BaseException:
        if db.conn.in_transaction:
            db.execute("rollback")
        raise


def version(db: Database) -> int:
    """A number that is another one as soon as another connection has committed something."""
    (number,) = db.execute("pragma main.data_version").fetchone()
    return int(number)


@contextmanager
def one_view(db: Database) -> Iterator[None]:
    """What is read inside is of one moment, whatever others commit meanwhile."""
    db.execute("begin")
    try:
        yield
    finally:
        if db.conn.in_transaction:
            db.execute("rollback")


@contextmanager
def rehearsal(db: Database) -> Iterator[None]:
    """A write transaction that is always taken back: what would happen, and nothing happens."""
    db.execute("begin immediate")
    try:
        yield
    finally:
        if db.conn.in_transaction:
            db.execute("rollback")


def backup(db: Database, target: Path) -> None:
    """A consistent copy while others work, readable by its owner only. Raises UsageError if the file exists.

    It says of itself that it is a copy, so that no run starts from it before somebody has reconciled. It has its name
    only when it is whole and on disk: one that dies on the way leaves a file that ends in `.part`.
    """
    _check_free(target)
    with _in_words_of(target):
        descriptor, name = tempfile.mkstemp(prefix=f"{target.name}.", suffix=".part", dir=target.parent)
        os.close(descriptor)
        part = Path(name)
        try:
            with closing(sqlite3.connect(part, isolation_level=None)) as copy:
                copy.execute("pragma journal_mode = memory")  # no second file; nobody else knows this one yet
                db.conn.backup(copy)
                copy.execute("update installation set runs = ?", [A_COPY])
            _sync(part)
            _check_free(target)
            part.rename(target)
            _sync(target.parent)
        finally:
            part.unlink(missing_ok=True)


def is_whole(db: Database) -> bool:
    """Whether SQLite finds no damage in the file (quick_check: all pages, not the indexes' contents)."""
    return [row[0] for row in db.execute("pragma quick_check(1)")] == ["ok"]


def schema_of(db: Database) -> str:
    """The name of the last migration that was applied."""
    return MIGRATIONS.applied(db)[-1].name


@contextmanager
def _connected(path: Path) -> Iterator[Database]:
    try:
        db = Database(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=_PATIENCE / 1000),
            execute_plugins=False,
        )
        try:
            db.execute("pragma foreign_keys = on")
            db.execute("pragma synchronous = extra")
            db.execute("pragma secure_delete = on")
            yield db
        except (sqlite3.Error, ValueError, KeyError) as error:  # a KeyError: a column that a damaged schema lost
            if _in_words(error, path) or _is_sound(db):
                raise
            raise AdministratorNeeded(_DAMAGED.format(path=path)) from error
        finally:
            db.close()
    except sqlite3.Error as error:
        if told := _in_words(error, path):
            raise told from error
        raise


def _make_file(path: Path) -> None:
    with _in_words_of(path):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _check_free(path: Path) -> None:
    if os.path.lexists(path):
        raise UsageError(f"{path} exists already: nothing was changed")


def _sync(path: Path) -> None:
    """What was written to a file, or the names in a folder, is on disk when this returns."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _in_words_of(path: Path) -> Iterator[None]:
    """Whatever goes wrong with a file that is being made, in words for a person."""
    try:
        yield
    except FileExistsError as error:
        raise UsageError(f"{path} exists already: nothing was changed") from error
    except OSError as error:
        raise not_made(path, error) from error
    except sqlite3.Error as error:
        if told := _in_words(error, path):
            raise told from error
        raise


def _check_ours(db: Database, path: Path) -> None:
    (found,) = db.execute("pragma application_id").fetchone()
    if found != APPLICATION_ID:
        raise AdministratorNeeded(f"{path} is a database of another program: nothing was changed")


def _migrate(db: Database, path: Path, migrations: Migrations) -> None:
    if not _pending(db, path, migrations):
        return
    with write_transaction(db):
        pending = _pending(db, path, migrations)  # by now another process may have done it
        if not pending:
            return
        before = path.with_name(f"{path.name}.before-{pending[0]}")
        before.unlink(missing_ok=True)  # of a migration that failed
        with _connected(path) as reader:  # SQLite copies nothing from a connection that writes
            backup(reader, before)
        migrations.apply(db)


def _pending(db: Database, path: Path, migrations: Migrations) -> list[str]:
    """The migrations that this database lacks; one that has others is refused."""
    known = [m.name for m in migrations.pending(Database(memory=True))]
    applied = [m.name for m in migrations.applied(db)]
    if newer := [name for name in applied if name not in known]:
        raise AdministratorNeeded(
            f"{path} was written by a newer smsreminders (schema {newer[-1]}): install that one; nothing was changed"
        )
    if not applied or applied != known[: len(applied)]:  # it is made with the first, and they come in order
        raise AdministratorNeeded(_DAMAGED.format(path=path))
    return [name for name in known if name not in applied]


def _is_sound(db: Database) -> bool:
    """Whether its pages and its schema are as they should be; asked where nothing else explains an error."""
    try:
        new = Database(memory=True, execute_plugins=False)
        MIGRATIONS.apply(new)
        return is_whole(db) and _tables(db) == _tables(new)
    except (sqlite3.Error, ValueError):
        return False


def _tables(db: Database) -> list[tuple[str, ...]]:
    return list(db.execute("select type, name, tbl_name, sql from sqlite_master order by name"))


def _in_words(error: BaseException, path: Path) -> SmsremindersError | None:
    """SQLite's errors by what there is to do, where Python gives the code; never the text of a statement."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return TryAgainLater(f"{path} is locked by another program: try again later")
    if code == sqlite3.SQLITE_FULL:
        return TryAgainLater(f"{path}: the disk is full: make room and try again")
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}:
        return AdministratorNeeded(f"{path} can't be written: look at the permissions of the file and its folder")
    if code == sqlite3.SQLITE_NOTADB:
        return AdministratorNeeded(f"{path} is no database: put the right file there, or run `smsreminders init`")
    if code == sqlite3.SQLITE_CORRUPT or str(error).startswith("Could not decode"):  # Python's own, without a code
        return AdministratorNeeded(_DAMAGED.format(path=path))
    if code == sqlite3.SQLITE_IOERR:
        return AdministratorNeeded(f"{path}: the disk doesn't read or write as it should: look at the disk")
    return None
