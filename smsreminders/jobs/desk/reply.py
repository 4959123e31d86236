"""Replies at the desk: one with all that it may be about, and the word that a person has dealt with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from smsreminders.domain.clock import Clock
from smsreminders.domain.keep.access import Access
from smsreminders.domain.round.replies import Says
from smsreminders.domain.round.stopped import How
from smsreminders.errors import UsageError
from smsreminders.jobs.keep.access import recorded
from smsreminders.jobs.round.stopping import stop
from smsreminders.store.database import Database, one_view
from smsreminders.store.keep.access import ids_of
from smsreminders.store.patients import patients_of_number
from smsreminders.store.practices import all_practices
from smsreminders.store.round.replies import About, Reply, about_of, mark_done, reply_by_id
from smsreminders.store.round.stopped import stopped_among


@dataclass(frozen=True, slots=True)
class WholeReply:
    """A reply with the appointments that it may be about, and who has its phone: the code of a practice, a patient."""

    reply: Reply
    about: Sequence[About]
    holders: Sequence[tuple[str, str]]


def whole_reply(db: Database, id_: int) -> WholeReply:
    """Gather what is known of a reply. Raises UsageError if there is none of this id."""
    with one_view(db):
        reply = reply_by_id(db, id_)
        return WholeReply(reply, about_of(db, id_), _holders(db, reply))


@dataclass(frozen=True, slots=True)
class SettledReply:
    """A reply as it was before a person dealt with it, and the practices for which that stopped its phone."""

    before: Reply
    stopped: Sequence[str]


def settle_replies(
    db: Database, ids: Sequence[int], *, by: str, stops: bool | None = None, access: Access, clock: Clock
) -> list[SettledReply]:
    """Note that a person has dealt with replies, all or none; with `stops` their phones get no more texts.

    Who said so first stays. Raises UsageError if there is none of an id, and where `stops` is None though a reply that
    waits may ask for no more texts: else nobody would have answered that.
    """
    now = clock.now()
    with recorded(db, access) as touched:
        before = [reply_by_id(db, id_) for id_ in ids]
        practice_ids = {practice.code: practice.id for practice in all_practices(db)}
        if stops is None and (asking := [str(reply.id) for reply in before if _is_open(db, reply, practice_ids)]):
            raise UsageError(
                f"{', '.join(asking)} may ask for no more texts, and until you say whether that is so none go there: "
                f"`smsreminders replies done {asking[0]} --stop`, or `--no-stop` where it asks for something else"
            )
        settled = []
        for reply in before:
            mark_done(db, reply.id, by=by, now=now)
            of_reply = {practice_ids[code]: code for code in reply.practices} if stops and reply.phone else {}
            news = stop(db, of_reply, reply.phone, how=How.DESK, at=now, now=now, by=by)
            settled.append(SettledReply(reply, [of_reply[id_] for id_ in news]))
        for practice_id, patients in ids_of(db, [who for reply in before for who in whose(db, reply)]).items():
            touched.add(practice_id, *patients)
    return settled


def _is_open(db: Database, reply: Reply, practice_ids: Mapping[str, int]) -> bool:
    """Tell whether it is still to be said if a reply means a stop: not where its phone is stopped anyway."""
    numbers = {(practice_ids[code], reply.phone) for code in reply.practices}
    return reply.done_at is None and reply.says is Says.PERHAPS_STOP and not numbers <= stopped_among(db, numbers)


def whose(db: Database, reply: Reply) -> list[tuple[str, str | None]]:
    """Find whom a reply may be of: its practices, the patients of appointments it may be about, who has its phone."""
    about = [(k.practice, k.patient) for k in about_of(db, reply.id)]
    return [*((code, None) for code in reply.practices), *about, *_holders(db, reply)]


def _holders(db: Database, reply: Reply) -> list[tuple[str, str]]:
    codes = {practice.id: practice.code for practice in all_practices(db)}
    holders = patients_of_number(db, reply.phone)
    return [(codes[practice_id], patient.source_id) for practice_id, held in holders.items() for patient in held]
