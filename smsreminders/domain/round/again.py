"""The look again at what waits in the outbox: what of it goes out now, and what is withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass

from smsreminders.domain.round.combining import merged
from smsreminders.domain.round.due import Due, Rules
from smsreminders.domain.round.reminders import Reminder, plan_reminder

MOVED = "moved"  # why a queued notification is withdrawn that is of an earlier revision
NEARER = "nearer"  # why one is withdrawn whose appointment has another reminder due by now
COMBINED = "combined"  # why one is withdrawn whose appointments another text covers by now
ANOTHER_KIND = "rehearsal"  # why one is withdrawn that waited for a gateway that sends nothing, or the other way round


@dataclass(frozen=True, slots=True)
class Held:
    """An appointment that a queued notification covers, as it stands now, and as what it is covered."""

    due: Due
    revision: int
    occasion: int
    attempt: int


@dataclass(frozen=True, slots=True)
class Again:
    """What becomes of a queued notification.

    `reminder` is what goes out, without the appointments that dropped out; where the first one dropped out the
    notification is withdrawn for `reason`, since its reference is made of that one, and `rest` goes out by itself.
    """

    reminder: Reminder | None = None
    reason: str | None = None
    rest: Reminder | None = None


def plan_again(held: Sequence[Held], rules: Rules) -> Again:
    """Look again at each appointment that a queued notification covers; the first of `held` is its own."""
    decided = [_look(each, rules) for each in held]
    kept = [decision for decision in decided if isinstance(decision, Reminder)]
    together = [reminder for reminder in kept if reminder.phone == kept[0].phone]  # who has another number now waits
    reminder = merged(together, rules) if together else None
    if isinstance(decided[0], Reminder):
        return Again(reminder)
    return Again(None, decided[0], reminder)


def _look(held: Held, rules: Rules) -> Reminder | str:
    """Decide what goes out now for one appointment, or why it drops out."""
    if held.due.revision != held.revision:
        return MOVED
    decided = plan_reminder(held.due, rules)
    if not isinstance(decided, Reminder):
        return decided.reason
    same = (decided.first.occasion, decided.first.attempt) == (held.occasion, held.attempt)
    return decided if same else NEARER
