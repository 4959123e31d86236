"""The sources of the configuration as `check` and `doctor` look at them."""

from typing import TYPE_CHECKING

from smsreminders.cli.context import Invocation
from smsreminders.cli.import_sources import Asked, is_asked, order_of
from smsreminders.cli.terms import configured_terms
from smsreminders.errors import SmsremindersError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsreminders.jobs.agenda.orders import SourceOrder
    from smsreminders.jobs.keep.doctor.findings import Check
    from smsreminders.store.database import Database


def source_troubles(run: Invocation, db: "Database", practice: str | None) -> "Iterator[str]":
    """Tell what is wrong with the sources that have something of a practice, or with all of them."""
    from smsreminders.jobs.keep.sources import look_at_source

    terms = configured_terms(run)
    for order in _orders(run, practice):
        if isinstance(order, SmsremindersError):
            yield str(order)
        else:
            state = look_at_source(db, order, terms=terms, clock=run.clock)
            yield from map(str, state.troubles)


def checks_of_sources(run: Invocation, db: "Database") -> "Iterator[Check]":
    """Make the checks of `doctor`: of each source."""
    from smsreminders.jobs.keep.doctor.findings import wrong
    from smsreminders.jobs.keep.doctor.sources import check_source

    settings, terms = run.settings, configured_terms(run)
    for order in _orders(run, None):
        if isinstance(order, SmsremindersError):
            yield wrong("source", order)
        else:
            owned = [settings.path, settings.database]
            yield from check_source(db, order, owned=owned, terms=terms, clock=run.clock)


def _orders(run: Invocation, practice: str | None) -> "Iterator[SourceOrder | SmsremindersError]":
    """Make what is asked of each source, or tell why that can't be."""
    for source in run.settings.sources.values():
        if is_asked(source, practice):
            try:
                yield order_of(run, source, Asked(practice))
            except SmsremindersError as error:
                yield error
