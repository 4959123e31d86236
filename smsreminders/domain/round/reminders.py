"""Whether one appointment gets a reminder and which one, or why not, as it stands at this moment."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from smsreminders.domain.appointments import Booking
from smsreminders.domain.consent import Consent
from smsreminders.domain.phone import PhoneError, PhoneNumber, parse_mobile
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.due import Due, Earlier, Rules
from smsreminders.domain.round.notifications import Status, digest_of, reference_of
from smsreminders.domain.round.reminder_text import reminder_text
from smsreminders.domain.round.unfit import unfit_for_a_text
from smsreminders.domain.segments import Segmentation, count_segments
from smsreminders.domain.text.judged import Matter


class SkipReason(StrEnum):
    """Why an appointment gets no reminder from a round."""

    NO_SERVICE = "no-service"  # no enabled service has reminders by SMS assigned
    NO_CONSENT = "no-consent"  # the patient was never asked
    CONSENT_WITHDRAWN = "consent-withdrawn"  # the patient's last word is no
    NO_NUMBER = "no-number"  # the patient has no phone number
    INVALID_NUMBER = "invalid-number"  # there is no such number, or the gateway rejected it
    NOT_MOBILE = "not-mobile"  # the number is no mobile one, or of a country that is left out
    CANCELLED = "cancelled"  # the appointment is cancelled
    ALREADY_REMINDED = "already-reminded"  # a notification may have left for this revision, or with these same words
    TOO_LATE = "too-late"  # it starts before the minimum notice is over
    UNCLEAR = "unclear"  # what was told last of the appointment, or of the patient's consent, could not be understood
    MISSING = "missing"  # the newest complete file of its source lacks it
    LIMIT_REACHED = "limit-reached"  # the practice would go over its daily limit
    EXCLUDED = "excluded"  # the practice leaves out appointments of this type, or with this practitioner
    STOPPED = "stopped"  # the holder of that phone said STOP, to us, to the gateway or at the desk
    PERHAPS_STOPPED = "perhaps-stopped"  # a reply from that phone may ask for no more texts, and nobody has read it yet
    DEAD_NUMBER = "dead-number"  # the gateway said twice in a row that nobody can be texted there
    CONFIRMED = "confirmed"  # the patient answered yes to an earlier reminder, and `remind` leaves this one out then
    UNFIT_TEXT = "unfit-text"  # its text would have what may not stand in any, of the place or the patient's name
    COVERED = "covered"  # another appointment's text is for this one too


_APART = timedelta(hours=20)  # between two reminders of the same revision: those of two mornings are further apart

_PHONE_PROBLEMS = {
    "empty": SkipReason.NO_NUMBER,
    "unparseable": SkipReason.INVALID_NUMBER,
    "invalid": SkipReason.INVALID_NUMBER,
    "not-mobile": SkipReason.NOT_MOBILE,
}


@dataclass(frozen=True, slots=True)
class Cover:
    """An appointment that a reminder is about, and which of its reminders that is: its occasion and attempt.

    `words` is the digest of what would be said of this appointment alone.
    """

    due: Due
    occasion: int
    attempt: int
    words: str

    @property
    def waits_in(self) -> Earlier | None:
        """The queued notification that it waits in, if there is one."""
        slot = (Status.QUEUED, self.due.revision, self.occasion, self.attempt)
        held = (e for e in self.due.earlier if (e.status, e.revision, e.occasion, e.attempt) == slot)
        return next(held, None)


@dataclass(frozen=True, slots=True)
class Reminder:
    """The text that we mean to send, and the appointments that it covers, by start: at least one."""

    covers: tuple[Cover, ...]
    phone: PhoneNumber
    text: str = field(repr=False)
    counted: Segmentation

    @property
    def first(self) -> Cover:
        """The first appointment that is covered: the reference is made of it."""
        return self.covers[0]

    @property
    def due(self) -> Due:
        """The first appointment that is covered, as it stands now."""
        return self.covers[0].due


@dataclass(frozen=True, slots=True)
class Skip:
    """No reminder, with its reason; `covered_by` is the appointment whose text is for this one too.

    `is_copy`: that text says just what this one's would, so one of the two may be there by mistake. `unfit` is what its
    text would have that may not stand in any.
    """

    due: Due
    reason: SkipReason
    covered_by: str = ""
    is_copy: bool = False
    unfit: Matter | None = None


def plan_reminder(due: Due, rules: Rules) -> Reminder | Skip:
    """Decide on one appointment as it stands at this moment, as if it were the only one."""
    occasion = rules.window.occasion(due.starts_at) or rules.window.ends[-1][0]
    reminded = [e for e in due.earlier if e.may_be_on_a_phone and e.revision == due.revision]
    attempt = next_attempt(reminded, occasion, rules.window.at)
    if attempt is None and due.booking is Booking.BOOKED:
        return Skip(due, SkipReason.ALREADY_REMINDED)
    if reason := _no_reminder(due, rules):
        return Skip(due, reason)
    try:
        phone = parse_mobile(due.phone, rules.region.country, rules.region.texted)
    except PhoneError as problem:
        return Skip(due, _PHONE_PROBLEMS[problem.reason])
    if reason := _barred(due) or _confirmed(due, occasion, rules):
        return Skip(due, reason)
    if unfit := unfit_for_a_text(due, rules):
        return Skip(due, SkipReason.UNFIT_TEXT, unfit=unfit)
    text = reminder_text(due, rules)
    cover = Cover(due, occasion, attempt or 1, digest_of(text))
    if reason := _said_before(cover, phone, rules.window.at):
        return Skip(due, reason)
    if not rules.window.covers(due.starts_at):
        return Skip(due, SkipReason.TOO_LATE)  # last: a person can mend the other reasons
    return Reminder((cover,), phone, text, count_segments(text))


def next_attempt(reminded: Sequence[Earlier], occasion: int, now: datetime) -> int | None:
    """Choose the attempt at an occasion that is to be made; None: it was made, or a nearer one, or another just now.

    `reminded` are the notifications that may be on a phone. A second attempt is only for what certainly failed; whether
    the number is another now is left to the caller.
    """
    made = [earlier for earlier in reminded if earlier.occasion <= occasion]
    if not made:
        just_now = any(earlier.sent_at and earlier.sent_at > now - _APART for earlier in reminded)
        return None if just_now else 1
    failed = len(made) == 1 and made[0].status is Status.FAILED
    return 2 if failed and made[0].occasion == occasion and made[0].attempt == 1 else None


def reference_of_reminder(installation: str, practice: Practice, reminder: Reminder, *, rehearsed: bool) -> str:
    """Make our id for a reminder at a gateway, of the first appointment that it covers."""
    first = reminder.first
    return reference_of(
        installation,
        practice.key,
        first.due.appointment,
        first.due.revision,
        occasion=first.occasion,
        attempt=first.attempt,
        rehearsed=rehearsed,
    )


def _no_reminder(due: Due, rules: Rules) -> SkipReason | None:
    if due.booking is Booking.CANCELLED:
        return SkipReason.CANCELLED
    if rules.exclusions.exclude(due.type, due.practitioner):
        return SkipReason.EXCLUDED  # before what a person could mend: that would bring no text
    if due.missing is not None:
        return SkipReason.MISSING
    if due.unclear is not None:
        return SkipReason.UNCLEAR
    if due.service_id is None:
        return SkipReason.NO_SERVICE
    if due.consent is Consent.NEVER_ASKED:
        return SkipReason.NO_CONSENT
    return None if due.consent is Consent.GIVEN else SkipReason.CONSENT_WITHDRAWN


def _barred(due: Due) -> SkipReason | None:
    """Say why a number gets no text that could have one: the wish of its holder first, for no desk mends that."""
    if due.stopped_since is not None:
        return SkipReason.STOPPED
    if due.perhaps_stopped:
        return SkipReason.PERHAPS_STOPPED
    return None if due.dead_since is None else SkipReason.DEAD_NUMBER


def _confirmed(due: Due, occasion: int, rules: Rules) -> SkipReason | None:
    """Say that a reminder is left out for who said yes to an earlier one, where `remind` has it so."""
    return SkipReason.CONFIRMED if due.confirmed and occasion in rules.unless_confirmed else None


def _said_before(cover: Cover, phone: PhoneNumber, now: datetime) -> SkipReason | None:
    """Find whether these words went to this number already, or failed there, or were rejected there."""
    due, number = cover.due, phone.e164
    for earlier in due.earlier:
        this_one = earlier.revision == due.revision
        if this_one and earlier.status is Status.REJECTED and earlier.says(number, cover.words):
            return SkipReason.INVALID_NUMBER  # the gateway would reject it again
        if this_one and earlier.status is Status.FAILED and cover.attempt > 1 and earlier.phone in {number, ""}:
            return SkipReason.ALREADY_REMINDED  # only to another number; that of who was erased isn't known
    went = [earlier for earlier in due.earlier if earlier.may_be_on_a_phone]
    if went and went[-1].says(number, cover.words) and next_attempt(went[-1:], cover.occasion, now) != 1:
        return SkipReason.ALREADY_REMINDED  # moved and moved back, or cancelled and booked again
    return None
