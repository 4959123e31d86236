"""The lock of an import: one at a time for a database, beside which its file stands (flock, as for a run)."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smsreminders.errors import RunIsBusy
from smsreminders.store.filesystem import check_local, not_made
from smsreminders.store.ownership import give_to_owner


@contextmanager
def import_lock(database: Path) -> Iterator[None]:
    """Hold the lock of an import. Raises RunIsBusy at once if another import has it; the kernel frees it by itself.

    What root makes meanwhile is given to the owner of the database. Raises AdministratorNeeded where it can't be made.
    """
    check_local(database)
    path = database.with_name(f"{database.name}.import-lock")
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise not_made(path, error) from error
    try:
        give_to_owner(database)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RunIsBusy("another import is running: try again when it has ended") from error
        yield
    finally:
        os.close(descriptor)
        give_to_owner(database)
