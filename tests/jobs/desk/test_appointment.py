"""An appointment at the desk: added once, moved with its length, cancelled; whose it is comes back with it."""

from datetime import timedelta

import pytest

from smsreminders.domain.appointments import Appointment, Booking
from smsreminders.domain.practices import Practice
from smsreminders.errors import UsageError
from smsreminders.jobs.desk.appointment import add_appointment, cancel_appointment, move_appointment
from smsreminders.store.appointments import appointments_between
from smsreminders.store.patients import patient_by_id
from tests.builders import RECEPTION
from tests.jobs.bench import Bench
from tests.jobs.builders import a_patient, an_appointment, local

START = local("2026-11-24 10:30")
A1 = Appointment("A1", "P1", START, START + timedelta(minutes=10), "kamer 2", "Smit")


def stored(bench: Bench, practice: Practice) -> list[Appointment]:
    return [appointment for _, appointment in appointments_between(bench.db, practice.id)]


def test_an_appointment_is_added_and_comes_back_with_its_patient(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    added = add_appointment(bench.db, linde, A1, clock=bench.clock, access=RECEPTION)
    assert added == (A1, patient_by_id(bench.db, linde.id, "P1"))
    assert stored(bench, linde) == [A1]


def test_the_blanks_around_an_id_do_not_count(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    add_appointment(bench.db, linde, Appointment(" A1 ", "P1", START), clock=bench.clock, access=RECEPTION)
    assert stored(bench, linde) == [Appointment("A1", "P1", START)]


@pytest.mark.parametrize(
    ("appointment", "message"),
    [
        (A1, 'there is an appointment "A1" already; move or cancel that one'),
        (Appointment("A2", "P9", START), 'there is no patient "P9"'),
        (Appointment("A2", "P1", START + timedelta(days=9999)), "the year 2054 can't be meant"),
        (Appointment("A2", "P1", START, START - timedelta(minutes=1)), "the end is before the start"),
        (Appointment(" ", "P1", START), "the id is empty"),
    ],
)
def test_what_can_not_be_added_is_refused_and_changes_nothing(
    bench: Bench, linde: Practice, appointment: Appointment, message: str
) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    before = stored(bench, linde)
    with pytest.raises(UsageError, match=message):
        add_appointment(bench.db, linde, appointment, clock=bench.clock, access=RECEPTION)
    assert stored(bench, linde) == before


def test_a_move_takes_the_length_along_and_is_a_new_revision(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    add_appointment(bench.db, linde, A1, clock=bench.clock, access=RECEPTION)
    later = START + timedelta(days=1)
    moved, patient = move_appointment(bench.db, linde, "A1", starts_at=later, clock=bench.clock, access=RECEPTION)
    assert (moved.starts_at, moved.ends_at, moved.revision) == (later, later + timedelta(minutes=10), 2)
    assert (patient.source_id, stored(bench, linde)) == ("P1", [moved])


def test_a_cancelled_appointment_is_booked_again_by_a_move(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    cancelled, _ = cancel_appointment(bench.db, linde, "A1", access=RECEPTION)
    assert (cancelled.booking, cancelled.revision, stored(bench, linde)) == (Booking.CANCELLED, 1, [cancelled])
    written = bench.db.conn.total_changes
    assert cancel_appointment(bench.db, linde, "A1", access=RECEPTION)[0] == cancelled
    assert bench.db.conn.total_changes == written
    moved, _ = move_appointment(bench.db, linde, "A1", starts_at=START, clock=bench.clock, access=RECEPTION)
    assert (moved.booking, moved.revision, stored(bench, linde)) == (Booking.BOOKED, 2, [moved])


def test_a_move_to_a_year_that_can_not_be_meant_is_refused(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    before = stored(bench, linde)
    with pytest.raises(UsageError, match="the year 2062 can't be meant"):
        move_appointment(
            bench.db, linde, "A1", starts_at=local("2062-11-24 10:30"), clock=bench.clock, access=RECEPTION
        )
    assert stored(bench, linde) == before


def test_the_appointment_of_another_practice_is_not_found(bench: Bench, linde: Practice, duin: Practice) -> None:
    a_patient(bench.db, linde)
    an_appointment(bench.db, linde)
    with pytest.raises(UsageError, match='there is no appointment "A1"'):
        cancel_appointment(bench.db, duin, "A1", access=RECEPTION)
    with pytest.raises(UsageError, match='there is no appointment "A1"'):
        move_appointment(bench.db, duin, "A1", starts_at=START, clock=bench.clock, access=RECEPTION)
