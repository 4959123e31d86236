"""A backup: a copy of the database that says of itself that it is one."""

from pathlib import Path

from smsreminders.store import backup as store
from smsreminders.store.database import Database


def backup(db: Database, target: Path) -> None:
    """Copy the database into a new file, consistent while others work. Raises UsageError if the file exists."""
    store.backup(db, target)
