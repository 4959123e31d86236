"""The texts that a gateway had taken, as far as a database can tell that was put back from a backup."""

from collections.abc import Sequence

from smsreminders.domain.combining import day_key, merged
from smsreminders.domain.due import Due, Rules
from smsreminders.domain.notifications import digest_of
from smsreminders.domain.phone import PhoneError, PhoneNumber, parse_mobile
from smsreminders.domain.reminder_text import reminder_text
from smsreminders.domain.reminders import Cover, Reminder
from smsreminders.domain.segments import count_segments

Slot = tuple[int, int]  # an occasion and an attempt


def slots(due: Due, rules: Rules) -> list[Slot]:
    """List which reminders of an appointment may have gone that this database doesn't know of.

    The first attempt at each occasion that has begun, or the second where the first is known to have gone, to another
    number than the patient has now.
    """
    gone = [e for e in due.earlier if e.may_be_on_a_phone and e.revision == due.revision]
    known = {(e.occasion, e.attempt): e.phone for e in gone}
    number, _ = number_of(due, rules)
    first = [(days, 1) for days, closes in rules.window.ends if due.starts_at < closes]
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


def texts_taken(found: Sequence[Reminder], meant: Sequence[Reminder], rules: Rules) -> list[Reminder]:
    """Make the texts of which the gateway knows the reference, each with what it likely covered besides.

    `found` are of one appointment each; `meant` are those that would go now. Those of the same day come with the one
    that was found before them: so they share a text, and are not told a second time.
    """
    taken = {reminder.due.appointment_id for reminder in found}
    free = [reminder for reminder in meant if reminder.due.appointment_id not in taken]
    texts = []
    for reminder in sorted(found, key=lambda each: each.due.starts_at, reverse=True):
        day, start = day_key(reminder, rules), reminder.due.starts_at
        joined = [each for each in free if day_key(each, rules) == day and each.due.starts_at >= start]
        free = [each for each in free if each not in joined]
        texts.append(merged([reminder, *joined], rules))
    return texts[::-1]
