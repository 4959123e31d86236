"""The steps of the stateful test that take away: a patient erased and added again, a purge, a practice that leaves."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from smsreminders.domain.bill.billing import InvoiceLine, MoneyTerms, Period
from smsreminders.domain.round.inbound import Received
from smsreminders.domain.round.notifications import Status, Word
from smsreminders.domain.round.stopped import How
from smsreminders.errors import TryAgainLater
from smsreminders.jobs.bill.close import close_month, closed_month
from smsreminders.jobs.bill.show import bill
from smsreminders.jobs.desk.reply import settle_replies
from smsreminders.jobs.desk.settle import settle
from smsreminders.jobs.keep.access import verify
from smsreminders.jobs.keep.removing import remove_practice
from smsreminders.store.bill.closed import closed_periods
from smsreminders.store.database import Database, opened
from smsreminders.store.keep.patient_known import known_of
from smsreminders.store.lock import run_lock
from smsreminders.store.practices import all_practices
from smsreminders.store.times import from_text
from tests.builders import as_text
from tests.long.bench import MORNING, RATE, ZONE, House, MovingClock
from tests.long.scripted import Answer, Listing, Scripted
from tests.long.setting import name_of
from tests.long.stateful_exports import Exported
from tests.long.stateful_model import ASKS, at
from tests.long.stateful_world import MEMORY, SETTLE_TIME, account_of, e164

PATIENTS = st.integers(0, 2)
TERMS = MoneyTerms(RATE, Decimal(21), "EUR")
UNDER_WAY = {Status.SENDING, Status.SENT, Status.UNCERTAIN}
TEXTS = ["STOP", "STOP", "START", "JA", "NEE", "Kan het ook om kwart voor?", ASKS, ASKS]
CANARIES = (b"kanarievogel", b"kanarietekst", b"6123000", b"6123100", b"kwart voor", ASKS.encode())
_THEIRS = """select n.reference from notifications n join patients p on p.source_id = ?
    where n.patient_id = p.id or n.id in (
        select c.notification_id from covers c join appointments a on a.id = c.appointment_id
        where a.patient_id = p.id)"""
_EMPTY = ("numbers", "said_of_patient", "said_of_appointments", "stopped", "number_words")
_BLANK = {"patient": ("name", "phone"), "texts": ("phone", "text"), "replies": ("number", "text"), "consents": ("by",)}


class Erased(Exported):
    """A practice whose patients may be erased, whose old texts go, and which may leave."""

    @rule(patient=PATIENTS)
    def erase(self, patient: int) -> None:
        """All or nothing, never while a text is under way; nothing is left, and the bill is as it was."""
        if patient not in self.consents or patient in self.erased:
            return
        mine = {number for number, told in self.told.items() if told.patient == patient}
        under_way = [row.status for row in self.rows() if mine & {slot.appointment for slot in row.slots}]
        source_id, bills = f"P{patient:05d}", self.bills()
        ((row_id,),) = self.db.execute("select id from patients where source_id = ?", [source_id]).fetchall()
        references = {reference for (reference,) in self.db.execute(_THEIRS, [source_id])}
        self.obey_replies()
        try:
            self.house.erase(source_id)
        except TryAgainLater as error:
            self.talk.heard(error)
            assert any(row.status in UNDER_WAY for row in self.rows() if row.reference in references)
            return
        assert UNDER_WAY.isdisjoint(under_way)
        self.went_away(patient, mine, references)
        assert self.bills() == bills
        self.nothing_is_left_of(row_id)
        self.counted["erased"] += 1

    @rule(patient=PATIENTS, consent=st.sampled_from([True, True, False]), minutes=st.sampled_from([0, 0, 0, 30]))
    def add_again(self, patient: int, minutes: int, *, consent: bool) -> None:
        """Who was erased is a patient again, and the record tells what it told before, or moved."""
        if patient not in self.erased:
            return
        self.house.add(f"P{patient:05d}", name_of(patient), self.numbers[patient])
        self.erased.discard(patient)
        self.consents[patient] = None
        if consent:
            self.house.consent(f"P{patient:05d}", given=True)
            self.consents[patient] = True
        for number, told in list(self.told.items()):
            if told.patient == patient:
                booked = told.booked or number in self.went_with
                self.say(number, patient, told.starts_at + timedelta(minutes=minutes), booked=booked)
        self.counted["added again"] += 1

    @rule(season=st.booleans())
    def purge(self, *, season: bool) -> None:
        """What is kept too long goes; the bill is as it was."""
        for _ in range(3 * season):
            self.clock.move_to(self.morning_in(31))
            self.house.believe_the_clock()
            self.run_round([Answer.ACCEPTED], Listing.WHOLE)
        bills = self.bills()
        self.house.purge()
        assert self.bills() == bills
        for number, told in self.told.items():
            if told.starts_at < self.clock.now() - timedelta(days=30):
                self.said.pop(number, None)
        self.counted["purged"] += 1

    @rule(patient=PATIENTS, text=st.sampled_from(TEXTS), at_once=st.booleans())
    def reply(self, patient: int, text: str, *, at_once: bool) -> None:
        """A phone answers, whoever has it by now; the next poll that hears it obeys."""
        self.clock.move_on(timedelta(minutes=1))
        id_, number = f"r{len(self.gateway.came_in)}", e164(self.numbers[patient])
        self.gateway.came_in.append(Received(id_, number, "", text, self.clock.now()))
        if at_once:
            self.gateway.listing = Listing.WHOLE
            self.house.poll(self.account(1))
        self.counted[f"reply: {text.partition(' ')[0]}"] += 1

    @rule(patient=PATIENTS, stops=st.booleans())
    def read_what_may_ask_for_no_more_texts(self, patient: int, *, stops: bool) -> None:
        """A person reads what holds a number back, and says whether it means STOP."""
        number = e164(self.numbers[patient])
        if not self.is_asking(number):
            return
        read = [id_ for id_, (phone, _) in self.asking.items() if phone == number]
        with opened(self.house.database) as db:
            settle_replies(db, read, by="anna", stops=stops, access=self.house.access, clock=self.clock)
        for id_ in read:
            del self.asking[id_]
        if stops:
            self.stops.setdefault(number, set()).add(How.DESK)
        self.counted["replies read that may ask for no more texts"] += len(read)

    @rule(erased_before=st.booleans())
    def the_practice_would_leave(self, *, erased_before: bool) -> None:
        """In a copy: everything comes to its end, each month is closed, and the practice is removed."""
        ((last_run_at,),) = self.db.execute("select last_run_at from installation").fetchall()
        if last_run_at is None or from_text(last_run_at) < self.clock.now() - timedelta(days=30):
            return  # by then a round takes the clock to be wrong
        with self.copied() as house, opened(house.database) as db:
            wind_up(house, db)
            (practice,) = all_practices(db)
            closed = {month.period: month.csv for month in closed_periods(db)}
            for (source_id,) in db.execute("select source_id from patients where erased_at is null").fetchall():
                if erased_before:
                    house.erase(source_id)
            house.clock.move_on(timedelta(days=100))
            house.purge()
            with run_lock(house.database):
                remove_practice(db, practice, access=house.access, forget=lambda _: None, clock=house.clock)
            assert {month.period: month.csv for month in closed_periods(db)} == closed
            assert all(closed_month(db, period) for period in closed)
            assert (all_practices(db), verify(db)) == ([], None)
            content = house.database.read_bytes()
            assert [word for word in CANARIES if word in content] == []
        self.counted["practices removed"] += 1
        self.counted["months closed by them"] += len(closed)

    @invariant()
    def no_byte_of_who_was_erased_stays(self) -> None:
        if self.erased:
            content = self.house.database.read_bytes()
            assert [patient for patient in self.erased if name_of(patient).encode() in content] == []

    def bills(self) -> list[tuple[InvoiceLine, ...]]:
        """The lines of each month so far."""
        return bills_of(self.db, Period.of(self.clock.now().astimezone(ZONE).date()))

    def went_away(self, patient: int, appointments: set[int], references: set[str]) -> None:
        """Take into the model that a patient was erased, with their appointments and the words of their texts."""
        self.erased.add(patient)
        self.consents[patient] = None
        for id_, (phone, said_at) in list(self.asking.items()):
            if self.db.execute("select 1 from replies where id = ? and phone = ''", [id_]).fetchall():
                self.said_stop(phone, said_at)  # nobody can read any more what it asks for
                del self.asking[id_]
        for number in appointments:
            told = self.told[number]
            self.orphans.add(number)
            self.said.pop(number, None)
            self.unclear.discard(number)
            self.went_with.pop(number, None)
            if told.booked and told.starts_at > self.clock.now():
                self.went_with[number] = told
                self.told[number] = replace(told, booked=False)
        for every in self.went.values():
            every[:] = [
                replace(went, words=("", place, went.at)) if went.reference in references else went
                for place, went in enumerate(every)
            ]

    def nothing_is_left_of(self, row_id: int) -> None:
        """See that an export of who was erased has no word of them."""
        tables = known_of(self.db, row_id).tables
        assert [name for name in _EMPTY if tables[name]] == []
        words = {row[column] for name, columns in _BLANK.items() for row in tables[name] for column in columns}
        assert words <= {""}

    @contextmanager
    def copied(self) -> Iterator[House]:
        """The database with what stands beside it, in another folder and with a clock of its own."""
        with TemporaryDirectory(dir=MEMORY) as folder:
            there = Path(folder) / "copy"
            shutil.copytree(self.house.database.parent, there)
            yield House(there / self.house.database.name, MovingClock(self.clock.now(), frozen=True))


def bills_of(db: Database, last: Period) -> list[tuple[InvoiceLine, ...]]:
    """The lines of each month up to one."""
    bills = []
    while last >= Period.of(MORNING.date()):
        bills.append(tuple(bill(db, last, all_practices(db, removed=True), TERMS).lines))
        last = last.previous
    return bills


def wind_up(house: House, db: Database) -> None:
    """Let nothing be open any more: polls, a person's words, a round that withdraws what waits, each month closed."""
    account = account_of(Scripted(house.clock))
    house.clock.move_to(at(house.clock.now().astimezone(ZONE).date() + timedelta(days=1), 9))
    house.dispatch(account)
    for _ in range(3):
        house.clock.move_on(SETTLE_TIME)
        house.poll(account)
    for (id_,) in db.execute("select id from notifications where status = 'uncertain'").fetchall():
        settle(db, str(id_), Word.SENT, access=house.access, clock=house.clock)
    for _ in range(3):
        day = (house.clock.now() + timedelta(days=31)).astimezone(ZONE).date()
        house.clock.move_to(at(day.replace(day=10), 9))
        house.dispatch(account)
        house.poll(account)
    waiting = [id_ for (id_,) in db.execute("select id from replies where done_at is null")]
    settle_replies(db, waiting, by="anna", stops=False, access=house.access, clock=house.clock)
    period = Period.of(MORNING.date())
    while period < Period.of(day):
        close_month(db, period, terms=TERMS, zone=ZONE, force=False, as_csv=as_text, clock=house.clock)
        period = Period.of(period.end)
