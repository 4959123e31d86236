"""A copy of the database while others work with it: whole, on disk, readable by its owner only."""

import os
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from smsreminders.domain.guards import A_COPY
from smsreminders.store.filesystem import sync
from smsreminders.store.sqlite_errors import already_there, in_words_of_making


def backup(db: Database, target: Path, change: Callable[[Database], None] | None = None) -> None:
    """Copy the database into a new file. Raises UsageError if the file exists.

    The copy says of itself that it is one, so that no run starts from it before somebody has reconciled, and that its
    file is yet to be checked. It gets its name only when it is whole and on disk: a copy that dies on the way leaves a
    file that ends in `.part`. `change` changes the copy before it has its name.
    """
    _check_free(target)
    with in_words_of_making(target):
        descriptor, name = tempfile.mkstemp(prefix=f"{target.name}.", suffix=".part", dir=target.parent)
        os.close(descriptor)
        part = Path(name)
        try:
            _copy(db, part, change)
            _check_free(target)
            part.rename(target)
            sync(target.parent)
        finally:
            part.unlink(missing_ok=True)


def _copy(db: Database, part: Path, change: Callable[[Database], None] | None) -> None:
    with closing(sqlite3.connect(part, isolation_level=None)) as copy:
        copy.execute("pragma journal_mode = memory")  # no second file; nobody else knows this one yet
        db.conn.backup(copy)
        copy.execute("update installation set runs = ?, checked_at = null, checked_to = null", [A_COPY])
        if change:
            change(Database(copy, execute_plugins=False))
    sync(part)


def _check_free(path: Path) -> None:
    if os.path.lexists(path):
        raise already_there(path)
