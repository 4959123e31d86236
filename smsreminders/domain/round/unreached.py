"""Who must be called: whether an appointment has a delivered text and no answer waits; and the one reason if not."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from smsreminders.domain.appointments import Booking
from smsreminders.domain.round.due import Due, Rules
from smsreminders.domain.round.notifications import TAKEN, Status
from smsreminders.domain.round.planning import Plan, plan_reminders
from smsreminders.domain.round.reminders import Reminder, Skip, SkipReason
from smsreminders.domain.round.replies import Says

NEXT_ROUND = "next-round"  # nothing is wrong: the next round texts it
WANTS_TO_CANCEL = Says.NO.value  # an answer that waits says so
ANSWERED = "answered"  # an answer waits that a person must read
NO_PLAN = "no-plan"  # no text can be made for the practice: the configuration lacks something
_NO_OBSTACLE = frozenset({SkipReason.ALREADY_REMINDED, SkipReason.TOO_LATE})
# what an earlier round may have said that helps nobody who looks at an appointment that is to come
_OF_THEN = _NO_OBSTACLE | {SkipReason.COVERED, SkipReason.CANCELLED, SkipReason.CONFIRMED}
_LEFT = TAKEN | {Status.UNCERTAIN, Status.SENDING, Status.REJECTED}  # it was handed to a gateway, or perhaps
# nothing to do for these but to wait, or that is as the practice wants it: they are no call yet
WAITS = frozenset({Status.QUEUED, Status.SENDING, Status.SENT, NEXT_ROUND, SkipReason.EXCLUDED})
_MOMENT = timedelta(seconds=1)

NO_ANSWERS: Mapping[int, Collection[Says]] = {}
Decisions = Mapping[int, Reminder | Skip]  # by the appointment's id in the database


def unreached(
    dues: Sequence[Due],
    decided: Decisions,
    looked_at: Mapping[int, str],
    answers: Mapping[int, Collection[Says]] = NO_ANSWERS,
) -> list[tuple[Due, str]]:
    """List the booked appointments without a delivered text, or with an answer that waits, each with one reason.

    What the patient confirmed has arrived, whatever no report says.

    `decided` is what a round would do now with each of them, empty where no plan can be made. `looked_at` has the
    reason of the last round that skipped an appointment, `answers` what those say that wait for the desk. A reason is
    that of a skip, a status, `wants-to-cancel`, `answered`, `next-round` or `no-plan`. One that is covered by the text
    of an earlier appointment of its day is listed too, for that text doesn't tell its time.
    """
    by_name = {due.appointment: due for due in dues}
    listed = []
    for due in dues:
        if due.booking is not Booking.BOOKED:
            continue
        if said := answers.get(due.appointment_id):
            listed.append((due, _answered(said)))
            continue
        told_by = _told_by(due, decided, by_name)
        decision = decided.get(told_by.appointment_id)
        if due.confirmed or _is_delivered(told_by, decision):
            continue
        obstacle = _obstacle(decision) if told_by is due else None  # what bars the other one doesn't bar this one
        listed.append((due, obstacle or _reason(told_by, decision, looked_at.get(told_by.appointment_id))))
    return listed


def decide(dues: Sequence[Due], rules: Rules, *, daily_limit: int, sent_today: int) -> dict[int, Reminder | Skip]:
    """Say what a round would do now with each appointment; what begins too soon for it stays covered by another's text.

    Raises ConfigError if the template wants what the practice doesn't have.
    """
    decided = _decisions(plan_reminders(dues, rules, daily_limit=daily_limit, sent_today=sent_today))
    late = {id_ for id_, decision in decided.items() if _is_too_late(decision)}
    if late:
        in_time = replace(rules, window=replace(rules.window, opens=min(due.starts_at for due in dues) - _MOMENT))
        without_limit = plan_reminders(dues, in_time, daily_limit=len(dues), sent_today=0)
        covered = [skip for skip in without_limit.skips if skip.reason is SkipReason.COVERED]
        decided |= {skip.due.appointment_id: skip for skip in covered if skip.due.appointment_id in late}
    return decided


def _decisions(plan: Plan) -> dict[int, Reminder | Skip]:
    """Give each appointment of a plan what was decided on it."""
    decided: dict[int, Reminder | Skip] = {skip.due.appointment_id: skip for skip in plan.skips}
    return decided | {cover.due.appointment_id: reminder for reminder in plan.reminders for cover in reminder.covers}


def _told_by(due: Due, decided: Decisions, by_name: Mapping[str, Due]) -> Due:
    """Find the appointment whose text has just the words of this one's: the one that this is a copy of, or itself."""
    decision = decided.get(due.appointment_id)
    return by_name[decision.covered_by] if isinstance(decision, Skip) and decision.is_copy else due


def _answered(said: Collection[Says]) -> str:
    """Choose of what the answers say that wait what the desk hears first: a time that comes free, then a wish."""
    if Says.NO in said:
        return WANTS_TO_CANCEL
    return SkipReason.PERHAPS_STOPPED.value if Says.PERHAPS_STOP in said else ANSWERED


def _is_delivered(due: Due, decision: Reminder | Skip | None) -> bool:
    """Tell whether a delivered text told of an appointment as it stands: at this revision, or last in these words."""
    if any(e.status is Status.DELIVERED and e.revision == due.revision for e in due.earlier):
        return True
    return _statuses(due, decision)[-1:] == [Status.DELIVERED]


def _obstacle(decision: Reminder | Skip | None) -> str | None:
    """Say why no round texts of an appointment, where that is not how its text stands."""
    if isinstance(decision, Skip) and decision.reason not in _NO_OBSTACLE:
        return decision.reason.value
    return None


def _reason(due: Due, decision: Reminder | Skip | None, looked_at: str | None) -> str:
    """Say how the text of an appointment stands; if there is none, what the last round said that still counts."""
    if any(e.status is Status.QUEUED for e in due.earlier) and not _is_too_late(decision):
        return Status.QUEUED.value
    if isinstance(decision, Reminder):
        return NEXT_ROUND
    if statuses := _statuses(due, decision):
        return statuses[-1].value
    if looked_at and looked_at not in _OF_THEN:
        return looked_at
    return SkipReason.TOO_LATE.value if decision else NO_PLAN


def _is_too_late(decision: Reminder | Skip | None) -> bool:
    return isinstance(decision, Skip) and decision.reason is SkipReason.TOO_LATE


def _statuses(due: Due, decision: Reminder | Skip | None) -> Sequence[Status]:
    """List how the texts of an appointment stand that left at this revision; if none did, those in these words.

    It was moved and moved back, or cancelled and booked again: then the last one says what this one would.
    """
    left = [e for e in due.earlier if e.status in _LEFT]
    in_these_words = isinstance(decision, Skip) and decision.reason is SkipReason.ALREADY_REMINDED
    return [e.status for e in [e for e in left if e.revision == due.revision] or (left if in_these_words else [])]
