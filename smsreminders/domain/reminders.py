"""Who gets which reminder, who is skipped, and why: the plan of a round, and the same look again at the claim."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from smsreminders.domain.appointments import Booking
from smsreminders.domain.consent import Consent
from smsreminders.domain.due import Due, Earlier, Rules
from smsreminders.domain.notifications import MAY_BE_ON_A_PHONE, Status
from smsreminders.domain.phone import PhoneError, PhoneNumber, parse_mobile
from smsreminders.domain.reminder_text import reminder_text
from smsreminders.domain.segments import Segmentation, count_segments


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
    LIMIT_REACHED = "limit-reached"  # the practice would go over its daily limit
    EXCLUDED = "excluded"  # the practice leaves out appointments of this type, or with this practitioner
    COVERED = "covered"  # another appointment's text says the same to the same phone


MOVED = "moved"  # why a queued notification is withdrawn that is of an earlier revision
ANOTHER_KIND = "rehearsal"  # why one is withdrawn that waited for a gateway that sends nothing, or the other way round

_PHONE_PROBLEMS = {
    "empty": SkipReason.NO_NUMBER,
    "unparseable": SkipReason.INVALID_NUMBER,
    "invalid": SkipReason.INVALID_NUMBER,
    "not-mobile": SkipReason.NOT_MOBILE,
}


@dataclass(frozen=True, slots=True)
class Reminder:
    """The text that we mean to send; `due.earlier` is the notification that it goes out with, if there is one."""

    due: Due
    phone: PhoneNumber
    text: str = field(repr=False)
    counted: Segmentation


@dataclass(frozen=True, slots=True)
class Skip:
    """No reminder, with its reason; `covered_by` is the appointment whose text says the same."""

    due: Due
    reason: SkipReason
    covered_by: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a round means to do: every appointment it was given is in one of the two lists, once."""

    reminders: list[Reminder] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)
    held_back: bool = False

    @property
    def new(self) -> list[Reminder]:
        """The reminders that don't wait in the outbox already."""
        return [r for r in self.reminders if r.due.earlier is None or r.due.earlier.status is not Status.QUEUED]


def plan_reminders(due: Sequence[Due], rules: Rules, *, daily_limit: int, sent_today: int) -> Plan:
    """Plan a round for one practice; above the daily limit nothing of the practice goes out.

    Raises ConfigError if the template wants what the practice doesn't have.
    """
    decided = [plan_reminder(appointment, rules) for appointment in due]
    reminders = [reminder for reminder in decided if isinstance(reminder, Reminder)]
    skips = [skip for skip in decided if isinstance(skip, Skip)]
    reminders, copies = _without_copies(reminders, due)
    skips += copies
    if reminders and sent_today + len(reminders) > daily_limit:
        skips += [Skip(reminder.due, SkipReason.LIMIT_REACHED) for reminder in reminders]
        return Plan([], skips, held_back=True)
    return Plan(reminders, skips)


def _without_copies(reminders: Sequence[Reminder], due: Sequence[Due]) -> tuple[list[Reminder], list[Skip]]:
    """Keep one of the reminders that would say the same to the same phone; the others are covered by it.

    Two ids for one appointment do that: a spreadsheet took the zeros off the ids, and the record has them again.
    """
    said = {
        (each.earlier.phone, each.earlier.text): each.appointment
        for each in due
        if each.earlier and each.earlier.status in MAY_BE_ON_A_PHONE | {Status.QUEUED}
    }
    kept: list[Reminder] = []
    copies: list[Skip] = []
    for reminder in reminders:
        waits = reminder.due.earlier is not None and reminder.due.earlier.status is Status.QUEUED
        by = said.setdefault((reminder.phone.e164, reminder.text), reminder.due.appointment)
        if waits or by == reminder.due.appointment:
            kept.append(reminder)
        else:
            copies.append(Skip(reminder.due, SkipReason.COVERED, by))
    return kept, copies


def plan_again(due: Due, revision: int, rules: Rules) -> Reminder | str:
    """Look again at a queued notification of this revision: what goes out now, or why it is withdrawn."""
    if due.revision != revision:
        return MOVED
    decided = plan_reminder(due, rules)
    return decided if isinstance(decided, Reminder) else decided.reason


def plan_reminder(due: Due, rules: Rules) -> Reminder | Skip:
    """Decide on one appointment as it stands at this moment."""
    if reason := _no_reminder(due, rules):
        return Skip(due, reason)
    try:
        phone = parse_mobile(due.phone, rules.region.country, rules.region.texted)
    except PhoneError as problem:
        return Skip(due, _PHONE_PROBLEMS[problem.reason])
    text = reminder_text(due, rules)
    if due.earlier and due.earlier.status is Status.REJECTED and _says(due.earlier, phone, text):
        return Skip(due, SkipReason.INVALID_NUMBER)  # the gateway would reject it again
    if due.last_sent and _says(due.last_sent, phone, text):
        return Skip(due, SkipReason.ALREADY_REMINDED)  # moved and moved back, or cancelled and booked again
    if not rules.window.covers(due.starts_at):
        return Skip(due, SkipReason.TOO_LATE)  # last: a person can mend the other reasons
    return Reminder(due, phone, text, count_segments(text))


def _says(notification: Earlier, phone: PhoneNumber, text: str) -> bool:
    """Whether a notification has these same words for this same number."""
    return (notification.phone, notification.text) == (phone.e164, text)


def _no_reminder(due: Due, rules: Rules) -> SkipReason | None:
    if due.booking is Booking.CANCELLED:
        return SkipReason.CANCELLED
    if due.earlier and due.earlier.status in MAY_BE_ON_A_PHONE:
        return SkipReason.ALREADY_REMINDED
    if rules.exclusions.exclude(due.type, due.practitioner):
        return SkipReason.EXCLUDED  # before what a person could mend: that would bring no text
    if due.unclear is not None:
        return SkipReason.UNCLEAR
    if due.service_id is None:
        return SkipReason.NO_SERVICE
    if due.consent is Consent.NEVER_ASKED:
        return SkipReason.NO_CONSENT
    return None if due.consent is Consent.GIVEN else SkipReason.CONSENT_WITHDRAWN
