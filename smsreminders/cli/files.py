"""A file that is put in the place of another: a reader sees the old one or the new one, never half."""

import os
import secrets
from pathlib import Path

from smsreminders.cli.output import write_new
from smsreminders.errors import UsageError


def put_in_place(path: Path, text: str) -> None:
    """Write a text into a file beside it, which then takes its name; readable by its owner only, and on the disk.

    A symbolic link stays: what it points at is replaced. Raises UsageError for what is no regular file, OSError.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder: name a file for the bill")
    if path.exists() and not path.is_file():
        raise UsageError(f"{path} is no regular file: name one for the bill, or leave --output out")
    target = path.resolve()
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")  # its own for each run
    try:
        write_new(beside, text)
        beside.replace(target)
        _sync(target.parent)
    except BaseException as error:
        beside.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise


def _sync(folder: Path) -> None:
    """The new name is on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
