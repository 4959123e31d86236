"""The promise of the call list: at noon each covered appointment was delivered or is on the list, none in neither.

python -m tests.long.noon [--days N] [--seed N]

A practice lives for a year by the real jobs: a night's file, what the desk does, the round and the polls of a morning,
with a gateway that takes or not, answers or not and reports or not, and a process of ours that dies. At noon the call
list is compared with what the gateway reported of what it took. What a text tells is read from its words: a phone, a
day and a time. An appointment is *told* where the last of such words that left for it since it stands at its start was
reported as delivered. Each practice has a database of its own.
"""

import argparse
import re
import time
import zlib
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from smsreminders.cli.show.call_words import DUTCH, ENGLISH
from smsreminders.domain.appointments import Booking
from smsreminders.domain.grouping import Combine
from smsreminders.domain.message import Wording
from smsreminders.domain.notifications import Status, Word
from smsreminders.domain.sending import AccountName, Outgoing
from smsreminders.domain.stopped import How
from smsreminders.domain.unreached import NEXT_ROUND, WAITS
from smsreminders.errors import SmsremindersError
from smsreminders.gateways.base import Account
from smsreminders.importers.records import AppointmentRecord, PatientRecord, Unread
from smsreminders.jobs.agenda.import_files import CompleteFor
from smsreminders.jobs.desk.settle import settle
from smsreminders.jobs.round.terms import Terms
from smsreminders.jobs.unreached import to_call
from smsreminders.store.database import opened
from smsreminders.store.practices import all_practices
from tests.accounts import only
from tests.builders import RECEPTION
from tests.long.bench import RATE, SCHEDULE, ZONE, House, MovingClock, build
from tests.long.model import MONTHS, free_days, to_utc
from tests.long.scripted import Answer, Death, Listing, Scripted, Taken
from tests.long.setting import figures, name_of, tell

FIRST, YEAR = date(2027, 1, 1), 365
BROKEN = ("in neither", "in both", "listed and not covered", "listed twice", "without words", "waits for nothing")
PATIENTS = 12
_MEMORY = Path("/dev/shm")  # noqa: S108  # no power is cut here
_WORDING = Wording({"nl": "{patient}, {day} {date} om {time} bij {practice}."})
_TOLD = re.compile(r"(\d+) (\w+) om ([\d:, en]+) bij")
_COMPLETE = CompleteFor(timedelta(days=14), ZONE)
_NOTICE = SCHEDULE.minimum_notice
_SETTLE = timedelta(minutes=10)
_KEPT = timedelta(days=20)  # so long the gateway lists what it took
_GOOD = [Answer.ACCEPTED] * 3
_ANSWERS = [*([[Answer.ACCEPTED]] * 4), *([*_GOOD, answer] for answer in Answer), [Answer.DOWN], [Answer.LOST_AFTER]]
_LISTINGS = [*([Listing.WHOLE] * 4), *Listing]
_FATE: list[Status | None] = [*[Status.DELIVERED] * 6, Status.SENT, Status.FAILED, Status.EXPIRED, None]
_FATES: list[list[Status | None]] = [*([one] for one in _FATE), [Status.FAILED, Status.DELIVERED]]


@dataclass
class Visit:
    """An appointment as the practice's record has it."""

    patient: int
    start: datetime
    booked: bool = True


@dataclass
class Known:
    """An appointment as the program has it, with when it came to stand so and where it stood before."""

    patient: int
    phone: str
    starts_at: datetime
    booked: bool
    revision: int
    since: datetime
    stood: list[tuple[datetime, datetime]] = field(default_factory=list)  # from when, at which start
    phones: set[str] = field(default_factory=set)


class Gateway(Scripted):
    """One whose answers go by what is sent, so that a seed gives the same year again."""

    def answer_for(self, sms: Outgoing) -> Answer:
        return self.answers[zlib.crc32(f"{sms.phone} {sms.text}".encode()) % len(self.answers)]


class Year:
    """A year of a practice, drawn by a seed."""

    def __init__(self, folder: Path, seed: int, first: date = FIRST) -> None:
        self.draw = Random(seed)  # noqa: S311  # the same year each time
        self.clock = MovingClock(to_utc(datetime.combine(first, clock_time(6))), frozen=True)
        build(folder / "smsreminders.db")
        self.house = House(folder / "smsreminders.db", self.clock)
        self.gateway = Gateway(self.clock)
        self.first, self.seed = first, seed
        self.combine = self.draw.choice(list(Combine))
        self.remind = self.draw.choice([(1,), (1,), (3, 1), (2, 1)])
        self.complete = self.draw.random() < 0.5
        self.limit = self.draw.choice([500, 500, 4])
        self.visits: dict[str, Visit] = {}
        self.numbers = {patient: self.a_number() for patient in range(PATIENTS)}
        self.asked = {patient: self.draw.choice([*[True] * 8, None]) for patient in self.numbers}
        self.known: dict[str, Known] = {}
        self.taken_back: set[str] = set()
        self.found: Counter[str] = Counter(dict.fromkeys(BROKEN, 0))

    def live(self, days: int) -> Counter[str]:
        """So many days; the figures."""
        for number in range(days):
            self.day(self.first + timedelta(days=number))
        return self.found

    def day(self, day: date) -> None:
        """A night, a morning, and what the list says at noon."""
        self.go_to(day, 7)
        self.night(day)
        if self.draw.random() < 0.85:
            self.go_to(day, 9)
            self.round()
        for hour in (10, 11):
            self.go_to(day, hour)
            if self.draw.random() < 0.6:
                self.poll()
            if self.draw.random() < 0.3:
                self.desk(day)
            if self.draw.random() < 0.2:
                self.round()
        self.go_to(day, 12)
        self.judge(day)
        self.go_to(day, 18)
        self.poll()
        self.gateway.taken = [one for one in self.gateway.taken if one.sms.handed_over_at > self.clock.now() - _KEPT]

    def go_to(self, day: date, hour: int) -> None:
        self.clock.move_to(to_utc(datetime.combine(day, clock_time(hour))))

    # What happens

    def night(self, day: date) -> None:
        """The file of a night: what is new or another, or all of the coming days."""
        for id_, visit in list(self.visits.items()):
            if visit.start.date() < day - timedelta(days=2):
                del self.visits[id_]
        changed = [self.a_change(day) for _ in range(self.draw.randrange(7))]
        if self.complete:
            self.say(list(self.visits), complete=_COMPLETE, content=f"export of {day}")
        else:
            self.say(changed)

    def desk(self, day: date) -> None:
        """Something that changes in a morning."""
        patient = self.draw.randrange(PATIENTS)
        match self.draw.randrange(7):
            case 0 | 1 | 2:
                self.say([self.a_change(day)])
            case 3:
                self.numbers[patient] = self.a_number()
                self.say([id_ for id_, visit in self.visits.items() if visit.patient == patient])
            case 4 if any(known.patient == patient for known in self.known.values()):
                self.house.consent(_id_of(patient), given=self.draw.random() < 0.85)
            case 5:
                for number in self.numbers.values():
                    self.house.lift(_e164(number))
                if self.draw.random() < 0.5:
                    self.house.stop(_e164(self.numbers[patient]), self.draw.choice([How.REPLY, How.DESK]))
            case _:
                self.take_back()

    def take_back(self) -> None:
        """A person says of a text that it was not delivered, or of an uncertain one what became of it."""
        word, status = self.draw.choice(
            [
                (Word.NOT_DELIVERED, Status.DELIVERED),
                (Word.SENT, Status.UNCERTAIN),
                (Word.NOT_SENT, Status.UNCERTAIN),
            ]
        )
        with opened(self.house.database) as db:
            row = db.execute(
                "select id, reference from notifications where status = ? order by id desc limit 1", [status]
            ).fetchone()
            if row is not None:
                settle(db, str(row[0]), word, clock=self.clock, access=RECEPTION)
                self.taken_back |= {row[1]} if word is Word.NOT_DELIVERED else set()
        self.look()

    def a_change(self, day: date) -> str:
        """An appointment made, moved, cancelled, booked again, or gone from the record without a word."""
        coming = [id_ for id_, visit in self.visits.items() if visit.start.date() >= day]
        what = self.draw.randrange(10)
        if not coming or what < 5:
            id_ = f"A{len(self.known) + len(self.visits)}-{self.draw.randrange(10**6)}"
            self.visits[id_] = Visit(self.draw.randrange(PATIENTS), self.a_start(day))
            if coming and what == 4:  # a copy of another
                self.visits[id_] = replace(self.visits[self.draw.choice(coming)])
            return id_
        id_ = self.draw.choice(coming)
        visit = self.visits[id_]
        if what == 9 and self.complete:
            del self.visits[id_]
        elif what > 7:
            visit.booked = not visit.booked
        else:
            stood = [to_local(start) for _, start in self.known[id_].stood] if id_ in self.known else []
            visit.start = self.draw.choice([self.a_start(day), *(start for start in stood if start.date() >= day)])
        return id_

    def a_start(self, day: date) -> datetime:
        days = self.draw.choice([0, 0, 1, 1, 1, 2, 2, 3, 4, 5])
        minute = clock_time(self.draw.randrange(8, 18), self.draw.randrange(60))
        return datetime.combine(day + timedelta(days=days), minute)

    def a_number(self) -> str:
        """A mobile number mostly, now and then that of a phone that others have."""
        mobile = f"06{12_300_000 + self.draw.randrange(9000)}"
        return self.draw.choice([*[mobile] * 8, "0612345600", "0612345600", "020-5550123", ""])

    # What the program does

    def say(self, ids: Sequence[str], *, complete: CompleteFor | None = None, content: str = "") -> None:
        records = [self.record(id_, blur=0.02 * (len(ids) > 12)) for id_ in ids if id_ in self.visits]
        if records or complete:
            self.house.tell(*records, complete=complete, content=content)
        self.look()

    def record(self, id_: str, *, blur: float) -> AppointmentRecord:
        """The row of an appointment; its start can't be read by a small chance."""
        visit = self.visits[id_]
        unread = (Unread("start", "start", "is no time", "??"),) if self.draw.random() < blur else ()
        patient, consent = visit.patient, self.asked[visit.patient]
        who = PatientRecord("", _id_of(patient), name_of(patient), self.numbers[patient], "nl", consent)
        starts_at = None if unread else to_utc(visit.start)
        booking = Booking.BOOKED if visit.booked else Booking.CANCELLED
        return AppointmentRecord(f"line {id_}", id_, who, starts_at, booking=booking, unread=unread)

    def look(self) -> None:
        """See how each appointment stands by now."""
        now = self.clock.now()
        with opened(self.house.database, read_only=True) as db:
            rows = db.execute(
                "select a.source_id, p.source_id, p.phone, a.starts_at, a.status, a.revision from appointments a"
                " join patients p on p.id = a.patient_id where a.starts_at >= ?",
                [(now - timedelta(days=1)).strftime("%Y-%m-%d")],
            ).fetchall()
        for id_, patient, phone, start, status, revision in rows:
            starts_at = datetime.fromisoformat(start)
            before = self.known.get(id_)
            if before is None or before.revision != revision:
                stood = [*(before.stood if before else ()), (now, starts_at)]
                phones = before.phones if before else set()
                self.known[id_] = before = Known(
                    int(patient[1:]), phone, starts_at, status == "booked", revision, now, stood, phones
                )
            before.phone, before.booked = phone, status == "booked"
            before.phones.add(_e164(phone))

    def terms(self) -> Terms:
        schedule = replace(SCHEDULE, combine=self.combine, remind=self.remind, daily_limit=self.limit)
        return Terms(schedule, _WORDING, RATE)

    def account(self) -> Account:
        return Account(AccountName("scripted"), self.gateway, self.draw.choice([1, 3]), 10_000, _SETTLE)

    def round(self) -> None:
        self.gateway.answers = self.draw.choice(_ANSWERS)
        self.gateway.listing = self.draw.choice(_LISTINGS)
        try:
            self.house.dispatch(self.account(), schedule=self.terms().schedule, wording=_WORDING)
            self.found["rounds"] += 1
        except Death:
            self.found["rounds that died"] += 1
        except SmsremindersError:
            self.found["rounds that were refused"] += 1

    def poll(self) -> None:
        self.gateway.listing = self.draw.choice(_LISTINGS)
        for one in self.gateway.taken:
            if one.words == [Status.SENT] and self.draw.random() < 0.7:
                one.words = self.draw.choice(_FATES)
        try:
            self.house.poll(self.account())
        except Death:
            self.found["polls that died"] += 1
        except SmsremindersError:
            self.found["polls that were refused"] += 1

    # What must hold

    def judge(self, day: date) -> None:
        """Compare the call list of this moment with the appointments, and with what the gateway has reported."""
        now = self.clock.now()
        with opened(self.house.database, read_only=True) as db:
            calls = to_call(db, all_practices(db), accounts=only(self.account()), terms=self.terms(), clock=self.clock)
        listed = Counter(call.due.appointment for call in calls)
        self.found.update(f"listed: {call.reason}" for call in calls)
        covered = {
            id_: known
            for id_, known in self.known.items()
            if known.booked and now < known.starts_at < _end_of(next_working_day(day))
        }
        self.found["days"] += 1
        self.found["covered"] += len(covered)
        self.found["to call"] += sum(1 for call in calls if call.reason not in WAITS)
        for id_, known in covered.items():
            told = self.last_told(known)
            is_told = told is not None and self.was_reported(told)
            self.found["delivered"] += is_told
            if id_ not in listed and not is_told:
                self.broken("in neither", day, id_, known)
            since_it_stands = told is not None and told.sms.handed_over_at >= known.since
            if id_ in listed and is_told and since_it_stands and not self.has_a_double(known):
                self.broken("in both", day, id_, known)
        for call in calls:
            if call.reason not in DUTCH or call.reason not in ENGLISH:
                id_ = call.due.appointment
                self.broken("without words", day, f"{call.reason} {id_}", self.known[id_])
            if call.reason in (NEXT_ROUND, Status.QUEUED) and call.starts_at <= now + _NOTICE:
                self.broken("waits for nothing", day, call.due.appointment, self.known[call.due.appointment])
        for id_, lines in listed.items():
            if id_ not in covered:
                self.broken("listed and not covered", day, id_, self.known[id_])
            if lines > 1:
                self.broken("listed twice", day, id_, self.known[id_])

    def was_reported(self, one: Taken) -> bool:
        """Whether the program was told that it was delivered, and nobody took that back."""
        return one.sms.reference in self.gateway.told_delivered - self.taken_back

    def last_told(self, known: Known) -> Taken | None:
        """What the gateway has of an appointment: a delivered text of its start as it stands, else the last one.

        None where the last words that left for it told of another start, at which it stood then.
        """
        mine: list[Taken] = []
        for one in self.gateway.taken:
            if one.sms.phone not in known.phones:
                continue
            says = _told_by(one.sms.text, one.sms.handed_over_at)
            if known.starts_at in says:
                mine.append(one)
            elif [start for at, start in known.stood if at <= one.sms.handed_over_at][-1:] in [[said] for said in says]:
                mine.clear()
        return next((one for one in mine if self.was_reported(one)), mine[-1] if mine else None)

    def has_a_double(self, known: Known) -> bool:
        """Whether another appointment has, or once had, the same words for the same phone: a text may be its."""
        others = (other for other in self.known.values() if other is not known and other.phones & known.phones)
        return any(start == known.starts_at for other in others for _, start in other.stood)

    def broken(self, what: str, day: date, id_: str, known: Known) -> None:
        self.found[what] += 1
        if self.found[what] <= 3:
            tell(f"{what}: {id_} at {known.starts_at} on {day} (seed {self.seed}, {self.combine}, {self.remind})")


def next_working_day(day: date) -> date:
    """The next day from Monday to Friday that is no Dutch holiday."""
    after = day + timedelta(days=1)
    while after.weekday() > 4 or after in free_days(after.year):
        after += timedelta(days=1)
    return after


def to_local(moment: datetime) -> datetime:
    """The wall clock's time."""
    return moment.astimezone(ZONE).replace(tzinfo=None)


def _end_of(day: date) -> datetime:
    return to_utc(datetime.combine(day + timedelta(days=1), clock_time.min))


def _told_by(text: str, at: datetime) -> set[datetime]:
    """The starts that a text names; UTC."""
    starts = set()
    for day, month, times in _TOLD.findall(text):
        number = MONTHS.index(month) + 1
        year = at.year + (number < at.month)
        for hour, minute in re.findall(r"(\d\d):(\d\d)", times):
            starts.add(to_utc(datetime(year, number, int(day), int(hour), int(minute))))  # noqa: DTZ001  # local
    return starts


def _id_of(patient: int) -> str:
    return f"P{patient}"


def _e164(number: str) -> str:
    return "+31" + number[1:]


def a_year(seed: int, days: int, first: date = FIRST) -> Counter[str]:
    """A practice of so many days, in a folder of its own; the figures."""
    with TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
        return Year(Path(folder), seed, first).live(days) + Counter({"practices": 1})


def run(*, days: int, seed: int) -> Counter[str]:
    """Live so many days, a practice a year, two at a time; the figures of all."""
    years = [min(YEAR, days - begun) for begun in range(0, days, YEAR)]
    with ProcessPoolExecutor(2) as pool:
        lived = list(pool.map(a_year, count(seed), years))
    found: Counter[str] = Counter(dict.fromkeys(BROKEN, 0))
    for figures_of_year in lived:
        found.update(figures_of_year)
    return found


def main() -> int:
    """Live the days, and tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.long.noon", description=__doc__)
    parser.add_argument("--days", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    began = time.monotonic()
    found = run(days=given.days, seed=given.seed)
    tell(f"{time.monotonic() - began:.0f} s")
    return figures(dict(sorted(found.items())), broken=BROKEN)


if __name__ == "__main__":
    raise SystemExit(main())
