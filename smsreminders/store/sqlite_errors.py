"""SQLite's errors in words for a person: what is wrong with which file, and what to do; never a statement's text."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smsreminders.errors import AdministratorNeeded, SmsremindersError, TryAgainLater, UsageError
from smsreminders.store.filesystem import not_made

StoreError = sqlite3.Error  # for who can go on without a write


def damaged(path: Path) -> AdministratorNeeded:
    """The error about a database file that is damaged."""
    return AdministratorNeeded(f"{path} is damaged: stop the cron jobs and put the last backup back")


def in_words(error: BaseException, path: Path) -> SmsremindersError | None:
    """SQLite's error about a file as an error of ours, by what there is to do; None for a mistake in our own code."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return TryAgainLater(f"{path} is locked by another program: try again later")
    if code == sqlite3.SQLITE_FULL:
        return TryAgainLater(f"{path}: the disk is full: make room and try again")
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}:
        return AdministratorNeeded(f"{path} can't be written: look at the permissions of the file and its folder")
    if code == sqlite3.SQLITE_NOTADB:
        return AdministratorNeeded(f"{path} is no database: put the right file there, or run `smsreminders init`")
    if code == sqlite3.SQLITE_CORRUPT or str(error).startswith("Could not decode"):  # Python's own, without a code
        return damaged(path)
    if code == sqlite3.SQLITE_IOERR:
        return AdministratorNeeded(f"{path}: the disk doesn't read or write as it should: look at the disk")
    return None


def already_there(path: Path) -> UsageError:
    """The error about a file that is to be made and exists."""
    return UsageError(f"{path} exists already: nothing was changed")


@contextmanager
def in_words_of_making(path: Path) -> Iterator[None]:
    """Raise what goes wrong while a file is being made as an error of ours that names the file."""
    try:
        yield
    except FileExistsError as error:
        raise already_there(path) from error
    except OSError as error:
        raise not_made(path, error) from error
    except sqlite3.Error as error:
        if known := in_words(error, path):
            raise known from error
        raise
