"""What a page of replies or of opt-outs does, within the write transaction in which it is stored."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.inbound import OptedOut, Received
from smsreminders.domain.round.replies import Reading, Says, confirmed_by, meant, open_at, says, sharing
from smsreminders.domain.round.sending import AccountName
from smsreminders.domain.round.stopped import How
from smsreminders.errors import SmsremindersError
from smsreminders.jobs.round.stopping import start, stop
from smsreminders.store.database import Database
from smsreminders.store.round import inbox as store


@dataclass(slots=True)
class Heard:
    """What a run heard: how many replies, numbers that they stopped, appointments that they confirmed, opt-outs.

    A number counts once for each practice that it is stopped for. `troubles` says of each account that could not be
    heard why not.
    """

    replies: int = 0
    for_the_desk: int = 0
    stopped: int = 0
    confirmed: int = 0
    opt_outs: int = 0
    troubles: dict[AccountName, SmsremindersError] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Addressed:
    """Whom what comes in at an account may be for: the practices that use it, of all that there are."""

    account: AccountName
    users: Sequence[Practice]
    everyone: Sequence[Practice]


def take_replies(db: Database, addressed: Addressed, page: Sequence[Received], *, now: datetime, heard: Heard) -> None:
    """Store the replies of a page that are new, the oldest first, with what each does; count them."""
    known = store.known_ids(db, addressed.account, [received.gateway_id for received in page])
    for received in sorted(page, key=lambda received: received.received_at):
        if received.gateway_id not in known:
            known.add(received.gateway_id)
            reading = _read(db, addressed, received, now=now, heard=heard)
            store.add_reply(db, addressed.account, received, reading, now)
            heard.replies += 1
            heard.for_the_desk += reading.waits
            heard.confirmed += len(reading.confirmed)


def take_opt_outs(db: Database, addressed: Addressed, page: Sequence[OptedOut], *, now: datetime, heard: Heard) -> None:
    """Stop the numbers of a page; count the practices for which that is new.

    For every practice of the account and each that texted the number by it before, but where the list names the sender
    ID, for those of them that have it.
    """
    users = {practice.id for practice in addressed.users}
    for opted_out in page:
        ids = _sharing(addressed, opted_out.to, {*users, *store.texted(db, addressed.account, opted_out.phone, now)})
        at = opted_out.since and opted_out.since.replace(microsecond=0)  # as it is stored: told again, it is known
        heard.opt_outs += len(stop(db, ids, opted_out.phone, how=How.OPT_OUT, at=at, now=now))


def _read(db: Database, addressed: Addressed, received: Received, *, now: datetime, heard: Heard) -> Reading:
    """Find whose a reply is and what it says; stop or start its number where it says so."""
    phone, at = received.phone, min(received.received_at, now)
    said = says(received.text) if phone.startswith("+") else Says.OTHER  # no holder of a phone: a service, a name
    texted = store.texted(db, addressed.account, phone, at)
    ids = {*texted, *(practice.id for practice in addressed.users or addressed.everyone)}
    owners = _sharing(addressed, received.to, ids)
    practices = meant(owners, texted)
    about = open_at(at, store.told_to(db, phone, owners))
    confirmed = confirmed_by(said, about)
    waits = not confirmed
    if said is Says.STOP:
        heard.stopped += len(stop(db, practices, phone, how=How.REPLY, at=at, now=now))
        for practice_id in practices:
            for started_at in store.starts_after(db, practice_id, phone, at):  # its START was on an earlier page
                start(db, [practice_id], phone, at=started_at, now=now)
        waits = False
    if said is Says.START:
        waits = not start(db, practices, phone, at=at, now=now)
    return Reading(said, practices, about, confirmed, waits)


def _sharing(addressed: Addressed, answered: str, ids: Collection[int]) -> list[int]:
    """Choose of these practices those whose sender ID was answered; all of them where none is known to have it."""
    return sharing(answered, {each.id: each.sender_id for each in addressed.everyone if each.id in ids})
