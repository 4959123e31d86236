"""Properties: the lines of an event by their names, read into texts, times and rules; what can't be is kept."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from smsreminders.domain.agenda.patient_patterns import patients_in
from smsreminders.importers.calendars.lines import name_of
from smsreminders.importers.calendars.moments import LAST_YEAR, Moment, MomentError, read_moment
from smsreminders.importers.calendars.rules import Rule, RuleError, read_rule
from smsreminders.importers.calendars.zones import Zones

_MOST_RULES = 10  # of an event; agendas write one
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


class Properties:
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
        """Read how often the event was changed; 0 where no number says it."""
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
                endless = not rule.until or (rule.until[:4].isdecimal() and rule.until[:4] > LAST_YEAR)
                yield rule, None if endless else read_moment(rule.until, zone, self.zones)
            except (RuleError, MomentError) as error:
                self.troubles.append(Trouble("RRULE", str(error)))


def _rule_from(text: str, start: Moment | None) -> Rule:
    """Read a rule that has the time of day of the start. Raises RuleError."""
    rule = read_rule(text)
    if isinstance(start, datetime) and any(getattr(start, name) != value for name, value in rule.clock):
        raise RuleError("isn't read: it has another time of day than DTSTART")
    return rule
