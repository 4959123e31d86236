"""A new database, with the first practice in it or empty."""

from pathlib import Path

from smsreminders.domain.practices import Practice
from smsreminders.store.database import create, opened, write_transaction
from smsreminders.store.practices import add_practice


def init(database: Path, practice: Practice | None) -> None:
    """Make a database with this practice, or without one. Raises UsageError if there is a file already."""
    create(database)
    if practice:
        with opened(database) as db, write_transaction(db):
            add_practice(db, practice)
