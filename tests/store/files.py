"""What the tests of the database file share: another connection, another user, a small disk, a strict look at files."""

import os
import resource
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from smsreminders.store.database import Database

NOBODY = 65534


@contextmanager
def another_program(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection of somebody else, who doesn't wait and commits each statement unless it says `begin`."""
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        yield connection


@contextmanager
def without_rights() -> Iterator[None]:
    """As a user whom permissions bind: root becomes nobody for a while."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@contextmanager
def folder_for_all() -> Iterator[Path]:
    """A folder that every user can reach and read, as pytest's own are not."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


@contextmanager
def files_no_longer_than(size: int) -> Iterator[None]:
    """Writing behind this many bytes fails, as on a disk that is broken there."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def all_files(folder: Path) -> dict[str, bytes]:
    """The files of a folder, byte for byte."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def add_rounds(db: Database, count: int = 1) -> None:
    for _ in range(count):
        db.execute("insert into rounds (started_at) values ('2026-11-23T08:00:00Z')")


def rounds(connection: Database | sqlite3.Connection) -> int:
    (count,) = connection.execute("select count(*) from rounds").fetchone()
    return int(count)
