"""A copy of the database while others work with it: whole, on disk, readable by its owner only."""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlite_utils import Database

from smsreminders.domain.round.guards import A_COPY
from smsreminders.store.filesystem import sync
from smsreminders.store.sqlite_errors import already_there, in_words_of_making


def backup(db: Database, target: Path) -> None:
    """Copy the database into a new file. Raises UsageError if the file exists.

    The copy says of itself that it is one, so that no run starts from it before somebody has reconciled, and that its
    file is yet to be checked. It gets its name only when it is whole and on disk: a copy that dies on the way leaves a
    file that ends in `.part`.
    """
    with _named_at_last(target) as part, _connected(part) as copy:
        _copy(db, copy)


@contextmanager
def extract(db: Database, target: Path, change: Callable[[Database], None]) -> Iterator[Database]:
    """Copy what `change` leaves of the database into a new file, as `backup` does; yields the changed copy.

    The file gets its name at the end of the block. The copy that is changed stands in a file that has lost its name
    before anything is in it, so nothing of what `change` takes away is anywhere when this dies.
    """
    with _named_at_last(target) as part, _new_part(target) as nameless, _connected(nameless) as copy:
        nameless.unlink()
        _copy(db, copy)
        change(Database(copy, execute_plugins=False))
        copy.execute("vacuum into ?", [str(part)])
        yield Database(copy, execute_plugins=False)


@contextmanager
def _named_at_last(target: Path) -> Iterator[Path]:
    """Make a new file, which gets the name of the target when it is filled and on disk, or is taken away."""
    _check_free(target)
    with in_words_of_making(target), _new_part(target) as part:
        yield part
        sync(part)
        _check_free(target)
        part.rename(target)
        sync(target.parent)


@contextmanager
def _new_part(target: Path) -> Iterator[Path]:
    descriptor, name = tempfile.mkstemp(prefix=f"{target.name}.", suffix=".part", dir=target.parent)
    os.close(descriptor)
    part = Path(name)
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _connected(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, isolation_level=None)) as copy:
        copy.execute("pragma journal_mode = memory")  # no second file; nobody else knows this one yet
        yield copy


def _copy(db: Database, copy: sqlite3.Connection) -> None:
    db.conn.backup(copy)
    copy.execute("update installation set runs = ?, checked_at = null, checked_to = null", [A_COPY])


def _check_free(path: Path) -> None:
    if os.path.lexists(path):
        raise already_there(path)
