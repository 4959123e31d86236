"""A practice at the desk: added, edited, and the days that it sets itself."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from smsreminders.domain.changes import PracticeChange, changed_practice, new_practice
from smsreminders.domain.practices import Practice
from smsreminders.store import practices as store
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.practices import OwnDays


@dataclass(frozen=True, slots=True)
class DaysChange:
    """What is said of a practice's own days; holidays by their names in the calendar."""

    closed_on: Collection[date] = ()
    open_on: Collection[date] = ()
    open_on_holidays: Collection[str] = ()
    forget_days: Collection[date] = ()
    forget_holidays: Collection[str] = ()


def add_practice(db: Database, code: str, change: PracticeChange) -> Practice:
    """Add a practice and return it. Raises UsageError if the code is taken or something can't be as it is said."""
    practice = new_practice(code, change)
    with write_transaction(db):
        store.add_practice(db, practice)
        return store.practice_by_code(db, practice.code)


def edit_practice(db: Database, code: str, change: PracticeChange) -> tuple[Practice, Practice]:
    """Change what is said and return the practice as it was and as it is. Raises UsageError."""
    with write_transaction(db):
        before = store.practice_by_code(db, code)
        after = changed_practice(before, change)
        store.change_practice(db, after)
    return before, after


def set_days(db: Database, code: str, change: DaysChange) -> tuple[Practice, OwnDays]:
    """Set a practice's own days and return all that it has then. Raises UsageError for an unknown practice."""
    with write_transaction(db):
        practice = store.practice_by_code(db, code)
        store.set_days(db, practice.id, change.closed_on, is_open=False)
        store.set_days(db, practice.id, change.open_on, is_open=True)
        store.open_on_holidays(db, practice.id, change.open_on_holidays)
        store.forget_days(db, practice.id, change.forget_days, change.forget_holidays)
        return practice, store.own_days(db, practice.id)
