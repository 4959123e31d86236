"""Weeks of rounds in the spring of 2027, over holidays and the change of the clock, against a model of them.

The model stands here, in a few lines of its own: its calendar is written out, its rule is the story of the first
section of the README. It knows nothing of the program but the order in which things happen.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

import pytest

from smsreminders.domain.appointments import Booking
from smsreminders.domain.bill.billing import MoneyTerms, Period, Rate
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import DeliveryReport, Unavailable
from smsreminders.domain.text.message import Wording
from smsreminders.importers.records import AppointmentRecord, ConsentRecord, Kind, PatientRecord, Record
from smsreminders.jobs.bill.show import bill
from smsreminders.jobs.round.dispatch import dispatch
from smsreminders.jobs.round.terms import Talk, Terms
from smsreminders.store.database import write_transaction
from smsreminders.store.lock import run_lock
from smsreminders.store.practices import open_on_holidays, set_days
from smsreminders.store.round.notifications import notifications
from tests.accounts import only
from tests.builders import add_rate
from tests.jobs.bench import Bench
from tests.jobs.builders import RATE, SCHEDULE

FIRST, DAYS = date(2027, 3, 1), 84
SUMMER_TIME = date(2027, 3, 28)
GOOD_FRIDAY, EASTER_MONDAY, KINGS_DAY = date(2027, 3, 26), date(2027, 3, 29), date(2027, 4, 27)
ASCENSION, WHIT_MONDAY = date(2027, 5, 6), date(2027, 5, 17)
# linde is closed on the Friday after Ascension; duin works on Good Friday, on Ascension, and a Saturday for a Monday
FREE = {
    "duin": {EASTER_MONDAY, date(2027, 4, 12), KINGS_DAY, WHIT_MONDAY},
    "linde": {GOOD_FRIDAY, EASTER_MONDAY, KINGS_DAY, ASCENSION, date(2027, 5, 7), WHIT_MONDAY},
}
OPEN = {"duin": {date(2027, 4, 10)}, "linde": set[date]()}
WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MONTHS = {3: "maart", 4: "april", 5: "mei", 6: "juni"}
NAMES = ("Jan", "Zoë", "Ana", "Lütfi", "Koos", "Seher", "Daniëlle", "Bo")
DOWN = Unavailable("down")
WORDING = Wording(
    {"nl": "{patient}: {day} {date} om {time} in {location} van {practice}."},
    family={"nl": "{count} afspraken op {day} {date}, de eerste om {time}. {practice}."},
)


def o_clock(day: date, hour: int) -> datetime:
    """A local time, without a zone: the model counts in these."""
    return datetime.combine(day, time(hour))


def utc(local: datetime) -> datetime:
    """A local time of that spring in UTC; nobody has an appointment in the night of the change."""
    return (local - timedelta(hours=2 if local.date() >= SUMMER_TIME else 1)).replace(tzinfo=UTC)


def works(practice: str, day: date) -> bool:
    return day in OPEN[practice] or (day.weekday() < 5 and day not in FREE[practice])


@dataclass
class Person:
    name: str
    phone: str
    consent: bool | None = None


@dataclass
class Visit:
    patient: str
    start: datetime  # local
    place: str = "kamer 1"
    practitioner: str = "Smit"
    booked: bool = True
    revision: int = 1
    before: datetime | None = None  # where it was moved from


def listed(words: list[str]) -> str:
    """Words as a Dutch list, each once."""
    every = list(dict.fromkeys(words))
    return " en ".join(filter(None, [", ".join(every[:-1]), every[-1]]))


@dataclass
class Went:
    """A text that went for an appointment as it was: its number, what it would say of that one alone, if it failed."""

    revision: int
    occasion: int
    at: datetime  # local
    phone: str
    words: str
    failed: bool = False


class Sent(NamedTuple):
    at: datetime
    practice: str
    appointment: str
    revision: int
    patient: str
    phone: str
    text: str


@dataclass
class Model:
    """What people and appointments are, and what should have been sent."""

    remind: tuple[int, ...] = (1,)
    combine: Combine = Combine.PATIENT
    people: dict[str, dict[str, Person]] = field(default_factory=lambda: {practice: {} for practice in FREE})
    visits: dict[str, dict[str, Visit]] = field(default_factory=lambda: {practice: {} for practice in FREE})
    expected: list[Sent] = field(default_factory=list)
    went: dict[tuple[str, str], list["Went"]] = field(default_factory=dict)  # of each appointment, in their order

    def change(self, visit: Visit, **new: object) -> None:
        before = (visit.patient, visit.start, visit.place)
        again = not visit.booked and new.get("booked")
        for name, value in new.items():
            setattr(visit, name, value)
        if again or before != (visit.patient, visit.start, visit.place):
            visit.revision += 1

    def round(self, at: datetime) -> None:
        for practice, visits in self.visits.items():
            lasts = self.lasts(practice, at.date())
            here = {id_: visit for id_, visit in visits.items() if at.date() <= visit.start.date() <= lasts[-1][1]}
            texts: dict[object, list[str]] = {}
            said = {
                (went.phone, went.words, went.occasion) for id_ in here for went in self.of(practice, id_, here[id_])
            }
            for id_, visit in sorted(here.items(), key=lambda item: (item[1].start, int(item[0][1:]))):
                person = self.people[practice][visit.patient]
                willing = person.consent is True and person.phone.startswith("06")
                if visit.booked and willing and at + timedelta(hours=2) < visit.start:
                    phone, words = "+31" + person.phone.replace("-", "")[1:], self.text(practice, person, [visit])
                    occasion = next(days for days, last in lasts if visit.start.date() <= last)
                    new = Went(visit.revision, occasion, at, phone, words)
                    attempt = self.attempt(practice, id_, new)
                    if not attempt or any((phone, words, nearer) in said for nearer in range(1, occasion + 1)):
                        continue  # it has its text, or another appointment has just these words for this phone
                    said.add((phone, words, occasion))
                    if attempt == 2 or not self.told_before(practice, here, visit, new):
                        texts.setdefault(self.whose(id_, visit, phone), []).append(id_)
                        self.went.setdefault((practice, id_), []).append(new)
            for ids in texts.values():
                of_day, phone = [here[id_] for id_ in ids], self.went[practice, ids[0]][-1].phone
                text = self.text(practice, self.people[practice][of_day[0].patient], of_day)
                first = of_day[0]
                self.expected.append(Sent(utc(at), practice, ids[0], first.revision, first.patient, phone, text))

    def lasts(self, practice: str, today: date) -> list[tuple[int, date]]:
        """The last day of each occasion, the nearest first."""
        last, open_days, lasts = today, 0, []
        for days in sorted(self.remind):
            while open_days < days:
                last += timedelta(days=1)
                open_days += works(practice, last)
            lasts.append((days, last))
        return lasts

    def whose(self, id_: str, visit: Visit, phone: str) -> object:
        """What those have in common that share a text: the patient or the number, and the day."""
        return {
            Combine.PATIENT: (visit.patient, phone, visit.start.date()),
            Combine.PHONE: (phone, visit.start.date()),
            Combine.NONE: id_,
        }[self.combine]

    def of(self, practice: str, id_: str, visit: Visit) -> list["Went"]:
        """What went for an appointment as it is now."""
        return [went for went in self.went.get((practice, id_), []) if went.revision == visit.revision]

    def attempt(self, practice: str, id_: str, new: "Went") -> int:
        """1 for a first text, 2 where that failed and the number is another now, 0 where none goes."""
        every = self.went.get((practice, id_), [])
        mine = [went for went in every if went.revision == new.revision]
        made = [went for went in mine if went.occasion <= new.occasion]
        again = every[-1:] if every and (every[-1].phone, every[-1].words) == (new.phone, new.words) else []
        if any(went.occasion <= new.occasion or went.at > new.at - timedelta(hours=20) for went in again):
            return 0  # the same words went to this number at the same occasion or a nearer one, or just now
        if not made:
            return 0 if any(went.at > new.at - timedelta(hours=20) for went in mine) else 1
        failed = len(made) == 1 and made[0].failed and made[0].occasion == new.occasion
        return 2 if failed and all(went.phone != new.phone for went in mine if went.failed) else 0

    def told_before(self, practice: str, here: dict[str, Visit], visit: Visit, new: "Went") -> bool:
        """Whether that patient or phone was told of something earlier on that day, and that still stands."""
        return self.combine is not Combine.NONE and any(
            other.booked
            and other.start.date() == visit.start.date()
            and other.start < visit.start
            and (self.combine is Combine.PHONE or other.patient == visit.patient)
            and any(
                went.at < new.at and went.phone == new.phone and not went.failed and went.occasion <= new.occasion
                for went in self.of(practice, id_, other)
            )
            for id_, other in here.items()
        )

    def poll(self) -> None:
        for every in self.went.values():
            for went in every:
                went.failed = went.phone[-1] in "78"

    def text(self, practice: str, person: Person, visits: list[Visit]) -> str:
        start = visits[0].start
        if len({visit.patient for visit in visits}) > 1:
            day = f"{WEEKDAYS[start.weekday()]} {start.day} {MONTHS[start.month]}"
            return f"{len(visits)} afspraken op {day}, de eerste om {start:%H:%M}. De {practice.title()}."
        times = listed([f"{visit.start:%H:%M}" for visit in visits])
        day = f"{WEEKDAYS[start.weekday()]} {start.day} {MONTHS[start.month]} om {times}"
        return f"{person.name}: {day} in {listed([v.place for v in visits])} van De {practice.title()}."

    def amounts(self) -> Counter[tuple[str, str]]:
        """Cents by practice and month: one line for each rate, rounded half up."""
        segments: Counter[tuple[str, str, int]] = Counter()
        for one in self.expected:
            if one.phone[-1] not in "789":
                day = one.at.date()  # rounds are by day: the date is the same in UTC
                tenths = 95 if one.practice == "linde" and day >= date(2027, 5, 1) else 100
                tenths = 120 if tenths == 100 and day >= date(2027, 4, 15) else tenths
                long = len(one.text) > (160 if one.text.isascii() else 70)
                segments[one.practice, f"{day:%Y-%m}", tenths] += 2 if long else 1
        cents: Counter[tuple[str, str]] = Counter()
        for (practice, month, tenths), count in segments.items():
            cents[practice, month] += (count * tenths + 5) // 10
        return cents


class Spring:
    """What happens in those weeks, drawn by a seed; every change is told to the model and to the program."""

    def __init__(self, bench: Bench, practices: list[Practice], seed: int, model: Model) -> None:
        self.bench, self.practices, self.model = bench, practices, model
        self.draw = Random(seed)  # noqa: S311 - the same weeks each time, no secret
        self.now = o_clock(FIRST, 0)

    def passes(self, days: int) -> None:
        """So many days, one by one; then so long that what has no report is given up."""
        self.people_come()
        for number in range(days):
            today = FIRST + timedelta(days=number)
            morning, afternoon = (9, 15) if today.weekday() < 5 else (10, 17)
            for hour, chance in ((morning, 0.9), (afternoon, 0.3)):
                self.now = o_clock(today, hour) - timedelta(minutes=30)
                self.changes_come(8 if hour == morning else 4)
                self.poll()
                self.now = o_clock(today, hour)
                if self.draw.random() < chance:
                    self.round(down=self.draw.random() < 0.1)
        self.now += timedelta(days=4)
        self.poll()

    def people_come(self) -> None:
        sharing = 2 if self.model.combine is Combine.PHONE else 1
        for practice in self.practices:
            people = self.model.people[practice.code]
            for number in range(30):
                people[f"P{number}"] = Person(f"{self.draw.choice(NAMES)} {number}", self.a_phone(number // sharing))
            told = [PatientRecord("", id_, one.name, one.phone) for id_, one in people.items()]
            self.told(practice, Kind.PATIENTS, told)
            for id_ in people:
                if (given := self.draw.choice([True, True, True, True, False, None])) is not None:
                    self.consent(practice, id_, given=given)

    def changes_come(self, most: int) -> None:
        """Some new appointments, and some changes to others; to one appointment not two in one file."""
        for practice in self.practices:
            visits = self.model.visits[practice.code]
            coming = [id_ for id_, visit in visits.items() if visit.start > self.now]
            changed = self.draw.sample(coming, min(len(coming), self.draw.randrange(most)))
            for id_ in changed:
                self.draw.choice(CHANGES)(self, practice, visits[id_])
            for _ in range(self.draw.randrange(most)):
                changed.append(f"A{len(visits)}")
                visits[changed[-1]] = Visit(self.a_patient(practice), self.a_start())
            self.told(practice, Kind.APPOINTMENTS, [self.row(id_, visits[id_]) for id_ in changed])
            if self.draw.random() < 0.3:
                self.consent(practice, self.a_patient(practice), given=self.draw.random() < 0.6)
            if self.draw.random() < 0.1:
                id_ = self.a_patient(practice)
                self.model.people[practice.code][id_].phone = phone = self.a_phone(self.draw.randrange(30, 90))
                self.told(practice, Kind.PATIENTS, [PatientRecord("", id_, phone=phone)])

    def round(self, *, down: bool) -> None:
        self.bench.gateway.otherwise = DOWN if down else None
        self.bench.clock.go_to(utc(self.now))
        schedule = replace(SCHEDULE, remind=self.model.remind, combine=self.model.combine)
        with run_lock(self.bench.path) as lock:
            result = dispatch(
                self.bench.db,
                lock,
                self.practices,
                accounts=only(self.bench.in_use(connections=4, per_second=100_000)),
                terms=Terms(schedule, WORDING, RATE),
                clock=self.bench.clock,
                talk=Talk(),
            )
        if not down:
            self.model.round(self.now)
            assert (result.waiting, result.sent.stopped, result.problems, result.held_back) == (0, None, [], [])

    def poll(self) -> None:
        """By the number's last digit, as the sandbox does: 7 and 8 failed, of 9 nothing is known."""
        self.bench.clock.go_to(utc(self.now))
        self.bench.gateway.reports = [
            DeliveryReport(sms.reference, Status.FAILED if sms.phone[-1] in "78" else Status.DELIVERED, "word")
            for sms in self.bench.gateway.taken
            if sms.phone[-1] != "9"
        ]
        self.bench.poll()
        self.model.poll()

    def told(self, practice: Practice, kind: Kind, rows: Sequence[Record]) -> None:
        self.bench.clock.go_to(utc(self.now))
        (report,) = self.bench.imports(practice, kind, rows, sure=True)
        assert report.errors == []

    def consent(self, practice: Practice, patient: str, *, given: bool) -> None:
        self.model.people[practice.code][patient].consent = given
        self.told(practice, Kind.CONSENTS, [ConsentRecord("", patient, given, utc(self.now))])

    def row(self, id_: str, visit: Visit) -> AppointmentRecord:
        return AppointmentRecord(
            place="",
            source_id=id_,
            patient=PatientRecord("", visit.patient),
            starts_at=utc(visit.start),
            booking=Booking.BOOKED if visit.booked else Booking.CANCELLED,
            location=visit.place,
            practitioner=visit.practitioner,
        )

    def a_patient(self, practice: Practice) -> str:
        return self.draw.choice(list(self.model.people[practice.code]))

    def a_phone(self, number: int) -> str:
        return self.draw.choice([f"06-123456{number:02}"] * 8 + ["020-5550123", ""])

    def a_start(self) -> datetime:
        """Some quarter of an hour of office hours, mostly soon."""
        days = self.draw.choice([0, 0, 1, 1, 1, 2, 2, 3, 4, 5, 7, 10, 14])
        quarters = self.draw.randrange(8 * 4, 18 * 4)
        start = o_clock(self.now.date(), 0) + timedelta(days=days, minutes=15 * quarters)
        return start if start > self.now else start + timedelta(days=1)


def moved(spring: Spring, _: Practice, visit: Visit) -> None:
    spring.model.change(visit, before=visit.start, start=spring.a_start())


def moved_back(spring: Spring, _: Practice, visit: Visit) -> None:
    if visit.before and visit.before > spring.now:
        spring.model.change(visit, before=None, start=visit.before)


def cancelled_or_booked_again(spring: Spring, _: Practice, visit: Visit) -> None:
    spring.model.change(visit, booked=not visit.booked)


def another_place(spring: Spring, _: Practice, visit: Visit) -> None:
    spring.model.change(visit, place=spring.draw.choice(["kamer 1", "kamer 2", "de rode kamer"]))


def another_practitioner(spring: Spring, _: Practice, visit: Visit) -> None:
    spring.model.change(visit, practitioner=spring.draw.choice(["Smit", "Jansen"]))


def another_patient(spring: Spring, practice: Practice, visit: Visit) -> None:
    spring.model.change(visit, patient=spring.a_patient(practice))


CHANGES: list[Callable[[Spring, Practice, Visit], None]] = [
    moved,
    moved,
    moved_back,
    cancelled_or_booked_again,
    cancelled_or_booked_again,
    another_place,
    another_practitioner,
    another_patient,
]


def with_own_days(bench: Bench, linde: Practice, duin: Practice) -> None:
    with write_transaction(bench.db):
        set_days(bench.db, linde.id, [date(2027, 5, 7)], is_open=False)
        set_days(bench.db, duin.id, [date(2027, 4, 12)], is_open=False)
        set_days(bench.db, duin.id, [date(2027, 4, 10), ASCENSION], is_open=True)
        open_on_holidays(bench.db, duin.id, ["Goede vrijdag"])
        add_rate(bench.db, Rate(Decimal("0.12"), date(2027, 4, 15)))
        add_rate(bench.db, Rate(Decimal("0.095"), date(2027, 5, 1), linde.id))


def what_the_gateway_took(bench: Bench) -> Iterator[Sent]:
    known = {notification.reference: notification for notification in notifications(bench.db)}
    for sms in bench.gateway.taken:
        one = known[sms.reference]
        yield Sent(sms.handed_over_at, one.practice, one.appointment, one.revision, one.patient, sms.phone, sms.text)


@pytest.mark.parametrize(
    ("seed", "days", "remind", "combine"),
    [
        (1, DAYS, (1,), Combine.PATIENT),
        (3, DAYS, (3, 1), Combine.PATIENT),
        (4, DAYS // 2, (2, 1), Combine.PHONE),
        (5, DAYS // 2, (3, 2, 1), Combine.NONE),
    ],
)
def test_the_gateway_took_exactly_what_the_story_says_and_the_bill_is_right_to_the_cent(
    bench: Bench, linde: Practice, duin: Practice, seed: int, days: int, remind: tuple[int, ...], combine: Combine
) -> None:
    with_own_days(bench, linde, duin)
    spring = Spring(bench, [duin, linde], seed, Model(remind, combine))
    spring.passes(days)
    assert sorted(what_the_gateway_took(bench)) == sorted(spring.model.expected)
    months = [Period(2027, month) for month in (2, 3, 4, 5, 6)]
    bills = [bill(bench.db, month, spring.practices, MoneyTerms(RATE, Decimal(21), "EUR")) for month in months]
    billed = {(total.practice, str(one.period)): total.amount for one in bills for total in one.totals}
    assert billed == {key: Decimal(cents) / 100 for key, cents in spring.model.amounts().items()}
    assert len(spring.model.expected) > 3 * days
