"""A practice that lives by the real jobs, drawn by a seed: its record, its desk, its rounds, its polls and gateway."""

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from random import Random

from smsreminders.domain.appointments import Booking
from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.round.notifications import Status, Word
from smsreminders.domain.round.sending import AccountName, Outgoing
from smsreminders.domain.round.stopped import How
from smsreminders.domain.text.message import Wording
from smsreminders.errors import SmsremindersError
from smsreminders.gateways.base import Account
from smsreminders.importers.records import AppointmentRecord, PatientRecord, Unread
from smsreminders.jobs.agenda.import_files import CompleteFor
from smsreminders.jobs.desk.settle import settle
from smsreminders.jobs.round.terms import Terms
from smsreminders.store.database import opened
from tests.builders import RECEPTION
from tests.long.bench import RATE, SCHEDULE, ZONE, House, MovingClock, build
from tests.long.model import to_utc
from tests.long.scripted import Answer, Death, Listing, Scripted
from tests.long.setting import name_of

PATIENTS = 12
WORDING = Wording({"nl": "{patient}, {day} {date} om {time} bij {practice}."})
_COMPLETE = CompleteFor(timedelta(days=14), ZONE)
_SETTLE = timedelta(minutes=10)
_KEPT = timedelta(days=20)  # so long the gateway lists what it took
_GOOD = [Answer.ACCEPTED] * 3
_ANSWERS = [*([[Answer.ACCEPTED]] * 4), *([*_GOOD, answer] for answer in Answer), [Answer.DOWN], [Answer.LOST_AFTER]]
_LISTINGS = [*([Listing.WHOLE] * 4), *Listing]
_FATE: list[Status | None] = [*[Status.DELIVERED] * 6, Status.SENT, Status.FAILED, Status.EXPIRED, None]
_FATES: list[list[Status | None]] = [*([fate] for fate in _FATE), [Status.FAILED, Status.DELIVERED]]


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


class Life:
    """A practice from a day on; what it lives through is counted in `found`."""

    def __init__(self, folder: Path, seed: int, first: date) -> None:
        self.draw = Random(seed)  # noqa: S311  # the same year each time
        self.clock = MovingClock(to_utc(datetime.combine(first, clock_time(6))), frozen=True)
        build(folder / "smsreminders.db")
        self.house = House(folder / "smsreminders.db", self.clock)
        self.gateway = Gateway(self.clock)
        self.seed = seed
        self.combine = self.draw.choice(list(Combine))
        self.remind = self.draw.choice([(1,), (1,), (3, 1), (2, 1)])
        self.complete = self.draw.random() < 0.5
        self.limit = self.draw.choice([500, 500, 4])
        self.visits: dict[str, Visit] = {}
        self.numbers = {patient: self.a_number() for patient in range(PATIENTS)}
        self.asked = {patient: self.draw.choice([*[True] * 8, None]) for patient in self.numbers}
        self.known: dict[str, Known] = {}
        self.taken_back: set[str] = set()
        self.tally: Counter[str] = Counter()

    def morning(self, day: date) -> None:
        """A night, and a morning up to noon."""
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

    def evening(self, day: date) -> None:
        """What is heard after noon."""
        self.go_to(day, 18)
        self.poll()
        self.gateway.taken = [
            taken for taken in self.gateway.taken if taken.sms.handed_over_at > self.clock.now() - _KEPT
        ]

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
                self.house.consent(id_of(patient), given=self.draw.random() < 0.85)
            case 5:
                for number in self.numbers.values():
                    self.house.lift(e164(number))
                if self.draw.random() < 0.5:
                    self.house.stop(e164(self.numbers[patient]), self.draw.choice([How.REPLY, How.DESK]))
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
        who = PatientRecord("", id_of(patient), name_of(patient), self.numbers[patient], "nl", consent)
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
            before.phones.add(e164(phone))

    def terms(self) -> Terms:
        schedule = replace(SCHEDULE, combine=self.combine, remind=self.remind, daily_limit=self.limit)
        return Terms(schedule, WORDING, RATE)

    def account(self) -> Account:
        return Account(AccountName("scripted"), self.gateway, self.draw.choice([1, 3]), 10_000, _SETTLE)

    def round(self) -> None:
        self.gateway.answers = self.draw.choice(_ANSWERS)
        self.gateway.listing = self.draw.choice(_LISTINGS)
        try:
            self.house.dispatch(self.account(), schedule=self.terms().schedule, wording=WORDING)
            self.tally["rounds"] += 1
        except Death:
            self.tally["rounds that died"] += 1
        except SmsremindersError:
            self.tally["rounds that were refused"] += 1

    def poll(self) -> None:
        self.gateway.listing = self.draw.choice(_LISTINGS)
        for taken in self.gateway.taken:
            if taken.words == [Status.SENT] and self.draw.random() < 0.7:
                taken.words = self.draw.choice(_FATES)
        try:
            self.house.poll(self.account())
        except Death:
            self.tally["polls that died"] += 1
        except SmsremindersError:
            self.tally["polls that were refused"] += 1


def to_local(moment: datetime) -> datetime:
    """The wall clock's time."""
    return moment.astimezone(ZONE).replace(tzinfo=None)


def id_of(patient: int) -> str:
    return f"P{patient}"


def e164(number: str) -> str:
    return "+31" + number[1:]
