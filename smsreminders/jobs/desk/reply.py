"""Replies at the desk: one with all that it may be about, and the word that a person has dealt with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from smsreminders.domain.access import Access
from smsreminders.domain.clock import Clock
from smsreminders.jobs.keep.access import recorded
from smsreminders.store.access import ids_of
from smsreminders.store.database import Database, one_view
from smsreminders.store.patients import patients_of_number
from smsreminders.store.practices import all_practices
from smsreminders.store.replies import About, Reply, about_of, mark_done, reply_by_id


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


def settle_replies(db: Database, ids: Sequence[int], *, by: str, access: Access, clock: Clock) -> list[Reply]:
    """Note that a person has dealt with replies, and return them as they were; all or none.

    Who said so first stays. Raises UsageError if there is none of an id.
    """
    with recorded(db, access) as touched:
        before = [reply_by_id(db, id_) for id_ in ids]
        for id_ in ids:
            mark_done(db, id_, by=by, now=clock.now())
        for practice_id, patients in ids_of(db, [who for reply in before for who in whose(db, reply)]).items():
            touched.add(practice_id, *patients)
    return before


def whose(db: Database, reply: Reply) -> list[tuple[str, str | None]]:
    """Find whom a reply may be of: its practices, the patients of appointments it may be about, who has its phone."""
    about = [(k.practice, k.patient) for k in about_of(db, reply.id)]
    return [*((code, None) for code in reply.practices), *about, *_holders(db, reply)]


def _holders(db: Database, reply: Reply) -> list[tuple[str, str]]:
    codes = {practice.id: practice.code for practice in all_practices(db)}
    holders = patients_of_number(db, reply.phone)
    return [(codes[practice_id], patient.source_id) for practice_id, held in holders.items() for patient in held]
