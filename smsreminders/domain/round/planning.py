"""The plan of a round for one practice: who gets which reminder, who is skipped, and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from smsreminders.domain.appointments import Booking
from smsreminders.domain.round.combining import Day, combined, day_of
from smsreminders.domain.round.due import Due, Earlier, Rules
from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.reminders import Reminder, Skip, SkipReason, plan_reminder


@dataclass(frozen=True, slots=True)
class Plan:
    """What a round means to do: every appointment it was given is in one of the two lists, once.

    `new` are the reminders that don't wait in the outbox already, just as they are meant now.
    """

    reminders: list[Reminder] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)
    new: list[Reminder] = field(default_factory=list)
    held_back: bool = False


def plan_reminders(due: Sequence[Due], rules: Rules, *, daily_limit: int, sent_today: int) -> Plan:
    """Plan a round for one practice; above the daily limit nothing of the practice goes out.

    Raises ConfigError if the template wants what the practice doesn't have.
    """
    decided = [plan_reminder(appointment, rules) for appointment in due]
    skips = [decision for decision in decided if isinstance(decision, Skip)]
    alone = [decision for decision in decided if isinstance(decision, Reminder)]
    alone, copies = _without_covered(alone, _copied(due))
    alone, added = _without_covered(alone, _told(due, rules))
    skips += [*(replace(skip, is_copy=True) for skip in copies), *added]
    reminders = combined(alone, rules)
    if reminders and sent_today + len(reminders) > daily_limit:
        skips += [Skip(cover.due, SkipReason.LIMIT_REACHED) for reminder in reminders for cover in reminder.covers]
        return Plan([], skips, held_back=True)
    return Plan(reminders, skips, _new(reminders, due))


Covering = Callable[[Reminder], str | None]  # the appointment whose text is for this one too


def _without_covered(reminders: Sequence[Reminder], covering: Covering) -> tuple[list[Reminder], list[Skip]]:
    """Keep the reminders that no other appointment's text covers."""
    kept: list[Reminder] = []
    covered: list[Skip] = []
    for reminder in reminders:
        by = covering(reminder)
        if by is None:
            kept.append(reminder)
        else:
            covered.append(Skip(reminder.due, SkipReason.COVERED, by))
    return kept, covered


def _copied(due: Sequence[Due]) -> Covering:
    """Find the appointment whose text says the same to the same phone, of those that have it or get it now.

    Two ids for one appointment do that: a spreadsheet took the zeros off the ids, and the record has them again.
    """
    said: dict[tuple[str, str, int], str] = {}
    for appointment in due:
        for earlier in _of_this_revision(appointment):
            if earlier.may_be_on_a_phone or earlier.status is Status.QUEUED:
                said.setdefault((earlier.phone, earlier.words, earlier.occasion), appointment.appointment)

    def covering(reminder: Reminder) -> str | None:
        mine, number = reminder.first, reminder.phone.e164
        for occasion in range(1, mine.occasion + 1):
            by = said.get((number, mine.words, occasion), mine.due.appointment)
            if by != mine.due.appointment and mine.waits_in is None:
                return by
        said[number, mine.words, mine.occasion] = mine.due.appointment
        return None

    return covering


def _told(due: Sequence[Due], rules: Rules) -> Covering:
    """Find the appointment of the same day and number whose text has gone, where this one starts after it.

    What certainly failed told nobody. With `combine` none each appointment has a text of its own.
    """
    told: dict[Day, list[tuple[Due, Earlier]]] = {}
    for appointment in due if rules.combine is not Combine.NONE else ():
        for earlier in _of_this_revision(appointment):
            stands = appointment.booking is Booking.BOOKED and earlier.status is not Status.FAILED
            if stands and earlier.may_be_on_a_phone:
                told.setdefault(day_of(appointment, earlier.phone, rules), []).append((appointment, earlier))

    def covering(reminder: Reminder) -> str | None:
        mine = reminder.first
        if mine.attempt > 1 or mine.waits_in is not None:
            return None
        for appointment, earlier in told.get(day_of(mine.due, reminder.phone.e164, rules), ()):
            if earlier.occasion <= mine.occasion and appointment.starts_at < mine.due.starts_at:
                return appointment.appointment
        return None

    return covering


def _of_this_revision(due: Due) -> list[Earlier]:
    return [earlier for earlier in due.earlier if earlier.revision == due.revision]


def _new(reminders: Sequence[Reminder], due: Sequence[Due]) -> list[Reminder]:
    """Choose the reminders that don't wait in the outbox, with just the appointments that they cover now."""
    waiting: dict[int, set[int]] = {}
    for appointment in due:
        for earlier in appointment.earlier:
            if earlier.status is Status.QUEUED:
                waiting.setdefault(earlier.id, set()).add(appointment.appointment_id)
    return [reminder for reminder in reminders if not _waits(reminder, waiting)]


def _waits(reminder: Reminder, waiting: Mapping[int, set[int]]) -> bool:
    first = reminder.first.waits_in
    if first is None or not first.leads:
        return False
    ids = {cover.due.appointment_id for cover in reminder.covers}
    return waiting[first.id] == ids and all(
        cover.waits_in and cover.waits_in.id == first.id for cover in reminder.covers
    )
