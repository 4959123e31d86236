"""Stopped and dead numbers at the desk: whose they are, what stood against them, the work list of failed numbers."""

from datetime import UTC, datetime, timedelta

import pytest

from smsreminders.cli.show.columns import View
from smsreminders.cli.show.stopped import lifted_line, stopped_line
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.inbound import Mark
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.reminders import SkipReason
from smsreminders.domain.round.sending import DeliveryReport, Rejected
from smsreminders.domain.round.stopped import How, StopEvent
from smsreminders.errors import UsageError
from smsreminders.jobs.desk.stopped import (
    NumberStopped,
    barred_numbers,
    lift_number,
    numbers_failed,
    numbers_stopped,
    read_number,
    stop_number,
)
from tests.builders import RECEPTION
from tests.jobs.bench import Bench
from tests.jobs.builders import ZONE, a_patient, an_appointment, phone_of
from tests.jobs.hearing import HearingGateway, received

NUMBER = phone_of("P1")
VIEW = View(ZONE)
STOP = StopEvent(stopped=True, at=datetime(2026, 11, 23, 8, tzinfo=UTC), how=How.DESK)


def stopped(bench: Bench, practice: Practice) -> tuple[NumberStopped, int]:
    return stop_number(bench.db, practice, NUMBER, by="anna", now=bench.clock.now(), access=RECEPTION)


def failing(bench: Bench, practice: Practice, *, times: int) -> None:
    """Texts to P1 that the gateway rejects, for the number is a landline."""
    bench.gateway.by_phone[NUMBER] = Rejected("landline", Mark.DEAD)
    for n in range(times):
        an_appointment(bench.db, practice, f"F{n}", start=f"2026-11-24 1{n}:00")
        bench.round()
    bench.gateway.by_phone.clear()


def test_a_stop_tells_who_has_the_number_and_what_was_withdrawn(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    a_patient(bench.db, linde, "P2", phone=NUMBER)
    an_appointment(bench.db, linde)
    bench.round(interrupted=lambda: True)
    number, withdrawn = stopped(bench, linde)
    assert (number.patients, withdrawn) == (["P1", "P2"], 1)
    assert stopped_line(number, withdrawn) == (
        "Stopped +316 ••• ••01 for linde, the number of P1, P2; 1 waiting text withdrawn."
    )
    assert list(numbers_stopped(bench.db, linde)) == [number]
    assert barred_numbers(bench.db, linde) == {NUMBER: SkipReason.STOPPED}


def test_many_and_none_may_have_it() -> None:
    family = [f"P{n}" for n in range(7)]
    practice = Practice(1, "linde", "De Linde", "Linde")
    lines = [
        stopped_line(NumberStopped(practice, NUMBER, STOP, patients), withdrawn)
        for patients, withdrawn in ((family, 2), ([], 0))
    ]
    assert lines == [
        "Stopped +316 ••• ••01 for linde, the number of P0, P1, P2, P3, P4 and 2 more; 2 waiting texts withdrawn.",
        "Stopped +316 ••• ••01 for linde, which no patient has.",
    ]


def test_the_work_list_has_who_failed_until_the_number_is_another(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    failing(bench, linde, times=1)
    [failed] = numbers_failed(bench.db, linde)
    assert (failed.patient.source_id, failed.failures.times, failed.failures.is_dead) == ("P1", 1, False)
    assert barred_numbers(bench.db, linde) == {}
    failing(bench, linde, times=2)
    assert [failed.failures.is_dead for failed in numbers_failed(bench.db, linde)] == [True]
    assert barred_numbers(bench.db, linde) == {NUMBER: SkipReason.DEAD_NUMBER}
    a_patient(bench.db, linde, phone="06-12345699")
    assert list(numbers_failed(bench.db, linde)) == []


def test_a_text_that_arrives_takes_the_number_off_the_work_list(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    failing(bench, linde, times=1)
    an_appointment(bench.db, linde, start="2026-11-24 15:00")
    bench.round()
    bench.gateway.reports = [DeliveryReport(bench.sms().reference, Status.DELIVERED, "delivered")]
    bench.poll()
    assert list(numbers_failed(bench.db, linde)) == []


def test_both_are_lifted_in_one_and_told(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    failing(bench, linde, times=2)
    stopped(bench, linde)
    bench.clock.go_to(bench.clock.now() + timedelta(hours=1))
    lifted = lift_number(bench.db, linde, NUMBER, by="bo", now=bench.clock.now(), access=RECEPTION)
    assert lifted_line(lifted, linde, VIEW) == (
        "Lifted +316 ••• ••01 for linde, the number of P1: it was stopped since Mon 23 Nov 2026 09:00 (at the desk, by "
        "anna), and it had failed 2 times since Mon 23 Nov 2026 09:00."
    )
    assert barred_numbers(bench.db, linde) == {}
    with pytest.raises(UsageError, match="nothing to lift"):
        lift_number(bench.db, linde, NUMBER, by="bo", now=bench.clock.now(), access=RECEPTION)


def test_who_lifts_a_number_hears_that_a_reply_still_holds_it_back(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    hearing = HearingGateway()
    bench.gateway, hearing.pages = hearing, [[received("geen sms meer")]]
    bench.poll()
    assert barred_numbers(bench.db, linde) == {NUMBER: SkipReason.PERHAPS_STOPPED}
    with pytest.raises(UsageError, match=r"nothing to lift.*, but a reply from it waits"):
        lift_number(bench.db, linde, NUMBER, by="bo", now=bench.clock.now(), access=RECEPTION)
    stopped(bench, linde)
    lifted = lift_number(bench.db, linde, NUMBER, by="bo", now=bench.clock.now(), access=RECEPTION)
    assert lifted_line(lifted, linde, VIEW).endswith("holds them back: see `smsreminders replies list`.")


def test_who_lifts_the_word_of_a_gateway_hears_that_it_may_still_refuse(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    bench.gateway.by_phone[NUMBER] = Rejected("21610", Mark.OPTED_OUT)
    bench.round()
    lifted = lift_number(bench.db, linde, NUMBER, by="bo", now=bench.clock.now(), access=RECEPTION)
    assert lifted.stop is not None
    assert lifted.stop.how is How.REJECTED
    assert "The gateway may still refuse it" in lifted_line(lifted, linde, VIEW)


def test_the_desk_may_add_its_word_to_that_of_the_phone_but_not_to_its_own(bench: Bench, linde: Practice) -> None:
    stopped(bench, linde)
    with pytest.raises(UsageError, match=r"\+316 ••• ••01 is stopped for linde already"):
        stopped(bench, linde)


def test_a_number_is_read_as_people_write_it() -> None:
    assert [read_number(raw, "NL") for raw in ("06-12345601", "+31 6 12345601", "020-5550123")] == [
        NUMBER,
        NUMBER,
        "+31205550123",
    ]
    with pytest.raises(UsageError, match="no such phone number"):
        read_number("06-123", "NL")
