"""The look at the sources: does each still come, is it imported, and is there a practice for it?"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime

from smsreminders.domain.agenda.source_files import FoundFile, is_overdue, newest
from smsreminders.domain.clock import Clock
from smsreminders.domain.keep.health import Trouble
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.workdays import Workdays
from smsreminders.errors import SmsremindersError
from smsreminders.importers.found import check_readable, find_files
from smsreminders.jobs.agenda.orders import PartResult, SourceOrder
from smsreminders.jobs.agenda.parts import part_of
from smsreminders.jobs.round.plan import holidays_of
from smsreminders.jobs.round.terms import Terms
from smsreminders.store.agenda.imports import refusals
from smsreminders.store.agenda.sources import SourceKey, came
from smsreminders.store.database import Database
from smsreminders.store.practices import own_days

_ABOUT = "source"
_CRON = "run `smsreminders import --all`, and look whether cron does"


@dataclass(slots=True)
class SourceState:
    """How a source stands: what was found of it, and what is wrong, each with what to do."""

    found: str
    troubles: list[Trouble] = field(default_factory=list)


def look_at_source(
    db: Database, order: SourceOrder, *, terms: Terms, clock: Clock, reader: AbstractContextManager[None] | None = None
) -> SourceState:
    """Look whether a source's newest file or feed came lately and was imported for each of its practices.

    The hours of days on which all of them are closed don't count. What was refused is told elsewhere. The file is
    looked at within `reader`, as by another user.
    """
    parts = [part_of(db, order, code) for code in order.codes()]
    keys = [part for part in parts if isinstance(part, SourceKey)]
    name, state = f'the source "{order.name}"', SourceState("")
    state.troubles += [Trouble(_ABOUT, str(part.error)) for part in parts if isinstance(part, PartResult)]
    overdue = _Overdue([_workdays(db, key.practice, terms) for key in keys], order, terms, clock.now())
    file = None
    if not order.url:
        try:
            with reader or nullcontext():
                file = newest(find_files(order.pattern, order.format_name))
                check_readable(file)
        except SmsremindersError as error:
            state.troubles.append(Trouble(_ABOUT, f"{name}: {error}"))
            return state
    state.found = f"{name}: {'its feed' if file is None else f'the newest is {_of(file, terms)}'}"
    if file and keys and overdue.since(file.changed_at):
        found = f"{name} doesn't come any more: the newest is {_of(file, terms)}"
        state.troubles.append(Trouble(_ABOUT, found, "look whether the export still runs, and under which name"))
        return state
    state.troubles += [Trouble(_ABOUT, found, _CRON) for found in _not_imported(db, keys, file, name, overdue)]
    return state


@dataclass(frozen=True, slots=True)
class _Overdue:
    """The rule by which a source is overdue: by the open days of its practices."""

    workdays: Sequence[Workdays]
    order: SourceOrder
    terms: Terms
    now: datetime

    def since(self, moment: datetime) -> bool:
        """Tell whether what came at this moment is too long ago."""
        return is_overdue(
            moment, self.now, after=self.order.late_after, is_open=self._is_open, zone=self.terms.schedule.zone
        )

    def _is_open(self, day: date) -> bool:
        return any(days.includes(day) for days in self.workdays)


def _not_imported(
    db: Database, keys: Sequence[SourceKey], file: FoundFile | None, name: str, overdue: _Overdue
) -> Iterator[str]:
    """Tell for which practices a source that came was not imported."""
    for key in keys:
        refused = {(refusal.source, refusal.kind) for refusal in refusals(db, key.practice.id)}
        if (key.name, key.kind) in refused:
            continue
        came_at = came(db, key)
        if came_at is None:
            yield f"{name} was never imported for {key.practice.code}"
        elif overdue.since(came_at) and (file is None or file.changed_at.replace(microsecond=0) > came_at):
            yield f"{name} was last imported for {key.practice.code} as it was on {_local(came_at, overdue.terms)}"


def _workdays(db: Database, practice: Practice, terms: Terms) -> Workdays:
    own, schedule = own_days(db, practice.id), terms.of(practice.code).schedule
    return Workdays(schedule.weekdays, holidays_of(schedule), own.open_on, own.closed_on, own.open_on_holidays)


def _of(file: FoundFile, terms: Terms) -> str:
    return f"{file.path.name} of {_local(file.changed_at, terms)}"


def _local(moment: datetime, terms: Terms) -> str:
    return f"{moment.astimezone(terms.schedule.zone):%Y-%m-%d %H:%M}"
