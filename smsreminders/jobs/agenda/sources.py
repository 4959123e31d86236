"""The run of a source: its newest file or its feed is imported, for each of its practices by itself."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from smsreminders.domain.clock import Clock
from smsreminders.errors import ConfigError, InputFileError, SmsremindersError, UsageError
from smsreminders.importers.folders import move_read
from smsreminders.importers.formats import format_of
from smsreminders.importers.records import Record
from smsreminders.jobs.agenda.arriving import Arrived, arrived
from smsreminders.jobs.agenda.import_files import BadFile, CompleteFor, Order, import_files, keep_refusal
from smsreminders.jobs.agenda.orders import PartResult, SourceOrder
from smsreminders.jobs.agenda.parts import part_of
from smsreminders.jobs.agenda.reading import begin_reading
from smsreminders.store.agenda.sources import SourceKey, Tag, came, keep_came, keep_tag, tag_of
from smsreminders.store.database import Database, write_transaction

# An unchanged calendar is read again after so long, for meanwhile days came into the horizon on which a series recurs.
AGAIN_AFTER = timedelta(days=2)
Show = Callable[[Iterable[Record]], None]


def run_source(db: Database, order: SourceOrder, *, clock: Clock, show: Show | None = None) -> Iterator[PartResult]:
    """Import what a source has, for each of its practices by itself: one that fails doesn't hinder the next.

    What is as it was when it was imported last, by the same settings and understood as a whole, does nothing.
    Raises TryAgainLater where nothing has come or it isn't whole yet, and AdministratorNeeded, InputFileError and
    ConfigError where nothing can be read.
    """
    parts = [part_of(db, order, code) for code in order.codes()]
    known = "" if not order.url else _known(db, order, parts[0], is_calendar=True, now=clock.now())
    with arrived(order, known, clock=clock) as arrival:
        strangers_are_told = False
        for part in parts:
            done = part if isinstance(part, PartResult) else _import_part(db, order, part, arrival, clock, show)
            yield replace(done, strangers={}) if strangers_are_told else done
            strangers_are_told |= bool(done.strangers)


def _known(db: Database, order: SourceOrder, part: SourceKey | PartResult, *, is_calendar: bool, now: datetime) -> str:
    """Recall by what the last import of a part is known that would do nothing now; empty where there is none."""
    if isinstance(part, PartResult):
        return ""
    tag = tag_of(db, part, since=now - AGAIN_AFTER if is_calendar else None)
    settings = order.settings(order.layout_for(part.practice.code))
    return tag.mark if tag and tag.settings == settings else ""


def _import_part(
    db: Database, order: SourceOrder, key: SourceKey, arrival: Arrived, clock: Clock, show: Show | None
) -> PartResult:
    found = PartResult(order.name, key.practice.code, arrival.name)
    try:
        return _imported(db, order, key, arrival, found, clock=clock, show=show)
    except BadFile as error:
        return replace(found, error=BadFile(arrival.told(str(error)), error.file, error.errors))
    except InputFileError as error:
        return replace(found, error=InputFileError(arrival.told(str(error))))
    except UsageError as error:  # what the configuration asks for can't be
        return replace(found, error=ConfigError(f'the source "{order.name}": {arrival.told(str(error))}'))
    except SmsremindersError as error:
        return replace(found, error=error)


def _imported(
    db: Database,
    order: SourceOrder,
    key: SourceKey,
    arrival: Arrived,
    found: PartResult,
    *,
    clock: Clock,
    show: Show | None,
) -> PartResult:
    now, path = clock.now(), arrival.path
    if path is None or _is_as_it_was(db, order, key, arrival, path, now=now):
        _note(db, key, arrival, None, order=order, now=now)
        return found
    layout = replace(order.layout_for(key.practice.code, complete=bool(order.complete)), now=now)
    name = order.name if order.url else path.name
    content = "" if order.url else arrival.mark
    asked = Order(key.practice.id, order.kind, order.name, _complete(order, path), order.sure, order.dry_run)
    try:
        file, reading = begin_reading(
            path,
            order.kind,
            layout,
            format_name=order.format_name,
            name=name,
            content=content or None,
            written_at=arrival.at if path.is_file() else None,
        )
    except SmsremindersError as error:  # no columns, another format: no row was read
        keep_refusal(db, asked, name, arrival.told(str(error)), now=now)
        raise
    (result,) = import_files(db, asked, [file], now=now, show=show)
    understood = not (result.errors or reading.strangers)
    tag = Tag(arrival.mark, order.settings(layout)) if understood else None
    _note(db, key, arrival, tag, order=order, now=now)
    done = replace(found, result=result, strangers=dict(reading.strangers))
    if order.move and not order.dry_run:
        move_read(reading.parts)
    return done


def _is_as_it_was(
    db: Database, order: SourceOrder, key: SourceKey, arrival: Arrived, path: Path, *, now: datetime
) -> bool:
    is_calendar = format_of(path, order.format_name) == "ics"
    return bool(arrival.mark) and arrival.mark == _known(db, order, key, is_calendar=is_calendar, now=now)


def _complete(order: SourceOrder, path: Path) -> CompleteFor | None:
    """Say for how long a file is complete: a calendar never beyond the horizon to which its series are read."""
    if order.complete is None:
        return None
    is_calendar = format_of(path, order.format_name) == "ics"
    span = min(order.complete, order.layout.horizon) if is_calendar else order.complete
    return CompleteFor(span, order.layout.zone)


def _note(
    db: Database, key: SourceKey, arrival: Arrived, tag: Tag | None, *, order: SourceOrder, now: datetime
) -> None:
    """Keep that a source came, and by what its import is known if all of it was understood."""
    if order.dry_run or (tag is None and came(db, key) == arrival.at.replace(microsecond=0)):
        return
    with write_transaction(db):
        keep_came(db, key, arrival.at)
        if tag:
            keep_tag(db, key, tag, now)
