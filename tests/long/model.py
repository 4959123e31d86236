"""A model of a practice's year that knows nothing of the program: its own calendar, its own decision, its own count."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
GOOD_FRIDAY, ASCENSION, WHIT_MONDAY, KINGS_DAY = "Goede vrijdag", "Hemelvaartsdag", "Tweede pinksterdag", "Koningsdag"
NOTICE, APART = timedelta(hours=2), timedelta(hours=20)
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
class Went:
    """A text that went for an appointment as it was: its number, and what it would say of that one alone."""

    revision: int
    occasion: int
    at: datetime  # UTC
    phone: str
    words: str
    attempt: int = 1
    failed: bool = False


@dataclass
class Visit:
    """An appointment as the practice has it; `revision` counts what its patient must know, `went` are its texts."""

    patient: str
    start: datetime  # local
    place: str
    booked: bool = True
    revision: int = 1
    went: list[Went] = field(default_factory=list)
    before: datetime | None = None

    @property
    def knows(self) -> list[Went]:
        """What went of it as it is now."""
        return [went for went in self.went if went.revision == self.revision]

    def attempt(self, new: Went) -> int:
        """1 for a first text, 2 where that failed and the number is another now, 0 where none goes."""

        def tells(went: Went) -> bool:
            return went.occasion <= new.occasion or went.at > new.at - APART

        if any(tells(went) and (went.phone, went.words) == (new.phone, new.words) for went in self.went[-1:]):
            return 0  # moved and moved back: that is what they were told last
        made = [went for went in self.knows if went.occasion <= new.occasion]
        if not made:
            return 0 if any(tells(went) for went in self.knows) else 1
        again = len(made) == 1 and made[0].failed and made[0].occasion == new.occasion
        return 2 if again and all(went.phone != new.phone for went in self.knows if went.failed) else 0


class Text(NamedTuple):
    """What an account should have taken."""

    account: str
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
    remind: tuple[int, ...] = (1,)
    combine: str = "patient"
    account: str = ""
    serving: bool = True
    people: dict[str, Person] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)
    cents: Counter[str] = field(default_factory=Counter)  # by month of sending
    kinds: Counter[str] = field(default_factory=Counter)  # how many texts were for several, and of what

    def works(self, day: date) -> bool:
        """Its own word first, then the holidays, then the weekday."""
        if day in self.closed or day in self.opened:
            return day in self.opened
        holiday = free_days(day.year).get(day)
        return day.weekday() < 5 and (holiday is None or holiday in self.works_on)

    def lasts(self, today: date) -> list[tuple[int, date]]:
        """Each occasion with the last day that a round covers by it, the nearest first."""
        last, worked, lasts = today, 0, []
        for days in sorted(self.remind):
            while worked < days:
                last += timedelta(days=1)
                worked += self.works(last)
            lasts.append((days, last))
        return lasts

    def round(self, now: datetime) -> Iterator[Text]:
        """Who is texted by a round at this local time; they know of it then, and what arrives is billed."""
        at, lasts = to_utc(now), self.lasts(now.date())
        here = {id_: v for id_, v in self.visits.items() if now.date() <= v.start.date() <= lasts[-1][1]}
        said = {(went.phone, went.words, went.occasion) for visit in here.values() for went in visit.knows}
        texts: dict[object, list[Visit]] = {}
        for id_, visit in sorted(here.items(), key=lambda item: (item[1].start, int(item[0][1:]))):
            person = self.people[visit.patient]
            willing = person.consent is True and person.phone.startswith("06-")
            if not (visit.booked and willing and self.serving and to_utc(visit.start) > at + NOTICE):
                continue
            phone, words = "+31" + person.phone.replace("-", "")[1:], self.text([visit])
            occasion = next(days for days, last in lasts if visit.start.date() <= last)
            new = Went(visit.revision, occasion, at, phone, words)
            attempt = visit.attempt(new)
            if not attempt or any((phone, words, nearer) in said for nearer in range(1, occasion + 1)):
                continue  # they know of it, of this appointment or of its double
            said.add((phone, words, occasion))
            if attempt == 2 or not self.day_is_told(here.values(), visit, new):
                whose = {"patient": (visit.patient, phone), "phone": phone, "none": id_}[self.combine]
                texts.setdefault((whose, visit.start.date()), []).append(visit)
                visit.went.append(replace(new, attempt=attempt))
        for visits in texts.values():
            text, phone = self.text(visits), visits[0].went[-1].phone
            if phone[-1] not in "789":
                self.cents[f"{now:%Y-%m}"] += CENTS * segments(text)
            self.kinds["for several appointments"] += len(visits) > 1
            self.kinds["for several patients"] += len({visit.patient for visit in visits}) > 1
            self.kinds["at an earlier occasion"] += visits[0].went[-1].occasion > 1
            self.kinds["with a second attempt"] += any(v.went[-1].attempt > 1 for v in visits)
            yield Text(self.account, phone, self.sender, text)

    def day_is_told(self, here: Iterable[Visit], visit: Visit, new: Went) -> bool:
        """Whether that patient, or that phone, was told of something earlier on that day, and that still stands."""
        return self.combine != "none" and any(
            other.booked
            and other.start.date() == visit.start.date()
            and other.start < visit.start
            and (self.combine == "phone" or other.patient == visit.patient)
            and any(
                went.at < new.at and went.phone == new.phone and not went.failed and went.occasion <= new.occasion
                for went in other.knows
            )
            for other in here
        )

    def reports_come(self) -> None:
        """By the number's last digit, as the sandbox does: 7 and 8 failed."""
        for visit in self.visits.values():
            for went in visit.went:
                went.failed = went.phone[-1] in "78"

    def text(self, visits: Sequence[Visit]) -> str:
        """As the templates of these runs say it, of one appointment or of those of a day."""
        start, times = visits[0].start, listed(f"{visit.start:%H:%M}" for visit in visits)
        day = f"{DAYS[start.weekday()]} {start.day} {MONTHS[start.month - 1]}"
        if len({visit.patient for visit in visits}) > 1:
            return f"{len(visits)} afspraken op {day}, de eerste om {start:%H:%M}, bij {self.name}."
        many = f"{len(visits)} afspraken, " if len(visits) > 1 else ""
        name, places = self.people[visits[0].patient].name, listed(visit.place for visit in visits)
        return f"Beste {name}, {many}{day} om {times} in {places} van {self.name}."


def listed(words: Iterable[str]) -> str:
    """Words as a Dutch list, each once."""
    every = list(dict.fromkeys(words))
    return " en ".join(filter(None, [", ".join(every[:-1]), every[-1]]))


def segments(text: str) -> int:
    """How many SMS a text without extension characters and surrogates takes."""
    alone, each = (160, 153) if _PLAIN.issuperset(text) else (70, 67)
    return 1 if len(text) <= alone else -(-len(text) // each)
