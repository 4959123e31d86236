"""Series: the events of one UID -> its occurrences from a while ago to a horizon, each with an id that it keeps.

The id of an appointment that doesn't recur is its UID, so that it keeps it when it is moved; that of an occurrence has
behind it the start that it had by the rule, in UTC: "UID/20261124T093000Z".
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo

from smsreminders.importers.calendars.events import Event
from smsreminders.importers.calendars.moments import Moment
from smsreminders.importers.calendars.properties import Trouble
from smsreminders.importers.calendars.rules import RuleError, days_of
from smsreminders.importers.records import IdRange

Key = date | datetime  # a moment in UTC, or a whole day
MOST = 500  # occurrences of a series that are looked at: five a day


@dataclass(frozen=True, slots=True)
class Window:
    """The instants from which on and before which occurrences of a series are looked for."""

    first: datetime
    end: datetime

    def holds(self, moment: Moment) -> bool:
        """Tell whether a moment lies in the window; of a whole day some of it."""
        if isinstance(moment, datetime):
            return self.first <= moment < self.end
        return self.first.date() <= moment <= self.end.date()

    def is_after(self, moment: Moment) -> bool:
        """Tell whether the window lies after a moment as a whole."""
        return moment < self.first if isinstance(moment, datetime) else moment < self.first.date()


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An appointment of a calendar: its id, the event that tells of it, when it starts, and whether it is cancelled.

    Where `gone` nothing but that is said of it: by EXDATE.
    """

    source_id: str
    event: Event
    start: Moment | None
    cancelled: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class BadSeries:
    """A series of which it can't be told when it is, and why."""

    event: Event
    trouble: Trouble


def occurrences(events: Sequence[Event], window: Window) -> Iterator[Occurrence | BadSeries]:
    """Give the appointments of the events of one UID, of events about the same only the newest.

    A single one that lies long back is left out, as are occurrences outside of the window.
    """
    lost = next((event for event in events if any(trouble.name == "RECURRENCE-ID" for trouble in event.troubles)), None)
    if lost is not None:
        yield BadSeries(lost, lost.troubles[0])
        return
    masters = list(_masters([event for event in events if event.original is None]))
    instead = [event for event in events if event.original is not None]
    for master in masters:
        if master.recurs or instead:
            yield from _of_series(master, instead, window)
        elif master.troubles or master.start is None or not window.is_after(master.start):
            yield Occurrence(master.uid, master, master.start, master.cancelled)
    if not masters:
        for original, event in _newest(instead, None):
            if window.is_after(original) and (event.start is None or window.is_after(event.start)):
                continue
            yield Occurrence(_id(event.uid, original), event, event.start, event.cancelled)


def ids_of_all(events: Sequence[Event], read: Iterable[Occurrence | BadSeries], window: Window) -> Iterator[IdRange]:
    """Give the ranges of ids of which the events of one UID have all: others are no longer of the series.

    None where the events are only about some occurrences, or can't be understood.
    """
    if all(event.original is not None for event in events) or any(isinstance(each, BadSeries) for each in read):
        return
    uid = events[0].uid
    as_of = max((event.as_of for event in events if event.as_of), default=None)
    recurs = any(event.recurs for event in events)
    yield IdRange(uid, uid, as_of)
    yield IdRange(_id(uid, window.first), _id(uid, window.end) if recurs else f"{uid}/~", as_of)


def _masters(events: Sequence[Event]) -> Iterator[Event]:
    """Choose the newest of the events that aren't about one occurrence; several only if they are of one rank.

    A cancellation that doesn't tell how the series recurs is of the series as an older one has it.
    """
    newest = max((event.rank for event in events), default=None)
    for event in events:
        if event.rank == newest:
            recurring = max((old for old in events if old.recurs), key=lambda old: old.rank, default=event)
            without_rule = event.cancelled and not event.recurs
            yield replace(recurring, cancelled=True, rank=event.rank) if without_rule else event


def _newest(events: Iterable[Event], start: Moment | None) -> list[tuple[Key, Event]]:
    """List the newest events about each occurrence, by its original start; several only if they are of one rank."""
    by_key: dict[Key, list[Event]] = {}
    for event in events:
        if event.original is not None:
            by_key.setdefault(_key(_aligned(event.original, start)), []).append(event)
    ranks = {key: max(event.rank for event in alike) for key, alike in by_key.items()}
    return [(key, event) for key, alike in by_key.items() for event in alike if event.rank == ranks[key]]


def _of_series(master: Event, instead: Sequence[Event], window: Window) -> Iterator[Occurrence | BadSeries]:
    """Give the occurrences of a series: by its rules and dates, then those that are told of by events of their own."""
    if master.start is None or master.troubles:
        yield BadSeries(master, next(iter(master.troubles), Trouble("DTSTART", "is missing")))
        return
    own = _newest(instead, master.start)
    apart = {key for key, _ in own}
    gone = {_key(_aligned(moment, master.start)) for moment in master.less} - apart
    try:
        originals = {_key(moment): moment for moment in _originals(master, master.start, window)}
    except RuleError as error:
        yield BadSeries(master, Trouble("RRULE", str(error)))
        return
    if len(originals) > MOST:
        yield BadSeries(master, Trouble("RRULE", f"has more than {MOST} occurrences until the horizon"))
        return
    for key, original in originals.items():
        if key not in apart | gone:
            event, start = _moved(master, original, own)
            cancelled = master.cancelled or event.cancelled
            yield Occurrence(_id_in(master, key), event, start, cancelled)
    for key, event in own:
        if window.holds(key) or (event.start is not None and window.holds(event.start)):
            cancelled = event.cancelled or (master.cancelled and event.rank <= master.rank)
            yield Occurrence(_id_in(master, key), event, event.start, cancelled)
    for key in sorted(filter(window.holds, gone), key=str)[:MOST]:
        yield Occurrence(_id_in(master, key), master, None, cancelled=True, gone=True)


def _originals(master: Event, start: Moment, window: Window) -> Iterator[Moment]:
    """Give the starts of a series by its rules and dates, as far as they lie in the window."""
    around = window.first.date() - timedelta(days=1), window.end.date() + timedelta(days=1)
    for rule, until in master.rules:
        for day in days_of(rule, _day(start), *around):
            original = _aligned(day, start)
            if until is not None and not _is_until(original, until):
                break
            if window.holds(original):
                yield original
    moments = (start, *(_aligned(moment, start) for moment in master.more))
    yield from filter(window.holds, moments)


def _is_until(original: Moment, until: Moment) -> bool:
    if isinstance(original, datetime) and isinstance(until, datetime):
        return original <= until
    return _day(original) <= _day(until)


def _moved(master: Event, original: Moment, own: Sequence[tuple[Key, Event]]) -> tuple[Event, Moment | None]:
    """Find which event tells of an occurrence, and its start: an earlier one may hold for all that follow (RANGE)."""
    before = [event for key, event in own if event.following and key <= _key(original)]
    if not before:
        return master, original
    event = max(before, key=lambda event: _key(_aligned(event.original or original, original)))
    if event.start is None or event.original is None:
        return event, None
    zone = original.tzinfo if isinstance(original, datetime) else None
    return event, original + (_wall(event.start, zone) - _wall(event.original, zone))


def _wall(moment: Moment, zone: tzinfo | None) -> datetime:
    """Give what a clock of a zone shows at a moment."""
    if isinstance(moment, datetime):
        return moment.astimezone(zone).replace(tzinfo=None)
    return datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001 - a day has no zone


def _day(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _aligned(moment: Moment, start: Moment | None) -> Moment:
    """Take a moment as one of a series with this start: a day is at the time of day of the start, and the reverse."""
    if isinstance(start, datetime):
        return moment if isinstance(moment, datetime) else datetime.combine(moment, start.timetz())
    return moment if start is None else _day(moment)


def _key(moment: Moment) -> Key:
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment


def _id_in(master: Event, key: Key) -> str:
    """Make the id of an occurrence: of an appointment that doesn't recur its own start is no part of it."""
    alone = not master.recurs and master.start is not None and key == _key(master.start)
    return master.uid if alone else _id(master.uid, key)


def _id(uid: str, key: Key) -> str:
    return f"{uid}/{key:%Y%m%dT%H%M%SZ}" if isinstance(key, datetime) else f"{uid}/{key:%Y%m%d}"
