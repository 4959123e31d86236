"""The world of the stateful test: one practice whose real jobs run beside a model of what they should do."""

import sqlite3
import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

from hypothesis.stateful import RuleBasedStateMachine

from smsreminders.domain.appointments import Booking
from smsreminders.domain.keep.erasing import trace_of
from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.round.notifications import MAY_BE_ON_A_PHONE, Status, reference_of
from smsreminders.domain.round.sending import AccountName
from smsreminders.domain.round.stopped import How
from smsreminders.gateways.base import Account
from smsreminders.importers.records import AppointmentRecord, PatientRecord
from smsreminders.store.database import opened
from smsreminders.store.installation import installation_name
from tests.long.bench import MORNING, ZONE, House, Listener, MovingClock, build
from tests.long.scripted import Scripted
from tests.long.setting import name_of
from tests.long.stateful_model import APART, ASKS, Row, Slot, Told, Went, Words, at, occasion_of

CODE = "praktijk-1"
SETTLE_TIME = timedelta(minutes=10)
_SHM = Path("/dev/shm")  # noqa: S108  # no power is cut here: the disk proves nothing and takes most of the time
MEMORY = _SHM if _SHM.is_dir() else None


class World(RuleBasedStateMachine):
    """One practice over some weeks; `counted` are the figures of all examples, `talk` all that was said in them."""

    counted: ClassVar[Counter[str]] = Counter()
    talk: ClassVar[Listener] = Listener()

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory(dir=MEMORY)
        database = Path(self.folder.name) / "smsreminders.db"
        database.write_bytes(template())
        self.clock = MovingClock(frozen=True)
        self.house = House(database, self.clock)
        self.gateway = Scripted(self.clock)
        self.told: dict[int, Told] = {}
        self.consents: dict[int, bool | None] = {}
        self.said: dict[int, tuple[int, datetime, bool]] = {}  # what the record told last, as far as that is kept
        self.lacked: int | None = None  # what the last export lacks: it stands until the next one lacks it too
        self.unclear: set[int] = set()
        self.erased: set[int] = set()  # patients
        self.orphans: set[int] = set()  # appointments of who was erased
        self.went_with: dict[int, Told] = {}  # those of them that were booked and to come, as they stood
        self.numbers = {patient: f"06{12_300_000 + patient}" for patient in range(3)}
        self.stops: dict[str, set[How]] = {}  # by number, how it was stopped: what stands of it
        self.stopped_at: dict[str, datetime] = {}  # when the last STOP came from it
        self.asking: dict[int, tuple[str, datetime]] = {}  # replies, unread, that may ask for no more texts
        self.heard_to = 0  # the last reply that the model knows of
        self.opted_out: dict[str, str] = {}  # the numbers that the gateway called so, by what it was asked to send
        self.remind: tuple[int, ...] = (1,)
        self.combine = Combine.PATIENT
        self.wrong: list[str] = []
        self.went: dict[int, list[Went]] = {}  # by appointment, in their order
        self.said_sent: set[str] = set()
        self.said_not_delivered: set[str] = set()
        self.may_have_failed: set[str] = set()
        self.may_go_from = MORNING
        self.of_round: dict[object, str] = {}  # the references of this round, by whose day and attempt they are of
        self.at_peace = True  # nothing changes while this round works
        self.opened = ExitStack()
        self.db = self.opened.enter_context(opened(database, read_only=True))
        self.installation = installation_name(self.db)
        self.lock = threading.RLock()
        uri = f"{database.as_uri()}?mode=ro"
        self.watched = self.opened.enter_context(
            closing(sqlite3.connect(uri, uri=True, timeout=60, check_same_thread=False))
        )

    def teardown(self) -> None:
        World.counted["examples"] += 1
        World.counted["requests"] += len(self.gateway.requests)
        World.counted["taken by the gateway"] += len(self.gateway.taken)
        World.counted.update({f"answer: {answer}": n for answer, n in self.gateway.answered.items()})
        self.opened.close()
        self.folder.cleanup()

    def rows(self) -> list[Row]:
        """What the database has, as any thread may ask."""
        with self.lock:
            rows = self.watched.execute(
                "select n.id, n.reference, n.status, n.phone, a.source_id, c.revision, c.occasion, c.attempt"
                " from notifications n left join covers c on c.notification_id = n.id"
                " left join appointments a on a.id = c.appointment_id"
                " order by n.id, a.id <> n.appointment_id, a.starts_at, a.id"
            ).fetchall()
        by_id: dict[int, Row] = {}
        for id_, reference, status, phone, source, *slot in rows:
            slots = by_id[id_].slots if id_ in by_id else ()
            if source is not None:
                slots = (*slots, Slot(int(source[1:]), *slot))
            by_id[id_] = Row(id_, reference, Status(status), phone, slots)
        return list(by_id.values())

    def is_stopped(self, number: str) -> bool:
        """Whether a number, as it is texted, is stopped by what is committed now."""
        self.obey_replies()
        rejected = {row.reference for row in self.rows() if row.status is Status.REJECTED} if self.opted_out else set()
        for reference in rejected & self.opted_out.keys():
            self.stops.setdefault(self.opted_out.pop(reference), set()).add(How.REJECTED)
        return bool(self.stops.get(number))

    def is_asking(self, number: str) -> bool:
        """Whether a reply from a number may ask for no more texts, and nobody has read it yet."""
        self.obey_replies()
        return any(phone == number for phone, _ in self.asking.values())

    def obey_replies(self) -> None:
        """Take in what replies are stored by now."""
        with self.lock:
            stored = self.watched.execute(
                "select id, gateway_id from replies where id > ? order by id", [self.heard_to]
            ).fetchall()
        came_in = {received.gateway_id: received for received in self.gateway.came_in}
        for self.heard_to, gateway_id in stored:
            received = came_in[gateway_id]
            if received.text == "STOP":
                self.said_stop(received.phone, received.received_at)
            elif received.text == "START":
                self.said_start(received.phone, received.received_at)
            elif received.text == ASKS:
                self.asking[self.heard_to] = received.phone, received.received_at

    def said_stop(self, number: str, moment: datetime) -> None:
        """A STOP from a phone, as it is heard."""
        self.stops.setdefault(number, set()).add(How.REPLY)
        self.stopped_at[number] = max(moment, self.stopped_at.get(number, moment))

    def said_start(self, number: str, moment: datetime) -> None:
        """A START from a phone, as it is heard: it lifts what was said before it, of a number that isn't erased."""
        if not self.is_traced(number) and moment >= self.stopped_at.get(number, moment):
            self.stops.get(number, set()).discard(How.REPLY)

    def is_traced(self, number: str) -> bool:
        """Whether of a stopped number only its trace is kept."""
        with self.lock:
            ((salt,),) = self.watched.execute("select salt from installation").fetchall()
            trace = trace_of(salt, number)
            return bool(self.watched.execute("select 1 from erased_stops where trace = ?", [trace]).fetchall())

    def words(self, told: Told) -> Words:
        """What a text of an appointment says, and to whom, as far as it differs between texts."""
        return self.numbers[told.patient], told.patient, told.starts_at

    def may_be_on_a_phone(self) -> list[Row]:
        """What was sent or perhaps, by the word of the gateway, of the program or of a person."""
        return [row for row in self.rows() if row.status in MAY_BE_ON_A_PHONE or row.reference in self.said_sent]

    def was_reminded(self, number: int, told: Told, occasion: int) -> bool:
        """Whether a reminder of it may have gone at a nearer or the same occasion, or at another just now."""
        just_now = {w.reference for w in self.went.get(number, ()) if w.at > self.may_go_from - APART}
        return any(
            slot[:2] == (number, told.revision) and (slot.occasion <= occasion or row.reference in just_now)
            for row in self.may_be_on_a_phone()
            for slot in row.slots
        )

    def second_attempts_owed(self) -> set[Slot]:
        """The second attempts that a round makes now: the first certainly failed, and the number is another by now."""
        owed: set[Slot] = set()
        for number, told in self.told.items():
            if self.has_a_double(number, self.told, held_back=True):
                continue  # one text is enough for the two, and it may be the other's
            occasion = occasion_of(self.clock.now(), told.starts_at, self.remind)
            if not (told.booked and self.consents[told.patient] and occasion) or self.may_know(number):
                continue
            theirs = e164(self.numbers[told.patient])
            if self.is_stopped(theirs) or self.is_asking(theirs):
                continue
            mine = [
                (r, slot) for r in self.may_be_on_a_phone() for slot in r.slots if slot[:2] == (number, told.revision)
            ]
            first = Slot(number, told.revision, occasion, 1)
            made = [row for row, slot in mine if slot.occasion <= occasion]
            failed_there = {row.phone for row, _ in mine if row.status is Status.FAILED}
            failed = [row.status for row in made] == [Status.FAILED] and first in made[0].slots
            if failed and failed_there.isdisjoint({"", e164(self.numbers[told.patient])}):
                owed.add(first._replace(attempt=2))
        return owed

    def may_know(self, number: int) -> bool:
        """Whether these words may have reached this phone, of this appointment or of its double."""
        may_be = {row.reference for row in self.may_be_on_a_phone()}
        every = [went for of_one in self.went.values() for went in of_one]
        return any(went.reference in may_be and went.words == self.words(self.told[number]) for went in every)

    def has_a_double(self, number: int, told: dict[int, Told], *, held_back: bool) -> bool:
        """Whether another appointment has a text of these words for this phone, or waits for the limit."""
        doubles = {
            (n, told[n].revision) for n in told if n != number and self.words(told[n]) == self.words(told[number])
        }
        if held_back:
            return bool(doubles)
        return any(slot[:2] in doubles for row in self.rows() for slot in row.slots)

    def day_was_told(
        self, number: int, told: dict[int, Told], occasion: int, *, by: Sequence[Row] | None = None
    ) -> bool:
        """Whether that patient, or that phone, was told of something before it on its day: by one of these, or any."""
        mine = told[number]
        return self.combine is not Combine.NONE and any(
            row.status is not Status.FAILED
            and row.phone == e164(self.numbers[mine.patient])
            and slot.occasion <= occasion
            and slot.appointment in told
            and (other := told[slot.appointment]).revision == slot.revision
            and (other.booked or slot.appointment == self.lacked)
            and other.day == mine.day
            and other.starts_at < mine.starts_at
            and (self.combine is Combine.PHONE or other.patient == mine.patient)
            for row in (self.may_be_on_a_phone() if by is None else by)
            for slot in row.slots
        )

    def account(self, connections: int) -> Account:
        return account_of(self.gateway, connections)

    def say(
        self, number: int, patient: int, starts_at: datetime, *, booked: bool = True, consent: bool | None = None
    ) -> None:
        told = Told(patient, starts_at, booked)
        self.house.tell(self.record(number, told, consent))
        if patient in self.erased:
            return  # it is left out
        if patient not in self.consents or consent:
            self.consents[patient] = consent
        said, self.said[number] = self.said.get(number), (patient, starts_at, booked)
        before = self.told.get(number)
        if before is None:
            self.told[number] = told
            return
        stood = self.went_with.pop(number, before)
        if stood is before and said is None and booked and not before.booked:
            self.unclear.add(number)  # who cancelled it isn't known any more
        elif said != self.said[number]:
            self.unclear.discard(number)
        moved = (stood.patient, stood.starts_at) != (patient, starts_at) or (booked and not stood.booked)
        moved |= stood is before and number in self.orphans
        self.orphans.discard(number)
        self.told[number] = replace(told, revision=before.revision + moved)

    def record(self, number: int, told: Told, consent: bool | None = None) -> AppointmentRecord:
        """The row of an appointment."""
        booking, patient = Booking.BOOKED if told.booked else Booking.CANCELLED, told.patient
        who = PatientRecord("", f"P{patient:05d}", name_of(patient), self.numbers[patient], "nl", consent)
        return AppointmentRecord(f"line {number}", f"A{number:05d}", who, told.starts_at, booking=booking)

    def moment(self, start: tuple[int, int]) -> datetime:
        today = self.clock.now().astimezone(ZONE).date()
        return at(today + timedelta(days=start[0]), start[1])

    def morning_in(self, days: int) -> datetime:
        return at(self.clock.now().astimezone(ZONE).date() + timedelta(days=days), 9)

    def reference(self, slot: Slot) -> str:
        number, revision, occasion, attempt = slot
        return reference_of(self.installation, CODE, f"A{number:05d}", revision, occasion=occasion, attempt=attempt)


def account_of(gateway: Scripted, connections: int = 1) -> Account:
    """The account that a gateway is used by."""
    return Account(AccountName("scripted"), gateway, connections, 10_000, SETTLE_TIME)


def e164(number: str) -> str:
    """A Dutch mobile number as it is texted."""
    return "+31" + number[1:]


@cache
def template() -> bytes:
    """An empty practice's database; every example starts from a copy."""
    with TemporaryDirectory() as folder:
        database = Path(folder) / "template.db"
        build(database)
        return database.read_bytes()
