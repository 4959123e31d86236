"""What an appointment's reminder, or a notification, comes to, and what to do: one sentence at the end of its page."""

import shlex
from typing import TYPE_CHECKING

from smsreminders.cli.show.columns import View
from smsreminders.cli.show.reasons import REHEARSAL, SKIPS, STATUSES, WITHDRAWN
from smsreminders.cli.show.stopped import failed_words, since_words
from smsreminders.domain.round.judged_wording import SAYS
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.reminders import SkipReason
from smsreminders.jobs.explain import NOT_COVERED, SEND

if TYPE_CHECKING:
    from typing import TypeGuard

    from smsreminders.jobs.explain import Explanation
    from smsreminders.store.round.notifications import Notification


_DETAILS = ("countries", "unclear", "missing", "covered_by", "stopped", "dead", "unfit")  # what only an explanation has


def conclusion_of_appointment(explanation: "Explanation", view: View) -> str:
    """Say what a round would make of an appointment now, or what became of the reminder that it had."""
    appointment, now = explanation.appointment, explanation.now
    newest = max(explanation.notifications, key=_by_weight, default=None)
    if now == SEND:
        rehearsed = f" Notification {newest.id} was a rehearsal: nobody was texted." if _is_rehearsal(newest) else ""
        again = newest and newest.status is Status.FAILED and not newest.rehearsed
        what = "once more, to the number that the patient has now" if again else "its reminder"
        return f"The next round sends {what}.{rehearsed}"
    if newest and (now == SkipReason.ALREADY_REMINDED or (now == NOT_COVERED and explanation.is_over)):
        has = "" if _is_rehearsal(newest) else f"It has its reminder, notification {newest.id}. "
        return f"{has}{conclusion_of_notification(newest)}"
    if now in SKIPS:
        countries = ", ".join(sorted(explanation.countries))
        return SKIPS[now].sentence(
            _about(explanation.practice.code, appointment.patient, appointment.source_id)
            | {
                "countries": f" of {countries}, the [numbers] countries of the configuration" if countries else "",
                "unclear": f" ({explanation.unclear})" if explanation.unclear else "",
                "missing": f" ({appointment.missing})" if appointment.missing else "",
                "covered_by": f" ({explanation.covered_by})" if explanation.covered_by else "",
                "stopped": f", {since_words(explanation.stop, view)}" if explanation.stop else "",
                "unfit": f": {SAYS[explanation.unfit]}" if explanation.unfit else "",
                "dead": f": {failed_words(explanation.failures, view)}" if explanation.failures else "",
            }
        )
    if now != NOT_COVERED:
        return f"No reminder of this practice can leave: {now}."
    if explanation.is_over:
        last = explanation.rounds[-1].reason if explanation.rounds else None
        because = f", and the last one skipped it: {last}" if last else ""
        return f"It has begun, so no round covers it any more{because}."
    days = "working day" if explanation.farthest == 1 else f"{explanation.farthest} working days"
    return f"No round covers it yet: each one covers up to the end of the next {days}."


def conclusion_of_notification(notification: "Notification") -> str:
    """Say what became of a notification, and what a person can do."""
    about = _about(notification.practice, notification.patient, notification.appointment) | {"id": notification.id}
    if _is_rehearsal(notification):
        return REHEARSAL.sentence(about)
    why = WITHDRAWN.get(notification.reason or "") if notification.status is Status.CANCELLED else None
    return " ".join(meaning.sentence(about) for meaning in (STATUSES[notification.status], why) if meaning)


def _by_weight(notification: "Notification") -> tuple[bool, int]:
    """Put what a gateway that sends had before what was rehearsed or withdrawn, then the newest last."""
    counts = not notification.rehearsed and notification.status is not Status.CANCELLED
    return counts, notification.id


def _is_rehearsal(notification: "Notification | None") -> "TypeGuard[Notification]":
    return notification is not None and notification.rehearsed and notification.status is not Status.CANCELLED


def _about(practice: str, patient: str, appointment: str) -> dict[str, object]:
    """Name whom a sentence is about, as the words of a command line."""
    names = {"practice": practice, "patient": patient, "appointment": appointment}
    return {**{key: shlex.quote(name) for key, name in names.items()}, **dict.fromkeys(_DETAILS, "")}
