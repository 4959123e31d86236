"""The check-up of what went out: as much as usual, nothing rejected, and it arrives."""

from datetime import tzinfo

from smsreminders.domain.clock import Clock
from smsreminders.gateways.accounts import Accounts
from smsreminders.jobs.keep.accounts import judged_by_figures
from smsreminders.jobs.keep.doctor.findings import Check, Verdict
from smsreminders.jobs.keep.figures import figures_of, troubles_of
from smsreminders.store.database import Database
from smsreminders.store.practices import all_practices
from smsreminders.store.round.rounds import was_completed


def check_figures(db: Database, accounts: Accounts, *, zone: tzinfo, clock: Clock) -> list[Check]:
    """Judge today's figures as `check` does: against those of the same weekday of four weeks."""
    judged, rehearsal = judged_by_figures(all_practices(db), accounts)
    figures = figures_of(db, judged, zone=zone, rehearsal=rehearsal, now=clock.now())
    completed = [each.id for each in figures.practices if was_completed(db, each.id, figures.today)]
    troubles = troubles_of(figures, completed=completed)
    if troubles:
        return [Check(trouble.about, Verdict.WARNING, trouble.found, trouble.advice) for trouble in troubles]
    sent = "rehearsed and nothing sent" if rehearsal else "sent"
    skipped = ", ".join(f"{count} {reason}" for reason, count in figures.skipped.items()) or "none skipped"
    arrived = f"delivered {figures.recent.share} (usually {figures.usual.share})"
    return [Check("today", Verdict.OK, f"{figures.sent} {sent}, {skipped}, {arrived}")]
