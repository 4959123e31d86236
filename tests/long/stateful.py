"""Any order of rounds, polls, imports, consents, deaths, a person's words and days: the promise holds after each step.

python -m tests.long.stateful [--examples N] [--steps N] [--seed N]

A model of its own says who may be texted; the real jobs work on a real database with a scripted gateway. Hypothesis
looks for an order of steps that breaks the promise, and shows the shortest one that does.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from smsreminders.domain.appointments import Booking
from smsreminders.domain.billing import MoneyTerms, Period
from smsreminders.domain.notifications import MAY_FOLLOW, Status, Word, reference_of
from smsreminders.domain.sending import Outgoing
from smsreminders.errors import SmsremindersError
from smsreminders.gateways.base import Account
from smsreminders.importers.records import AppointmentRecord, PatientRecord
from smsreminders.jobs.bill.show import bill
from smsreminders.jobs.desk.settle import settle
from smsreminders.jobs.round.result import DispatchResult
from smsreminders.store.database import opened
from smsreminders.store.installation import installation_name
from smsreminders.store.practices import all_practices
from tests.long.bench import MORNING, RATE, SCHEDULE, ZONE, House, Listener, MovingClock, build
from tests.long.scripted import Answer, Death, Listing, Scripted
from tests.long.setting import figures

CODE = "praktijk-1"
SETTLE_TIME = timedelta(minutes=10)
NEVER = {Status.QUEUED, Status.CANCELLED, Status.REJECTED}
HANDED_OVER = {Status.SENT, Status.DELIVERED, Status.FAILED, Status.EXPIRED}
APPOINTMENTS, PATIENTS = st.integers(0, 7), st.integers(0, 2)
STARTS = st.tuples(st.sampled_from([0, 1, 1, 1, 3]), st.integers(12, 20))
LOST = [Answer.LOST_AFTER, Answer.LOST_BEFORE]
ANSWERS = st.one_of(
    st.sampled_from([LOST, [Answer.LOST_AFTER], [Answer.LOST_BEFORE], [*LOST, Answer.ACCEPTED], [Answer.ACCEPTED]]),
    st.sampled_from(Answer).map(lambda answer: [answer, Answer.ACCEPTED, *LOST]),
)
LISTINGS = st.sampled_from([Listing.WHOLE, Listing.WHOLE, *Listing])
WORDS = st.lists(
    st.sampled_from([Status.SENT, Status.DELIVERED, Status.FAILED, Status.EXPIRED, None]), min_size=1, max_size=2
)


@dataclass(frozen=True, slots=True)
class Told:
    """What the practice told last of an appointment, and which text the patient should have: the model's revision."""

    patient: int
    starts_at: datetime
    booked: bool = True
    revision: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A notification as the database has it."""

    id: int
    reference: str
    appointment: int
    revision: int
    status: Status


class Reminders(RuleBasedStateMachine):
    """One practice over some weeks; `counted` are the figures of all examples, `talk` all that was said in them."""

    counted: ClassVar[Counter[str]] = Counter()
    talk: ClassVar[Listener] = Listener()

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        database = Path(self.folder.name) / "smsreminders.db"
        database.write_bytes(template())
        self.clock = MovingClock(frozen=True)
        self.house = House(database, self.clock)
        self.gateway = Scripted(self.clock)
        self.gateway.on_request = self.requested
        self.told: dict[int, Told] = {}
        self.consents: dict[int, bool | None] = {}
        self.numbers = {patient: f"06{12_300_000 + patient}" for patient in range(3)}
        self.wrong: list[str] = []
        self.texts: Counter[tuple[int, int]] = Counter()
        self.said_sent: set[str] = set()
        self.said_not_delivered: set[str] = set()
        self.may_go_from = MORNING
        self.opened = ExitStack()
        self.db = self.opened.enter_context(opened(database, read_only=True))
        self.installation = installation_name(self.db)

    def teardown(self) -> None:
        Reminders.counted["examples"] += 1
        Reminders.counted["requests"] += len(self.gateway.requests)
        Reminders.counted["taken by the gateway"] += len(self.gateway.taken)
        Reminders.counted.update({f"answer: {answer}": n for answer, n in self.gateway.answered.items()})
        self.opened.close()
        self.folder.cleanup()

    # What the practice does

    @initialize(starts=st.lists(STARTS, min_size=4, max_size=8))
    def first_agenda(self, starts: list[tuple[int, int]]) -> None:
        for number, start in enumerate(starts):
            self._tell(number, number % 3, self._moment(start), consent=True)

    @rule(number=APPOINTMENTS, patient=PATIENTS, start=STARTS)
    def book_or_move(self, number: int, patient: int, start: tuple[int, int]) -> None:
        self._tell(number, patient, self._moment(start))

    @rule(hour=st.integers(12, 20), answers=ANSWERS, listing=LISTINGS, connections=st.sampled_from([1, 3]))
    def move_all_and_dispatch(self, hour: int, answers: list[Answer], listing: Listing, connections: int) -> None:
        for number in range(4):
            self._tell(number, number % 3, self._moment((1, hour)) + timedelta(minutes=number))
        self._dispatch(answers, listing, connections=connections)

    @rule(number=APPOINTMENTS)
    def cancel(self, number: int) -> None:
        if told := self.told.get(number):
            self._tell(number, told.patient, told.starts_at, booked=False)

    @rule(number=APPOINTMENTS)
    def tell_again(self, number: int) -> None:
        if told := self.told.get(number):
            self._tell(number, told.patient, told.starts_at, booked=told.booked)

    @rule(number=APPOINTMENTS)
    def book_again(self, number: int) -> None:
        if told := self.told.get(number):
            self._tell(number, told.patient, told.starts_at)

    @rule(patient=PATIENTS, given=st.booleans())
    def consent(self, patient: int, *, given: bool) -> None:
        if patient in self.consents:
            self.house.consent(f"P{patient:05d}", given=given)
            self.consents[patient] = given

    @rule(number=APPOINTMENTS, ending=st.integers(0, 3))
    def mend_the_number(self, number: int, ending: int) -> None:
        if told := self.told.get(number):
            self.numbers[told.patient] = f"06{12_310_000 + ending * 10 + told.patient}"
            self._tell(number, told.patient, told.starts_at, booked=told.booked)

    # What the program does

    @rule(answers=ANSWERS, listing=LISTINGS, connections=st.sampled_from([1, 3]), limit=st.sampled_from([2, 999, 999]))
    def dispatch(self, answers: list[Answer], listing: Listing, connections: int, limit: int) -> None:
        self._dispatch(answers, listing, connections=connections, limit=limit)

    @rule(answers=ANSWERS, number=APPOINTMENTS, patient=PATIENTS, what=st.sampled_from(["withdraw", "cancel", "move"]))
    def dispatch_while_the_practice_works(self, answers: list[Answer], number: int, patient: int, what: str) -> None:
        def meanwhile() -> None:
            if what == "withdraw":
                self.consent(patient, given=False)
            elif what == "cancel":
                self.cancel(number)
            elif told := self.told.get(number):
                self._tell(number, told.patient, told.starts_at + timedelta(minutes=30))

        self.gateway.meanwhile = meanwhile
        self._dispatch(answers, Listing.WHOLE)
        self.gateway.meanwhile = None

    @rule(claims=st.integers(1, 3), connections=st.sampled_from([1, 3]))
    def dispatch_and_die_after_a_claim(self, claims: int, connections: int) -> None:
        left = claims

        def progress(_done: int, _total: int) -> None:
            nonlocal left
            left -= 1
            if not left:
                raise Death

        self._dispatch([Answer.ACCEPTED], Listing.WHOLE, connections=connections, progress=progress)

    @rule(listing=LISTINGS)
    def poll(self, listing: Listing) -> None:
        self.gateway.listing = listing
        try:
            self.house.poll(self._in_use(1))
            self.counted["polls"] += 1
        except SmsremindersError as error:
            self.talk.heard(error)
        except Death:
            self.counted["deaths"] += 1

    # What the gateway, a person and the time do

    @rule(message=st.integers(0, 20), words=WORDS)
    def report(self, message: int, words: list[Status | None]) -> None:
        if self.gateway.taken:
            self.gateway.taken[message % len(self.gateway.taken)].words = words

    @rule(message=st.integers(0, 20))
    def forget_what_was_told(self, message: int) -> None:
        if self.gateway.taken:
            one = self.gateway.taken[message % len(self.gateway.taken)]
            if one.sms.reference in self.gateway.told:
                one.words = []

    @rule(minutes=st.integers(0, 9))
    def lag(self, minutes: int) -> None:
        self.gateway.lag = timedelta(minutes=minutes)

    @rule(number=st.integers(0, 20), word=st.sampled_from(Word))
    def settle(self, number: int, word: Word) -> None:
        wanted = Status.DELIVERED if word is Word.NOT_DELIVERED else Status.UNCERTAIN
        rows = [row for row in self.rows() if row.status is wanted]
        if not rows:
            return
        row = rows[number % len(rows)]
        taken = any(one.sms.reference == row.reference for one in self.gateway.taken)
        if word is Word.NOT_SENT and taken:
            return  # a person's word counts, so it must be true
        with opened(self.house.database) as db:
            settle(db, str(row.id), word, clock=self.clock)
        if word is Word.SENT and not taken:
            self.said_sent.add(row.reference)
        if word is Word.NOT_DELIVERED:
            self.said_not_delivered.add(row.reference)
        self.counted["settled"] += 1

    @rule(minutes=st.sampled_from([1, 11, 11, 60]))
    def time_goes_on(self, minutes: int) -> None:
        self.clock.move_on(timedelta(minutes=minutes))

    @rule(days=st.sampled_from([1, 1, 1, 2, 3, 1, 2, 3, 12, 36]))
    def days_go_by(self, days: int) -> None:
        self.clock.move_to(self._morning_in(days))

    @rule()
    @precondition(lambda self: self.told)
    def in_good_weather_everybody_is_reminded(self) -> None:
        if not clock_time(8) <= self.clock.now().astimezone(ZONE).time() < clock_time(19):
            self.clock.move_to(self._morning_in(1))
        self.house.tell()
        self.gateway.lag = timedelta()
        for one in self.gateway.taken:
            one.hidden_for = timedelta()
        for _ in range(2):
            self.poll(Listing.WHOLE)
            self.clock.move_on(SETTLE_TIME)
        self.poll(Listing.WHOLE)
        now, before = self.clock.now(), len(self.gateway.requests)
        self._dispatch([Answer.ACCEPTED], Listing.WHOLE)
        rows = {row.reference: row for row in self.rows()}
        for number, told in self.told.items():
            reference = self._reference(number, told)
            if told.booked and self.consents[told.patient] and covers(now, told.starts_at):
                excused = reference in self.said_sent or rows[reference].status is Status.REJECTED
                assert self.texts[number, told.revision] == 1 or excused, f"{rows[reference]} was not reminded"
                self.counted["reminded, as they should be"] += 1
        self.counted["sent in good weather"] += len(self.gateway.requests) - before

    # What must hold after every step

    @invariant()
    def nobody_is_texted_twice_or_without_a_reason(self) -> None:
        assert self.wrong == []
        assert [key for key, count in self.texts.items() if count > 1] == []
        references = [one.sms.reference for one in self.gateway.taken]
        assert len(references) == len(set(references))

    @invariant()
    def what_the_database_says_is_true(self) -> None:
        taken = {one.sms.reference for one in self.gateway.taken}
        for row in self.rows():
            if row.status in HANDED_OVER:
                assert row.reference in taken | self.said_sent, row
            elif row.status in NEVER:
                assert row.reference not in taken, row
        assert taken <= {row.reference for row in self.rows()}
        self.counted["steps"] += 1

    @invariant()
    def every_change_of_status_is_allowed_and_has_its_event(self) -> None:
        statuses = {row.id: row.status for row in self.rows()}
        history: dict[int, list[Status]] = {id_: [] for id_ in statuses}
        for id_, status in self.db.execute("select notification_id, status from notification_events order by id"):
            if history[id_][-1:] != [Status(status)]:
                history[id_].append(Status(status))
        for id_, followed in history.items():
            assert (followed[0], followed[-1]) == (Status.QUEUED, statuses[id_])
            assert all(new in MAY_FOLLOW[old] for old, new in pairwise(followed)), followed

    @invariant()
    def the_bill_is_what_was_delivered_and_known_to_be(self) -> None:
        known = self.gateway.told_delivered - self.said_not_delivered
        segments = sum(one.segments for one in self.gateway.taken if one.sms.reference in known)
        first, last = Period.of(MORNING.date()), Period.of(self.clock.now().astimezone(ZONE).date())
        billed, period = Decimal(0), last
        while period >= first:
            lines = bill(self.db, period, all_practices(self.db), MoneyTerms(RATE, Decimal(21), "EUR")).lines
            billed += sum((line.amount for line in lines), Decimal(0))
            period = period.previous
        assert billed == segments * RATE

    # How

    def requested(self, sms: Outgoing) -> None:
        """A request arrives: the model says whether it may, and counts what is taken."""
        meant = [n for n, told in self.told.items() if self._reference(n, told) == sms.reference]
        if not meant:
            self.wrong.append("a text of a revision that is not the present one")
            return
        told = self.told[meant[0]]
        local = told.starts_at.astimezone(ZONE)
        reasons = {
            "a text without consent": self.consents[told.patient] is not True,
            "a text of a cancelled appointment": not told.booked,
            "a text of an appointment that is not covered": not covers(self.may_go_from, told.starts_at),
            "a text to another number": sms.phone != "+31" + self.numbers[told.patient][1:],
            "a text with another name or time": f"{told.patient:05d}, " not in sms.text
            or f"{local:%H:%M}" not in sms.text,
            "a text outside the sending hours": not 8 <= self.clock.now().astimezone(ZONE).hour < 20,
        }
        self.wrong += [reason for reason, holds in reasons.items() if holds]
        if "taken" in self.gateway.answer_for(sms):
            self.texts[meant[0], told.revision] += 1

    def rows(self) -> list[Row]:
        rows = self.db.execute(
            "select n.id, n.reference, a.source_id, n.revision, n.status from notifications n"
            " join appointments a on a.id = n.appointment_id order by n.id"
        ).fetchall()
        return [Row(id_, ref, int(source[1:]), revision, Status(status)) for id_, ref, source, revision, status in rows]

    def _dispatch(
        self,
        answers: Sequence[Answer],
        listing: Listing,
        *,
        connections: int = 1,
        limit: int = 999,
        progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> None:
        self.gateway.answers, self.gateway.listing = answers, listing
        self.may_go_from, before = self.clock.now(), len(self.gateway.requests)
        told, consents = dict(self.told), dict(self.consents)
        schedule = replace(SCHEDULE, daily_limit=limit)
        try:
            report = self.house.dispatch(self._in_use(connections), schedule=schedule, progress=progress)
        except SmsremindersError as error:
            self.talk.heard(error)
            return
        except Death:
            self.counted["deaths"] += 1
            return
        self.talk.heard(*report.problems, report.sent)
        self.counted["rounds"] += 1
        if report.held_back:
            assert len(self.gateway.requests) == before, "a practice that is held back was sent for"
        if report.plans:
            self._check_outcomes(report, told, consents)

    def _check_outcomes(self, report: DispatchResult, told: dict[int, Told], consents: dict[int, bool | None]) -> None:
        """Every covered booked appointment has a reminder or a written reason, and the reason is true."""
        rows = self.db.execute(
            "select a.source_id, o.revision, o.reason from round_outcomes o"
            " join appointments a on a.id = o.appointment_id where o.round_id = ?",
            [report.round_id],
        ).fetchall()
        outcomes = {int(source[1:]): (revision, reason) for source, revision, reason in rows}
        notified = {(row.appointment, row.revision) for row in self.rows()}
        for number, one in told.items():
            if not one.booked or not covers(self.may_go_from, one.starts_at):
                continue
            revision, reason = outcomes[number]
            assert revision == one.revision
            true = {
                None: (number, revision) in notified,
                "already-reminded": (number, revision) in notified,
                "no-consent": consents[one.patient] is None,
                "consent-withdrawn": consents[one.patient] is False,
                "limit-reached": bool(report.held_back),
                "invalid-number": (number, revision) in notified,  # rejected by the gateway
            }
            assert true.get(reason), f"appointment {number} was skipped as {reason}"
            self.counted["covered appointments with a reminder or a reason"] += 1

    def _in_use(self, connections: int) -> Account:
        return Account("scripted", self.gateway, connections, 10_000, SETTLE_TIME)

    def _tell(
        self, number: int, patient: int, starts_at: datetime, *, booked: bool = True, consent: bool | None = None
    ) -> None:
        booking = Booking.BOOKED if booked else Booking.CANCELLED
        name = f"Pim Kanarievogel{patient:05d}"
        who = PatientRecord("line 1", f"P{patient:05d}", name, self.numbers[patient], "nl", consent)
        self.house.tell(AppointmentRecord("line 1", f"A{number:05d}", who, starts_at, booking=booking))
        if patient not in self.consents or consent:
            self.consents[patient] = consent
        before = self.told.get(number)
        if before is None:
            self.told[number] = Told(patient, starts_at, booked)
            return
        moved = (before.patient, before.starts_at) != (patient, starts_at) or (booked and not before.booked)
        self.told[number] = Told(patient, starts_at, booked, before.revision + moved)

    def _moment(self, start: tuple[int, int]) -> datetime:
        today = self.clock.now().astimezone(ZONE).date()
        return at(today + timedelta(days=start[0]), start[1])

    def _morning_in(self, days: int) -> datetime:
        return at(self.clock.now().astimezone(ZONE).date() + timedelta(days=days), 9)

    def _reference(self, number: int, told: Told) -> str:
        return reference_of(self.installation, CODE, f"A{number:05d}", told.revision)


def covers(now: datetime, starts_at: datetime) -> bool:
    """The rule of the README, once more: later than in two hours, up to the end of the next working day."""
    last = now.astimezone(ZONE).date() + timedelta(days=1)
    while last.weekday() > 4 or (last.month, last.day) in {(12, 25), (12, 26), (1, 1)}:
        last += timedelta(days=1)
    return now + timedelta(hours=2) < starts_at and starts_at.astimezone(ZONE).date() <= last


def at(day: date, hour: int) -> datetime:
    """A local time."""
    return datetime.combine(day, clock_time(hour), ZONE).astimezone(MORNING.tzinfo)


@cache
def template() -> bytes:
    """An empty practice's database; every example starts from a copy."""
    with TemporaryDirectory() as folder:
        database = Path(folder) / "template.db"
        build(database)
        return database.read_bytes()


def look(*, examples: int, steps: int, from_seed: int) -> Counter[str]:
    """Run so many examples of so many steps; the figures. Raises AssertionError with the shortest that breaks it."""
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    Reminders.counted.clear()
    with Reminders.talk:
        run_state_machine_as_test(seed(from_seed)(Reminders), settings=chosen)
    return Reminders.counted


def main(arguments: Sequence[str] | None = None) -> int:
    """The script."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=300)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    began = time.monotonic()
    counted = look(examples=given.examples, steps=given.steps, from_seed=given.seed)
    shown: dict[str, object] = {"seconds": round(time.monotonic() - began, 1), **dict(sorted(counted.items()))}
    shown |= {"lines heard": Reminders.talk.lines, "leaks": Reminders.talk.leaks}
    return figures(shown, broken=["leaks"])


if __name__ == "__main__":
    sys.exit(main())
