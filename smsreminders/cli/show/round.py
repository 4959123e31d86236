"""A round: each appointment with its outcome, the counts, and what a person must look at."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from smsreminders.cli.show.columns import Column, View, row
from smsreminders.cli.show.forecast import FORECAST
from smsreminders.domain.round.notifications import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from smsreminders.cli.show.columns import Columns
    from smsreminders.domain.practices import Practice
    from smsreminders.domain.round.due import Due
    from smsreminders.domain.round.practice_rules import PracticeRules
    from smsreminders.domain.round.reminders import Reminder, Skip
    from smsreminders.domain.round.sending import AccountName
    from smsreminders.jobs.round.plan import PracticePlan
    from smsreminders.jobs.round.result import DispatchResult, Stopped


class Decided(NamedTuple):
    """What is decided for an appointment of a practice: the reminder that covers it, or why there is none."""

    practice: str
    due: "Due"
    decision: "Reminder | Skip"

    @property
    def reminder(self) -> "Reminder | None":
        """The reminder that covers it, if there is one."""
        from smsreminders.domain.round.reminders import Reminder

        return self.decision if isinstance(self.decision, Reminder) else None

    @property
    def segments(self) -> int:
        """The segments of its text, counted at the first appointment that the text covers."""
        reminder = self.reminder
        return reminder.counted.segments if reminder and reminder.due is self.due else 0


APPOINTMENTS: "Columns[Decided]" = (
    Column("practice", lambda decided, _: decided.practice, 50),
    Column("appointment", lambda decided, _: decided.due.appointment, 90),
    Column("patient", lambda decided, _: decided.due.patient, 70),
    Column("starts_at", lambda decided, view: view.local(decided.due.starts_at), 60),
    Column("outcome", lambda decided, _: "send" if decided.reminder else "skip", 85),
    Column("reason", lambda decided, _: getattr(decided.decision, "reason", None), 80),
    Column("text", lambda decided, _: (reminder := decided.reminder) and reminder.text, 5, cut=True),
    Column("encoding", lambda decided, _: (reminder := decided.reminder) and reminder.counted.encoding),
    Column("segments", lambda decided, _: decided.segments, 30),
)
PRACTICES: "Columns[PracticePlan]" = (
    Column("practice", lambda planned, _: planned.rules.practice.code),
    Column("from", lambda planned, _: planned.rules.window.today),
    Column("to", lambda planned, _: planned.rules.window.last),
    Column("held_back", lambda planned, _: planned.plan.held_back),
)
STOPPED: "Columns[tuple[AccountName, Stopped]]" = (
    Column("account", lambda named, _: named[0].account),
    Column("gateway", lambda named, _: named[0].gateway),
    Column("reason", lambda named, _: str(named[1].error)),
    Column("practices", lambda named, _: [practice.code for practice in named[1].practices]),
)
RESULT: "Columns[DispatchResult]" = (
    Column("round", lambda result, _: result.round_id),
    Column("covers", lambda result, _: {"from": w.today, "to": w.last} if (w := result.widest) else None),
    Column("practices", lambda result, view: [row(planned, PRACTICES, view) for planned in result.plans]),
    Column("queued", lambda result, _: result.queued),
    Column("sent", lambda result, _: result.sent.by_status[Status.SENT]),
    Column("uncertain", lambda result, _: result.sent.by_status[Status.UNCERTAIN]),
    Column("rejected", lambda result, _: result.sent.by_status[Status.REJECTED]),
    Column("waiting", lambda result, _: result.waiting),
    Column("skipped", lambda result, _: {reason.value: count for reason, count in sorted(result.skipped.items())}),
    Column("segments", lambda result, _: result.segments.total()),
    Column("cost", lambda result, _: _cost(result)),
    Column("stopped", lambda result, view: [row(stopped, STOPPED, view) for stopped in result.stopped.items()]),
)
_NAMED = 5  # practices that wait
COUNTS = ("queued", "sent", "uncertain", "rejected", "waiting")


def round_row(result: "DispatchResult", view: View) -> dict[str, object]:
    """Give a round the keys of `dispatch --json`."""
    return row(result, RESULT, view)


def rehearsal_row(result: "DispatchResult", view: View) -> dict[str, object]:
    """Give a round that was only rehearsed the keys of `dispatch --dry-run --json`."""
    return round_row(result, view) | {
        "forecast": row(result.forecast, FORECAST, view) if result.forecast else None,
        "appointments": [row(decided, APPOINTMENTS, view) for decided in appointments(result)],
    }


def appointments(result: "DispatchResult") -> "Iterator[Decided]":
    """List each appointment that a round looked at with what it decided, by practice and start."""
    for planned in result.plans:
        code, plan = planned.rules.practice.code, planned.plan
        decided = [Decided(code, cover.due, reminder) for reminder in plan.reminders for cover in reminder.covers]
        decided += [Decided(code, skip.due, skip) for skip in plan.skips]
        yield from sorted(decided, key=lambda each: (each.due.starts_at, each.due.appointment))


def round_lines(result: "DispatchResult", view: View, *, dry_run: bool, rehearsal: bool = False) -> Iterator[str]:
    """Say which days a round covers, what it did, what it skipped, and what it costs; a `rehearsal` sent nothing."""
    for planned in result.plans:
        window = planned.rules.window
        yield f"{planned.rules.practice.code}: covers {window.today:%a %d %b %Y} to {window.last:%a %d %b %Y}"
    counts = row(result, RESULT, view)
    said = {"sent": "rehearsed"} if rehearsal else {}
    yield "  ".join(f"{counts[word]} {said.get(word, word)}" for word in (COUNTS[:1] if dry_run else COUNTS))
    if result.skipped:
        yield "skipped: " + ", ".join(f"{count} {reason}" for reason, count in sorted(result.skipped.items()))
    condition = "if they had been sent and delivered" if rehearsal else "if all of them are delivered"
    yield f"{counts['segments']} segments, {view.currency} {counts['cost']} {condition}"


def to_look_at(result: "DispatchResult", rules_of: "Callable[[str], PracticeRules]") -> list[str]:
    """Say what of a round a person must look at: practices held back, what is uncertain, what was rejected.

    `rules_of` gives the rules of a practice by its code.
    """
    lines = [
        f"practice {held.code} is held back: more than {_limit(held.code, rules_of(held.code))}; "
        "nothing of it goes out until somebody has looked at its appointments"
        for held in result.held_back
    ]
    if result.uncertain:
        lines.append(
            f"{result.uncertain} notifications are uncertain: see `smsreminders notifications list --status uncertain`"
        )
    if rejected := result.sent.by_status[Status.REJECTED]:
        lines.append(f"{rejected} were rejected: see `smsreminders notifications list --status rejected`")
    return lines


def _limit(code: str, rules: "PracticeRules") -> str:
    from smsreminders.domain.round.practice_rules import Origin

    table = f"practices.{code}" if rules.origin("daily_limit") is Origin.OWN else "schedule"
    return f"{rules.schedule.daily_limit} texts in a day ({table}.daily_limit)"


def who_waits(trouble: str, practices: "Sequence[Practice]", *, of_all: "Sequence[PracticePlan]") -> str:
    """Add to what stopped an account which practices wait for it, where they aren't all of the round."""
    if not practices or len(practices) == len(of_all):
        return trouble
    codes = [practice.code for practice in practices[:_NAMED]]
    more = f" and {len(practices) - _NAMED} more" if len(practices) > _NAMED else ""
    return f"{trouble}; of {', '.join(codes)}{more} something waits"


def _cost(result: "DispatchResult") -> object:
    from smsreminders.domain.bill.billing import to_cents

    return to_cents(result.cost)
