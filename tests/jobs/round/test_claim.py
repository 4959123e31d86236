"""The claim before a request and the result after it: what is looked at again, what is frozen, what is withdrawn."""

from collections.abc import Callable

import pytest

from smsreminders.domain.appointments import Booking
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import (
    Accepted,
    AccountName,
    Outcome,
    Outgoing,
    Refused,
    Rejected,
    Unavailable,
    Uncertain,
)
from smsreminders.jobs.desk import service
from smsreminders.jobs.round.claim import Claimed, claim, record, recover, withdraw
from smsreminders.jobs.round.plan import plan_practice
from smsreminders.store.appointments import appointment_by_id, miss_appointments
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.round import outbox
from tests.jobs.bench import Bench
from tests.jobs.builders import (
    SERVICE,
    a_cancellation,
    a_patient,
    a_word,
    an_appointment,
    another_name,
    local,
)

TEXT = "Beste J. de Vries, dinsdag 24 november om 10:30 bij De Linde."


def queued(bench: Bench, practice: Practice, *appointments: str) -> list[int]:
    """The outbox after the plan of a round, with these appointments of tomorrow in it: A1 is of P1."""
    for source_id in appointments:
        a_patient(bench.db, practice, source_id.replace("A", "P"))
        an_appointment(bench.db, practice, source_id, source_id.replace("A", "P"))
    with write_transaction(bench.db):
        planned = plan_practice(bench.db, bench.rules(practice), daily_limit=500)
        outbox.enqueue(bench.db, practice, planned.plan.new, now=bench.clock.now(), rehearsed=False)
    return outbox.queue(bench.db, [practice.id])


def claimed(bench: Bench, practice: Practice, ids: list[int], gateway: str = "scripted") -> list[Claimed]:
    rules = {practice.id: bench.rules(practice)}
    with write_transaction(bench.db):
        return claim(
            bench.db,
            ids,
            rules,
            accounts={practice.id: AccountName(gateway)},
            now=bench.clock.now(),
        )


def recorded(bench: Bench, one: Claimed, outcome: Outcome) -> Status:
    with write_transaction(bench.db):
        (status,) = record(bench.db, [(one, outcome)], now=bench.clock.now())
        return status


def test_a_claim_is_a_notification_in_sending_and_what_goes_to_the_gateway(bench: Bench, linde: Practice) -> None:
    ids = queued(bench, linde, "A1")
    found = claimed(bench, linde, ids)
    notification = bench.notification()
    sms = Outgoing(
        reference=notification.reference,
        phone="+31612345601",
        sender_id="Linde",
        text=TEXT,
        encoding="GSM-7",
        handed_over_at=bench.clock.now(),
        valid_until=local("2026-11-24 10:30"),
    )
    assert found == [Claimed(ids[0], linde.id, 1, sms)]
    assert (notification.status, notification.sent_at, notification.gateway) == (
        Status.SENDING,
        bench.clock.now(),
        "scripted",
    )


def test_claims_go_by_the_start_of_their_appointments(bench: Bench, linde: Practice) -> None:
    queued(bench, linde, "A1", "A2", "A3")
    a_patient(bench.db, linde, "P4")
    an_appointment(bench.db, linde, "A4", "P4", start="2026-11-24 08:15")
    ids = queued(bench, linde)
    assert [one.sms.valid_until for one in claimed(bench, linde, ids[::-1])] == [
        local("2026-11-24 08:15"),
        *[local("2026-11-24 10:30")] * 3,
    ]


def test_what_does_not_wait_any_more_is_not_claimed_again(bench: Bench, linde: Practice) -> None:
    ids = queued(bench, linde, "A1")
    assert [len(claimed(bench, linde, ids)) for _ in range(2)] == [1, 0]


def test_name_and_number_are_read_again_and_frozen_by_the_claim(bench: Bench, linde: Practice) -> None:
    ids = queued(bench, linde, "A1")
    a_patient(bench.db, linde, name="Zoë Şahin", phone="+31 6 87654321")
    (one,) = claimed(bench, linde, ids)
    a_patient(bench.db, linde, name="J. de Vries", phone="06-12345601")
    notification = bench.notification()
    assert (one.sms.phone, one.sms.encoding, one.segments) == ("+31687654321", "UCS-2", 1)
    assert (notification.phone, notification.text, notification.encoding, notification.segments) == (
        "+31687654321",
        one.sms.text,
        "UCS-2",
        1,
    )


def test_a_claim_has_the_practice_as_the_round_knows_it(bench: Bench, linde: Practice) -> None:
    ids = queued(bench, linde, "A1")
    (one,) = claimed(bench, another_name(bench.db, linde, "De Nieuwe Linde"), ids)
    assert one.sms.text == "Beste J. de Vries, dinsdag 24 november om 10:30 bij De Nieuwe Linde."


def moved(db: Database, practice: Practice) -> None:
    an_appointment(db, practice, start="2026-11-24 11:00")


def another_place(db: Database, practice: Practice) -> None:
    an_appointment(db, practice, location="kamer 2")


def withdrawn(db: Database, practice: Practice) -> None:
    a_word(db, practice, given=False)


def without_number(db: Database, practice: Practice) -> None:
    a_patient(db, practice, phone="")


def landline(db: Database, practice: Practice) -> None:
    a_patient(db, practice, phone="020-5550123")


def disabled(db: Database, practice: Practice) -> None:
    service.enable(db, practice, SERVICE, enabled=False)


def booked_again(db: Database, practice: Practice) -> None:
    an_appointment(db, practice, booking=Booking.CANCELLED)
    an_appointment(db, practice, booking=Booking.BOOKED)


def missing(db: Database, practice: Practice) -> None:
    id_, _ = appointment_by_id(db, practice.id, "A1")
    with write_transaction(db):
        miss_appointments(db, [id_], "agenda.csv doesn't have it", cancelled=False)


CHANGES = [
    pytest.param(missing, "missing", id="missing"),
    pytest.param(a_cancellation, "cancelled", id="cancelled"),
    pytest.param(moved, "moved", id="moved"),
    pytest.param(another_place, "moved", id="another-place"),
    pytest.param(booked_again, "moved", id="cancelled-and-booked-again"),
    pytest.param(withdrawn, "consent-withdrawn", id="consent-withdrawn"),
    pytest.param(without_number, "no-number", id="number-gone"),
    pytest.param(landline, "not-mobile", id="landline"),
    pytest.param(disabled, "no-service", id="service-disabled"),
]


@pytest.mark.parametrize(("change", "reason"), CHANGES)
def test_what_makes_no_sense_any_more_is_withdrawn_instead_of_claimed(
    bench: Bench, linde: Practice, change: Callable[[Database, Practice], None], reason: str
) -> None:
    ids = queued(bench, linde, "A1", "A2")
    change(bench.db, linde)
    expected = [] if change is disabled else ["+31612345602"]
    assert [one.sms.phone for one in claimed(bench, linde, ids)] == expected
    assert bench.outbox()[0] == ("A1", 1, Status.CANCELLED, reason)
    assert bench.life() == [(Status.QUEUED, None), (Status.CANCELLED, reason)]


@pytest.mark.parametrize(("change", "reason"), CHANGES)
def test_a_queue_that_nobody_claims_is_withdrawn_for_the_same_reasons(
    bench: Bench, linde: Practice, change: Callable[[Database, Practice], None], reason: str
) -> None:
    queued(bench, linde, "A1")
    change(bench.db, linde)
    with write_transaction(bench.db):
        withdraw(bench.db, bench.rules(linde), now=bench.clock.now())
    assert bench.outbox() == [("A1", 1, Status.CANCELLED, reason)]


def test_what_still_makes_sense_is_not_withdrawn(bench: Bench, linde: Practice) -> None:
    queued(bench, linde, "A1")
    with write_transaction(bench.db):
        withdraw(bench.db, bench.rules(linde), now=bench.clock.now())
    assert bench.outbox() == [("A1", 1, Status.QUEUED, None)]


def test_only_the_queue_of_the_practice_is_withdrawn(bench: Bench, linde: Practice, duin: Practice) -> None:
    queued(bench, linde, "A1")
    queued(bench, duin, "A2")
    bench.clock.go_to(local("2026-11-24 09:00"))
    with write_transaction(bench.db):
        withdraw(bench.db, bench.rules(duin), now=bench.clock.now())
    assert bench.outbox() == [("A1", 1, Status.QUEUED, None), ("A2", 1, Status.CANCELLED, "too-late")]


@pytest.mark.parametrize(
    ("outcome", "status", "reason"),
    [
        (Accepted("g1"), Status.SENT, None),
        (Accepted(), Status.SENT, None),
        (Rejected("no such number"), Status.REJECTED, "no such number"),
        (Refused("no credit"), Status.QUEUED, "no credit"),
        (Unavailable("down"), Status.QUEUED, "down"),
        (Unavailable("busy", 30.0), Status.QUEUED, "busy"),
        (Uncertain("read time-out"), Status.UNCERTAIN, "read time-out"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Outcome) else None,
)
def test_an_outcome_becomes_a_status_with_its_reason(
    bench: Bench, linde: Practice, outcome: Outcome, status: Status, reason: str | None
) -> None:
    (one,) = claimed(bench, linde, queued(bench, linde, "A1"))
    assert recorded(bench, one, outcome) is status
    assert bench.outbox() == [("A1", 1, status, reason)]
    assert bench.life() == [(Status.QUEUED, None), (Status.SENDING, None), (status, reason)]


def test_what_the_gateway_says_of_its_own_is_kept(bench: Bench, linde: Practice) -> None:
    (one,) = claimed(bench, linde, queued(bench, linde, "A1"))
    recorded(bench, one, Accepted("g1", segments=2, price="0.0712 EUR"))
    notification = bench.notification()
    assert (notification.gateway_id, notification.gateway_segments, notification.segments) == ("g1", 2, 1)


def test_what_is_queued_again_is_as_if_it_had_never_been_claimed(bench: Bench, linde: Practice) -> None:
    (one,) = claimed(bench, linde, queued(bench, linde, "A1"))
    recorded(bench, one, Unavailable("down"))
    notification = bench.notification()
    assert (notification.sent_at, notification.gateway) == (None, None)


def test_an_id_that_the_gateway_gave_before_makes_the_second_uncertain(bench: Bench, linde: Practice) -> None:
    first, second = claimed(bench, linde, queued(bench, linde, "A1", "A2"))
    assert [recorded(bench, one, Accepted("g1")) for one in (first, second)] == [Status.SENT, Status.UNCERTAIN]
    assert bench.outbox() == [
        ("A1", 1, Status.SENT, None),
        ("A2", 1, Status.UNCERTAIN, "the gateway gave an id that it gave before"),
    ]


def test_another_gateway_may_give_the_same_id(bench: Bench, linde: Practice) -> None:
    first, second = queued(bench, linde, "A1", "A2")
    (one,) = claimed(bench, linde, [first], gateway="this")
    (other,) = claimed(bench, linde, [second], gateway="that")
    assert [recorded(bench, each, Accepted("g1")) for each in (one, other)] == [Status.SENT, Status.SENT]


def test_what_a_dead_run_left_in_sending_becomes_uncertain(bench: Bench, linde: Practice, duin: Practice) -> None:
    first, *_ = queued(bench, linde, "A1", "A2")
    (sent,) = claimed(bench, linde, [first])
    recorded(bench, sent, Accepted("g1"))
    claimed(bench, linde, queued(bench, linde))
    claimed(bench, duin, queued(bench, duin, "A3"))
    queued(bench, duin, "A4")
    with write_transaction(bench.db):
        assert recover(bench.db, now=bench.clock.now()) == 2
    died = "the run died before its result was known"
    assert bench.outbox() == [
        ("A1", 1, Status.SENT, None),
        ("A2", 1, Status.UNCERTAIN, died),
        ("A3", 1, Status.UNCERTAIN, died),
        ("A4", 1, Status.QUEUED, None),
    ]
