"""A year of mornings against a model: nothing wrong, missing or extra in the gateway's journal, no cent off the bill.

python -m tests.long.year [--seed N] [--first 2027-01-01] [--days 365] [--patients N]
"""

import argparse
import json
import random
import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from smsreminders.domain.appointments import Booking
from smsreminders.domain.bill.billing import MoneyTerms, Period
from smsreminders.domain.consent import ConsentEvent, How
from smsreminders.domain.practices import REMINDERS_BY_SMS, Practice, ServiceType
from smsreminders.domain.round.exclusions import NOTHING
from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.round.guards import AgendaAges
from smsreminders.domain.round.practice_rules import PracticeRules
from smsreminders.domain.round.sending import AccountName
from smsreminders.domain.round.window import Schedule
from smsreminders.domain.round.workdays import Region
from smsreminders.domain.text.message import Wording
from smsreminders.gateways.base import Account, Options
from smsreminders.gateways.by_name import open_gateway
from smsreminders.importers.records import AppointmentRecord, ConsentRecord, Kind, PatientRecord, Record
from smsreminders.jobs.agenda.import_files import Order, Source, import_files
from smsreminders.jobs.bill.show import bill
from smsreminders.jobs.desk import service
from smsreminders.jobs.round.dispatch import dispatch
from smsreminders.jobs.round.poll import poll
from smsreminders.jobs.round.terms import Talk, Terms
from smsreminders.store import patients
from smsreminders.store.database import Database, create, opened, write_transaction
from smsreminders.store.lock import run_lock
from smsreminders.store.practices import (
    add_practice,
    all_practices,
    open_on_holidays,
    practice_by_code,
    set_days,
)
from tests.accounts import several
from tests.long.bench import Listener
from tests.long.model import (
    ASCENSION,
    GOOD_FRIDAY,
    KINGS_DAY,
    WHIT_MONDAY,
    ModelPractice,
    Person,
    Text,
    Visit,
    exists_once,
    to_utc,
)

SCHEDULE = Schedule(
    zone=ZoneInfo("Europe/Amsterdam"),
    region=Region("NL", "nl"),
    weekdays=frozenset(range(5)),
    minimum_notice=timedelta(hours=2),
    sending_hours=(time(8), time(20)),
    daily_limit=500,
    longest_run=timedelta(hours=2),
    agenda_ages=AgendaAges(timedelta(days=4), timedelta(days=10)),
)
WORDING = Wording(
    {"nl": "Beste {patient}, {day} {date} om {time} in {location} van {practice}."},
    several={"nl": "Beste {patient}, {count} afspraken, {day} {date} om {times} in {location} van {practice}."},
    family={"nl": "{count} afspraken op {day} {date}, de eerste om {time}, bij {practice}."},
)
ACCOUNTS = ("", "noord")  # two of one company: the sandbox
REMIND = ((1,), (1,), (2,), (3,), (2, 1), (3, 1), (3, 2, 1))
RATE, GIVE_UP = Decimal("0.10"), timedelta(hours=72)
# every name and number is one that is found wherever it leaks (Listener)
NAMES = ("J. Kanarie", "Zoë Kanarie", "A. Çelik Kanarie", "Françoise Kanarie", "K. Kanarie", "Łukasz Wójcik Kanarie")
PLACES = ("kamer 1", "kamer 2", "de spreekkamer op de tweede verdieping naast de lift, ingang Lindelaan")
LONG = "Gezondheidscentrum De Lange Naam aan de Haven, huisartsen en tandartsen samen onder een dak"
MISSED, SECOND_ROUND, AT_WEEKENDS, SAME_DAY = 0.04, 0.3, 0.7, 0.3


@dataclass
class Figures:
    """What a year came to; `cents` is the sum of all differences of its bills."""

    rounds: int = 0
    appointments: int = 0
    texts: int = 0
    wrong: int = 0
    missing: int = 0
    extra: int = 0
    bills: int = 0
    cents: int = 0
    leaks: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    @property
    def kept(self) -> bool:
        """Whether every promise was kept, and something was promised."""
        return self.texts > 0 and not (self.wrong or self.missing or self.extra or self.cents or self.leaks)


class MorningClock:
    """Shows the moment that it was given; goes on by pauses."""

    def __init__(self) -> None:
        self.moment = datetime.min  # noqa: DTZ901  # set before it is read
        self._paused = 0.0

    def now(self) -> datetime:
        return self.moment

    def elapsed(self) -> float:
        return self._paused

    def pause(self, seconds: float) -> None:
        self._paused += max(seconds, 0.001)


def own_rules(practice: ModelPractice) -> PracticeRules:
    """The rules of a practice by the configuration of this day."""
    schedule = replace(SCHEDULE, remind=practice.remind, combine=Combine(practice.combine))
    return PracticeRules(schedule, WORDING, NOTHING, practice.account, {})


def practices_of(year: int) -> list[ModelPractice]:
    """Four practices, each with days and rules of its own."""
    return [
        ModelPractice("linde", "De Linde", "DeLinde"),
        ModelPractice(
            "duin",
            "De Duin",
            "DeDuin",
            closed={date(year, 7, 19) + timedelta(days=n) for n in range(14)},
            works_on={GOOD_FRIDAY, ASCENSION},
            remind=(3, 1),
            combine="phone",
            account="noord",
        ),
        ModelPractice(
            "eik",
            LONG,
            "DeEik",
            closed={date(year, 12, n) for n in range(24, 32)} | {date(year, 5, 7), date(year, 3, 30)},
            opened={date(year, 5, 8), date(year, 3, 28), date(year, 10, 31)},  # a Saturday, and both clock changes
            works_on={WHIT_MONDAY},
            combine="none",
        ),
        ModelPractice(
            "berk",
            "Praktijk Berk",
            "Berk",
            closed={date(year, month, 15) for month in range(1, 13)},
            opened={date(year, 5, 17), date(year, 12, 26)},
            works_on={KINGS_DAY},
            remind=(2, 1),
            account="noord",
        ),
    ]


class Year:
    """What happens in a year, drawn by a seed; every change is told to the model and to the program."""

    def __init__(self, folder: Path, *, seed: int, first: date, days: int, patients_each: int) -> None:
        self.draw = random.Random(seed)  # noqa: S311  # the same year each time
        self.first, self.days, self.each = first, days, patients_each
        self.path = folder / "smsreminders.db"
        self.read = dict.fromkeys(ACCOUNTS, 0)  # how far the journal of each account was looked at
        self.clock = MorningClock()
        self.model = practices_of(first.year)
        self.figures = Figures()
        self.talk = Listener()
        self.now = datetime.combine(first, time(8))  # local
        self.users = {practice.code: practice.account for practice in self.model}
        self.accounts = several({name: self.account(name) for name in ACCOUNTS}, self.users)

    def account(self, name: str) -> Account:
        gateway = open_gateway("sandbox", Options(self.path.with_name(f"account{name}")))
        return Account(AccountName("sandbox", name), gateway, 4, 100_000, timedelta(minutes=10))

    def run(self) -> Figures:
        """The whole year."""
        create(self.path)
        with opened(self.path) as db, self.talk:
            db.execute("pragma synchronous = off")  # no power is cut here
            self.set_up(db)
            for number in range(self.days):
                self.day(db, self.first + timedelta(days=number))
        self.figures.leaks = self.talk.leaks
        self.figures.appointments = sum(len(practice.visits) for practice in self.model)
        self.figures.kinds = sum((practice.kinds for practice in self.model), Counter())
        return self.figures

    def at(self, day: date, hour: int, minute: int = 0) -> None:
        self.now = datetime.combine(day, time(hour, minute))
        self.clock.moment = to_utc(self.now)

    def set_up(self, db: Database) -> None:
        self.at(self.first, 7)
        for practice in self.model:
            with write_transaction(db):
                add_practice(db, Practice(0, practice.code, practice.name, practice.sender))
                id_ = practice_by_code(db, practice.code).id
                set_days(db, id_, practice.closed, is_open=False)
                set_days(db, id_, practice.opened, is_open=True)
                open_on_holidays(db, id_, practice.works_on)
            owner = practice_by_code(db, practice.code)
            service.add_service(db, owner, "Notificaties", ServiceType.NOTIFICATIONS, REMINDERS_BY_SMS)
            for number in range(self.each):
                person = Person(self.draw.choice(NAMES), self.a_phone(practice), self.a_consent())
                practice.people[f"P{number}"] = person
            rows: list[Record] = [
                PatientRecord("", id_, person.name, person.phone, consent=person.consent)
                for id_, person in practice.people.items()
            ]
            self.told(db, practice, Kind.PATIENTS, rows)

    def day(self, db: Database, day: date) -> None:
        """The night's file, the morning's round, sometimes a second one; at the end of a month its bill."""
        if self.draw.random() >= MISSED and (day.weekday() < 5 or self.draw.random() < AT_WEEKENDS):
            self.at(day, 8, 30)
            self.changes(db, 6)
            self.at(day, 9)
            self.round(db)
            if self.draw.random() < SECOND_ROUND:
                self.at(day, 14)
                self.changes(db, 3)
                self.at(day, 15, 30)
                self.round(db)
            self.at(day, 18)
            self.poll(db)
        if (day + timedelta(days=1)).month != day.month or day == self.first + timedelta(days=self.days - 1):
            self.at(day, 23)
            self.poll(db)
            self.check_bill(db, Period.of(day))

    def round(self, db: Database) -> None:
        with run_lock(self.path) as lock:
            result = dispatch(
                db,
                lock,
                all_practices(db),
                accounts=self.accounts,
                terms=Terms(SCHEDULE, WORDING, RATE, practices={p.code: own_rules(p) for p in self.model}),
                clock=self.clock,
                talk=Talk(),
            )
        self.talk.heard(result.sent, *result.problems, *result.warnings)
        if result.waiting or result.uncertain or result.problems or result.sent.stopped or result.held_back:
            self.note(f"left something: {result.waiting} {result.uncertain} {result.problems} {result.sent.stopped}")
            self.figures.missing += 1
        expected = Counter(text for practice in self.model for text in practice.round(self.now))
        self.compare(expected, self.taken())

    def taken(self) -> Counter[Text]:
        """What the journals have more than last time."""
        taken: Counter[Text] = Counter()
        for name in ACCOUNTS:
            journal = self.path.with_name(f"account{name}.sandbox.jsonl")
            if journal.exists():
                with journal.open("rb") as file:
                    file.seek(self.read[name])
                    lines = [json.loads(line) for line in file]
                    self.read[name] = file.tell()
                taken.update(Text(name, line["phone"], line["sender_id"], line["text"]) for line in lines)
        return taken

    def compare(self, expected: Counter[Text], taken: Counter[Text]) -> None:
        figures = self.figures
        figures.rounds += 1
        figures.texts += taken.total()
        missing, extra = expected - taken, taken - expected
        phones = Counter(text.phone for text in missing.elements()) & Counter(text.phone for text in extra.elements())
        wrong = phones.total()
        figures.wrong += wrong
        figures.missing += missing.total() - wrong
        figures.extra += extra.total() - wrong
        for kind, texts in (("missing", missing), ("extra", extra)):
            for text in texts:
                self.note(f"{kind}: {text}")

    def note(self, what: str) -> None:
        if len(self.figures.examples) < 5:
            self.figures.examples.append(f"{self.now:%a %Y-%m-%d %H:%M} {what}")

    def poll(self, db: Database) -> None:
        with run_lock(self.path):
            self.talk.heard(
                poll(db, all_practices(db), accounts=self.accounts, give_up_after=GIVE_UP, clock=self.clock)
            )
        for practice in self.model:
            practice.reports_come()

    def check_bill(self, db: Database, period: Period) -> None:
        month = bill(db, period, all_practices(db), MoneyTerms(RATE, Decimal(21), "EUR"), rehearsal=True)
        amounts = {total.practice: int(total.amount * 100) for total in month.totals}
        for practice in self.model:
            difference = amounts.get(practice.code, 0) - practice.cents[str(period)]
            self.figures.bills += 1
            self.figures.cents += abs(difference)
            if difference:
                self.note(f"bill of {practice.code}: {difference} cents off")

    def changes(self, db: Database, most: int) -> None:
        """The night's file of each practice, with new appointments and changes to others, and what happens at desks."""
        for practice in self.model:
            coming = [id_ for id_, visit in practice.visits.items() if visit.start > self.now]
            changed = self.draw.sample(coming, min(len(coming), self.draw.randrange(most)))
            for id_ in changed:
                self.change(practice.visits[id_])
            for _ in range(self.draw.randrange(2 * most)):
                id_ = f"A{len(practice.visits)}"
                patient = self.draw.choice(list(practice.people))
                start = self.a_start()
                if coming and self.draw.random() < SAME_DAY:  # another of a day, of that patient or of that phone
                    other = practice.visits[self.draw.choice(coming)]
                    phone = practice.people[other.patient].phone
                    patient = self.draw.choice([p for p in practice.people if practice.people[p].phone == phone])
                    hour = self.draw.randrange(7, 21)
                    start = datetime.combine(other.start.date(), time(hour, 5))
                practice.visits[id_] = Visit(patient, start, self.draw.choice(PLACES))
                changed.append(id_)
            self.told(db, practice, Kind.APPOINTMENTS, [self.row(id_, practice.visits[id_]) for id_ in changed])
            if changed and self.draw.random() < 0.1:  # there and back within a morning: two changes
                visit = practice.visits[changed[-1]]
                start = visit.start
                for there in (self.a_start(), start):
                    self.set(visit, start=there)
                    self.told(db, practice, Kind.APPOINTMENTS, [self.row(changed[-1], visit)])
            self.people_speak(db, practice)

    def change(self, visit: Visit) -> None:
        match self.draw.randrange(6):
            case 0 | 1:
                self.set(visit, start=self.a_start())
            case 2 if visit.before and visit.before > self.now:
                self.set(visit, start=visit.before)  # back to where it was
            case 3 | 4:
                self.set(visit, booked=not visit.booked)
            case _:
                self.set(visit, place=self.draw.choice(PLACES))

    @staticmethod
    def set(visit: Visit, *, start: datetime | None = None, place: str = "", booked: bool | None = None) -> None:
        """A change that the patient must know of counts as a revision."""
        booked_again = booked is True and not visit.booked
        moved = (start or visit.start, place or visit.place) != (visit.start, visit.place)
        if start and start != visit.start:
            visit.before, visit.start = visit.start, start
        visit.place = place or visit.place
        visit.booked = visit.booked if booked is None else booked
        visit.revision += booked_again or moved

    def people_speak(self, db: Database, practice: ModelPractice) -> None:
        """Consent withdrawn and given, at the desk or by a list; another number; the service off for a while."""
        if self.draw.random() < 0.3:
            patient = self.draw.choice(list(practice.people))
            given = self.draw.random() < 0.6
            practice.people[patient].consent = given
            if self.draw.random() < 0.5:
                self.told(db, practice, Kind.CONSENTS, [ConsentRecord("", patient, given, self.clock.now())])
            else:
                with write_transaction(db):
                    id_ = patients.patient_by_id(db, practice_by_code(db, practice.code).id, patient).id
                    patients.add_consent(db, id_, ConsentEvent(given, self.clock.now(), How.DESK), self.clock.now())
        if self.draw.random() < 0.25:
            failed = [
                v.patient for v in practice.visits.values() if v.start > self.now and v.knows and v.went[-1].failed
            ]
            patient = self.draw.choice(failed or list(practice.people))
            practice.people[patient].phone = phone = self.a_phone(practice)
            self.told(db, practice, Kind.PATIENTS, [PatientRecord("", patient, phone=phone)])
        if self.draw.random() < (0.01 if practice.serving else 0.3):
            practice.serving = not practice.serving
            service.enable(db, practice_by_code(db, practice.code), "Notificaties", enabled=practice.serving)
        if self.draw.random() < 0.04:
            practice.remind, practice.combine = self.draw.choice(REMIND), self.draw.choice(list(Combine))
            practice.account = self.users[practice.code] = self.draw.choice(ACCOUNTS)

    def told(self, db: Database, practice: ModelPractice, kind: Kind, rows: list[Record]) -> None:
        owner = practice_by_code(db, practice.code)
        [report] = import_files(db, Order(owner.id, kind, sure=True), [Source("night.csv", rows)], now=self.clock.now())
        if report.errors:
            raise RuntimeError(f"the script made a row that can't be: {report.errors}")

    @staticmethod
    def row(id_: str, visit: Visit) -> AppointmentRecord:
        return AppointmentRecord(
            place="",
            source_id=id_,
            patient=PatientRecord("", visit.patient),
            starts_at=to_utc(visit.start),
            booking=Booking.BOOKED if visit.booked else Booking.CANCELLED,
            location=visit.place,
        )

    def a_phone(self, practice: ModelPractice) -> str:
        """A mobile number mostly, now and then one that another patient has."""
        if practice.people and self.draw.random() < 0.2:
            return self.draw.choice(list(practice.people.values())).phone
        mobile = f"06-123{self.draw.randrange(10**5):05}"
        return self.draw.choice([mobile] * 10 + ["020-5550123", ""])

    def a_consent(self) -> bool | None:
        return self.draw.choice([True] * 6 + [False, None])

    def a_start(self) -> datetime:
        """Mostly in the next days and by day, but also at night, at weekends and on free days."""
        while True:
            days = self.draw.choice([0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 10, 14, 21, 45])
            hour = self.draw.choice([*range(7, 19), *range(7, 19), self.draw.randrange(24)])
            start = datetime.combine(self.now.date() + timedelta(days=days), time(hour, 5 * self.draw.randrange(12)))
            if start > self.now and exists_once(start):
                return start


def run(*, seed: int, first: date = date(2027, 1, 1), days: int = 365, patients_each: int = 60) -> Figures:
    """A year in a folder of its own."""
    with TemporaryDirectory(prefix="smsreminders-year-") as folder:
        return Year(Path(folder), seed=seed, first=first, days=days, patients_each=patients_each).run()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=date.fromisoformat, default=date(2027, 1, 1))
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--patients", type=int, default=60, help="of each of the four practices")
    options = parser.parse_args()
    figures = run(seed=options.seed, first=options.first, days=options.days, patients_each=options.patients)
    sys.stdout.write(
        f"seed {options.seed}: {options.days} days, {figures.rounds} rounds, {figures.appointments} appointments, "
        f"{figures.texts} texts; {figures.wrong} wrong, {figures.missing} missing, {figures.extra} extra; "
        f"{figures.bills} bills, {figures.cents} cents of difference; {figures.leaks} leaks\n"
        f"  of the texts: {', '.join(f'{count} {kind}' for kind, count in sorted(figures.kinds.items()))}\n"
    )
    sys.stdout.write("".join(f"  {example}\n" for example in figures.examples))
    return 0 if figures.kept else 1


if __name__ == "__main__":
    sys.exit(main())
