"""The head of the access log: how far it has come, kept beside the database, so that a log cut off at its end is found.

It is written before the line is committed and after it: whoever dies in between leaves a line under way, which may be
there or not.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from smsreminders.domain.keep.access import Head, Mark, read_head
from smsreminders.errors import AdministratorNeeded
from smsreminders.store.database import Database, path_of
from smsreminders.store.filesystem import not_made
from smsreminders.store.ownership import give_to_owner

_LONGEST = 512  # bytes


class OpenHead:
    """The head while it is held: nobody else appends a line meanwhile."""

    def __init__(self, descriptor: int, path: Path) -> None:
        self._descriptor, self._path = descriptor, path
        self.known = read_head(os.pread(descriptor, _LONGEST, 0).decode("ascii", "replace")) or Head()

    def expect(self, present: Mark, coming: Mark) -> None:
        """Write that a line comes next: on disk when this returns. Raises OSError, which names the file."""
        self._write(self.known.before(present, coming))

    def anchor(self, present: Mark, coming: Mark) -> None:
        """Take the log as it is, whatever was known of it, with a line that comes next."""
        self._write(Head(present, coming))

    def reach(self, mark: Mark) -> None:
        """Write that the line is there; a disk that doesn't take that leaves it as under way."""
        with suppress(OSError):
            self._write(Head(mark, lost=self.known.lost))

    def _write(self, head: Head) -> None:
        line = f"{head}\n".encode("ascii")
        try:
            os.pwrite(self._descriptor, line, 0)
            os.ftruncate(self._descriptor, len(line))
            os.fsync(self._descriptor)
        except OSError as error:
            error.filename = str(self._path)
            raise
        self.known = head


def head_file(db: Database) -> Path:
    """Find where the head of a database's log is kept."""
    database = path_of(db)
    return database.with_name(f"{database.name}.access")


def head_beside(db: Database) -> Head | None:
    """Read the head; None where there is none, or nothing that can be understood. Raises AdministratorNeeded."""
    path = head_file(db)
    try:
        return read_head(path.read_text(encoding="ascii", errors="replace"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise AdministratorNeeded(f"{path} can't be opened: {error.strerror}") from error


@contextmanager
def open_head(db: Database) -> Iterator[OpenHead]:
    """Hold the head, which is made if there is none. Raises AdministratorNeeded.

    To be opened within the transaction that appends the line, and closed after its commit: so two never wait for one
    another.
    """
    path = head_file(db)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        if not path.exists():
            raise not_made(path, error) from error
        raise AdministratorNeeded(
            f"{path} can't be opened: {error.strerror}: give it to the user that cron runs as; `smsreminders doctor` "
            "says how; nothing was shown or changed, for it could not be logged"
        ) from error
    try:
        give_to_owner(path_of(db))
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield OpenHead(descriptor, path)
    finally:
        os.close(descriptor)
