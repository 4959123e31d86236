"""Stopped and dead numbers at the desk: who has them, stopped by a person's word, lifted by a person's word."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from smsreminders.domain.keep.access import Access
from smsreminders.domain.phone import e164_of, mask
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.dead_numbers import Failures, failures
from smsreminders.domain.round.reminders import SkipReason
from smsreminders.domain.round.stopped import How, StopEvent, standing
from smsreminders.errors import UsageError
from smsreminders.jobs.keep.access import recorded
from smsreminders.jobs.round.stopping import lift, stop
from smsreminders.store.database import Database
from smsreminders.store.patients import Patient, patients_of_number
from smsreminders.store.round.number_words import failed_numbers, words_on
from smsreminders.store.round.replies import perhaps_stopped_numbers
from smsreminders.store.round.stopped import stop_history, stopped_numbers, waiting_for

HELD = "a reply from it waits that may ask for no more texts, and holds them back: see `smsreminders replies list`"


@dataclass(frozen=True, slots=True)
class NumberStopped:
    """A number of a practice, the stop in force, and the ids of the patients who have it."""

    practice: Practice
    e164: str = field(repr=False)
    stop: StopEvent
    patients: list[str]


@dataclass(frozen=True, slots=True)
class NumberLifted:
    """What stood against a number before a person lifted it: a stop, definite failures, or both.

    `perhaps_stopped`: a reply from it still waits that may ask for no more texts, and holds them back.
    """

    e164: str = field(repr=False)
    stop: StopEvent | None
    failures: Failures | None
    patients: list[str]
    perhaps_stopped: bool = False


@dataclass(frozen=True, slots=True)
class NumberFailed:
    """A patient with a number at which the practice's texts definitely failed."""

    practice: Practice
    patient: Patient
    e164: str = field(repr=False)
    failures: Failures


def read_number(raw: str, country: str) -> str:
    """Read a number that a person gives, in the form of ITU-T E.164. Raises UsageError."""
    number = e164_of(raw, country)
    if number is None:
        raise UsageError("there is no such phone number: write it in full, as lists have it with --show-numbers")
    return number


def stop_number(
    db: Database, practice: Practice, e164: str, *, by: str, access: Access, now: datetime
) -> tuple[NumberStopped, int]:
    """Stop a number for a practice on a person's word, and tell how many texts that waited were withdrawn.

    Raises UsageError if a person stopped it already.
    """
    with recorded(db, access) as touched:
        touched.add(practice.id, *_holders(db, practice, e164))
        waiting = len(waiting_for(db, practice.id, e164))
        known = standing(stop_history(db, practice.id, e164))
        if known is not None and known.how is How.DESK:
            raise UsageError(
                f"{mask(e164)} is stopped for {practice.code} already; `smsreminders stopped list` shows it"
            )
        stop(db, [practice.id], e164, how=How.DESK, at=now, now=now, by=by)
    return NumberStopped(practice, e164, StopEvent(True, now, How.DESK, by), _ids_of(db, practice, e164)), waiting


def lift_number(db: Database, practice: Practice, e164: str, *, by: str, access: Access, now: datetime) -> NumberLifted:
    """Let a practice text a number again, on a person's word; say what stood against it. Raises UsageError."""
    with recorded(db, access) as touched:
        touched.add(practice.id, *_holders(db, practice, e164))
        stop_in_force, failed = against(db, practice.id, e164)
        perhaps = e164 in perhaps_stopped_numbers(db, practice.id)
        if not lift(db, practice.id, e164, by=by, now=now):
            nothing = f"there is nothing to lift: {mask(e164)} is neither stopped nor dead for {practice.code}"
            raise UsageError(f"{nothing}, but {HELD}" if perhaps else nothing)
    return NumberLifted(e164, stop_in_force, failed, _ids_of(db, practice, e164), perhaps)


def against(db: Database, practice_id: int, e164: str) -> tuple[StopEvent | None, Failures | None]:
    """Find what stands against texting a number for a practice: the stop in force, definite failures."""
    return standing(stop_history(db, practice_id, e164)), failures(words_on(db, practice_id, e164))


def numbers_stopped(db: Database, practice: Practice) -> Iterator[NumberStopped]:
    """List the numbers that are stopped for a practice, the latest first."""
    for number in stopped_numbers(db, practice.id):
        yield NumberStopped(practice, number.e164, number.stop, _ids_of(db, practice, number.e164))


def numbers_failed(db: Database, practice: Practice) -> Iterator[NumberFailed]:
    """List the patients of a practice whose number definitely failed, those that failed first first.

    Who has another number by now is left out, and so is a number at which a text arrived since.
    """
    for number in failed_numbers(db, practice.id):
        for patient in patients_of_number(db, number.e164).get(practice.id, ()):
            yield NumberFailed(practice, patient, number.e164, number.failures)


def barred_numbers(db: Database, practice: Practice) -> dict[str, SkipReason]:
    """Find the numbers that a practice texts no more, each with the reason."""
    dead = {
        number.e164: SkipReason.DEAD_NUMBER for number in failed_numbers(db, practice.id) if number.failures.is_dead
    }
    perhaps = dict.fromkeys(perhaps_stopped_numbers(db, practice.id), SkipReason.PERHAPS_STOPPED)
    return dead | perhaps | {number.e164: SkipReason.STOPPED for number in stopped_numbers(db, practice.id)}


def _ids_of(db: Database, practice: Practice, e164: str) -> list[str]:
    return [patient.source_id for patient in patients_of_number(db, e164).get(practice.id, ())]


def _holders(db: Database, practice: Practice, e164: str) -> list[int]:
    return [patient.id for patient in patients_of_number(db, e164).get(practice.id, ())]
