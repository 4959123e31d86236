"""No path leads to a stopped phone: each way in which a text may come to go there ends at the stop, and only there."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.round.notifications import Status, Word
from smsreminders.domain.round.sending import AccountName, DeliveryReport, Rejected, Uncertain
from smsreminders.domain.round.stopped import How
from smsreminders.importers.records import AppointmentRecord, Kind, PatientRecord
from smsreminders.jobs.desk.settle import settle
from smsreminders.jobs.round.answers import Addressed, Heard, take_replies
from smsreminders.jobs.round.stopping import stop
from smsreminders.store.database import write_transaction
from smsreminders.store.patients import read_numbers_again
from tests.builders import RECEPTION
from tests.jobs.bench import Bench
from tests.jobs.builders import SCHEDULE, a_cancellation, a_patient, a_word, an_appointment, local, phone_of
from tests.jobs.hearing import received

PHONE, WRITTEN = phone_of("P1"), "0031 6 12345601 (moeder)"

Steps = Callable[[Bench, Practice], object]


def in_the_agenda(bench: Bench, linde: Practice) -> None:
    """P1 comes tomorrow, and would be texted."""
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)


def of_another(bench: Bench, linde: Practice) -> None:
    """P2, who has another phone, comes tomorrow."""
    a_patient(bench.db, linde, "P2")
    an_appointment(bench.db, linde, "A1", "P2")


def texted(bench: Bench, linde: Practice) -> None:
    in_the_agenda(bench, linde)
    bench.round()


def uncertain(bench: Bench, linde: Practice) -> None:
    bench.gateway.in_order += [Uncertain("time-out")] * 2
    texted(bench, linde)
    assert bench.status() is Status.UNCERTAIN


def uncertain_and_repeatable(bench: Bench, linde: Practice) -> None:
    bench.gateway.features = replace(bench.gateway.features, repeats_for=timedelta(days=1))
    uncertain(bench, linde)


def waits(bench: Bench, linde: Practice) -> None:
    in_the_agenda(bench, linde)
    bench.round(interrupted=lambda: True)
    assert bench.status() is Status.QUEUED


def withdrawn(bench: Bench, linde: Practice) -> None:
    in_the_agenda(bench, linde)
    a_word(bench.db, linde, given=False)


def cancelled(bench: Bench, linde: Practice) -> None:
    in_the_agenda(bench, linde)
    a_cancellation(bench.db, linde)
    bench.round()


def with_another_number(bench: Bench, linde: Practice) -> None:
    in_the_agenda(bench, linde)
    a_patient(bench.db, linde, phone="06-12345677")


def rejected(bench: Bench, linde: Practice) -> None:
    of_another(bench, linde)
    bench.gateway.in_order.append(Rejected("no such number"))
    bench.round()


def failed(bench: Bench, linde: Practice) -> None:
    of_another(bench, linde)
    bench.round()
    bench.gateway.reports = [DeliveryReport(bench.notification().reference, Status.FAILED, "absent")]
    bench.poll()
    assert bench.status() is Status.FAILED


def proved_absent(bench: Bench, _linde: Practice) -> None:
    for _ in range(3):
        bench.clock.go_to(bench.clock.now() + timedelta(minutes=15))
        bench.poll()
    bench.round()


def settled(bench: Bench, _: Practice) -> None:
    settle(bench.db, bench.notification().reference, Word.NOT_SENT, clock=bench.clock, access=RECEPTION)
    bench.round()


def gets_the_number(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde, "P2", phone=WRITTEN)
    bench.round()


def gets_it_back(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde, phone=WRITTEN)
    bench.round()


def is_new(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde, "P9", phone=WRITTEN)
    an_appointment(bench.db, linde, "A9", "P9")
    bench.round()


def is_imported(bench: Bench, linde: Practice) -> None:
    who = PatientRecord("line 2", "P1", "J. de Vries", WRITTEN, "nl", consent=True)
    bench.imports(linde, Kind.APPOINTMENTS, [AppointmentRecord("line 2", "A1", who, local("2026-11-24 15:00"))])
    bench.round()


def consents_again(bench: Bench, linde: Practice) -> None:
    a_word(bench.db, linde, given=True)
    bench.round()


def is_moved(bench: Bench, linde: Practice) -> None:
    an_appointment(bench.db, linde, start="2026-11-24 15:00")
    bench.round()


def has_a_nearer_occasion(bench: Bench, _: Practice) -> None:
    bench.clock.go_to(local("2026-11-24 09:00"))
    bench.round(schedule=replace(SCHEDULE, remind=(3, 1)))


def told_three_days_before(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde, start="2026-11-25 10:30")
    bench.round(schedule=replace(SCHEDULE, remind=(3, 1)))


def a_family(bench: Bench, linde: Practice) -> None:
    in_the_agenda(bench, linde)
    a_patient(bench.db, linde, "P2", phone=WRITTEN)
    an_appointment(bench.db, linde, "A2", "P2", start="2026-11-24 11:30")


def together(bench: Bench, _: Practice) -> None:
    bench.round(schedule=replace(SCHEDULE, combine=Combine.PHONE))


def read_as_of_another_country(bench: Bench, _: Practice) -> None:
    with write_transaction(bench.db):
        read_numbers_again(bench.db, "BE")
    bench.round()


def a_round(bench: Bench, _: Practice) -> None:
    bench.round()


@dataclass(frozen=True, slots=True)
class Path:
    """How it stands when the phone says STOP, and what happens then."""

    before: Steps
    then: Steps


PATHS = {
    "a round": Path(in_the_agenda, a_round),
    "what waits": Path(waits, a_round),
    "sent again under its reference": Path(uncertain_and_repeatable, a_round),
    "sent again while numbers are read otherwise": Path(uncertain_and_repeatable, read_as_of_another_country),
    "numbers read otherwise": Path(in_the_agenda, read_as_of_another_country),
    "proved absent": Path(uncertain, proved_absent),
    "settled as not sent": Path(uncertain, settled),
    "rejected, and another number": Path(rejected, gets_the_number),
    "failed, and another number": Path(failed, gets_the_number),
    "consent given again": Path(withdrawn, consents_again),
    "moved": Path(texted, is_moved),
    "a nearer occasion": Path(told_three_days_before, has_a_nearer_occasion),
    "booked again": Path(cancelled, is_moved),
    "a patient who gets the number": Path(of_another, gets_the_number),
    "a patient who gets it back": Path(with_another_number, gets_it_back),
    "a new patient": Path(a_round, is_new),
    "an import": Path(a_round, is_imported),
    "a family in one text": Path(a_family, together),
}


def says_stop(bench: Bench, practice: Practice) -> None:
    now = bench.clock.now()
    with write_transaction(bench.db):
        stop(bench.db, [practice.id], PHONE, how=How.REPLY, at=now, now=now)


def says_it_in_other_words(bench: Bench, practice: Practice) -> None:
    page = [received("Geen sms meer aub", at=bench.clock.now())]
    addressed = Addressed(AccountName("sandbox"), [practice], [practice])
    with write_transaction(bench.db):
        take_replies(bench.db, addressed, page, now=bench.clock.now(), heard=Heard())


def says_nothing(_bench: Bench, _practice: Practice) -> None:
    pass


@pytest.mark.parametrize("path", [pytest.param(path, id=name) for name, path in PATHS.items()])
@pytest.mark.parametrize("says", [says_stop, says_it_in_other_words, says_nothing])
def test_no_path_leads_to_a_stopped_phone_nor_to_one_that_perhaps_said_so_and_each_leads_to_another(
    bench: Bench, linde: Practice, path: Path, says: Steps
) -> None:
    path.before(bench, linde)
    before = bench.texted().count(PHONE)
    says(bench, linde)
    path.then(bench, linde)
    assert (bench.texted().count(PHONE) > before) is (says is says_nothing)
