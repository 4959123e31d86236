"""Remove a practice that left: its patients are erased some at a time, and then it is in no list any more."""

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from smsreminders.domain.clock import Clock
from smsreminders.domain.keep.access import Access, Verb
from smsreminders.domain.practices import Practice
from smsreminders.errors import TryAgainLater
from smsreminders.jobs.keep.access import recorded
from smsreminders.jobs.keep.erase import copies_of, erase_within
from smsreminders.store.bill.closing import deliveries, taken_back
from smsreminders.store.database import Database
from smsreminders.store.keep import leaving
from smsreminders.store.keep.erased_beside import note_erased
from smsreminders.store.keep.room import give_back
from smsreminders.store.practices import mark_removed
from smsreminders.store.round.replies import count_replies
from smsreminders.store.services import enable_service, services_of

_AT_ONCE = 100  # patients of a transaction: others write in between


@dataclass(frozen=True, slots=True)
class Removed:
    """How many patients of a removed practice were erased, and the copies that still have them."""

    patients: int
    copies: list[Path]


def check_removable(db: Database, practice: Practice, now: datetime) -> None:
    """Refuse to remove a practice of which something is open. Raises TryAgainLater that says what, and what to do.

    A text that waits for what has begun is nothing open: it is withdrawn with its patient, for no round may come.
    """
    unbilled = sum(sent.practice_id == practice.id for sent in deliveries(db, date.min, date.max))
    uncredited = sum(back.practice_id == practice.id for back in taken_back(db))
    unsettled = leaving.texts_under_way(db, practice.id, now)
    waiting = count_replies(db, [practice.id], done=False)
    things = [
        (unsettled, "texts wait or are under way (`dispatch`, `poll`, `notifications settle`)"),
        (unbilled, "texts that arrived are on no bill (`report --month MONTH --close`)"),
        (uncredited, "texts are to be credited (`report --month MONTH --close`)"),
        (waiting, "replies wait (`replies list`, `replies done`)"),
    ]
    if found := "; ".join(f"{count} {what}" for count, what in things if count):
        raise TryAgainLater(f"{practice.code} can't be removed yet: {found}; nothing was removed")


def remove_practice(
    db: Database,
    practice: Practice,
    *,
    access: Access,
    forget: Callable[[Collection[str]], None],
    clock: Clock,
) -> Removed:
    """Erase all patients of a practice, take away what is left of it, and mark it removed.

    The caller holds the lock of a run. Where it is killed, it is done again and goes on: the practice is marked last.
    `forget` is that of `erase_patient`. Raises TryAgainLater where something is open yet.
    """
    with recorded(db, access) as touched:
        check_removable(db, practice, clock.now())
        for service in services_of(db, practice.id):
            enable_service(db, service.id, enabled=False)
        touched.add(practice.id)
        touched.notes.append("is being removed")
    patients = 0
    while erased := _erase_some(db, practice, access=access, forget=forget, clock=clock):
        patients += erased
    give_back(db)
    return Removed(patients, copies_of(db))


def _erase_some(
    db: Database, practice: Practice, *, access: Access, forget: Callable[[Collection[str]], None], clock: Clock
) -> int:
    """Erase some patients; where none is left, take away the rest of the practice."""
    with recorded(db, access, Verb.ERASED) as touched:
        now = clock.now()
        patients = leaving.patient_ids(db, practice.id)[:_AT_ONCE]
        touched.add(practice.id, *patients)
        forget([reference for id_ in patients for reference in erase_within(db, practice.id, id_, now)])
        if not patients:
            check_removable(db, practice, now)
            leaving.take_away(db, practice.id, now)
            mark_removed(db, practice.id, now)
            touched.notes.append("was removed")
    with suppress(OSError):
        note_erased(db)
    return len(patients)
