"""Events: the lines of a VEVENT -> when it is, how it recurs, and the texts in which a patient may be found."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from smsreminders.importers.calendars.lines import Block
from smsreminders.importers.calendars.moments import Moment
from smsreminders.importers.calendars.properties import Properties, Trouble
from smsreminders.importers.calendars.rules import Rule
from smsreminders.importers.calendars.zones import Zones

INVITATIONS = frozenset({"REQUEST", "CANCEL"})


@dataclass(frozen=True, slots=True)
class Event:
    """An event: one appointment, a series, or what one occurrence of a series is instead (from its `original` start).

    `following` holds that for the later occurrences too. `as_of` is when an invitation was written; `rank` tells which
    of two events is newer. `troubles` are of its time or recurrence: with one of them it can't be told when it is.
    """

    place: str
    uid: str
    start: Moment | None = None
    length: timedelta | None = None
    original: Moment | None = None
    following: bool = False
    rules: tuple[tuple[Rule, Moment | None], ...] = ()
    more: tuple[Moment, ...] = ()
    less: tuple[Moment, ...] = ()
    cancelled: bool = False
    status: str = ""
    location: str = ""
    categories: str = ""
    as_of: datetime | None = None
    rank: tuple[int, str, str] = (0, "", "")
    patients: frozenset[str] = frozenset()
    troubles: tuple[Trouble, ...] = ()
    notes: tuple[Trouble, ...] = ()
    recurs: bool = False

    def is_of_nobody(self) -> bool:
        """Tell whether the event is no appointment: it is of no patient, and cancels nothing."""
        return not self.patients and not self.cancelled


@dataclass(frozen=True, slots=True)
class Terms:
    """How the events of a calendar are read: its zones, the pattern that finds the group `patient` in their texts.

    An invitation (`method` REQUEST or CANCEL) has the time at which it was written, a whole agenda that of the export,
    which says nothing. CANCEL cancels whatever the calendar holds. `file` stands before each place.
    """

    zones: Zones
    pattern: re.Pattern[str]
    method: str = ""
    file: str = ""


def read_event(block: Block, terms: Terms) -> Event:
    """Read an event."""
    properties = Properties(terms.zones)
    for line in block.lines:
        properties.take(line)
    text, start = properties.text, properties.moment("DTSTART")
    return Event(
        f"{terms.file}line {block.line}",
        block.value_of("UID"),
        start=start,
        length=properties.length(start),
        original=properties.moment("RECURRENCE-ID"),
        following=any(given.following for given in properties.all("RECURRENCE-ID")),
        rules=tuple(properties.rules(start)),
        more=tuple(properties.moments("RDATE")),
        less=tuple(properties.moments("EXDATE")),
        cancelled=terms.method == "CANCEL" or text("STATUS").upper() == "CANCELLED",
        status=text("STATUS"),
        location=text("LOCATION"),
        categories=", ".join(given.value.replace(",", ", ") for given in properties.all("CATEGORIES")),
        as_of=properties.written_at() if terms.method in INVITATIONS else None,
        rank=(properties.sequence(), text("LAST-MODIFIED"), text("DTSTAMP")),
        patients=frozenset(properties.patients(terms.pattern)),
        troubles=tuple(properties.troubles),
        notes=tuple(properties.notes),
        recurs=any(properties.all(name) for name in ("RRULE", "RDATE", "EXRULE")),
    )


def texts_of(block: Block) -> list[str]:
    """List the texts of an event in which a pattern looks for its patient."""
    properties = Properties(Zones((), UTC))
    for line in block.lines:
        properties.take(line)
    return properties.texts()
