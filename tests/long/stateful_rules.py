"""The steps of the stateful test, in any order, and what must hold after each of them."""

from datetime import time as clock_time
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.round.notifications import Status, Word
from smsreminders.domain.round.stopped import How
from smsreminders.errors import SmsremindersError
from smsreminders.jobs.desk.settle import settle
from smsreminders.store.database import opened
from tests.builders import RECEPTION
from tests.long.bench import ZONE
from tests.long.scripted import Answer, Death, Listing
from tests.long.stateful_erasing import Erased
from tests.long.stateful_model import ASKS, occasion_of
from tests.long.stateful_world import SETTLE_TIME, e164

APPOINTMENTS, PATIENTS = st.integers(0, 7), st.integers(0, 2)
STARTS = st.tuples(st.sampled_from([0, 1, 1, 1, 2, 3]), st.integers(12, 20))
LOST = [Answer.LOST_AFTER, Answer.LOST_BEFORE]
ANSWERS = st.one_of(
    st.sampled_from([LOST, [Answer.LOST_AFTER], [Answer.LOST_BEFORE], [*LOST, Answer.ACCEPTED], [Answer.ACCEPTED]]),
    st.sampled_from(Answer).map(lambda answer: [answer, Answer.ACCEPTED, *LOST]),
)
LISTINGS = st.sampled_from([Listing.WHOLE, Listing.WHOLE, *Listing])
WORDS = st.lists(
    st.sampled_from([Status.SENT, Status.DELIVERED, Status.FAILED, Status.EXPIRED, None]), min_size=1, max_size=2
)


class Reminders(Erased):
    """Everything that a practice, the program, the gateway, a person and the time may do."""

    # What the practice does

    @initialize(starts=st.lists(STARTS, min_size=4, max_size=8))
    def first_agenda(self, starts: list[tuple[int, int]]) -> None:
        for number, start in enumerate(starts):
            self.say(number, number % 3, self.moment(start), consent=True)

    @rule(number=APPOINTMENTS, patient=PATIENTS, start=STARTS)
    def book_or_move(self, number: int, patient: int, start: tuple[int, int]) -> None:
        self.say(number, patient, self.moment(start))

    @rule(hour=st.integers(12, 20), answers=ANSWERS, listing=LISTINGS, connections=st.sampled_from([1, 3]))
    def move_all_and_dispatch(self, hour: int, answers: list[Answer], listing: Listing, connections: int) -> None:
        for number in range(4):
            self.say(number, number % 3, self.moment((1, hour)) + timedelta(minutes=number))
        self.run_round(answers, listing, connections=connections)

    @rule(number=APPOINTMENTS)
    def cancel(self, number: int) -> None:
        if told := self.told.get(number):
            self.say(number, told.patient, told.starts_at, booked=False)

    @rule(number=APPOINTMENTS)
    def tell_again(self, number: int) -> None:
        if told := self.told.get(number):
            self.say(number, told.patient, told.starts_at, booked=told.booked)

    @rule(number=APPOINTMENTS)
    def book_again(self, number: int) -> None:
        if told := self.told.get(number):
            self.say(number, told.patient, told.starts_at)

    @rule(patient=PATIENTS, given=st.booleans())
    def consent(self, patient: int, *, given: bool) -> None:
        if patient in self.consents and patient not in self.erased:
            self.house.consent(f"P{patient:05d}", given=given)
            self.consents[patient] = given

    @rule(patient=PATIENTS, how=st.sampled_from([How.REPLY, How.REPLY, How.OPT_OUT, How.DESK]))
    def stop(self, patient: int, how: How) -> None:
        number = e164(self.numbers[patient])
        self.house.stop(number, how)
        if how is How.REPLY:
            self.said_stop(number, self.clock.now())
        else:
            self.stops.setdefault(number, set()).add(how)
        self.counted[f"stopped: {how}"] += 1

    @rule(patient=PATIENTS, day=st.sampled_from([1, 1, 2]), hour=st.integers(12, 18), answers=ANSWERS)
    def stop_and_come_all_the_same(self, patient: int, day: int, hour: int, answers: list[Answer]) -> None:
        self.run_round([Answer.ACCEPTED], Listing.WHOLE, limit=2)  # what goes to that phone may wait by now
        self.stop(patient, How.REPLY)
        self.consent(patient, given=True)
        for number in range(3):
            self.say(number, number, self.moment((day, hour)))
        self.run_round(answers, Listing.WHOLE)

    @rule(patient=PATIENTS)
    def start(self, patient: int) -> None:
        self.clock.move_on(timedelta(minutes=1))
        number = e164(self.numbers[patient])
        self.house.start(number)
        self.said_start(number, self.clock.now())

    @rule(patient=PATIENTS)
    def lift(self, patient: int) -> None:
        number = e164(self.numbers[patient])
        if self.is_stopped(number) and not self.is_traced(number):
            self.house.lift(number)
            self.stops[number].clear()

    @rule(number=APPOINTMENTS, ending=st.integers(0, 3))
    def mend_the_number(self, number: int, ending: int) -> None:
        if told := self.told.get(number):
            self.numbers[told.patient] = f"06{12_310_000 + ending * 10 + told.patient}"
            self.say(number, told.patient, told.starts_at, booked=told.booked)

    @rule(patient=PATIENTS, other=PATIENTS)
    def share_a_phone(self, patient: int, other: int) -> None:
        self.numbers[patient] = self.numbers[other]
        for number in [n for n, told in self.told.items() if told.patient == patient][:1]:
            self.tell_again(number)

    @rule(remind=st.sampled_from([(1,), (2, 1), (3, 1), (3, 2, 1), (2,), (3,)]))
    def remind_at_other_occasions(self, remind: tuple[int, ...]) -> None:
        self.remind = remind

    @rule(combine=st.sampled_from(Combine))
    def combine_otherwise(self, combine: Combine) -> None:
        self.combine = combine

    @rule(combine=st.sampled_from(Combine), remind=st.sampled_from([(1,), (2,), (2, 1), (3, 1), (3,)]))
    def change_the_rules_and_dispatch(self, combine: Combine, remind: tuple[int, ...]) -> None:
        self.combine, self.remind = combine, remind
        self.run_round([Answer.ACCEPTED], Listing.WHOLE)

    @rule(day=st.sampled_from([0, 1, 1, 1, 2, 3]), patient=PATIENTS, hours=st.lists(st.integers(12, 20), max_size=3))
    def fill_a_day_of_a_patient(self, day: int, patient: int, hours: list[int]) -> None:
        for hour in hours:
            free = [number for number in range(8) if number not in self.told or not self.told[number].booked]
            if free:
                self.say(free[0], patient, self.moment((day, hour)))

    @rule(day=st.sampled_from([1, 1, 2, 3]), hour=st.integers(12, 17), answers=ANSWERS)
    def a_family_comes_on_one_day(self, day: int, hour: int, answers: list[Answer]) -> None:
        self.combine = Combine.PHONE
        self.share_a_phone(0, 1)
        for number in range(3):
            self.say(number, number % 2, self.moment((day, hour + number)))
            self.consent(number % 2, given=True)
        self.run_round(answers, Listing.WHOLE)

    @rule(ending=st.integers(0, 3), answers=ANSWERS)
    def all_fails_and_numbers_change(self, ending: int, answers: list[Answer]) -> None:
        for message in range(len(self.gateway.taken)):
            self.report(message, [Status.FAILED])
        self.poll(Listing.WHOLE)
        for number in range(3):
            self.mend_the_number(number, ending)
        self.run_round(answers, Listing.WHOLE)

    @rule(patient=PATIENTS, minutes=st.sampled_from([0, 0, 30]), failed=st.booleans(), answers=ANSWERS)
    def all_arrives_and_one_is_erased_and_back(
        self, patient: int, minutes: int, answers: list[Answer], *, failed: bool
    ) -> None:
        for message in range(len(self.gateway.taken)):
            self.report(message, [Status.FAILED if failed else Status.DELIVERED])
        self.poll(Listing.WHOLE)
        self.erase(patient)
        self.run_round([Answer.ACCEPTED], Listing.WHOLE)
        self.add_again(patient, minutes, consent=True)
        self.run_round(answers, Listing.WHOLE)

    @rule(patient=PATIENTS, hour=st.integers(12, 18), then=st.sampled_from(["erase", "read", "wait"]))
    def ask_for_no_more_texts_and_come_all_the_same(self, patient: int, hour: int, then: str) -> None:
        """What holds a number back does so until it is read, also where its patient is erased and added again."""
        self.reply(patient, ASKS, at_once=True)
        for number in range(3):
            self.say(number, number, self.moment((1, hour)))
            self.consent(number, given=True)
        self.run_round([Answer.ACCEPTED], Listing.WHOLE)
        if then == "erase":
            self.erase(patient)
            self.add_again(patient, 30, consent=True)
        elif then == "read":
            self.read_what_may_ask_for_no_more_texts(patient, stops=False)
        self.run_round([Answer.ACCEPTED], Listing.WHOLE)

    # What the program does

    @rule(answers=ANSWERS, listing=LISTINGS, connections=st.sampled_from([1, 3]), limit=st.sampled_from([2, 999, 999]))
    def dispatch(self, answers: list[Answer], listing: Listing, connections: int, limit: int) -> None:
        self.run_round(answers, listing, connections=connections, limit=limit)

    @rule(
        answers=ANSWERS,
        number=APPOINTMENTS,
        patient=PATIENTS,
        what=st.sampled_from(["withdraw", "cancel", "move", "stop"]),
    )
    def dispatch_while_the_practice_works(self, answers: list[Answer], number: int, patient: int, what: str) -> None:
        def meanwhile() -> None:
            if what == "withdraw":
                self.consent(patient, given=False)
            elif what == "cancel":
                self.cancel(number)
            elif what == "stop":
                self.stop(patient, How.REPLY)
            elif told := self.told.get(number):
                self.say(number, told.patient, told.starts_at + timedelta(minutes=30))

        self.gateway.meanwhile = meanwhile
        self.run_round(answers, Listing.WHOLE)
        self.gateway.meanwhile = None

    @rule(claims=st.integers(1, 3), connections=st.sampled_from([1, 3]))
    def dispatch_and_die_after_a_claim(self, claims: int, connections: int) -> None:
        left = claims

        def progress(_done: int, _total: int) -> None:
            nonlocal left
            left -= 1
            if not left:
                raise Death

        self.run_round([Answer.ACCEPTED], Listing.WHOLE, connections=connections, progress=progress)

    @rule(listing=LISTINGS)
    def poll(self, listing: Listing) -> None:
        self.gateway.listing = listing
        try:
            self.house.poll(self.account(1))
            self.counted["polls"] += 1
            if listing is Listing.WHOLE:
                stored = {id_ for (id_,) in self.db.execute("select gateway_id from replies")}
                lately = self.clock.now() - timedelta(days=30)  # the first poll of all asks no further back
                assert {reply.gateway_id for reply in self.gateway.came_in if reply.received_at > lately} <= stored
        except SmsremindersError as error:
            self.talk.heard(error)
        except Death:
            self.counted["deaths"] += 1

    # What the gateway, a person and the time do

    @rule(message=st.integers(0, 20), words=WORDS)
    def report(self, message: int, words: list[Status | None]) -> None:
        if self.gateway.taken:
            text = self.gateway.taken[message % len(self.gateway.taken)]
            text.words = words
            if Status.FAILED in words:
                self.may_have_failed.add(text.sms.reference)

    @rule(message=st.integers(0, 20))
    def forget_what_was_told(self, message: int) -> None:
        if self.gateway.taken:
            text = self.gateway.taken[message % len(self.gateway.taken)]
            if text.sms.reference in self.gateway.told:
                text.words = []

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
        taken = any(text.sms.reference == row.reference for text in self.gateway.taken)
        if word is Word.NOT_SENT and taken:
            return  # a person's word counts, so it must be true
        with opened(self.house.database) as db:
            settle(db, str(row.id), word, clock=self.clock, access=RECEPTION)
        if word is Word.SENT and not taken:
            self.said_sent.add(row.reference)
        if word is Word.NOT_DELIVERED:
            self.said_not_delivered.add(row.reference)
            self.may_have_failed.add(row.reference)
        self.counted["settled"] += 1

    @rule(minutes=st.sampled_from([1, 11, 11, 60]))
    def time_goes_on(self, minutes: int) -> None:
        self.clock.move_on(timedelta(minutes=minutes))

    @rule(days=st.sampled_from([1, 1, 1, 2, 3, 1, 2, 3, 12, 36]))
    def days_go_by(self, days: int) -> None:
        self.clock.move_to(self.morning_in(days))
        self.house.believe_the_clock()

    @rule()
    @precondition(lambda self: self.told)
    def in_good_weather_everybody_is_reminded(self) -> None:
        if not clock_time(8) <= self.clock.now().astimezone(ZONE).time() < clock_time(19):
            self.clock.move_to(self.morning_in(1))
        self.house.tell()
        self.gateway.lag = timedelta()
        for text in self.gateway.taken:
            text.hidden_for = timedelta()
        for _ in range(2):
            self.poll(Listing.WHOLE)
            self.clock.move_on(SETTLE_TIME)
        self.poll(Listing.WHOLE)
        now, before, owed = self.clock.now(), len(self.gateway.requests), self.second_attempts_owed()
        self.run_round([Answer.ACCEPTED], Listing.WHOLE)
        assert owed <= {slot for row in self.rows() for slot in row.slots}, "a second attempt was not made"
        self.counted["second attempts, as they should be"] += len(owed)
        rejected = {slot for row in self.rows() if row.status is Status.REJECTED for slot in row.slots}
        for number, told in self.told.items():
            occasion = occasion_of(now, told.starts_at, self.remind)
            if told.booked and self.consents[told.patient] and occasion:
                excused = any(slot[:2] == (number, told.revision) for slot in rejected) or self.may_know(number)
                held = e164(self.numbers[told.patient]) in self.stopped_before | self.asking_before
                excused = excused or held or number in self.unclear
                reminded = self.was_reminded(number, told, occasion) or self.day_was_told(number, self.told, occasion)
                assert reminded or excused, f"{number} was not reminded"
                self.counted["reminded, as they should be"] += 1
        self.counted["sent in good weather"] += len(self.gateway.requests) - before
