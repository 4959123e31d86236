"""The judge of the stateful test: may this request come, and is what a round says of each appointment true."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import Outgoing
from smsreminders.errors import SmsremindersError
from smsreminders.jobs.round.result import DispatchResult
from tests.long.bench import SCHEDULE
from tests.long.scripted import Answer, Death, Listing
from tests.long.stateful_model import APART, WORDING, Row, Slot, Told, Went, occasion_of, reasons_against
from tests.long.stateful_world import World, e164


class Judged(World):
    """The practice whose every request and every round is judged by the model."""

    def __init__(self) -> None:
        super().__init__()
        self.gateway.on_request = self.requested
        self.gone: list[Row] = []  # what had left when this round began
        self.stopped_before: set[str] = set()  # what was stopped then
        self.asking_before: set[str] = set()  # and what was held back until a reply is read
        self.unclear_before: set[int] = set()
        self.one_at_a_time = True  # no request is under way while a stop is committed
        self.waiting: set[Slot] = set()  # what waited, or was uncertain, when this round began

    def requested(self, sms: Outgoing) -> None:
        """Take a request at the gateway: the model says whether it may come, and keeps it."""
        with self.lock:
            self._judge(sms)

    def _judge(self, sms: Outgoing) -> None:
        """Say what is wrong with a request, and keep it.

        What it covers is what the database says by now: the claim was committed before the request left.
        """
        row = next(row for row in self.rows() if row.reference == sms.reference)
        if self.reference(row.slots[0]) != sms.reference:
            self.wrong.append("a text under another appointment's reference")
        covered = [self.told[slot.appointment] for slot in row.slots]
        if any(slot.appointment in self.unclear | self.orphans for slot in row.slots):
            self.wrong.append("a text of what is unclear, or of who was erased")
        if any(slot.revision != told.revision for slot, told in zip(row.slots, covered, strict=True)):
            self.wrong.append("a text of a revision that is not the present one")
        self.wrong += reasons_against(sms, covered, now=self.clock.now())
        self.wrong += self._together(covered, sms)
        if sms.phone in self.stopped_before or (self.one_at_a_time and self.is_stopped(sms.phone)):
            self.wrong.append("a text to a stopped number")
        if sms.phone in self.asking_before or (self.one_at_a_time and self.is_asking(sms.phone)):
            self.wrong.append("a text to a number that may have asked for none")
        answer = self.gateway.answer_for(sms)
        if answer is Answer.OPTED_OUT:
            self.opted_out[sms.reference] = sms.phone
        taken = "taken" in answer
        perhaps = taken or answer in {Answer.LOST_BEFORE, Answer.DIES_BEFORE}
        for slot, told in zip(row.slots, covered, strict=True):
            self.wrong += self._reasons_against(slot, told, sms)
            went = Went(slot, sms.reference, self.clock.now(), self.words(told), taken, perhaps)
            self.went.setdefault(slot.appointment, []).append(went)
        World.counted["texts of several appointments"] += len(covered) > 1
        World.counted["texts of several patients"] += len({told.patient for told in covered}) > 1
        World.counted["second attempts"] += row.slots[0].attempt > 1
        World.counted["of an earlier occasion"] += row.slots[0].occasion > 1

    def _together(self, covered: Sequence[Told], sms: Outgoing) -> Iterator[str]:
        """Say what is wrong with what shares this text, and with what doesn't."""
        patients = {told.patient for told in covered}
        if (
            len(covered) > 1
            and (self.combine is Combine.NONE or len(patients) > 1)
            and self.combine is not Combine.PHONE
        ):
            yield f"a text of {len(covered)} appointments with combine {self.combine}"
        if self.combine is Combine.NONE or not self.at_peace:
            return
        whose = covered[0].patient if self.combine is Combine.PATIENT else None
        key = whose, sms.phone, covered[0].day
        if self.of_round.setdefault(key, sms.reference) != sms.reference:
            yield "two texts of a day that were due together"

    def _reasons_against(self, slot: Slot, told: Told, sms: Outgoing) -> Iterator[str]:
        """Say why this reminder of an appointment may not go out now."""
        if self.consents[told.patient] is not True:
            yield "a text without consent"
        if sms.phone != e164(self.numbers[told.patient]):
            yield "a text to another number"
        if slot.occasion != occasion_of(self.may_go_from, told.starts_at, self.remind):
            yield "a text of an appointment that is not covered, or not by this occasion"
        before = self.texts_of(slot.appointment, told.revision)
        if slot.attempt > 1:
            last = before[-1:]
            if [went.slot for went in last] != [slot._replace(attempt=1)] and self.said_sent.isdisjoint(
                row.reference for row in self.rows() if slot._replace(attempt=1) in row.slots
            ):
                yield "a second attempt without a first, or after another reminder"
            if last and (
                last[0].reference not in self.may_have_failed or last[0].words[0] == self.numbers[told.patient]
            ):
                yield "a second attempt of what has not failed, or to the same number"
            return
        if any(went.slot.occasion <= slot.occasion for went in before):
            yield "a farther reminder after a nearer one, or the same again"
        if any(went.at > self.clock.now() - APART for went in before):
            yield "two reminders within 20 hours"
        waited = slot in self.waiting or not self.at_peace
        if not waited and self.day_was_told(slot.appointment, self.told, slot.occasion, by=self.gone):
            yield "a text of what was added to a day that was told"

    def texts_of(self, number: int, revision: int) -> list[Went]:
        """The texts that the gateway took for this revision of an appointment, in their order."""
        return [went for went in self.went.get(number, ()) if went.taken and went.slot.revision == revision]

    def run_round(
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
        self.of_round, self.at_peace = {}, self.gateway.meanwhile is None
        not_over = {Status.QUEUED, Status.SENDING, Status.UNCERTAIN}
        self.gone = [row for row in self.may_be_on_a_phone() if row.status not in not_over]
        self.waiting = {slot for row in self.rows() if row.status in not_over for slot in row.slots}
        told, consents = dict(self.told), dict(self.consents)
        self.stopped_before = {number for number in map(e164, self.numbers.values()) if self.is_stopped(number)}
        self.asking_before = {number for number in map(e164, self.numbers.values()) if self.is_asking(number)}
        self.unclear_before = set(self.unclear)
        self.one_at_a_time = connections == 1
        schedule = replace(SCHEDULE, daily_limit=limit, remind=self.remind, combine=self.combine)
        try:
            result = self.house.dispatch(
                self.account(connections), schedule=schedule, wording=WORDING, progress=progress
            )
        except SmsremindersError as error:
            self.talk.heard(error)
            return
        except Death:
            self.counted["deaths"] += 1
            return
        self.talk.heard(*result.problems, result.sent)
        self.counted["rounds"] += 1
        if result.held_back:
            assert len(self.gateway.requests) == before, "a practice that is held back was sent for"
        if result.plans:
            self._check_outcomes(result, told, consents)

    def _check_outcomes(self, result: DispatchResult, told: dict[int, Told], consents: dict[int, bool | None]) -> None:
        """Every covered booked appointment has a reminder or a written reason, and the reason is true."""
        rows = self.db.execute(
            "select a.source_id, o.revision, o.reason from round_outcomes o"
            " join appointments a on a.id = o.appointment_id where o.round_id = ?",
            [result.round_id],
        ).fetchall()
        outcomes = {int(source[1:]): (revision, reason) for source, revision, reason in rows}
        for number, visit in told.items():
            occasion = occasion_of(self.may_go_from, visit.starts_at, self.remind)
            if not visit.booked or occasion is None:
                continue
            revision, reason = outcomes[number]
            assert revision == visit.revision
            slots = [slot for row in self.rows() for slot in row.slots if slot[:2] == (number, revision)]
            true = {
                None: any(slot.occasion == occasion for slot in slots) or self.told[number] != visit,
                "already-reminded": self.was_reminded(number, visit, occasion) or self.may_know(number),
                "covered": self.has_a_double(number, told, held_back=bool(result.held_back))
                or self.day_was_told(number, told, occasion),
                "no-consent": consents[visit.patient] is None,
                "consent-withdrawn": consents[visit.patient] is False,
                "limit-reached": bool(result.held_back),
                "invalid-number": bool(slots),  # rejected by the gateway
                "stopped": e164(self.numbers[visit.patient]) in self.stopped_before,
                "perhaps-stopped": e164(self.numbers[visit.patient]) in self.asking_before,
                "unclear": number in self.unclear_before,
            }
            assert true.get(reason), f"appointment {number} was skipped as {reason}"
            self.counted["covered appointments with a reminder or a reason"] += 1
            self.counted[f"outcome: {reason or 'reminded'}"] += 1
