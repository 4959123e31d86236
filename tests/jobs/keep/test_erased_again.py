"""Who was erased and is a patient again is reminded of what comes, and not a second time of what they were texted."""

from datetime import datetime, timedelta

import pytest

from smsreminders.domain.appointments import Appointment, Booking
from smsreminders.domain.changes import PatientChange
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.inbound import OptedOut
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import DeliveryReport
from smsreminders.domain.round.stopped import How
from smsreminders.errors import UsageError
from smsreminders.importers.records import AppointmentRecord, Kind, PatientRecord
from smsreminders.jobs.desk.appointment import add_appointment, cancel_appointment
from smsreminders.jobs.desk.patient import add_patient
from smsreminders.jobs.desk.stopped import stop_number
from smsreminders.jobs.keep.erase import erase_patient
from smsreminders.jobs.round.stopping import start, stop
from smsreminders.store.appointments import appointment_by_id
from smsreminders.store.database import write_transaction
from tests.builders import RECEPTION
from tests.jobs.bench import Bench
from tests.jobs.builders import a_patient, local, phone_of
from tests.jobs.hearing import HearingGateway

WEDNESDAY = local("2026-11-25 10:30")
LATER = WEDNESDAY + timedelta(hours=1)
HOME, CLINIC = "Dorpsstraat 1", "Kliniek"
PHONE = "06-12345601"


def told(bench: Bench, practice: Practice, starts_at: datetime, location: str, booking: Booking | None) -> None:
    patient = PatientRecord("the text", "P1", "J. de Vries", PHONE, consent=True)
    record = AppointmentRecord("the text", "A1", patient, starts_at, booking=booking, location=location)
    bench.imports(practice, Kind.APPOINTMENTS, [record], sure=True)


def erased(bench: Bench, practice: Practice) -> None:
    erase_patient(bench.db, practice, "P1", access=RECEPTION, forget=lambda _references: None, clock=bench.clock)


def back(bench: Bench, practice: Practice) -> None:
    add_patient(bench.db, practice, "P1", PatientChange("J. de Vries", PHONE), access=RECEPTION)


@pytest.fixture
def texted(bench: Bench, linde: Practice) -> Bench:
    """P1 was texted of an appointment on Wednesday, two working days before, and the text arrived."""
    bench.clock.go_to(local("2026-11-24 09:00"))
    told(bench, linde, WEDNESDAY, HOME, Booking.BOOKED)
    bench.round()
    bench.gateway.reports = [DeliveryReport(bench.sms().reference, Status.DELIVERED, "delivered")]
    bench.poll()
    return bench


@pytest.mark.parametrize("booking", [Booking.BOOKED, None])
@pytest.mark.parametrize("times", [1, 2])
def test_who_is_a_patient_again_is_not_texted_again_of_the_same_appointment(
    texted: Bench, linde: Practice, booking: Booking | None, times: int
) -> None:
    for _ in range(times):
        erased(texted, linde)
        back(texted, linde)
        told(texted, linde, WEDNESDAY, HOME, booking)
    texted.round()
    _, stands = appointment_by_id(texted.db, linde.id, "A1")
    assert (stands.patient, stands.booking, stands.location, stands.unclear) == ("P1", Booking.BOOKED, HOME, None)
    assert [outcome.reason for outcome in texted.outcomes(linde)] == [None, "already-reminded"]
    assert len(texted.gateway.journal) == 1


@pytest.mark.parametrize(("starts_at", "location"), [(LATER, HOME), (WEDNESDAY, CLINIC)])
def test_of_what_is_another_appointment_by_then_they_are_texted(
    texted: Bench, linde: Practice, starts_at: datetime, location: str
) -> None:
    erased(texted, linde)
    back(texted, linde)
    told(texted, linde, starts_at, location, Booking.BOOKED)
    texted.round()
    assert len(texted.gateway.journal) == 2
    texted.round()
    assert len(texted.gateway.journal) == 2


def test_a_text_that_was_withdrawn_with_them_goes_once_when_they_are_back(bench: Bench, linde: Practice) -> None:
    bench.clock.go_to(local("2026-11-24 09:00"))
    told(bench, linde, WEDNESDAY, HOME, Booking.BOOKED)
    bench.round(interrupted=lambda: True)
    erased(bench, linde)
    back(bench, linde)
    told(bench, linde, WEDNESDAY, HOME, Booking.BOOKED)
    for _ in range(2):
        bench.round()
    assert len(bench.gateway.journal) == 1
    (count,) = bench.db.execute(
        "select count(*) from notifications n join patients p on p.id = n.patient_id where p.source_id = 'P1'"
    ).fetchone()
    assert count == 1


def test_no_second_attempt_goes_to_a_number_that_is_not_known_to_be_another(bench: Bench, linde: Practice) -> None:
    bench.clock.go_to(local("2026-11-24 09:00"))
    told(bench, linde, WEDNESDAY, HOME, Booking.BOOKED)
    bench.round()
    bench.gateway.reports = [DeliveryReport(bench.sms().reference, Status.FAILED, "failed")]
    bench.poll()
    erased(bench, linde)
    back(bench, linde)
    told(bench, linde, WEDNESDAY, HOME, Booking.BOOKED)
    bench.round()
    assert bench.outcomes(linde)[-1].reason == "already-reminded"
    assert len(bench.gateway.journal) == 1


def test_what_the_desk_had_cancelled_before_is_news_when_it_is_booked_again(texted: Bench, linde: Practice) -> None:
    cancel_appointment(texted.db, linde, "A1", access=RECEPTION)
    erased(texted, linde)
    back(texted, linde)
    told(texted, linde, WEDNESDAY, HOME, Booking.BOOKED)
    _, stands = appointment_by_id(texted.db, linde.id, "A1")
    assert stands.unclear is not None


def test_what_the_desk_cancelled_since_they_were_back_is_news_when_they_are_erased_again(
    texted: Bench, linde: Practice
) -> None:
    for _ in range(2):
        erased(texted, linde)
        back(texted, linde)
        told(texted, linde, WEDNESDAY, HOME, Booking.BOOKED)
        _, stands = appointment_by_id(texted.db, linde.id, "A1")
        cancel_appointment(texted.db, linde, "A1", access=RECEPTION)
    assert stands.unclear is not None


def test_the_desk_may_add_an_appointment_of_who_is_back_under_its_old_id(texted: Bench, linde: Practice) -> None:
    again = Appointment("A1", "P1", WEDNESDAY, location=HOME)
    erased(texted, linde)
    back(texted, linde)
    a_patient(texted.db, linde)
    add_appointment(texted.db, linde, again, access=RECEPTION, clock=texted.clock)
    texted.round()
    assert len(texted.gateway.journal) == 1
    with pytest.raises(UsageError, match='an appointment "A1" already'):
        add_appointment(texted.db, linde, again, access=RECEPTION, clock=texted.clock)


def test_every_stop_of_their_number_stands_again_so_a_start_lifts_none_but_their_own(
    texted: Bench, linde: Practice
) -> None:
    number, now = phone_of("P1"), texted.clock.now()
    with write_transaction(texted.db):
        stop(texted.db, [linde.id], number, how=How.REPLY, at=now, now=now)
    stop_number(texted.db, linde, number, by="anna", access=RECEPTION, now=now)
    erased(texted, linde)
    back(texted, linde)
    with write_transaction(texted.db):
        assert start(texted.db, [linde.id], number, at=now + timedelta(hours=1), now=now) == []


def test_a_word_of_a_gateways_list_that_is_told_again_brings_no_erased_number_back(
    bench: Bench, linde: Practice
) -> None:
    bench.gateway = HearingGateway()
    bench.gateway.opt_out_pages = [[OptedOut(phone_of("P1"), bench.clock.now() - timedelta(days=1))]]
    a_patient(bench.db, linde)
    bench.poll()
    erased(bench, linde)
    bench.poll()
    assert list(bench.db.execute("select * from stop_events")) == []
    back(bench, linde)
    assert [how for (how,) in bench.db.execute("select how from stop_events")] == [How.OPT_OUT]
