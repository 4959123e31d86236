"""Events: the lines of a VEVENT -> when it is, how it recurs, and the texts in which a patient may be found."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from smsreminders.domain.patient_patterns import patients_in
from smsreminders.importers.calendars.lines import Block, name_of
from smsreminders.importers.calendars.rules import Rule, RuleError, read_rule
from smsreminders.importers.calendars.zones import Zones

Moment = date | datetime  # a whole day, or a time in a zone
_MOST_RULES = 10  # of an event; agendas write one
_FIRST_YEAR, _LAST_YEAR = "1900", "2199"
INVITATIONS = frozenset({"REQUEST", "CANCEL"})
SEARCHED = ("UID", "SUMMARY", "DESCRIPTION", "ATTENDEE")


class Property(NamedTuple):
    """A line of an event: its name, the name of the zone of its time, whether it has RANGE, and its value."""

    name: str
    value: str
    zone: str = ""
    following: bool = False


class Trouble(NamedTuple):
    """A property that can't be understood, and why; `word` is what stands there, where that is surely no name."""

    name: str
    reason: str
    word: str = ""


class MomentError(ValueError):
    """A time that can't be understood, and why."""

    def __init__(self, reason: str, word: str = "") -> None:
        super().__init__(reason)
        self.word = word


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
    reader = _Reader(terms.zones)
    for line in block.lines:
        reader.take(line)
    text, start = reader.text, reader.moment("DTSTART")
    return Event(
        f"{terms.file}line {block.line}",
        block.value_of("UID"),
        start=start,
        length=reader.length(start),
        original=reader.moment("RECURRENCE-ID"),
        following=any(given.following for given in reader.all("RECURRENCE-ID")),
        rules=tuple(reader.rules(start)),
        more=tuple(reader.moments("RDATE")),
        less=tuple(reader.moments("EXDATE")),
        cancelled=terms.method == "CANCEL" or text("STATUS").upper() == "CANCELLED",
        status=text("STATUS"),
        location=text("LOCATION"),
        categories=", ".join(given.value.replace(",", ", ") for given in reader.all("CATEGORIES")),
        as_of=reader.written_at() if terms.method in INVITATIONS else None,
        rank=(reader.sequence(), text("LAST-MODIFIED"), text("DTSTAMP")),
        patients=frozenset(reader.patients(terms.pattern)),
        troubles=tuple(reader.troubles),
        notes=tuple(reader.notes),
        recurs=any(reader.all(name) for name in ("RRULE", "RDATE", "EXRULE")),
    )


def texts_of(block: Block) -> list[str]:
    """List the texts of an event in which a pattern looks for its patient."""
    reader = _Reader(Zones((), UTC))
    for line in block.lines:
        reader.take(line)
    return reader.texts()


class _Reader:
    """The properties of an event as they are read; what can't be understood joins `troubles`, or `notes` of its end."""

    def __init__(self, zones: Zones) -> None:
        self.zones = zones
        self.properties: dict[str, list[Property]] = {}
        self.troubles: list[Trouble] = []
        self.notes: list[Trouble] = []

    def take(self, line: str) -> None:
        """Take a line of the event."""
        from icalendar.parser import Contentline

        name = name_of(line)
        try:
            _, parameters, value = Contentline(line).parts()
        except ValueError:
            if name not in SEARCHED:
                self.troubles.append(Trouble(name, "can't be read: the line isn't written as a calendar's"))
            return
        zone = str(parameters.get("TZID", ""))
        if str(value).strip():
            given = Property(name, str(value).strip(), zone, "RANGE" in parameters)
            self.properties.setdefault(name, []).append(given)

    def all(self, name: str) -> list[Property]:
        """Give the properties of a name."""
        return self.properties.get(name, [])

    def text(self, name: str) -> str:
        """Give the text of the first property of a name, empty if there is none."""
        return next((given.value for given in self.all(name)), "")

    def texts(self) -> list[str]:
        """List the texts in which a patient is looked for, as "SUMMARY:..." with its name before it."""
        return [f"{given.name}:{given.value}" for name in SEARCHED for given in self.all(name)]

    def patients(self, pattern: re.Pattern[str]) -> Iterator[str]:
        """Find the ids that a pattern names in the texts."""
        return (patient for text in self.texts() for patient in patients_in(text, pattern))

    def written_at(self) -> datetime | None:
        """Read when the event was written, in UTC; None where it isn't told."""
        for given in self.all("DTSTAMP"):
            with suppress(MomentError):
                written = read_moment(given.value, given.zone, self.zones)
                return written.astimezone(UTC) if isinstance(written, datetime) else None
        return None

    def sequence(self) -> int:
        """Read how often the event was changed; what is no number is none."""
        text = self.text("SEQUENCE")
        return int(text) if text.isdecimal() and len(text) < 10 else 0

    def moment(self, name: str) -> Moment | None:
        """Read the first time of a name; None where there is none that can be understood."""
        return next(self.moments(name), None)

    def moments(self, name: str) -> Iterator[Moment]:
        """Read all times of a name, of periods their beginning."""
        for given in self.all(name):
            for text in filter(None, given.value.split(",")):
                try:
                    yield read_moment(text.partition("/")[0], given.zone, self.zones)
                except MomentError as error:
                    self.troubles.append(Trouble(name, str(error), error.word))

    def length(self, start: Moment | None) -> timedelta | None:
        """Read how long the event is, from its end or its duration."""
        from icalendar.prop import vDuration

        try:
            for given in self.all("DTEND"):
                end = read_moment(given.value, given.zone, self.zones)
                return end - start if isinstance(start, datetime) and isinstance(end, datetime) else None
            for given in self.all("DURATION"):
                length: timedelta = vDuration.from_ical(given.value)
                return length
        except ValueError:
            self.notes.append(Trouble("DTEND", "can't be read as a time"))
        return None

    def rules(self, start: Moment | None) -> Iterator[tuple[Rule, Moment | None]]:
        """Read the rules of recurrence, each with the moment until which it holds."""
        self.troubles += [Trouble("EXRULE", "isn't read: it was given up in 2009") for _ in self.all("EXRULE")]
        zone = next((given.zone for given in self.all("DTSTART")), "")
        if len(self.all("RRULE")) > _MOST_RULES:
            self.troubles.append(Trouble("RRULE", f"stands there more than {_MOST_RULES} times"))
        for given in self.all("RRULE")[:_MOST_RULES]:
            try:
                rule = _rule_from(given.value, start)
                endless = not rule.until or (rule.until[:4].isdecimal() and rule.until[:4] > _LAST_YEAR)
                yield rule, None if endless else read_moment(rule.until, zone, self.zones)
            except (RuleError, MomentError) as error:
                self.troubles.append(Trouble("RRULE", str(error)))


def _rule_from(text: str, start: Moment | None) -> Rule:
    """Read a rule that has the time of day of the start. Raises RuleError."""
    rule = read_rule(text)
    if isinstance(start, datetime) and any(getattr(start, name) != value for name, value in rule.clock):
        raise RuleError("isn't read: it has another time of day than DTSTART")
    return rule


def read_moment(text: str, zone_name: str, zones: Zones) -> Moment:
    """Read a whole day, or a time into its zone, which for one in UTC is that of series. Raises MomentError."""
    from icalendar.prop import vDDDTypes

    try:
        read = vDDDTypes.from_ical(text.strip().upper())
    except ValueError:
        raise MomentError("can't be read as a time") from None
    if not isinstance(read, date) or not _FIRST_YEAR <= text.strip()[:4] <= _LAST_YEAR:
        raise MomentError("can't be read as a time, or its year can't be meant")
    if not isinstance(read, datetime):
        return read
    if read.tzinfo is not None:
        return read.astimezone(zones.series or UTC)
    zone = zones.find(zone_name) if zone_name else zones.floating
    if zone is None:
        raise MomentError("has a time zone that isn't known", zone_name[:80])
    return read.replace(tzinfo=zone)
