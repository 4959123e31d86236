"""iCalendar: the appointments of a calendar file, or of a folder of them, from a month ago to a horizon.

A calendar says whose an event is in no field of its own: a pattern finds the patient's id in its texts. Each UID is
read by itself, so that what one of them has wrong costs no other.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from smsreminders.domain.agenda.patient_patterns import EXAMPLE
from smsreminders.errors import InputFileError, UsageError
from smsreminders.importers.calendars.appointments import read_occurrence
from smsreminders.importers.calendars.events import INVITATIONS, Event, Terms, read_event
from smsreminders.importers.calendars.lines import LARGEST, Block, Calendar, read_calendars
from smsreminders.importers.calendars.series import Window, ids_of_all, occurrences
from smsreminders.importers.calendars.zones import Zones
from smsreminders.importers.extras import require
from smsreminders.importers.records import IdRange, Kind, Layout, Reading, Record, RowError, Trouble

ENDINGS = (".ics", ".ical", ".icalendar")
_BEHIND = timedelta(days=31)  # what was moved to a time that is past now is moved here too
_MOST = 100_000  # appointments that are read of a file
_MANY = 10  # events that are all of nobody: by no chance
_OTHER_METHODS = {  # RFC 5546
    **dict.fromkeys(("REPLY", "REFRESH", "COUNTER", "DECLINECOUNTER"), "is an answer to an invitation, not an agenda"),
    "ADD": "adds to a series that isn't in the file: import the whole calendar",
}


def read(path: Path, kind: Kind, layout: Layout) -> Reading:
    """Read the appointments of a calendar, UID by UID in the order of the file; a folder's files are read as one.

    Raises InputFileError where a file can't be used, or is cut off, AdministratorNeeded where the extra for calendars
    isn't installed, UsageError where the layout can't be used.
    """
    if kind is not Kind.APPOINTMENTS:
        raise UsageError(f"a calendar has no {kind}: only --kind appointments")
    if layout.patient_pattern is None:
        raise UsageError(
            "a calendar doesn't say whose an event is: say where the patient's id stands, as in "
            f"--patient-pattern '{EXAMPLE}'"
        )
    require("icalendar", extra="ics", what="calendars")
    calendars = []
    for file in files_of(path):
        prefix = f"{file.name} " if file != path else ""
        for calendar in read_calendars(file):
            zones = Zones(calendar.zones, layout.zone, calendar.zone)
            terms = Terms(zones, layout.patient_pattern, calendar.method, prefix)
            calendars.append((calendar, terms))
    whole: list[IdRange] = []
    return Reading(_rows(path, calendars, layout, whole), whole=whole)


def files_of(path: Path) -> list[Path]:
    """List the calendar files of a path: itself, or those of a folder. Raises InputFileError."""
    if not path.is_dir():
        return [path]
    try:
        files = sorted(file for file in path.iterdir() if file.suffix.lower() in ENDINGS)
        size = sum(file.stat().st_size for file in files)
    except OSError as error:
        raise InputFileError(f"{path}: {error.strerror}") from error
    if not files:
        raise InputFileError(f"{path}: there is no calendar in this folder: none of its files ends in .ics")
    if size > LARGEST:
        raise InputFileError(f"{path}: the calendars are larger than {LARGEST >> 20} MB together")
    return files


def _rows(
    path: Path, calendars: Sequence[tuple[Calendar, Terms]], layout: Layout, whole: list[IdRange]
) -> Iterator[Record | RowError]:
    """Give the records of all calendars; the ids of a UID that is understood join `whole`.

    Raises InputFileError: too many, or none of anybody.
    """
    window = Window(layout.now - _BEHIND, layout.now + layout.horizon)
    read = of_somebody = of_nobody = 0
    for calendar, terms in calendars:
        yield from _of_method(calendar.method, f"{terms.file}line 1")
    for events in _by_uid(calendars):
        if not events[0].uid:
            yield from (RowError(event.place, "UID", "is missing") for event in events if not event.is_of_nobody())
            continue
        if all(event.is_of_nobody() for event in events):
            of_nobody += 1
        else:
            of_somebody += 1
        of_uid = list(occurrences(events, window))
        read += len(of_uid)
        if read > _MOST:
            raise InputFileError(f"{path}: more than {_MOST} appointments until the horizon: set an earlier one")
        yield from (read_occurrence(occurrence, layout) for occurrence in of_uid)
        whole += ids_of_all(events, of_uid, window)
    if of_nobody >= _MANY and not of_somebody:
        raise InputFileError(
            f"{path}: the patient pattern finds nobody in {of_nobody} events: see how they are written"
        )


def _of_method(method: str, place: str) -> Iterator[RowError]:
    """Tell what a calendar is for, where it isn't a whole agenda."""
    if reason := _OTHER_METHODS.get(method):
        yield RowError(place, "METHOD", f"{method} {reason}")
    elif method in INVITATIONS:
        yield RowError(place, "METHOD", f"METHOD:{method} tells of changes only", trouble=Trouble.PARTIAL)


def _by_uid(calendars: Sequence[tuple[Calendar, Terms]]) -> Iterator[list[Event]]:
    """Read the events of each UID together, in the order in which the first of each comes."""
    groups: dict[str, list[tuple[Block, Terms]]] = {}
    for calendar, terms in calendars:
        for block in calendar.events if calendar.method not in _OTHER_METHODS else ():
            groups.setdefault(block.value_of("UID"), []).append((block, terms))
    for group in groups.values():
        yield [read_event(block, terms) for block, terms in group]
