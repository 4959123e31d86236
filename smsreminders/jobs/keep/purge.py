"""Purge: what is kept too long goes, in short transactions, so that rounds go on; bills and keys stay."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from smsreminders.domain.clock import Clock
from smsreminders.domain.keep.access import Access, Verb
from smsreminders.domain.keep.retention import Retention, limits
from smsreminders.jobs.keep.access import purge_log, recorded
from smsreminders.store.database import Database, one_view, write_transaction
from smsreminders.store.keep.purging import AT_ONCE, count_old, purge_some
from smsreminders.store.keep.room import give_back

_LOG = "log_lines"
_TWO_WEEKS = timedelta(days=14)


def to_purge(db: Database, retention: Retention, *, clock: Clock) -> dict[str, int]:
    """Count what is kept too long, by its kind."""
    with one_view(db):
        return {what: count_old(db, what, before) for what, before in _befores(retention, clock.now()).items()}


def is_overdue(db: Database, retention: Retention, *, clock: Clock) -> bool:
    """Tell whether something is here that should have gone two weeks ago: purge doesn't run."""
    befores = _befores(retention, clock.now() - _TWO_WEEKS)
    return any(count_old(db, what, before) for what, before in befores.items())


def purge(db: Database, retention: Retention, *, access: Access, clock: Clock) -> dict[str, int]:
    """Take away what is kept too long, and write a line of the access log that says how much; return how much.

    What dies on the way has done what it has done: the next one goes on. At the end the room of it is given back.
    """
    now = clock.now()
    befores = _befores(retention, now)
    counts = {what: _some_by_some(db, what, before, now) for what, before in befores.items() if what != _LOG}
    counts[_LOG] = purge_log(db, access, befores[_LOG])
    if any(counts.values()):
        with recorded(db, access, Verb.PURGED) as touched:
            touched.add(None)
            touched.notes.append(", ".join(f"{what} {count}" for what, count in counts.items() if count))
        give_back(db)
    return counts


def _some_by_some(db: Database, what: str, before: datetime, now: datetime) -> int:
    total = 0
    while True:
        with write_transaction(db):
            some = purge_some(db, what, before, now)
        total += some
        if some < AT_ONCE:
            return total


def _befores(retention: Retention, now: datetime) -> Mapping[str, datetime]:
    before = limits(retention, now)
    return {
        "texts": before.texts,
        "replies": before.texts,
        "outcomes": before.texts,
        "stops": before.texts,
        "number_words": before.texts,
        "source_rows": before.source_rows,
        _LOG: before.log,
    }
