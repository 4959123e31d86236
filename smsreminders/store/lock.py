"""The lock of a run: one dispatch or poll at a time for a database.

flock on a file beside the database, never on the database itself: closing that file elsewhere in the process would
drop SQLite's own locks. The kernel frees it when the process dies, so there is no stale lock to clear.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smsreminders.errors import AdministratorNeeded, TryAgainLater


@contextmanager
def run_lock(database: Path) -> Iterator[None]:
    """Hold the lock of the run. Raises TryAgainLater at once if another run has it.

    Who holds it knows that every notification in `sending` belongs to a process that died.
    """
    path = database.with_name(f"{database.name}.lock")
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise AdministratorNeeded(f"{path} can't be made: {error.strerror}") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise TryAgainLater("another run is busy with this database: try again when it has ended") from error
        yield
    finally:
        os.close(descriptor)
