"""Stopping a number for practices and starting it again, and what a gateway's code says of a number.

All within a write transaction of the caller.
"""

from collections.abc import Collection
from datetime import datetime

from smsreminders.domain.round.dead_numbers import failures
from smsreminders.domain.round.inbound import Mark
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.reminders import SkipReason
from smsreminders.domain.round.stopped import How, StopEvent, standing
from smsreminders.store.database import Database
from smsreminders.store.keep.erasing import erased_stops
from smsreminders.store.round import number_words, stopped
from smsreminders.store.round.replies import perhaps_stopped_among
from smsreminders.store.round.statuses import move


def stop(
    db: Database,
    practice_ids: Collection[int],
    e164: str,
    *,
    how: How,
    at: datetime | None,
    now: datetime,
    by: str = "",
) -> list[int]:
    """Stop a number for practices, and withdraw at once what waits for it there; return those for which it is new.

    `at` is when it was said; None where a gateway's list doesn't tell: then only its first word on the number counts.
    An old word of a gateway that is told again changes nothing, so what the desk lifted since stays lifted. A reply
    always counts: who reads them reads each once.
    """
    news = []
    for practice_id in practice_ids:
        known = stopped.stop_history(db, practice_id, e164)
        if _is_old([*known, *erased_stops(db, practice_id, e164)], how, at, now):
            continue
        if standing(known) is None:
            news.append(practice_id)
        stopped.add_stop_event(db, practice_id, e164, StopEvent(True, at or now, how, by), now)
        _withdraw(db, practice_id, e164, now)
    return news


def start(db: Database, practice_ids: Collection[int], e164: str, *, at: datetime, now: datetime) -> list[int]:
    """Lift for practices what a STOP from this phone said before its START; return those for which it may go on.

    What a gateway or the desk stopped stays: only the desk lifts that.
    """
    lifted = []
    for practice_id in practice_ids:
        known = stopped.stop_history(db, practice_id, e164)
        said = StopEvent(False, at, How.REPLY)
        if not any(event.stopped and event.how is How.REPLY for event in known) or said in known:
            continue
        stopped.add_stop_event(db, practice_id, e164, said, now)
        if standing(known) is not None and standing([*known, said]) is None:
            lifted.append(practice_id)
    return lifted


def lift(db: Database, practice_id: int, e164: str, *, by: str, now: datetime) -> bool:
    """Let a practice text a number again, on the word of a person, however it was stopped, and if it was called dead.

    Return whether there was something to lift.
    """
    is_stopped = standing(stopped.stop_history(db, practice_id, e164)) is not None
    if is_stopped:
        stopped.add_stop_event(db, practice_id, e164, StopEvent(False, now, How.DESK, by), now)
    has_failed = failures(number_words.words_on(db, practice_id, e164)) is not None
    if has_failed:
        number_words.lift_number(db, practice_id, e164, by=by, now=now)
    return is_stopped or has_failed


def barred_among(db: Database, numbers: Collection[tuple[int, str]]) -> dict[tuple[int, str], SkipReason]:
    """Find of these numbers, each with a practice's row id, those that get no text by the wish of their holder."""
    perhaps = dict.fromkeys(perhaps_stopped_among(db, numbers), SkipReason.PERHAPS_STOPPED)
    return perhaps | dict.fromkeys(stopped.stopped_among(db, numbers), SkipReason.STOPPED)


def mark_number(db: Database, notification_id: int, mark: Mark, *, now: datetime, reported: bool = False) -> None:
    """Keep what a gateway's word on a notification says of its number: its holder opted out, or nobody is there.

    `reported`: it is a report, which may be told again and again; else it is the answer to the request.
    """
    match mark:
        case Mark.DEAD:
            number_words.note_dead(db, notification_id, now)
        case Mark.OPTED_OUT:
            practice_id, e164, handed_over_at = stopped.number_of(db, notification_id)
            if e164:  # else its patient was erased
                stop(db, [practice_id], e164, how=How.REJECTED, at=handed_over_at if reported else now, now=now)


def _is_old(known: Collection[StopEvent], how: How, at: datetime | None, now: datetime) -> bool:
    """Tell whether a gateway told this word before; what is said just now is news."""
    if how not in {How.OPT_OUT, How.REJECTED} or at == now:
        return False
    return any(event.how is how and at in {None, event.at} for event in known)


def _withdraw(db: Database, practice_id: int, e164: str, now: datetime) -> None:
    for id_ in stopped.waiting_for(db, practice_id, e164):
        move(db, id_, Status.QUEUED, Status.CANCELLED, now=now, detail=SkipReason.STOPPED.value)
