"""A model of a practice's year that knows nothing of the program: its own calendar, its own decision, its own count."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
GOOD_FRIDAY, ASCENSION, WHIT_MONDAY, KINGS_DAY = "Goede vrijdag", "Hemelvaartsdag", "Tweede pinksterdag", "Koningsdag"
NOTICE = timedelta(hours=2)
CENTS = 10  # a delivered segment
# of these texts the letters of GSM-7; ç and ë are none
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:'éèüÇ")


def easter(year: int) -> date:
    """Easter Sunday by the anonymous Gregorian algorithm (Nature, 20 April 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e, f = b // 4, b % 4, (b + 8) // 25
    h = (19 * a + b - d - (b - f + 1) // 3 + 15) % 30
    i, k = c // 4, c % 4
    step = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * step) // 451
    month, day = divmod(h + step - 7 * m + 114, 31)
    return date(year, month, day + 1)


def free_days(year: int) -> dict[date, str]:
    """The Dutch public holidays; those that fall on a Sunday anyway are left out, but for their Mondays."""
    sunday = easter(year)
    kings = date(year, 4, 27)
    free = {
        date(year, 1, 1): "Nieuwjaarsdag",
        sunday - timedelta(days=2): GOOD_FRIDAY,
        sunday + timedelta(days=1): "Tweede paasdag",
        kings - timedelta(days=1) if kings.weekday() == 6 else kings: KINGS_DAY,
        sunday + timedelta(days=39): ASCENSION,
        sunday + timedelta(days=50): WHIT_MONDAY,
        date(year, 12, 25): "Eerste kerstdag",
        date(year, 12, 26): "Tweede kerstdag",
    }
    if year % 5 == 0:
        free[date(year, 5, 5)] = "Bevrijdingsdag"
    return free


def last_sunday(year: int, month: int) -> date:
    """Of a month of 31 days."""
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def to_utc(local: datetime) -> datetime:
    """A Dutch local time, none of the hours that there are twice or never."""
    summer = datetime.combine(last_sunday(local.year, 3), time(2))
    winter = datetime.combine(last_sunday(local.year, 10), time(3))
    return (local - timedelta(hours=2 if summer <= local < winter else 1)).replace(tzinfo=UTC)


def exists_once(local: datetime) -> bool:
    """Whether the clock shows this time once that day."""
    changes = {last_sunday(local.year, 3), last_sunday(local.year, 10)}
    return not (local.date() in changes and local.hour == 2)


@dataclass
class Person:
    """A patient; `consent` is the last word, None is never asked."""

    name: str
    phone: str  # 06-..., a landline, or nothing
    consent: bool | None = None


@dataclass
class Visit:
    """An appointment as the practice has it; `told` is whether the patient knows of it as it is now."""

    patient: str
    start: datetime  # local
    place: str
    booked: bool = True
    told: bool = False
    words: tuple[str, str] | None = None  # the number and text that went last
    before: datetime | None = None


class Text(NamedTuple):
    """What a gateway should have taken."""

    phone: str
    sender: str
    text: str


@dataclass
class ModelPractice:
    """A practice: when it works, who and what it has, and whether its service is on."""

    code: str
    name: str
    sender: str
    closed: set[date] = field(default_factory=set)
    opened: set[date] = field(default_factory=set)
    works_on: set[str] = field(default_factory=set)
    serving: bool = True
    people: dict[str, Person] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)
    cents: Counter[str] = field(default_factory=Counter)  # by month of sending

    def works(self, day: date) -> bool:
        """Its own word first, then the holidays, then the weekday."""
        if day in self.closed or day in self.opened:
            return day in self.opened
        holiday = free_days(day.year).get(day)
        return day.weekday() < 5 and (holiday is None or holiday in self.works_on)

    def round(self, now: datetime) -> Iterator[Text]:
        """Who is texted by a round at this local time; they know of it then, and what arrives is billed."""
        last = now.date() + timedelta(days=1)
        while not self.works(last):
            last += timedelta(days=1)
        said = {v.words for v in self.visits.values() if v.told and now.date() <= v.start.date() <= last}
        for visit in self.visits.values():
            person = self.people[visit.patient]
            soon_enough = to_utc(visit.start) > to_utc(now) + NOTICE and visit.start.date() <= last
            willing = person.consent is True and person.phone.startswith("06-")
            if visit.booked and not visit.told and soon_enough and willing and self.serving:
                text = self.text(person, visit)
                phone = "+31" + person.phone.replace("-", "")[1:]
                if (phone, text) in said | {visit.words}:
                    continue  # the same words went to this phone, of this appointment or of its double
                visit.told, visit.words = True, (phone, text)
                said.add(visit.words)
                if phone[-1] not in "789":
                    self.cents[f"{now:%Y-%m}"] += CENTS * segments(text)
                yield Text(phone, self.sender, text)

    def text(self, person: Person, visit: Visit) -> str:
        """The text of a visit, as the template of these runs writes it."""
        day = f"{DAYS[visit.start.weekday()]} {visit.start.day} {MONTHS[visit.start.month - 1]}"
        return f"Beste {person.name}, {day} om {visit.start:%H:%M} in {visit.place} van {self.name}."


def segments(text: str) -> int:
    """How many SMS a text without extension characters and surrogates takes."""
    one, each = (160, 153) if _PLAIN.issuperset(text) else (70, 67)
    return 1 if len(text) <= one else -(-len(text) // each)
