"""The check-up of a source: it came, and the user of cron can read it."""

from collections.abc import Sequence
from pathlib import Path

from smsreminders.domain.clock import Clock
from smsreminders.jobs.agenda.orders import SourceOrder
from smsreminders.jobs.keep.doctor.findings import Check, Verdict
from smsreminders.jobs.keep.sources import look_at_source
from smsreminders.jobs.round.terms import Terms
from smsreminders.store.database import Database
from smsreminders.store.ownership import acting_as, user_of_cron


def check_source(db: Database, order: SourceOrder, *, owned: Sequence[Path], terms: Terms, clock: Clock) -> list[Check]:
    """Look at a source, at its file as the user of cron, who is the owner of these files."""
    state = look_at_source(db, order, terms=terms, clock=clock, reader=acting_as(*user_of_cron(owned)))
    if not state.troubles:
        return [Check("source", Verdict.OK, state.found)]
    return [Check(trouble.about, Verdict.WARNING, trouble.found, trouble.advice) for trouble in state.troubles]
