"""The last closed month beside the lock: its name and the SHA-256 of its CSV, so that a database put back is told."""

import os
import re
from contextlib import suppress
from pathlib import Path

from smsreminders.domain.bill.billing import Period
from smsreminders.domain.bill.months import LastClose
from smsreminders.errors import AdministratorNeeded
from smsreminders.store.database import Database, path_of
from smsreminders.store.filesystem import not_made, sync

_LINE = re.compile(r"(20[0-9]{2}-(?:0[1-9]|1[0-2])) ([0-9a-f]{64})\n")


def close_beside(db: Database) -> LastClose | None:
    """Read what stands beside the lock of the last closed month; None if nothing does.

    Raises AdministratorNeeded for a file that isn't ours.
    """
    file = _file(path_of(db))
    try:
        text = file.read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return None
    line = _LINE.fullmatch(text)
    if line is None:
        raise AdministratorNeeded(f"{file} doesn't say which month was closed last: put it back from a backup")
    return LastClose(Period.parse(line[1]), line[2])


def note_close_beside(db: Database, close: LastClose) -> None:
    """Write the last closed month beside the lock: on disk when this returns. Root gives it to the database's owner."""
    database = path_of(db)
    file = _file(database)
    part = file.with_name(f"{file.name}.part")  # one name: two closes at once write the same
    try:
        descriptor = os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as written:
            written.write(f"{close.period} {close.sha256}\n")
            written.flush()
            if os.geteuid() == 0:
                owner = database.stat()
                os.fchown(written.fileno(), owner.st_uid, owner.st_gid)
            os.fsync(written.fileno())
        part.replace(file)
        sync(file.parent)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise not_made(file, error) from error


def forget_close_beside(db: Database) -> None:
    """Remove what stands beside the lock of the last closed month."""
    file = _file(path_of(db))
    file.unlink(missing_ok=True)
    sync(file.parent)


def _file(database: Path) -> Path:
    return database.with_name(f"{database.name}.closed")
