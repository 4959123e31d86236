"""Files that commands write: whole or not at all, on the disk, and readable by their owner only."""

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from smsreminders.errors import UsageError
from smsreminders.store.filesystem import sync

_OWNER_ONLY = 0o600


def write_new(path: Path, pieces: Iterable[str]) -> None:
    """Write a new file; remove it again if it can't be written whole. Raises OSError, also if it exists."""
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        try:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        except OSError as error:
            path.unlink()
            raise OSError(error.errno, error.strerror, str(path)) from error


def check_place(path: Path, text: str) -> None:
    """Refuse a place where this text would replace something else, for that may be a bill that was sent.

    Raises UsageError.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder: name a file for the bill")
    if path.exists() and not path.is_file():
        raise UsageError(f"{path} is no regular file: name one for the bill, or leave --output out")
    if path.exists() and path.read_bytes() != text.encode():
        raise UsageError(f"{path} holds something else: it stays as it is; name another file, or remove this one first")


def put_in_place(path: Path, text: str) -> None:
    """Make a file at once: a reader sees all of it or nothing. One that holds these very bytes stays as it is.

    A symbolic link stays: what it points at is made. Raises UsageError for a file that holds something else, and for
    what is no regular file, OSError.
    """
    check_place(path, text)
    if not path.exists():
        replace_file(path, [text])


def replace_file(path: Path, pieces: Iterable[str]) -> None:
    """Make a file at once, or put it in the place of another: a reader sees all of either, or nothing.

    A symbolic link stays: what it points at is made. Raises UsageError for what is no regular file, OSError.
    """
    if path.exists() and not path.is_file():
        raise UsageError(f"{path} is no regular file: name one")
    target = path.resolve()
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")  # its own for each run
    try:
        write_new(beside, pieces)
        beside.replace(target)
        sync(target.parent)
    except BaseException as error:
        beside.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise
