"""A number that is stopped gets no more texts of that practice, and one that is dead none, until a person lifts it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.inbound import Mark
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import DeliveryReport, Outgoing, Rejected, Uncertain
from smsreminders.domain.round.stopped import How, StopEvent
from smsreminders.domain.round.workdays import Region
from smsreminders.jobs.round.stopping import lift, start, stop
from smsreminders.store.database import Database, write_transaction
from smsreminders.store.patients import read_numbers_again
from smsreminders.store.round.stopped import stop_history
from tests.jobs.bench import Bench
from tests.jobs.builders import SCHEDULE, a_patient, a_word, an_appointment, phone_of

NUMBER = phone_of("P1")
DAY = timedelta(days=1)


def stopped(
    bench: Bench, *practices: Practice, how: How = How.REPLY, number: str = NUMBER, db: Database | None = None
) -> list[int]:
    now = bench.clock.now()
    used = db or bench.db
    with write_transaction(used):
        return stop(used, [practice.id for practice in practices], number, how=how, at=now, now=now)


def lifted(bench: Bench, practice: Practice) -> bool:
    with write_transaction(bench.db):
        return lift(bench.db, practice.id, NUMBER, by="anna", now=bench.clock.now())


def started(bench: Bench, practice: Practice) -> list[int]:
    with write_transaction(bench.db):
        return start(bench.db, [practice.id], NUMBER, at=bench.clock.now(), now=bench.clock.now())


def later(bench: Bench, passed: timedelta) -> None:
    bench.clock.go_to(bench.clock.now() + passed)


def reasons(bench: Bench, practice: Practice, appointment: str = "A1") -> list[str | None]:
    return [outcome.reason for outcome in bench.outcomes(practice, appointment)]


def test_a_stopped_number_gets_no_text_whoevers_appointment_it_is(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde, "P1")
    a_patient(bench.db, linde, "P2", phone="+31 6 12345601 (moeder)")
    for n in ("1", "2"):
        an_appointment(bench.db, linde, f"A{n}", f"P{n}")
    stopped(bench, linde)
    bench.round()
    assert bench.texted() == []
    assert [reasons(bench, linde, appointment) for appointment in ("A1", "A2")] == [["stopped"], ["stopped"]]


def test_another_practice_goes_on(bench: Bench, linde: Practice, duin: Practice) -> None:
    for practice in (linde, duin):
        a_patient(bench.db, practice)
        an_appointment(bench.db, practice)
    stopped(bench, linde)
    bench.round()
    assert [sms.sender_id for sms in bench.gateway.journal] == ["Duin"]


def test_what_waits_is_withdrawn_at_once(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    bench.round(interrupted=lambda: True)
    assert bench.status() is Status.QUEUED
    stopped(bench, linde)
    assert bench.outbox() == [("A1", 1, Status.CANCELLED, "stopped")]


def test_a_stop_that_comes_while_the_round_sends_is_obeyed(bench: Bench, linde: Practice) -> None:
    for n in range(1, 4):
        a_patient(bench.db, linde, f"P{n}")
        an_appointment(bench.db, linde, f"A{n}", f"P{n}", start=f"2026-11-24 10:{n}0")

    def stop_the_third(sms: Outgoing) -> None:
        if sms.phone == phone_of("P1"):
            with bench.elsewhere() as db:
                stopped(bench, linde, number=phone_of("P3"), db=db)

    bench.gateway.at_send = stop_the_third
    bench.round()
    assert bench.texted() == [phone_of("P1"), phone_of("P2")]
    assert bench.outbox()[-1] == ("A3", 1, Status.CANCELLED, "stopped")


def test_the_claim_looks_at_the_very_number_that_goes_out(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)  # in a database whose numbers are read as of another country by now
    an_appointment(bench.db, linde)
    with write_transaction(bench.db):
        read_numbers_again(bench.db, "BE")
    stopped(bench, linde)
    bench.round(schedule=replace(SCHEDULE, region=Region("NL", "nl")))
    assert bench.texted() == []
    assert bench.outbox() == [("A1", 1, Status.CANCELLED, "stopped")]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda bench, linde: a_word(bench.db, linde, given=True), id="consent-given-again"),
        pytest.param(lambda bench, linde: a_patient(bench.db, linde, "P1", name="Anders"), id="a-changed-row"),
        pytest.param(lambda bench, linde: a_patient(bench.db, linde, "P1", phone="0031612345601"), id="written-anew"),
        pytest.param(started, id="a-start-after-the-word-of-a-gateway"),
    ],
)
def test_nothing_but_the_desk_lifts_it(
    bench: Bench, linde: Practice, change: Callable[[Bench, Practice], object]
) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    stopped(bench, linde, how=How.OPT_OUT)
    change(bench, linde)
    bench.round()
    assert bench.texted() == []
    assert lifted(bench, linde)
    bench.round()
    assert bench.texted() == [NUMBER]


def test_a_start_lifts_what_a_stop_of_that_phone_set(bench: Bench, linde: Practice) -> None:
    stopped(bench, linde)
    assert started(bench, linde) == [linde.id]
    assert started(bench, linde) == []


def test_a_start_where_nothing_was_stopped_changes_nothing(bench: Bench, linde: Practice) -> None:
    assert started(bench, linde) == []
    assert stop_history(bench.db, linde.id, NUMBER) == []


def test_a_word_of_a_list_told_again_changes_nothing_after_the_desk_lifted_it(bench: Bench, linde: Practice) -> None:
    since = bench.clock.now() - DAY
    for news in ([linde.id], []):
        with write_transaction(bench.db):
            assert stop(bench.db, [linde.id], NUMBER, how=How.OPT_OUT, at=since, now=bench.clock.now()) == news
        lifted(bench, linde)
    assert [event.stopped for event in stop_history(bench.db, linde.id, NUMBER)] == [True, False]


def test_a_stop_after_a_start_counts_also_within_a_second(bench: Bench, linde: Practice) -> None:
    assert [stopped(bench, linde), started(bench, linde), stopped(bench, linde)] == [[linde.id]] * 3


def test_a_list_that_tells_no_time_counts_once(bench: Bench, linde: Practice) -> None:
    for _ in range(2):
        with write_transaction(bench.db):
            stop(bench.db, [linde.id], NUMBER, how=How.OPT_OUT, at=None, now=bench.clock.now())
    event = StopEvent(stopped=True, at=bench.clock.now(), how=How.OPT_OUT)
    assert stop_history(bench.db, linde.id, NUMBER) == [event]


def test_the_desk_stops_again_what_it_lifted(bench: Bench, linde: Practice) -> None:
    assert stopped(bench, linde, how=How.DESK) == [linde.id]
    lifted(bench, linde)
    assert stopped(bench, linde, how=How.DESK) == [linde.id]


def test_there_may_be_nothing_to_lift(bench: Bench, linde: Practice) -> None:
    assert not lifted(bench, linde)


def test_a_number_that_the_gateway_names_as_opted_out_is_stopped(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    bench.gateway.by_phone[NUMBER] = Rejected("21610: opted out", Mark.OPTED_OUT)
    bench.round()
    an_appointment(bench.db, linde, start="2026-11-24 11:30")
    bench.round()
    assert bench.texted() == [NUMBER]
    assert bench.status() is Status.REJECTED
    assert reasons(bench, linde) == [None, "stopped"]
    (event,) = stop_history(bench.db, linde.id, NUMBER)
    assert (event.how, event.at) == (How.REJECTED, bench.clock.now())


def test_a_report_that_says_opted_out_stops_the_number_once(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    bench.round()
    report = DeliveryReport(bench.notification().reference, Status.FAILED, "30004", mark=Mark.OPTED_OUT)
    bench.gateway.reports = [report]
    bench.poll()
    lifted(bench, linde)
    later(bench, timedelta(hours=1))
    bench.poll()
    assert [event.stopped for event in stop_history(bench.db, linde.id, NUMBER)] == [True, False]


def test_an_uncertain_one_is_not_sent_again_to_a_stopped_number(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    bench.gateway.features = replace(bench.gateway.features, repeats_for=timedelta(days=1))
    bench.gateway.in_order.append(Uncertain("time-out"))
    bench.gateway.at_send = lambda _: stop_elsewhere(bench, linde)
    bench.round()
    assert bench.texted() == [NUMBER]
    assert bench.status() is Status.UNCERTAIN


def test_a_number_that_is_opted_out_when_it_is_sent_to_again_is_stopped(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    bench.gateway.features = replace(bench.gateway.features, repeats_for=DAY)
    bench.gateway.in_order += [Uncertain("time-out"), Rejected("21610", Mark.OPTED_OUT)]
    bench.round()
    assert bench.status() is Status.UNCERTAIN
    assert [event.how for event in stop_history(bench.db, linde.id, NUMBER)] == [How.REJECTED]


def stop_elsewhere(bench: Bench, practice: Practice) -> None:
    with bench.elsewhere() as db:
        stopped(bench, practice, db=db)


def dead(bench: Bench, practice: Practice, days: int) -> None:
    """On each of these days an appointment of P1, whose text the gateway calls dead in its report."""
    for _ in range(days):
        an_appointment(
            bench.db, practice, f"D{bench.clock.now():%d}", start=f"{bench.clock.now() + DAY:%Y-%m-%d} 10:30"
        )
        bench.round()
        newest = [sms.reference for sms in bench.gateway.journal[-1:]]
        bench.gateway.reports = [DeliveryReport(ref, Status.FAILED, "landline", mark=Mark.DEAD) for ref in newest]
        bench.poll()
        later(bench, DAY)


def test_after_two_definite_failures_no_more_texts_go_there_until_it_is_another(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    dead(bench, linde, days=2)
    an_appointment(bench.db, linde, start="2026-11-26 10:30")
    bench.round()
    assert len(bench.texted()) == 2
    assert reasons(bench, linde) == ["dead-number"]
    a_patient(bench.db, linde, phone="06-12345699")
    bench.round()
    assert bench.texted()[2:] == ["+31612345699"]


def test_a_text_that_arrives_in_between_begins_anew(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    dead(bench, linde, days=1)
    an_appointment(bench.db, linde, start="2026-11-25 10:30")
    bench.round()
    bench.gateway.reports = [DeliveryReport(bench.sms().reference, Status.DELIVERED, "delivered")]
    bench.poll()
    later(bench, DAY)
    dead(bench, linde, days=1)
    an_appointment(bench.db, linde, "A2", start="2026-11-27 10:30")
    bench.round()
    assert reasons(bench, linde, "A2") == [None]


def test_the_desk_lets_a_dead_number_be_texted_again(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    dead(bench, linde, days=2)
    assert lifted(bench, linde)
    an_appointment(bench.db, linde, start="2026-11-26 10:30")
    bench.round()
    assert len(bench.texted()) == 3


def test_a_gateway_that_takes_it_back_that_it_was_dead_counts_as_a_text_that_arrived(
    bench: Bench, linde: Practice
) -> None:
    a_patient(bench.db, linde)
    dead(bench, linde, days=2)
    bench.gateway.reports = [DeliveryReport(sms.reference, Status.DELIVERED, "late") for sms in bench.gateway.journal]
    bench.poll()
    an_appointment(bench.db, linde, start="2026-11-26 10:30")
    bench.round()
    assert reasons(bench, linde) == [None]


def test_what_is_rejected_as_dead_counts_as_well(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    bench.gateway.by_phone[NUMBER] = Rejected("no mobile", Mark.DEAD)
    for n in (1, 2, 3):
        an_appointment(bench.db, linde, f"A{n}", start=f"2026-11-24 1{n}:00")
        bench.round()
    assert len(bench.texted()) == 2
    assert reasons(bench, linde, "A3") == ["dead-number"]
