"""A practice at the desk: added, edited, and the days that it sets itself."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from smsreminders.domain.changes import PracticeChange, changed_practice, new_practice
from smsreminders.domain.practices import Practice, check_code
from smsreminders.domain.sender_ids import check_own
from smsreminders.errors import UsageError
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


def add_practice(
    db: Database, code: str, change: PracticeChange, *, country: str = "NL", sure: bool = False
) -> Practice:
    """Add a practice and return it.

    Raises UsageError if the code is taken or something can't be as it is said, and, for whoever isn't sure of it, if
    the sender ID isn't the practice's own.
    """
    practice = new_practice(code, change, country)
    with write_transaction(db):
        if not sure:
            _check_sender_id(db, practice)
        store.add_practice(db, practice)
        return store.practice_by_code(db, practice.code)


def edit_practice(
    db: Database, code: str, change: PracticeChange, *, country: str = "NL", sure: bool = False
) -> tuple[Practice, Practice]:
    """Change what is said and return the practice as it was and as it is. Raises UsageError as `add_practice` does."""
    with write_transaction(db):
        before = store.practice_by_code(db, code)
        after = changed_practice(before, change, country)
        if not sure and after.sender_id != before.sender_id:
            _check_sender_id(db, after)
        store.change_practice(db, after)
    return before, after


def rename_practice(db: Database, code: str, new: str) -> Practice:
    """Give a practice another code and return it. Raises UsageError for one that is taken or can't be.

    What was sent keeps its reference and what was billed its bytes: both are of the practice, whatever its code.
    """
    with write_transaction(db):
        practice = store.practice_by_code(db, code)
        if practice.code == check_code(new):
            raise UsageError(f'the code of this practice is "{new}" already')
        store.rename_practice(db, practice, new)
        return store.practice_by_code(db, new)


def set_days(db: Database, code: str, change: DaysChange) -> tuple[Practice, OwnDays]:
    """Set a practice's own days and return all that it has then.

    Raises UsageError for an unknown practice, and for a day that is said to be closed and open.
    """
    if both := sorted({*change.closed_on} & {*change.open_on}):
        raise UsageError(f"{both[0]} can't be both closed and open: say one of the two; nothing was changed")
    with write_transaction(db):
        practice = store.practice_by_code(db, code)
        store.set_days(db, practice.id, change.closed_on, is_open=False)
        store.set_days(db, practice.id, change.open_on, is_open=True)
        store.open_on_holidays(db, practice.id, change.open_on_holidays)
        store.forget_days(db, practice.id, change.forget_days, change.forget_holidays)
        return practice, store.own_days(db, practice.id)


def _check_sender_id(db: Database, practice: Practice) -> None:
    others = {other.sender_id: other.code for other in store.all_practices(db) if other.code != practice.code}
    check_own(practice.sender_id, others)
