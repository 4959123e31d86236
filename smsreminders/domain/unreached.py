"""Who must be called: whether an appointment has a delivered text and no answer waits; and the one reason if not."""

from collections.abc import Collection, Mapping, Sequence

from smsreminders.domain.appointments import Booking
from smsreminders.domain.due import Due
from smsreminders.domain.notifications import TAKEN, Status
from smsreminders.domain.planning import Plan
from smsreminders.domain.reminders import Reminder, Skip, SkipReason
from smsreminders.domain.replies import Says

NEXT_ROUND = "next-round"  # nothing is wrong: the next round texts it
WANTS_TO_CANCEL = Says.NO.value  # an answer that waits says so
ANSWERED = "answered"  # an answer waits that a person must read
NO_PLAN = "no-plan"  # no text can be made for the practice: the configuration lacks something
_NO_OBSTACLE = frozenset({SkipReason.ALREADY_REMINDED, SkipReason.COVERED, SkipReason.TOO_LATE})
_LEFT = TAKEN | {Status.UNCERTAIN, Status.SENDING, Status.REJECTED}  # it was handed to a gateway, or perhaps
# nothing to do for these but to wait, or that is as the practice wants it: they are no call yet
WAITS = frozenset({Status.QUEUED, Status.SENDING, Status.SENT, NEXT_ROUND, SkipReason.EXCLUDED})

NO_ANSWERS: Mapping[int, Collection[Says]] = {}
Decisions = Mapping[int, Reminder | Skip]  # by the appointment's id in the database


def unreached(
    dues: Sequence[Due],
    decided: Decisions,
    looked_at: Mapping[int, str],
    answers: Mapping[int, Collection[Says]] = NO_ANSWERS,
) -> list[tuple[Due, str]]:
    """List the booked appointments without a delivered text, or with an answer that waits, each with one reason.

    `decided` is what a round would do now with each of them, empty where no plan can be made. `looked_at` has the
    reason of the last round that skipped an appointment, `answers` what those say that wait for the desk. A reason is
    that of a skip, a status, `wants-to-cancel`, `answered`, `next-round` or `no-plan`.
    """
    by_name = {due.appointment: due for due in dues}
    listed = []
    for due in dues:
        if due.booking is Booking.BOOKED and (said := answers.get(due.appointment_id)):
            listed.append((due, WANTS_TO_CANCEL if Says.NO in said else ANSWERED))
            continue
        decision = decided.get(due.appointment_id)
        if isinstance(decision, Skip) and decision.reason is SkipReason.COVERED:
            told_by = by_name.get(decision.covered_by, due)  # the other one's text is for this one too
        else:
            told_by = due
        decision = decided.get(told_by.appointment_id)
        if due.booking is Booking.BOOKED and not _is_delivered(told_by, decision):
            listed.append((due, _reason(told_by, decision, looked_at.get(told_by.appointment_id))))
    return listed


def decisions(plan: Plan) -> dict[int, Reminder | Skip]:
    """Give each appointment of a plan what was decided on it."""
    decided: dict[int, Reminder | Skip] = {skip.due.appointment_id: skip for skip in plan.skips}
    return decided | {cover.due.appointment_id: reminder for reminder in plan.reminders for cover in reminder.covers}


def _is_delivered(due: Due, decision: Reminder | Skip | None) -> bool:
    """Tell whether a delivered text told of an appointment as it stands: at this revision, or in these words.

    What the patient confirmed has arrived, whatever no report says.
    """
    if due.confirmed or any(e.status is Status.DELIVERED and e.revision == due.revision for e in due.earlier):
        return True
    in_these_words = isinstance(decision, Skip) and decision.reason is SkipReason.ALREADY_REMINDED
    return in_these_words and _statuses(due)[-1:] == [Status.DELIVERED]


def _reason(due: Due, decision: Reminder | Skip | None, looked_at: str | None) -> str:
    """Choose the reason that helps most: what can be mended, how its text stands, what the last round said."""
    if isinstance(decision, Skip) and decision.reason not in _NO_OBSTACLE:
        return decision.reason.value
    if any(e.status is Status.QUEUED for e in due.earlier):
        return Status.QUEUED.value
    if isinstance(decision, Reminder):
        return NEXT_ROUND
    if statuses := _statuses(due):
        return statuses[-1].value
    return looked_at or (decision.reason.value if decision else NO_PLAN)


def _statuses(due: Due) -> Sequence[Status]:
    """List how the texts of an appointment stand that left: at this revision, or at any where none did at this one."""
    left = [e for e in due.earlier if e.status in _LEFT]
    return [e.status for e in [e for e in left if e.revision == due.revision] or left]
