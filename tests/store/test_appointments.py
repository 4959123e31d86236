"""Appointments as the practice's record has them, and what a round is told of those that are due."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from smsreminders.domain.appointments import Appointment, Booking
from smsreminders.domain.consent import Consent
from smsreminders.domain.practices import REMINDERS_BY_SMS, Practice
from smsreminders.domain.round.due import Due, Earlier
from smsreminders.domain.round.notifications import Status, digest_of
from smsreminders.errors import UsageError
from smsreminders.store.appointments import (
    appointment_by_id,
    appointments_among,
    appointments_between,
    count_between,
    count_missing,
    miss_appointments,
    save_appointment,
)
from smsreminders.store.database import Database
from smsreminders.store.patients import Patient
from smsreminders.store.round.due import due_between, former_between, next_due
from smsreminders.store.services import enable_service, services_of, unassign
from tests.builders import NOW, TOMORROW, a_consent, a_notification, a_patient, a_practice, a_service, an_appointment

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def due_tomorrow(db: Database, practice: Practice) -> list[Due]:
    return due_between(db, practice.id, TOMORROW, TOMORROW + HOUR, rehearsed=False)


def test_an_appointment_is_kept_as_told(db: Database, practice: Practice, patient: Patient) -> None:
    told = Appointment("A7", "P1", TOMORROW, TOMORROW + HOUR, "kamer 2", "dr. Visser", Booking.CANCELLED, 3)
    save_appointment(db, practice.id, told, patient.id)
    assert appointment_by_id(db, practice.id, "A7") == (1, told)


def test_an_appointment_needs_no_end(db: Database, practice: Practice, patient: Patient) -> None:
    told = Appointment("A7", "P1", TOMORROW)
    save_appointment(db, practice.id, told, patient.id)
    assert appointment_by_id(db, practice.id, "A7") == (1, told)


def test_an_appointment_told_again_is_changed_and_keeps_its_row(db: Database, practice: Practice) -> None:
    first, second = a_patient(db, practice, "P1"), a_patient(db, practice, "P2")
    id_ = an_appointment(db, practice, first)
    changed = Appointment("A1", "P2", TOMORROW + HOUR, None, "kamer 3", "dr. Smit", Booking.BOOKED, 2)
    save_appointment(db, practice.id, changed, second.id)
    assert list(appointments_between(db, practice.id)) == [(id_, changed)]


def test_a_source_id_is_of_one_practice(db: Database) -> None:
    practices = [a_practice(db, "zuid"), a_practice(db, "noord")]
    ids = [an_appointment(db, practice, a_patient(db, practice)) for practice in practices]
    assert [appointment_by_id(db, practice.id, "A1")[0] for practice in practices] == ids


def test_the_known_ones_are_found_among_many(db: Database, practice: Practice, patient: Patient) -> None:
    ids = {source_id: an_appointment(db, practice, patient, source_id) for source_id in ("1", "01", "A'1", '["1"]')}
    found = appointments_among(db, practice.id, [*ids, "2", ""])
    assert {source_id: id_ for source_id, (id_, _) in found.items()} == ids
    assert {source_id: appointment.source_id for source_id, (_, appointment) in found.items()} == {i: i for i in ids}


def test_an_unknown_appointment_is_told_with_where_to_look(db: Database, practice: Practice) -> None:
    with pytest.raises(UsageError) as raised:
        appointment_by_id(db, practice.id, "A9")
    assert str(raised.value) == 'there is no appointment "A9"; `smsreminders appointment list` shows them'


def test_appointments_are_listed_by_start_from_the_first_moment_on_and_before_the_last(
    db: Database, practice: Practice, patient: Patient
) -> None:
    for source_id, start in {"late": HOUR, "first": timedelta(), "early": -SECOND, "last": HOUR - SECOND}.items():
        an_appointment(db, practice, patient, source_id, starts_at=TOMORROW + start)
    an_appointment(db, other := a_practice(db, "noord"), a_patient(db, other))
    within = appointments_between(db, practice.id, TOMORROW, TOMORROW + HOUR)
    assert [appointment.source_id for _, appointment in within] == ["first", "last"]
    everything = appointments_between(db, practice.id)
    assert [appointment.source_id for _, appointment in everything] == ["early", "first", "last", "late"]


def test_what_a_file_lacks_is_missing_or_cancelled_and_keeps_its_revision(
    db: Database, practice: Practice, patient: Patient
) -> None:
    ids = [an_appointment(db, practice, patient, source_id, revision=4) for source_id in ("A1", "A2", "A3")]
    miss_appointments(db, ids[:2], "agenda.csv doesn't have it", cancelled=False)
    miss_appointments(db, ids[:1], "rest.csv doesn't have it", cancelled=True)
    assert [(a.booking, a.revision, a.missing) for _, a in appointments_between(db, practice.id)] == [
        (Booking.CANCELLED, 4, "rest.csv doesn't have it"),
        (Booking.BOOKED, 4, "agenda.csv doesn't have it"),
        (Booking.BOOKED, 4, None),
    ]
    assert [count_missing(db, practice.id, TOMORROW + later) for later in (timedelta(), SECOND)] == [1, 0]


# What a round is told


def test_a_round_is_told_all_that_decides_on_a_reminder(db: Database) -> None:
    practice = a_practice(db)
    service = a_service(db, practice)
    patient = a_patient(db, practice, phone="06 1234 5678", language="en")
    id_ = an_appointment(db, practice, patient, location="kamer 2", revision=2)
    assert due_tomorrow(db, practice) == [
        Due(
            appointment_id=id_,
            appointment="A1",
            patient_id=patient.id,
            patient="P1",
            patient_name="Jan de Boer",
            phone="06 1234 5678",
            language="en",
            starts_at=TOMORROW,
            location="kamer 2",
            booking=Booking.BOOKED,
            revision=2,
            consent=Consent.GIVEN,
            service_id=service.id,
        )
    ]


@pytest.mark.parametrize(
    ("starts", "expected"), [(-SECOND, []), (timedelta(), ["A1"]), (HOUR - SECOND, ["A1"]), (HOUR, [])]
)
def test_due_is_what_starts_from_the_first_moment_on_and_before_the_last(
    db: Database, practice: Practice, patient: Patient, starts: timedelta, expected: list[str]
) -> None:
    an_appointment(db, practice, patient, starts_at=TOMORROW + starts)
    assert [due.appointment for due in due_tomorrow(db, practice)] == expected


def test_the_due_come_by_start_and_each_once(db: Database, practice: Practice, patient: Patient) -> None:
    for source_id, minutes in (("A1", 30), ("A2", 0), ("A3", 30)):
        an_appointment(db, practice, patient, source_id, starts_at=TOMORROW + timedelta(minutes=minutes))
    for days in range(3):
        a_consent(db, patient.id, at=NOW - timedelta(days=days))
    assert [due.appointment for due in due_tomorrow(db, practice)] == ["A2", "A1", "A3"]


def test_another_practices_appointments_are_not_due(db: Database, practice: Practice) -> None:
    other = a_practice(db, "noord")
    an_appointment(db, other, a_patient(db, other))
    assert due_tomorrow(db, practice) == []


def test_a_cancelled_appointment_is_told_with_its_booking(db: Database, practice: Practice, patient: Patient) -> None:
    an_appointment(db, practice, patient, booking=Booking.CANCELLED)
    assert [due.booking for due in due_tomorrow(db, practice)] == [Booking.CANCELLED]


@pytest.mark.parametrize("consent", [True, False, None])
def test_the_consent_in_force_is_told(db: Database, practice: Practice, consent: bool | None) -> None:
    an_appointment(db, practice, a_patient(db, practice, consent=consent))
    assert [due.consent for due in due_tomorrow(db, practice)] == [Consent.of(consent)]


def test_the_latest_consent_counts_though_it_was_recorded_first(
    db: Database, practice: Practice, patient: Patient
) -> None:
    a_consent(db, patient.id, given=False, at=NOW)
    a_consent(db, patient.id, given=True, at=NOW - timedelta(days=1))
    an_appointment(db, practice, patient)
    assert [due.consent for due in due_tomorrow(db, practice)] == [Consent.WITHDRAWN]


def disabled(db: Database, practice: Practice) -> None:
    enable_service(db, services_of(db, practice.id)[0].id, enabled=False)


def unassigned(db: Database, practice: Practice) -> None:
    unassign(db, services_of(db, practice.id)[0].id, *REMINDERS_BY_SMS)


@pytest.mark.parametrize("change", [disabled, unassigned])
def test_only_an_enabled_service_with_reminders_by_sms_counts(
    db: Database, practice: Practice, patient: Patient, change: Callable[[Database, Practice], None]
) -> None:
    a_service(db, a_practice(db, "noord"))
    an_appointment(db, practice, patient)
    change(db, practice)
    assert [due.service_id for due in due_tomorrow(db, practice)] == [None]


@pytest.mark.parametrize("status", list(Status))
def test_what_covers_an_appointment_is_told(db: Database, practice: Practice, patient: Patient, status: Status) -> None:
    appointment = an_appointment(db, practice, patient)
    id_ = a_notification(db, practice, appointment, status, phone="+31687654321", text="Tot morgen!")
    [due] = due_tomorrow(db, practice)
    assert due.earlier == (
        Earlier(id_, status, 1, 1, 1, "+31687654321", digest_of("Tot morgen!"), due.earlier[0].sent_at),
    )
    assert (due.earlier[0].sent_at is None) == (status in {Status.QUEUED, Status.CANCELLED})


def test_the_notification_of_an_earlier_revision_is_told_as_that(
    db: Database, practice: Practice, patient: Patient
) -> None:
    a_notification(db, practice, an_appointment(db, practice, patient), Status.SENT)
    an_appointment(db, practice, patient, revision=2)
    assert [(due.revision, [e.revision for e in due.earlier]) for due in due_tomorrow(db, practice)] == [(2, [1])]


def test_of_two_notifications_of_one_second_the_last_is_that_of_the_later_revision(
    db: Database, practice: Practice, patient: Patient
) -> None:
    later = a_notification(db, practice, an_appointment(db, practice, patient, revision=2), Status.SENT)
    a_notification(db, practice, an_appointment(db, practice, patient, revision=1), Status.SENT)
    assert [earlier.id for due in due_tomorrow(db, practice) for earlier in due.earlier][-1] == later


def test_next_is_each_patients_first_booked_appointment_after_a_moment(db: Database, practice: Practice) -> None:
    patients = {source_id: a_patient(db, practice, source_id) for source_id in ("P2", "P1", "P3", "P4")}
    booked: dict[str, tuple[str, timedelta]] = {
        "A1": ("P1", 2 * HOUR),
        "A2": ("P1", HOUR),
        "A3": ("P1", -HOUR),
        "A4": ("P2", timedelta()),  # at that moment, not after it
        "A5": ("P2", 2 * SECOND),
        "A6": ("P3", -HOUR),
    }
    for source_id, (patient, start) in booked.items():
        an_appointment(db, practice, patients[patient], source_id, starts_at=TOMORROW + start)
    an_appointment(db, practice, patients["P2"], "A7", starts_at=TOMORROW + SECOND, booking=Booking.CANCELLED)
    an_appointment(db, other := a_practice(db, "noord"), a_patient(db, other), starts_at=TOMORROW + HOUR)
    found = next_due(db, practice.id, TOMORROW)
    assert [(due.patient, due.appointment) for due in found] == [("P1", "A2"), ("P2", "A5")]


def test_next_is_told_as_a_round_is_told(db: Database, practice: Practice, patient: Patient) -> None:
    an_appointment(db, practice, patient)
    (due,) = due_tomorrow(db, practice)
    assert next_due(db, practice.id, NOW) == [due]


def test_appointments_are_counted_as_they_are_listed(db: Database, practice: Practice, patient: Patient) -> None:
    for hours in range(3):
        save_appointment(db, practice.id, Appointment(f"A{hours}", "P1", TOMORROW + hours * HOUR), patient.id)
    spans = [(None, None), (TOMORROW, TOMORROW + HOUR), (TOMORROW + HOUR, None), (None, TOMORROW)]
    assert [count_between(db, practice.id, *span) for span in spans] == [3, 1, 2, 0]
    assert [len(list(appointments_between(db, practice.id, *span))) for span in spans] == [3, 1, 2, 0]


def test_how_an_appointment_stood_at_its_former_revisions_is_kept(db: Database, practice: Practice) -> None:
    first, second = a_patient(db, practice, "P1", phone="06-12345671"), a_patient(db, practice, "P2")
    an_appointment(db, practice, first, location="kamer 1")
    an_appointment(db, practice, first, location="kamer 1", booking=Booking.CANCELLED)  # no revision
    an_appointment(db, practice, second, starts_at=TOMORROW + HOUR, location="kamer 2", revision=2)
    an_appointment(db, practice, second, starts_at=TOMORROW + 2 * HOUR, revision=3)
    stood = former_between(db, practice.id, TOMORROW, TOMORROW + 2 * HOUR, rehearsed=False)
    assert [(due.revision, due.starts_at, due.location, due.patient, due.phone[-1]) for due in stood] == [
        (1, TOMORROW, "kamer 1", "P1", "1"),
        (2, TOMORROW + HOUR, "kamer 2", "P2", "8"),
    ]
    assert former_between(db, practice.id, TOMORROW + 2 * HOUR, TOMORROW + 9 * HOUR, rehearsed=False) == []
