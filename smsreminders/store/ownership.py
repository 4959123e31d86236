"""Whose our files are: what root made beside a database is given to its owner, and tried as that user would."""

import os
import pwd
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_ROOT = 0


def files_beside(database: Path) -> list[Path]:
    """List what stands beside a database and goes with it, such as its lock: the names begin with its name."""
    return sorted(
        path for path in database.parent.iterdir() if path.name.startswith(database.name) and path != database
    )


def give_to_owner(database: Path) -> None:
    """Give what root made beside a database to the owner of the database; anybody but root does nothing.

    A `dispatch` as root would otherwise leave a lock that the user of cron can't open.
    """
    if os.geteuid() != _ROOT or not database.exists():
        return
    owner = database.stat()
    for path in files_beside(database):
        with suppress(OSError):  # it is gone, or a link, which the owner of the folder may have put there
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                _give(descriptor, owner.st_uid, owner.st_gid)
            finally:
                os.close(descriptor)


def _give(descriptor: int, user: int, group: int) -> None:
    """Give an open file of root to another user, but not one that has a second name elsewhere."""
    status = os.fstat(descriptor)
    if stat.S_ISREG(status.st_mode) and status.st_nlink == 1 and status.st_uid == _ROOT:
        os.fchown(descriptor, user, group)


def user_of_cron(paths: Iterable[Path]) -> tuple[int, int]:
    """Find the user and group that cron runs as: whoever asks, but for root the first owner of these who isn't root."""
    if os.geteuid() != _ROOT:
        return os.geteuid(), os.getegid()
    owners = [(path.stat().st_uid, path.stat().st_gid) for path in paths if path.exists()]
    return next((owner for owner in owners if owner[0] != _ROOT), (_ROOT, os.getegid()))


def name_of(user: int) -> str:
    """The name of a user, or their number where they have none."""
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


@contextmanager
def acting_as(user: int, group: int) -> Iterator[None]:
    """Do what follows with the powers of another user, where this is root; anybody else goes on as they are."""
    if os.geteuid() != _ROOT or user == _ROOT:
        yield
        return
    groups, own_group = os.getgroups(), os.getegid()
    os.setgroups([])
    os.setegid(group)
    os.seteuid(user)
    try:
        yield
    finally:
        os.seteuid(_ROOT)
        os.setegid(own_group)
        os.setgroups(groups)


def why_not_opened(path: Path) -> str | None:
    """Tell why a file can't be opened for writing, or None where it can; the file stays as it is.

    Never for a database that this process has open: closing the file would drop SQLite's locks.
    """
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CLOEXEC))
    except OSError as error:
        return error.strerror
    return None


def can_make_files(folder: Path) -> bool:
    """Tell whether a file could be made in a folder; none is made."""
    return os.access(folder, os.W_OK | os.X_OK, effective_ids=True)
