"""What tests of files share: another connection, modes that bind root, a small disk, a strict look at files."""

import ctypes
import os
import resource
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from smsreminders.store.database import Database

_LIBC = ctypes.CDLL(None, use_errno=True)
_HEADER = (0x20080522, 0)  # version 3, this thread (capset(2))
_OVER_MODES = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH (capabilities(7))
_Header = ctypes.c_uint32 * 2
_Sets = ctypes.c_uint32 * 6  # effective, permitted, inheritable: of capabilities 0 to 31, then of 32 to 63


@contextmanager
def another_program(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection of somebody else, who doesn't wait and commits each statement unless it says `begin`."""
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        yield connection


@contextmanager
def bound_by_modes() -> Iterator[None]:
    """The modes of files bind root too for a while, who stays the owner of its own: the program can still be read."""
    before = _effective_capabilities()
    _set_effective(before & ~_OVER_MODES)
    try:
        yield
    finally:
        _set_effective(before)


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


def make_full(path: Path) -> None:
    """Make a file that nothing can be written to, for its disk is full: as /dev/full is. Skips where only root may."""
    try:
        os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 7))  # null(4): the numbers of /dev/full
        with path.open("r+b"):
            return
    except OSError:
        path.unlink(missing_ok=True)
        pytest.skip("a device like /dev/full can't be made here: that needs root, and a disk that has devices")


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


def _effective_capabilities() -> int:
    return _capabilities()[0]


def _set_effective(effective: int) -> None:
    sets = _capabilities()
    sets[0] = effective
    if _LIBC.capset(_Header(*_HEADER), sets):
        raise OSError(ctypes.get_errno(), "capset")


def _capabilities() -> "ctypes.Array[ctypes.c_uint32]":
    sets = _Sets()
    if _LIBC.capget(_Header(*_HEADER), sets):
        raise OSError(ctypes.get_errno(), "capget")
    return sets
