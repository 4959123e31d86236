"""The types and practitioners of a practice's appointments, and how many have none."""

from datetime import timedelta

from smsreminders.domain.appointments import Booking
from smsreminders.store.database import Database
from smsreminders.store.round.appointment_words import AppointmentWords, words_from, words_of
from tests.jobs.builders import a_patient, a_practice, an_appointment, local


def test_the_words_of_one_practice_are_gathered_those_to_come_apart(db: Database) -> None:
    linde, bos = a_practice(db, "linde"), a_practice(db, "bos")
    for practice in (linde, bos):
        a_patient(db, practice)
    an_appointment(db, linde, "A1", start="2026-11-20 09:00", kind="Psychologie", practitioner="B. Bos")
    an_appointment(db, linde, "A2", start="2026-11-24 09:00", kind="Controle")
    an_appointment(db, linde, "A3", start="2026-11-24 09:10", practitioner="C. Smit")
    an_appointment(db, linde, "A4", start="2026-11-24 09:20", kind="Soa", booking=Booking.CANCELLED)
    an_appointment(db, bos, "A1", start="2026-11-24 09:00", kind="Tand")
    assert words_of(db, linde.id) == AppointmentWords(
        frozenset({"Psychologie", "Controle", "Soa"}), frozenset({"B. Bos", "C. Smit"}), 4, 1, 2
    )
    expected = AppointmentWords(frozenset({"Controle"}), frozenset({"C. Smit"}), 2, 1, 1)
    assert words_from(db, linde.id, local("2026-11-24 09:00")) == expected
    nothing = AppointmentWords(frozenset(), frozenset(), 0, 0, 0)
    assert words_from(db, linde.id, local("2026-11-24 09:10") + timedelta(seconds=1)) == nothing
