"""Rounds as they are shown: those that were, one with its appointments, and those to come."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from smsreminders.cli.show.columns import Column, View, row
from smsreminders.cli.show.moments import day_text
from smsreminders.cli.show.values import plain
from smsreminders.domain.round.occasions import show_occasion

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smsreminders.cli.show.columns import Columns
    from smsreminders.domain.practices import Practice
    from smsreminders.domain.round.coming import ComingRound
    from smsreminders.store.round.past_rounds import Outcome, PastRound

COLUMNS: "Columns[PastRound]" = (
    Column("id", lambda past, _: past.id, 90),
    Column("practice", lambda past, _: past.practice, 60),
    Column("started_at", lambda past, view: view.local(past.started_at), 95),
    Column("from", lambda past, _: past.first),
    Column("to", lambda past, _: past.last, 50),
    Column("planned", lambda past, _: past.planned, 20),
    Column("sent", lambda past, _: past.sent, 80),
    Column("delivered", lambda past, _: past.delivered, 75),
    Column("skipped", lambda past, _: past.skipped, 70, cut=True),
    Column("held_back", lambda past, _: past.held_back),
    Column("completed_at", lambda past, view: view.local(past.completed_at)),
)
OUTCOMES: "Columns[Outcome]" = (
    Column("practice", lambda outcome, _: outcome.practice, 50),
    Column("appointment", lambda outcome, _: outcome.appointment, 90),
    Column("patient", lambda outcome, _: outcome.patient, 70),
    Column("starts_at", lambda outcome, view: view.local(outcome.starts_at), 60),
    Column("revision", lambda outcome, _: outcome.revision),
    Column("outcome", lambda outcome, _: "skip" if outcome.reason else "send", 85),
    Column("reason", lambda outcome, _: outcome.reason, 80),
)
COMING: "Columns[tuple[Practice, ComingRound]]" = (
    Column("practice", lambda pair, _: pair[0].code, 50),
    Column("day", lambda pair, _: pair[1].day, 95),
    Column("occasion", lambda pair, _: show_occasion(pair[1].occasion), 40),
    Column("from", lambda pair, _: pair[1].first, 90),
    Column("to", lambda pair, _: pair[1].last, 90),
    Column("holidays", lambda pair, _: {day.isoformat(): name for day, name in pair[1].holidays}, 60, cut=True),
)


def round_rows(rounds: "Iterable[PastRound]", outcomes: "Iterable[Outcome]", view: View) -> dict[str, object]:
    """Give a round the keys of `rounds show --json`."""
    return {
        "practices": [row(past, COLUMNS, view) for past in rounds],
        "appointments": [row(outcome, OUTCOMES, view) for outcome in outcomes],
    }


def round_heads(rounds: "Sequence[PastRound]", view: View) -> Iterator[str]:
    """Say in a line what a round covered of each practice, and what it came to."""
    for past in rounds:
        how = "held back" if past.held_back else "completed" if past.completed_at else "not completed"
        line = (
            f"{past.practice}: covers {day_text(past.first, view)} to {day_text(past.last, view)}; "
            f"{past.planned} planned, {past.sent} sent, {past.delivered} delivered; {how}"
        )
        yield f"{line}; skipped: {plain(past.skipped)}" if past.skipped else line
