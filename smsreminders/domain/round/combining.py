"""One text for several appointments: those of a patient, or of a phone, on one day that are due together."""

from collections.abc import Iterable, Sequence
from datetime import date

from smsreminders.domain.round.due import Due, Rules
from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.round.reminder_text import text_for_several
from smsreminders.domain.round.reminders import Reminder
from smsreminders.domain.segments import count_segments

Day = tuple[int | None, str, date]  # a patient's row id, or None for all of a number; the number; a local date


def combined(reminders: Iterable[Reminder], rules: Rules) -> list[Reminder]:
    """Make one reminder of those that share a text, by the start of their first appointment.

    They are of one local day, one number and one occasion, and of one patient where `combine` says so. A second attempt
    shares a text with what is new of its day.
    """
    groups: dict[tuple[object, ...], list[Reminder]] = {}
    for reminder in sorted(reminders, key=_start):
        groups.setdefault(day_key(reminder, rules), []).append(reminder)
    return [merged(group, rules) for group in groups.values()]


def merged(group: Sequence[Reminder], rules: Rules) -> Reminder:
    """Make one reminder that covers what these do, in the order of their starts."""
    if len(group) == 1:
        return group[0]
    covers = tuple(cover for reminder in sorted(group, key=_start) for cover in reminder.covers)
    text = text_for_several([cover.due for cover in covers], rules)
    return Reminder(covers, group[0].phone, text, count_segments(text))


def day_key(reminder: Reminder, rules: Rules) -> tuple[object, ...]:
    """Say with which others a reminder shares a text: those that have the same key."""
    if rules.combine is Combine.NONE:
        return (reminder.due.appointment_id,)
    day = day_of(reminder.due, reminder.phone.e164, rules)
    return day, reminder.first.occasion


def day_of(due: Due, phone: str, rules: Rules) -> Day:
    """Say whose day an appointment is on, if it is told to this number: one text is enough for that."""
    whose = due.patient_id if rules.combine is Combine.PATIENT else None
    return whose, phone, due.starts_at.astimezone(rules.zone).date()


def _start(reminder: Reminder) -> tuple[object, int]:
    return reminder.due.starts_at, reminder.due.appointment_id
