"""Whose round of today is still to be made good: what `dispatch --if-missed` runs."""

from collections.abc import Sequence
from datetime import date

from smsreminders.domain.clock import Clock
from smsreminders.domain.practices import Practice
from smsreminders.gateways.accounts import Accounts
from smsreminders.jobs.round.hours import still_to_begin
from smsreminders.jobs.round.terms import Terms
from smsreminders.store.database import Database
from smsreminders.store.round import outbox
from smsreminders.store.round.rounds import was_completed


def missed(
    db: Database, practices: Sequence[Practice], *, accounts: Accounts, terms: Terms, clock: Clock
) -> list[Practice]:
    """Choose the practices whose round of today was not completed, or of which something came back to the queue since.

    What was uncertain in the round waits again once it is proved absent, or by a person's word. A round that was only
    rehearsed is none for an account that sends. A practice whose own sending hours are still to begin has missed
    nothing.
    """
    now = clock.now()
    today = now.astimezone(terms.schedule.zone).date()
    return [
        practice
        for practice in practices
        if not still_to_begin(practice, terms, now)
        and (
            not was_completed(db, practice.id, today)
            or outbox.queue(db, [practice.id])
            or (not accounts.rehearses(practice) and _was_rehearsed(db, practice, today))
        )
    ]


def _was_rehearsed(db: Database, practice: Practice, today: date) -> bool:
    rehearsed, sent = (outbox.sent_today(db, practice.id, today, rehearsed=yes) for yes in (True, False))
    return bool(rehearsed and not sent)
