"""The texts that a gateway had taken, as far as a database can tell that was put back from a backup."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from smsreminders.domain.phone import PhoneError, PhoneNumber, parse_mobile
from smsreminders.domain.round.combining import day_key, merged
from smsreminders.domain.round.due import Due, Rules
from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.round.notifications import digest_of
from smsreminders.domain.round.reminder_text import reminder_text
from smsreminders.domain.round.reminders import Cover, Reminder, plan_reminder
from smsreminders.domain.segments import count_segments

Slot = tuple[int, int]  # an occasion and an attempt

# How many revisions beyond that of now are asked for: the lost database saw one for each time that an appointment was
# moved since the backup, and this one sees one for all of them, or none before the agenda is imported.
_AHEAD = 2


@dataclass(frozen=True, slots=True)
class Taken:
    """A text that a gateway had taken, and the appointments that count as told by it although that is a guess.

    `ahead`: it is of a later revision of its first appointment than that of now.
    """

    text: Reminder
    guessed: tuple[Due, ...] = ()
    ahead: bool = False


def may_have_gone(present: Sequence[Due], former: Sequence[Due], rules: Rules) -> list[tuple[Due, Slot]]:
    """List the reminders that may have gone and that this database doesn't know of.

    They are of appointments as they stand now, as they stood at `former` revisions, and at the next revisions, of which
    only the number is known: any occasion may be that of another start.
    """
    every = [days for days, _ in rules.window.ends]
    ahead = [replace(due, revision=due.revision + more) for due in present for more in range(1, _AHEAD + 1)]
    return [
        *((due, slot) for due in [*present, *former] for slot in slots(due, rules)),
        *((due, slot) for due in ahead for slot in _unknown(due, every, rules)),
    ]


def slots(due: Due, rules: Rules) -> list[Slot]:
    """List which reminders of an appointment at its revision may have gone that this database doesn't know of.

    The first attempt at each occasion that has begun, or the second where the first is known to have gone, to another
    number than the patient has now.
    """
    return _unknown(due, [days for days, closes in rules.window.ends if due.starts_at < closes], rules)


def _unknown(due: Due, occasions: Iterable[int], rules: Rules) -> list[Slot]:
    gone = [e for e in due.earlier if e.may_be_on_a_phone and e.revision == due.revision]
    known = {(e.occasion, e.attempt): e.phone for e in gone}
    number, _ = number_of(due, rules)
    first = [(days, 1) for days in occasions]
    second = [(days, 2) for days, attempt in first if known.get((days, attempt), number.e164) != number.e164]
    return [slot for slot in [*first, *second] if slot not in known]


def number_of(due: Due, rules: Rules) -> tuple[PhoneNumber, bool]:
    """Read a patient's number as it stands now, and say whether it can be texted."""
    try:
        return parse_mobile(due.phone, rules.region.country, rules.region.texted), True
    except PhoneError:
        return PhoneNumber(due.phone), False


def reminder_of(due: Due, slot: Slot, rules: Rules) -> tuple[Reminder, bool]:
    """Make a reminder as it would be now, whether it may go or not, and say whether its number can be texted."""
    text = reminder_text(due, rules)
    phone, textable = number_of(due, rules)
    return Reminder((Cover(due, *slot, digest_of(text)),), phone, text, count_segments(text)), textable


def texts_taken(found: Sequence[Reminder], present: Sequence[Due], rules: Rules) -> list[Taken]:
    """Make the texts of which the gateway knows the reference, each with what it likely covered besides.

    `found` are of one appointment each, at one of its revisions. What would go now for the `present` appointments comes
    with the text of the same day that was found for an earlier start: so they share a text, and are not told a second
    time. Of a text at a later revision than that of now neither words nor day are known: all that would go now for that
    patient, or that number, counts as told by it, and that is a guess.
    """
    revisions = {due.appointment_id: due.revision for due in present}
    taken = {(reminder.due.appointment_id, reminder.due.revision) for reminder in found}
    decided = [plan_reminder(due, rules) for due in present]
    meant = [each for each in decided if isinstance(each, Reminder)]
    free = [each for each in meant if (each.due.appointment_id, each.due.revision) not in taken]
    texts = []
    for reminder in sorted(found, key=lambda each: each.due.starts_at, reverse=True):
        ahead = reminder.due.revision > revisions.get(reminder.due.appointment_id, reminder.due.revision)
        shares = _perhaps_told if ahead else _likely_told
        joined = [each for each in free if shares(reminder, each, rules)]
        free = [each for each in free if each not in joined]
        texts.append(_by_guess(reminder, joined) if ahead else Taken(merged([reminder, *joined], rules)))
    return texts[::-1]


def _likely_told(found: Reminder, each: Reminder, rules: Rules) -> bool:
    """Whether a text of the same day, for an earlier start of another appointment, is likely for this one too."""
    return (
        each.due.appointment_id != found.due.appointment_id
        and each.due.starts_at >= found.due.starts_at
        and day_key(each, rules) == day_key(found, rules)
    )


def _perhaps_told(found: Reminder, each: Reminder, rules: Rules) -> bool:
    """Whether a text of an unknown day may be for this one too, or for the same appointment as it stands now."""
    if each.due.appointment_id == found.due.appointment_id:
        return True
    same = each.phone == found.phone and each.first.occasion == found.first.occasion
    whose = rules.combine is Combine.PHONE or each.due.patient_id == found.due.patient_id
    return same and whose and rules.combine is not Combine.NONE


def _by_guess(found: Reminder, joined: Sequence[Reminder]) -> Taken:
    """Let a text count for these too, without making its words anew; its own appointment has no second cover."""
    others = [each.first for each in joined if each.due.appointment_id != found.due.appointment_id]
    return Taken(replace(found, covers=(*found.covers, *others)), tuple(each.due for each in joined), ahead=True)
