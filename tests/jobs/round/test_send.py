"""The sending of a round: the claim before the request, several at a time, the pace, and what ends a run early."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Barrier, Event, Lock

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import Accepted, Outcome, Outgoing, Refused, Rejected, Unavailable, Uncertain
from smsreminders.errors import AdministratorNeeded, Interrupted, SmsremindersError, TryAgainLater
from smsreminders.jobs.desk import service
from smsreminders.jobs.round.result import DispatchResult
from smsreminders.store.database import Database
from smsreminders.store.round.claims import in_sending
from smsreminders.store.round.notifications import Notification, notification_by_id
from tests.jobs.bench import Bench
from tests.jobs.builders import (
    MONDAY,
    SCHEDULE,
    SERVICE,
    a_cancellation,
    a_patient,
    a_word,
    an_appointment,
    local,
    phone_of,
)

QUEUED, SENT, UNCERTAIN = Status.QUEUED, Status.SENT, Status.UNCERTAIN
DOWN, LOST, BUSY = Unavailable("down"), Uncertain("read time-out"), Unavailable("busy", 30.0)
NO_CREDIT = Refused("no credit")
TAKEN = Accepted()


def booked(bench: Bench, practice: Practice, count: int, *, first: int = 1) -> None:
    """Appointments A1, A2, ... of P1, P2, ..., which are sent in this order."""
    for number in range(first, first + count):
        a_patient(bench.db, practice, f"P{number}")
        an_appointment(bench.db, practice, f"A{number}", f"P{number}", start=f"2026-11-24 {8 + number // 4:02}:00")


def held(result: DispatchResult) -> SmsremindersError | None:
    """What stopped the only account."""
    return next(iter(result.sent.held.values()), None)


def statuses(bench: Bench) -> list[Status]:
    return [status for *_, status, _ in bench.outbox()]


def seconds(bench: Bench) -> list[float]:
    """When each request was claimed, counted from the begin of the round."""
    return [(sms.handed_over_at - local(MONDAY)) / timedelta(seconds=1) for sms in bench.gateway.journal]


def test_a_claim_is_on_disk_before_its_request_leaves(bench: Bench, linde: Practice) -> None:
    seen: list[Notification] = []

    def look(sms: Outgoing) -> None:
        with bench.elsewhere() as other:
            seen.append(notification_by_id(other, sms.reference))

    booked(bench, linde, 6)
    bench.gateway.at_send = look
    bench.round(connections=3)
    assert {(one.status, one.sent_at, one.gateway) for one in seen} == {(Status.SENDING, bench.clock.now(), "scripted")}
    assert sorted((one.reference, one.phone, one.text) for one in seen) == sorted(
        (sms.reference, sms.phone, sms.text) for sms in bench.gateway.journal
    )


def consent_withdrawn(db: Database, practice: Practice) -> None:
    a_word(db, practice, "P2", given=False)


def cancelled(db: Database, practice: Practice) -> None:
    a_cancellation(db, practice, "A2")


def moved(db: Database, practice: Practice) -> None:
    an_appointment(db, practice, "A2", "P2", start="2026-11-24 16:00")


def landline(db: Database, practice: Practice) -> None:
    a_patient(db, practice, "P2", phone="020-5550123", consent=None)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (consent_withdrawn, "consent-withdrawn"),
        (cancelled, "cancelled"),
        (moved, "moved"),
        (landline, "not-mobile"),
    ],
)
def test_what_changes_between_plan_and_claim_leaves_no_request(
    bench: Bench, linde: Practice, change: Callable[[Database, Practice], None], reason: str
) -> None:
    def elsewhere(sms: Outgoing) -> None:
        if sms.phone == phone_of("P1"):
            with bench.elsewhere() as other:
                change(other, linde)

    booked(bench, linde, 3)
    bench.gateway.at_send = elsewhere
    result = bench.round()
    assert bench.texted() == [phone_of("P1"), phone_of("P3")]
    assert bench.outbox()[1] == ("A2", 1, Status.CANCELLED, reason)
    assert (result.sent.by_status, result.waiting) == ({SENT: 2}, 0)


def test_a_service_that_is_disabled_during_a_round_ends_the_texts_of_its_practice(
    bench: Bench, linde: Practice, duin: Practice
) -> None:
    def disable(sms: Outgoing) -> None:
        if sms.phone == phone_of("P1"):
            with bench.elsewhere() as other:
                service.enable(other, linde, SERVICE, enabled=False)

    booked(bench, linde, 3)
    booked(bench, duin, 2, first=4)
    bench.gateway.at_send = disable
    bench.round()
    assert bench.texted() == [phone_of("P1"), phone_of("P4"), phone_of("P5")]
    assert [reason for *_, reason in bench.outbox()] == [None, None, None, "no-service", "no-service"]


def test_a_number_that_changes_between_plan_and_claim_is_the_one_that_is_texted_and_frozen(
    bench: Bench, linde: Practice
) -> None:
    def change(sms: Outgoing) -> None:
        with bench.elsewhere() as other:
            if sms.phone == phone_of("P1"):
                a_patient(other, linde, "P2", phone="06-87654321", consent=None)
            else:
                a_patient(other, linde, "P2", phone="06-11111111", consent=None)

    booked(bench, linde, 2)
    bench.gateway.at_send = change
    bench.round()
    assert bench.texted() == [phone_of("P1"), "+31687654321"]
    assert bench.notification("A2").phone == "+31687654321"


def test_those_who_come_first_are_texted_first_whoever_is_their_practice(
    bench: Bench, linde: Practice, duin: Practice
) -> None:
    for number, (practice, hour) in enumerate([(linde, 12), (duin, 9), (linde, 8), (duin, 17)], 1):
        a_patient(bench.db, practice, f"P{number}")
        an_appointment(bench.db, practice, f"A{number}", f"P{number}", start=f"2026-11-24 {hour:02}:00")
    bench.round()
    assert bench.texted() == [phone_of(patient) for patient in ("P3", "P2", "P1", "P4")]


def test_what_the_gateway_could_not_take_is_tried_again_in_the_same_run(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 2)
    bench.gateway.in_order.extend([DOWN, DOWN])
    result = bench.round()
    assert (result.sent.by_status, result.sent.stopped) == ({QUEUED: 2, SENT: 2}, None)
    assert (statuses(bench), len(bench.gateway.journal)) == ([SENT, SENT], 4)
    assert {sms.reference for sms in bench.gateway.journal} == {bench.notification(a).reference for a in ("A1", "A2")}


@pytest.mark.parametrize(
    ("answers", "requests", "expected", "stopped"),
    [
        pytest.param([DOWN] * 3, 3, [QUEUED] * 8, TryAgainLater, id="unavailable-three-times"),
        pytest.param([TAKEN, DOWN, DOWN, DOWN], 4, [SENT] + [QUEUED] * 7, TryAgainLater, id="after-one-that-went"),
        pytest.param([DOWN, DOWN, TAKEN, DOWN, DOWN], 12, [SENT] * 8, None, id="unavailable-not-in-a-row"),
        pytest.param([NO_CREDIT], 1, [QUEUED] * 8, AdministratorNeeded, id="refused"),
        pytest.param([TAKEN, NO_CREDIT], 2, [SENT] + [QUEUED] * 7, AdministratorNeeded, id="refused-later"),
        pytest.param([LOST] * 4, 8, [UNCERTAIN] * 4 + [SENT] * 4, None, id="uncertain-four-times"),
        pytest.param([LOST] * 5, 5, [UNCERTAIN] * 5 + [QUEUED] * 3, TryAgainLater, id="uncertain-five-times"),
        pytest.param(
            [Rejected("no such number")] * 8, 8, [Status.REJECTED] * 8, None, id="rejected-as-often-as-it-comes"
        ),
    ],
)
def test_failures_in_a_row_stop_the_run_and_the_rest_stays_queued(
    bench: Bench,
    linde: Practice,
    answers: list[Outcome],
    requests: int,
    expected: list[Status],
    stopped: type[SmsremindersError] | None,
) -> None:
    booked(bench, linde, 8)
    bench.gateway.in_order.extend(answers)
    result = bench.round()
    assert (len(bench.gateway.journal), statuses(bench)) == (requests, expected)
    assert (type(held(result)) if held(result) else None) == stopped
    assert (result.waiting, result.uncertain) == (expected.count(QUEUED), expected.count(UNCERTAIN))


def test_what_stopped_goes_on_with_the_next_round(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 8)
    bench.gateway.in_order.extend([TAKEN, NO_CREDIT])
    bench.round()
    result = bench.round()
    assert (statuses(bench), result.queued, result.sent.by_status) == ([SENT] * 8, 0, {SENT: 7})
    assert sorted(bench.texted()) == sorted([phone_of(f"P{number}") for number in range(1, 9)] + [phone_of("P2")])


def test_a_gateway_that_asks_for_a_pause_gets_it_and_the_run_goes_on(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 3)
    bench.gateway.in_order.extend([TAKEN, BUSY])
    result = bench.round()
    assert seconds(bench) == [0, 0, 30, pytest.approx(30, abs=0.01)]
    assert (result.sent.stopped, statuses(bench), bench.texted()[1:3]) == (None, [SENT] * 3, [phone_of("P2")] * 2)


def test_a_gateway_that_asks_for_a_pause_three_times_in_a_row_ends_the_run(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 3)
    bench.gateway.in_order.extend([BUSY] * 3)
    result = bench.round()
    assert (seconds(bench), statuses(bench)) == ([0, 30, 60], [QUEUED] * 3)
    assert isinstance(held(result), TryAgainLater)


@dataclass
class Together:
    """Lets requests go on only when so many are under way, and counts the most that ever were.

    Those before the first that can have so many beside it pass: an account gets one more at a time with each answer.
    """

    parties: int
    most: int = 0
    _passed: int = 0
    _now: int = 0
    _lock: Lock = field(default_factory=Lock)
    _barrier: Barrier = field(init=False)

    def __post_init__(self) -> None:
        self._barrier = Barrier(self.parties, timeout=20)

    def __call__(self, _: Outgoing) -> None:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
            self._passed += 1
            waits = self._passed >= self.parties
        if waits:
            self._barrier.wait()
        with self._lock:
            self._now -= 1


@pytest.mark.parametrize("connections", [1, 2, 4])
def test_as_many_requests_as_there_are_connections_are_under_way_and_never_more(
    bench: Bench, linde: Practice, connections: int
) -> None:
    booked(bench, linde, 11 + connections)
    bench.gateway.at_send = together = Together(connections)
    bench.round(connections=connections)
    assert (together.most, statuses(bench)) == (connections, [SENT] * (11 + connections))


def test_answers_of_requests_under_way_that_ask_for_the_same_pause_are_one(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 7)
    bench.gateway.in_order.extend([TAKEN] * 3 + [BUSY] * 4)
    at_once = Together(4)

    def all_at_once(sms: Outgoing) -> None:
        if len(bench.gateway.journal) <= 7:
            at_once(sms)

    bench.gateway.at_send = all_at_once
    result = bench.round(connections=4)
    assert (result.sent.stopped, result.sent.by_status) == (None, {QUEUED: 4, SENT: 7})
    assert (seconds(bench)[:7], min(seconds(bench)[7:])) == ([0] * 7, 30)


@pytest.mark.parametrize(
    ("per_second", "expected"),
    [
        (0.5, [0.0, 2.0, 4.0, 6.0, 8.0]),
        (4, [0.0, 0.25, 0.5, 0.75, 1.0]),
        (32, [0.0, 0.0, 0.0, 0.025, 0.05625]),
        (1000, [0.0] * 5),
    ],
    ids=str,
)
@pytest.mark.parametrize("connections", [1, 5])
def test_the_pace_of_the_gateway_is_kept(
    bench: Bench, linde: Practice, per_second: float, expected: list[float], connections: int
) -> None:
    booked(bench, linde, 5)
    bench.round(connections=connections, per_second=per_second)
    assert seconds(bench) == pytest.approx(expected, abs=1e-5)


def test_a_slow_request_holds_nobody_up(bench: Bench, linde: Practice) -> None:
    another_is_through = Event()

    def take_long(sms: Outgoing) -> None:
        if sms.phone == phone_of("P2"):
            bench.clock.pause(1)
            assert another_is_through.wait(timeout=20)
        elif sms.phone == phone_of("P3"):
            another_is_through.set()

    booked(bench, linde, 3)
    bench.gateway.at_send = take_long
    bench.round(connections=2, per_second=10)
    assert statuses(bench) == [SENT] * 3


def test_when_the_sending_hours_end_the_run_stops_and_the_rest_waits(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 4)
    bench.clock.go_to(local("2026-11-23 19:59:58"))
    result = bench.round(per_second=1)
    assert statuses(bench) == [SENT, SENT, QUEUED, QUEUED]
    assert str(result.sent.stopped) == "the sending hours have ended: what waits goes with the next round"
    assert (type(result.sent.stopped), result.waiting) == (TryAgainLater, 2)


def test_a_pause_that_reaches_beyond_the_sending_hours_ends_the_run(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 2)
    bench.gateway.in_order.append(BUSY)
    bench.clock.go_to(local("2026-11-23 19:59:45"))
    result = bench.round()
    assert (statuses(bench), len(bench.gateway.journal)) == ([QUEUED, QUEUED], 1)
    assert isinstance(result.sent.stopped, TryAgainLater)


def test_what_begins_too_soon_by_the_time_of_its_claim_is_withdrawn(bench: Bench, linde: Practice) -> None:
    for number in (1, 2):
        a_patient(bench.db, linde, f"P{number}")
        an_appointment(bench.db, linde, f"A{number}", f"P{number}", start="2026-11-23 11:00:01")
    bench.round(per_second=0.5)  # the second one two seconds later
    assert bench.outbox() == [("A1", 1, SENT, None), ("A2", 1, Status.CANCELLED, "too-late")]


def test_an_interruption_is_obeyed_at_once_in_a_long_pause(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 1)
    bench.gateway.in_order.append(BUSY)
    result = bench.round(interrupted=lambda: bench.clock.elapsed() > 1)
    assert isinstance(result.sent.stopped, Interrupted)
    assert bench.clock.elapsed() == pytest.approx(1.5)
    assert statuses(bench) == [QUEUED]


def test_a_run_that_takes_too_long_stops_and_the_rest_waits(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 4)
    result = bench.round(per_second=1, schedule=replace(SCHEDULE, longest_run=timedelta(seconds=2)))
    assert (seconds(bench), statuses(bench)) == ([0, 1, 2], [SENT, SENT, SENT, QUEUED])
    assert (type(result.sent.stopped), result.waiting) == (TryAgainLater, 1)
    assert "longer than schedule.longest_run" in str(result.sent.stopped)


def test_who_interrupts_a_run_ends_it_after_what_is_under_way(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 8)
    bench.gateway.at_send = Together(2)
    result = bench.round(connections=2, interrupted=lambda: len(bench.gateway.journal) >= 5)
    assert (statuses(bench), len(bench.gateway.journal)) == ([SENT] * 5 + [QUEUED] * 3, 5)
    assert (type(result.sent.stopped), result.waiting) == (Interrupted, 3)


def test_who_interrupts_a_run_before_its_first_request_has_a_plan_that_waits(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 2)
    result = bench.round(interrupted=lambda: True)
    assert (bench.gateway.journal, result.queued, result.waiting) == ([], 2, 2)


def test_an_id_that_the_gateway_gave_before_makes_the_second_uncertain(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 3)
    bench.gateway.in_order.extend([Accepted("same"), Accepted("same"), Accepted("other")])
    result = bench.round()
    assert bench.outbox() == [
        ("A1", 1, SENT, None),
        ("A2", 1, UNCERTAIN, "the gateway gave an id that it gave before"),
        ("A3", 1, SENT, None),
    ]
    assert (result.sent.by_status, result.segments) == ({SENT: 2, UNCERTAIN: 1}, {linde.id: 2})


def test_segments_are_counted_by_practice_and_of_what_was_taken_only(
    bench: Bench, linde: Practice, duin: Practice
) -> None:
    booked(bench, linde, 3)
    a_patient(bench.db, linde, "P2", name="Zoë Şahin van der Wallenburg", consent=None)
    booked(bench, duin, 2, first=4)
    bench.gateway.by_phone |= {phone_of("P3"): LOST, phone_of("P5"): Rejected("no such number")}
    assert bench.round().segments == {linde.id: 3, duin.id: 1}


def test_an_answer_may_be_written_for_one_notification(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 2)
    bench.gateway.in_order.append(NO_CREDIT)
    bench.round()
    bench.gateway.by_reference[bench.notification("A2").reference] = LOST
    bench.round()
    assert statuses(bench) == [SENT, UNCERTAIN]


def test_the_queue_of_a_practice_that_is_held_back_is_not_touched(
    bench: Bench, linde: Practice, duin: Practice
) -> None:
    booked(bench, linde, 2)
    bench.gateway.in_order.append(NO_CREDIT)
    bench.round()
    booked(bench, linde, 1, first=3)
    booked(bench, duin, 1, first=4)
    bench.round(schedule=replace(SCHEDULE, daily_limit=2))
    assert bench.texted()[1:] == [phone_of("P4")]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param([], [(0, 3), (1, 3), (2, 3), (3, 3)], id="all-taken"),
        pytest.param([DOWN], [(0, 3), (1, 4), (2, 4), (3, 4), (4, 4)], id="one-tried-again"),
        pytest.param([TAKEN, NO_CREDIT], [(0, 3), (1, 3), (2, 4)], id="stopped"),
    ],
)
def test_who_looks_is_told_how_many_requests_have_ended_and_of_how_many(
    bench: Bench, linde: Practice, answers: list[Outcome], expected: list[tuple[int, int]]
) -> None:
    booked(bench, linde, 3)
    bench.gateway.in_order.extend(answers)
    told: list[tuple[int, int]] = []
    bench.round(progress=lambda done, of: told.append((done, of)))
    assert told == expected


def test_without_anything_to_send_nobody_is_told_anything(bench: Bench) -> None:
    told: list[tuple[int, int]] = []
    bench.round(progress=lambda done, of: told.append((done, of)))
    assert told == []


@pytest.mark.parametrize("connections", [1, 3, 8])
def test_no_more_is_claimed_than_there_are_connections(bench: Bench, linde: Practice, connections: int) -> None:
    claimed: list[int] = []

    def look(_: Outgoing) -> None:
        with bench.elsewhere() as other:
            claimed.append(len(in_sending(other)))

    booked(bench, linde, 40)
    bench.gateway.at_send = look
    bench.round(connections=connections)
    assert (max(claimed), statuses(bench)) == (connections, [SENT] * 40)


def test_a_refusal_while_others_are_under_way_stops_the_run_and_the_rest_stays_queued(
    bench: Bench, linde: Practice
) -> None:
    booked(bench, linde, 31)
    bench.gateway.in_order.extend([TAKEN] * 7 + [NO_CREDIT] * 8)
    bench.gateway.at_send = Together(8)
    result = bench.round(connections=8)
    assert (len(bench.gateway.journal), statuses(bench), result.waiting) == (15, [SENT] * 7 + [QUEUED] * 24, 24)
    assert (type(held(result)), result.sent.by_status) == (AdministratorNeeded, {SENT: 7, QUEUED: 8})


def test_nothing_leaves_during_the_pause_that_the_gateway_asks_for(bench: Bench, linde: Practice) -> None:
    booked(bench, linde, 31)
    bench.gateway.in_order.extend([TAKEN] * 7 + [BUSY] * 8)
    at_once = Together(8)

    def all_at_once(sms: Outgoing) -> None:
        if len(bench.gateway.journal) <= 15:
            at_once(sms)

    bench.gateway.at_send = all_at_once
    result = bench.round(connections=8)
    assert (result.sent.stopped, statuses(bench)) == (None, [SENT] * 31)
    assert (seconds(bench)[:15], min(seconds(bench)[15:])) == ([0] * 15, 30)
