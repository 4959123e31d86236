"""Erase a patient (AVG 17), as a whole or not at all; what a bill counts and what keeps a second text away stays."""

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from smsreminders.domain.clock import Clock
from smsreminders.domain.keep.access import Access, Verb
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.stopped import How
from smsreminders.errors import TryAgainLater
from smsreminders.jobs.keep.access import recorded
from smsreminders.jobs.round.stopping import stop
from smsreminders.store.database import Database, path_of
from smsreminders.store.keep import erasing
from smsreminders.store.keep.erased_beside import came_back, note_erased
from smsreminders.store.ownership import files_beside
from smsreminders.store.patients import patient_by_id
from smsreminders.store.practices import all_practices
from smsreminders.store.round.statuses import move

_COPY = ".before-"  # in the name of a copy that a migration made


@dataclass(frozen=True, slots=True)
class Erased:
    """How many texts of an erased patient were blanked and withdrawn, and the copies that still have them."""

    texts: int
    withdrawn: int
    copies: list[Path]


def to_erase(db: Database, practice: Practice, source_id: str) -> Erased:
    """Count what erasing a patient would blank and withdraw. Raises UsageError if there is none."""
    id_ = patient_by_id(db, practice.id, source_id).id
    return Erased(len(erasing.references_of(db, id_)), len(erasing.texts_queued(db, id_)), copies_of(db))


def erase_patient(
    db: Database,
    practice: Practice,
    source_id: str,
    *,
    access: Access,
    forget: Callable[[Collection[str]], None],
    clock: Clock,
) -> Erased:
    """Erase a patient: name, numbers, texts, replies and what files said of them; no import stores them again.

    `forget` takes texts out of what stands elsewhere, by their references, before anything is committed. Raises
    UsageError if there is no such patient, TryAgainLater while a text of theirs is under way.
    """
    now = clock.now()
    with recorded(db, access, Verb.ERASED) as touched:
        patient = patient_by_id(db, practice.id, source_id)
        if under_way := erasing.texts_under_way(db, patient.id):
            raise TryAgainLater(
                f"of {under_way} texts of this patient it isn't known yet what became of them: run "
                "`smsreminders poll`, settle what stays uncertain (`notifications settle`), and try again; nothing was "
                "erased"
            )
        queued = erasing.texts_queued(db, patient.id)
        references = erase_within(db, practice.id, patient.id, now)
        forget(references)
        touched.add(practice.id, patient.id)
    with suppress(OSError):  # they are erased, and the next who is erased notes them too
        note_erased(db)
    return Erased(len(references), len(queued), copies_of(db))


def erase_again(
    db: Database, *, access: Access, forget: Callable[[Collection[str]], None], clock: Clock
) -> tuple[int, list[str]]:
    """Erase who was erased after the backup that this database was put back from; return how many, and who waits.

    Of those who wait a text is under way, as far as the backup knows.
    """
    practices = {practice.id: practice for practice in all_practices(db)}
    erased, waiting = 0, []
    for practice_id, source_id in came_back(db):
        try:
            erase_patient(db, practices[practice_id], source_id, access=access, forget=forget, clock=clock)
            erased += 1
        except TryAgainLater:
            waiting.append(source_id)
    return erased, waiting


def erase_within(db: Database, practice_id: int, patient_id: int, now: datetime) -> list[str]:
    """Erase a patient within the caller's transaction; what waits is withdrawn. Return their texts' references."""
    for id_ in erasing.texts_queued(db, patient_id):
        move(db, id_, Status.QUEUED, Status.CANCELLED, now=now)
    for asked_id, e164, at in erasing.perhaps_stops(db, patient_id):  # nobody can read any more what they ask for
        stop(db, [asked_id], e164, how=How.REPLY, at=at, now=now)
    for e164 in erasing.own_numbers(db, patient_id):
        erasing.keep_stops(db, practice_id, e164)
    references = erasing.references_of(db, patient_id)
    erasing.erase(db, patient_id, now)
    return references


def copies_of(db: Database) -> list[Path]:
    """List the copies that migrations made, which still have who was erased since."""
    return [path for path in files_beside(path_of(db)) if _COPY in path.name]
