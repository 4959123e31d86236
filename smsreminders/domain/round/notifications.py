"""A notification's status: which may follow which, and what a send or a delivery report makes of it."""

from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from smsreminders.domain.round.occasions import show_occasion


class Status(StrEnum):
    """Where a notification stands; README, "What a status means", says it for users."""

    QUEUED = "queued"  # waits for its turn, or for the gateway
    SENDING = "sending"  # claimed: its request is under way
    SENT = "sent"  # the gateway took it; `poll` asks what became of it
    DELIVERED = "delivered"  # a delivery report says that it arrived: billed
    FAILED = "failed"  # a delivery report says that it did not arrive
    EXPIRED = "expired"  # it came too late, or no report came in time: not billed
    REJECTED = "rejected"  # the gateway won't have this one: certainly not sent
    UNCERTAIN = "uncertain"  # perhaps sent: never sent again by itself, a person looks at it
    CANCELLED = "cancelled"  # withdrawn before it left: moved, cancelled, no consent any more, or too late


MAY_FOLLOW: dict[Status, frozenset[Status]] = {
    Status.QUEUED: frozenset({Status.SENDING, Status.CANCELLED}),
    Status.SENDING: frozenset({Status.SENT, Status.QUEUED, Status.REJECTED, Status.UNCERTAIN}),
    Status.SENT: frozenset({Status.DELIVERED, Status.FAILED, Status.EXPIRED}),
    Status.UNCERTAIN: frozenset({Status.SENT, Status.DELIVERED, Status.FAILED, Status.EXPIRED, Status.QUEUED}),
    Status.DELIVERED: frozenset({Status.FAILED}),  # a person's word only
    Status.FAILED: frozenset({Status.DELIVERED}),
    Status.EXPIRED: frozenset({Status.DELIVERED}),
    Status.REJECTED: frozenset({Status.QUEUED}),
    Status.CANCELLED: frozenset({Status.QUEUED}),
}
NEVER_SENT = frozenset({Status.CANCELLED, Status.REJECTED})  # certainly; a new try is no second text

TAKEN = frozenset({Status.SENT, Status.DELIVERED, Status.FAILED, Status.EXPIRED})  # the gateway took it

MAY_BE_ON_A_PHONE = frozenset(Status) - NEVER_SENT - {Status.QUEUED}  # sent, or perhaps
CORRECTED_WITHIN = timedelta(hours=72)  # so long after sending a gateway may take back that it failed
NO_REPORT = "no-report"  # the reason of an expiry by inference
ASKED_FOR = timedelta(days=35)  # how long after sending an expiry by inference is still asked about
LATE_WITHIN = timedelta(days=35)  # of sending; what is known to be delivered later is waived


class Word(StrEnum):
    """What a person says of a notification with `notifications settle`."""

    SENT = "sent"  # the uncertain one was sent
    NOT_SENT = "not-sent"  # the uncertain one was not, so it may go out
    NOT_DELIVERED = "not-delivered"  # the delivered one did not arrive


SETTLED: dict[Word, tuple[Status, Status]] = {  # what it must be, what it becomes
    Word.SENT: (Status.UNCERTAIN, Status.SENT),
    Word.NOT_SENT: (Status.UNCERTAIN, Status.QUEUED),
    Word.NOT_DELIVERED: (Status.DELIVERED, Status.FAILED),
}


def after_report(current: Status, reported: Status | None, *, taken_back: bool = False) -> Status | None:
    """Decide which status a delivery report brings, or None if it changes nothing.

    Delivered outranks failed and expired in whatever order they come; otherwise a final status stays. `reported` is
    None for a word of the gateway that we don't know: it is kept and shown, and is not final. What a person took back
    (`taken_back`) stays so, whatever is reported again.
    """
    if current is Status.DELIVERED or taken_back:
        return None
    return reported if reported in MAY_FOLLOW[current] else None


def is_given_up(sent_at: datetime, now: datetime, give_up_after: timedelta) -> bool:
    """Tell whether a notification without a report counts as expired: not delivered by inference, and not billed."""
    return now - sent_at > give_up_after


def reference_of(
    installation: str,
    practice: str,
    appointment: str,
    revision: int,
    *,
    occasion: int = 1,
    attempt: int = 1,
    rehearsed: bool = False,
) -> str:
    """Make our id for a reminder at a gateway: 32 letters and digits, always the same.

    It is made of the first appointment that the reminder covers, with its revision, occasion and attempt. So a gateway
    can be asked for it even by a database that was put back from a backup and doesn't know that it sent it; and a
    gateway that takes a reference only once refuses a second text. It tells nothing of the patient. A rehearsed
    reminder has another one, for it is no reminder for a gateway that sends.
    """
    parts = (installation, practice, appointment, str(revision), show_occasion(occasion), str(attempt))
    return sha256("\n".join((*parts, *(["rehearsed"] if rehearsed else []))).encode()).hexdigest()[:32]


def digest_of(text: str) -> str:
    """Make 32 letters and digits of a text that are the same only for the same text; who guesses it can check that."""
    return sha256(text.encode()).hexdigest()[:32]


class Absence(StrEnum):
    """What it means that a gateway doesn't know an uncertain notification."""

    NOTHING = "nothing"  # asked too soon, or after the gateway may have forgotten it
    ONCE = "once"  # the first answer that counts: ask again
    PROVED = "proved"  # it was certainly never sent


def absence(
    sent_at: datetime, first_absent_at: datetime | None, now: datetime, *, settle_time: timedelta, kept: timedelta
) -> Absence:
    """Judge what it proves that a gateway doesn't know a notification.

    Two answers prove that it was never sent, the first `settle_time` after the attempt, the second as much later: lists
    may lag.
    After `kept`, how long the gateway remembers, an answer means nothing any more.
    """
    if now - sent_at < settle_time or now - sent_at >= kept:
        return Absence.NOTHING
    if first_absent_at is None or now - first_absent_at < settle_time:
        return Absence.ONCE
    return Absence.PROVED
