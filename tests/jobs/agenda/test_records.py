"""What a row changes: patients, their consent, appointments and their revisions; and that the same changes nothing."""

from datetime import datetime

import pytest

from smsreminders.domain.appointments import Appointment, Booking
from smsreminders.domain.consent import Consent, ConsentEvent, How
from smsreminders.domain.practices import Practice
from smsreminders.errors import UsageError
from smsreminders.importers.records import AppointmentRecord, ConsentRecord, Kind, PatientRecord, Record
from smsreminders.jobs.agenda.import_files import BadFile
from smsreminders.jobs.agenda.tally import Change
from smsreminders.store.appointments import appointment_by_id
from smsreminders.store.patients import Patient, consent_history, patient_by_id
from tests.jobs.bench import Bench
from tests.jobs.builders import a_patient, a_word, an_appointment, local

ADDED, CHANGED, UNCHANGED, CANCELLED = Change.ADDED, Change.CHANGED, Change.UNCHANGED, Change.CANCELLED
ROW = PatientRecord("line 2", "P1", name="J. de Vries", phone="06-12345601", language="en")
SILENT = PatientRecord("line 2", "P1")
BOOKED = AppointmentRecord(
    "line 2", "A1", ROW, local("2026-11-24 10:30"), location="kamer 2", practitioner="Smit", type="Controle"
)


def patient_told(bench: Bench, practice: Practice, record: PatientRecord, kind: Kind = Kind.PATIENTS) -> Change:
    """What a file of this one row of a patient does, or of one of their appointments."""
    if kind is Kind.PATIENTS:
        return only_change(bench, practice, kind, record)
    appointment = AppointmentRecord("line 2", "A1", record, local("2026-11-24 10:30"))
    return only_change(bench, practice, kind, appointment)


def consent_told(bench: Bench, practice: Practice, record: ConsentRecord) -> Change:
    return only_change(bench, practice, Kind.CONSENTS, record)


def only_change(bench: Bench, practice: Practice, kind: Kind, record: Record) -> Change:
    """What a file of this one row does."""
    try:
        [report] = bench.imports(practice, kind, [record])
    except BadFile as refused:
        raise UsageError(refused.errors[0].reason) from refused
    [change] = [change for change, count in report.changes.items() if count]
    return change


def appointment_told(bench: Bench, practice: Practice, record: AppointmentRecord) -> Change:
    return only_change(bench, practice, Kind.APPOINTMENTS, record)


def patient(bench: Bench, practice: Practice, source_id: str = "P1") -> Patient:
    return patient_by_id(bench.db, practice.id, source_id)


def appointment(bench: Bench, practice: Practice) -> Appointment:
    return appointment_by_id(bench.db, practice.id, "A1")[1]


def history(bench: Bench, practice: Practice) -> list[ConsentEvent]:
    return consent_history(bench.db, patient(bench, practice).id)


def test_a_new_patient_is_added_as_the_row_has_them(bench: Bench, linde: Practice) -> None:
    assert patient_told(bench, linde, ROW) is ADDED
    assert patient(bench, linde) == Patient(1, "P1", "J. de Vries", "06-12345601", "en", Consent.NEVER_ASKED)


def test_the_same_row_again_changes_nothing(bench: Bench, linde: Practice) -> None:
    row = ROW._replace(consent=True)
    assert [patient_told(bench, linde, row) for _ in range(3)] == [ADDED, UNCHANGED, UNCHANGED]
    assert len(history(bench, linde)) == 1


def test_a_number_that_cannot_be_texted_is_kept_as_it_was_written(bench: Bench, linde: Practice) -> None:
    patient_told(bench, linde, ROW._replace(phone="020-5550123 (moeder)"))
    assert patient(bench, linde).phone == "020-5550123 (moeder)"


def test_what_a_row_does_not_say_stays(bench: Bench, linde: Practice) -> None:
    patient_told(bench, linde, ROW)
    assert (patient_told(bench, linde, SILENT), patient(bench, linde).phone) == (UNCHANGED, "06-12345601")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(SILENT._replace(name="J. Bakker"), ("J. Bakker", "06-12345601", "en"), id="name"),
        pytest.param(SILENT._replace(phone="06-87654321"), ("J. de Vries", "06-87654321", "en"), id="phone"),
        pytest.param(SILENT._replace(language="nl"), ("J. de Vries", "06-12345601", "nl"), id="language"),
        pytest.param(SILENT._replace(phone=""), ("J. de Vries", "", "en"), id="phone-emptied"),
        pytest.param(SILENT._replace(language=""), ("J. de Vries", "06-12345601", None), id="language-emptied"),
    ],
)
def test_what_a_row_says_is_changed(
    bench: Bench, linde: Practice, row: PatientRecord, expected: tuple[str, str, str | None]
) -> None:
    patient_told(bench, linde, ROW)
    assert patient_told(bench, linde, row) is CHANGED
    stored = patient(bench, linde)
    assert (stored.name, stored.phone, stored.language) == expected


def test_a_name_is_never_emptied(bench: Bench, linde: Practice) -> None:
    patient_told(bench, linde, ROW)
    assert patient_told(bench, linde, ROW._replace(name="")) is UNCHANGED


@pytest.mark.parametrize("name", [None, ""])
def test_a_new_patient_without_a_name_is_refused(bench: Bench, linde: Practice, name: str | None) -> None:
    with pytest.raises(UsageError, match='no patient "P1", and the row has no name to add one'):
        patient_told(bench, linde, ROW._replace(name=name))


def test_a_new_patient_without_number_or_language_is_added(bench: Bench, linde: Practice) -> None:
    patient_told(bench, linde, PatientRecord("line 2", "P1", name="J. de Vries"))
    assert patient(bench, linde) == Patient(1, "P1", "J. de Vries", "", None, Consent.NEVER_ASKED)


def test_two_practices_may_have_the_same_id(bench: Bench, linde: Practice, duin: Practice) -> None:
    assert [patient_told(bench, practice, ROW) for practice in (linde, duin)] == [ADDED, ADDED]


@pytest.mark.parametrize("says", [True, False])
def test_the_consent_column_makes_an_event_the_first_time(bench: Bench, linde: Practice, *, says: bool) -> None:
    patient_told(bench, linde, ROW._replace(consent=says))
    assert history(bench, linde) == [ConsentEvent(says, bench.clock.now(), How.IMPORT, "agenda-1.csv")]
    assert patient(bench, linde).consent is Consent.of(says)


def test_a_withdrawal_at_the_desk_is_not_undone_by_an_unchanged_column(bench: Bench, linde: Practice) -> None:
    row = ROW._replace(consent=True)
    patient_told(bench, linde, row)
    bench.clock.go_to(local("2026-11-23 10:00"))
    a_word(bench.db, linde, given=False, at="2026-11-23 10:00")
    bench.clock.go_to(local("2026-11-24 02:00"))
    assert (patient_told(bench, linde, row), patient(bench, linde).consent) == (UNCHANGED, Consent.WITHDRAWN)


def test_a_column_that_changes_makes_an_event(bench: Bench, linde: Practice) -> None:
    changes = []
    for day, says in ((23, True), (24, False), (25, False), (26, True)):
        bench.clock.go_to(local(f"2026-11-{day} 02:00"))
        changes.append(patient_told(bench, linde, ROW._replace(consent=says)))
    assert changes == [ADDED, CHANGED, UNCHANGED, CHANGED]
    assert [(event.given, event.at) for event in history(bench, linde)] == [
        (True, local("2026-11-23 02:00")),
        (False, local("2026-11-24 02:00")),
        (True, local("2026-11-26 02:00")),
    ]


def test_an_empty_column_leaves_consent_as_it_is_and_is_not_remembered(bench: Bench, linde: Practice) -> None:
    says = [True, None, True, None]
    changes = [patient_told(bench, linde, ROW._replace(consent=word)) for word in says]
    assert (changes, len(history(bench, linde))) == ([ADDED, UNCHANGED, UNCHANGED, UNCHANGED], 1)


def test_a_column_that_says_yes_again_never_undoes_what_was_withdrawn_at_the_desk(
    bench: Bench, linde: Practice
) -> None:
    given = []
    for day, says in ((20, True), (21, True), (22, False), (23, True)):
        bench.clock.go_to(local(f"2026-11-{day} 02:00"))
        patient_told(bench, linde, ROW._replace(consent=says))
        if day == 20:
            a_word(bench.db, linde, given=False, at="2026-11-20 10:00")
        given.append(patient(bench, linde).consent)
    assert given == [Consent.WITHDRAWN] * 4


def test_each_kind_of_file_has_a_column_of_its_own(bench: Bench, linde: Practice) -> None:
    row = ROW._replace(consent=True)
    changes = [patient_told(bench, linde, row, kind) for kind in (Kind.PATIENTS, Kind.APPOINTMENTS, Kind.PATIENTS)]
    assert (changes, len(history(bench, linde))) == ([ADDED, ADDED, UNCHANGED], 2)


def test_a_column_may_change_nothing_but_consent(bench: Bench, linde: Practice) -> None:
    patient_told(bench, linde, ROW)
    assert patient_told(bench, linde, ROW._replace(consent=True)) is CHANGED


def test_a_consent_with_its_time_is_added_once(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde, consent=None)
    row = ConsentRecord("line 2", "P1", True, local("2026-11-20 12:00"), How.FORM, "anna", "v2")
    assert [consent_told(bench, linde, row) for _ in range(3)] == [ADDED, UNCHANGED, UNCHANGED]
    assert history(bench, linde) == [ConsentEvent(True, local("2026-11-20 12:00"), How.FORM, "anna", "v2")]


def test_a_consent_with_its_time_is_the_same_in_every_file(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde, consent=None)
    row = ConsentRecord("line 2", "P1", True, local("2026-11-20 12:00"))
    assert [consent_told(bench, linde, row) for _ in range(2)] == [ADDED, UNCHANGED]
    assert [(event.how, event.by) for event in history(bench, linde)] == [(How.IMPORT, "")]


def test_of_consents_with_their_times_the_latest_counts_in_whatever_order_they_come(
    bench: Bench, linde: Practice
) -> None:
    a_patient(bench.db, linde, consent=None)
    for hour, given in ((12, False), (10, True), (11, True)):
        consent_told(bench, linde, ConsentRecord("line 2", "P1", given, local(f"2026-11-20 {hour}:00")))
    assert patient(bench, linde).consent is Consent.WITHDRAWN


def test_a_consent_without_a_time_counts_as_a_column_does(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde, consent=None)
    row = ConsentRecord("line 2", "P1", True, by="portal")
    assert consent_told(bench, linde, row) is ADDED
    a_word(bench.db, linde, given=False, at="2026-11-23 10:00")
    bench.clock.go_to(local("2026-11-24 02:00"))
    assert (consent_told(bench, linde, row), patient(bench, linde).consent) == (UNCHANGED, Consent.WITHDRAWN)
    assert history(bench, linde)[0] == ConsentEvent(True, local("2026-11-23 09:00"), How.IMPORT, "portal")


def test_a_consent_in_the_future_is_refused(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde, consent=None)
    with pytest.raises(UsageError, match="lies in the future"):
        consent_told(bench, linde, ConsentRecord("line 2", "P1", True, local("2026-11-23 09:06")))
    assert history(bench, linde) == []


@pytest.mark.parametrize("at", [None, local("2026-11-20 12:00")])
def test_a_consent_of_nobody_known_is_refused(bench: Bench, linde: Practice, at: datetime | None) -> None:
    with pytest.raises(UsageError, match='there is no patient "P1"'):
        consent_told(bench, linde, ConsentRecord("line 2", "P1", True, at))


def test_a_new_appointment_comes_with_its_patient(bench: Bench, linde: Practice) -> None:
    assert appointment_told(bench, linde, BOOKED) is ADDED
    assert appointment(bench, linde) == Appointment(
        "A1", "P1", local("2026-11-24 10:30"), location="kamer 2", practitioner="Smit", type="Controle"
    )
    assert patient(bench, linde).name == "J. de Vries"


def test_an_appointment_of_a_known_patient_needs_no_name(bench: Bench, linde: Practice) -> None:
    a_patient(bench.db, linde)
    assert appointment_told(bench, linde, BOOKED._replace(patient=SILENT)) is ADDED


def test_an_appointment_of_nobody_known_is_refused(bench: Bench, linde: Practice) -> None:
    with pytest.raises(UsageError, match='no patient "P1"'):
        appointment_told(bench, linde, BOOKED._replace(patient=SILENT))


def test_the_same_appointment_again_changes_nothing(bench: Bench, linde: Practice) -> None:
    row = BOOKED._replace(ends_at=local("2026-11-24 11:00"), patient=ROW._replace(consent=True))
    assert [appointment_told(bench, linde, row) for _ in range(3)] == [ADDED, UNCHANGED, UNCHANGED]
    assert (appointment(bench, linde).revision, len(history(bench, linde))) == (1, 1)


OTHER = PatientRecord("line 2", "P2", name="K. Bos")


@pytest.mark.parametrize(
    ("row", "change", "revision"),
    [
        pytest.param(BOOKED._replace(patient=OTHER), CHANGED, 2, id="patient"),
        pytest.param(BOOKED._replace(starts_at=local("2026-11-24 10:45")), CHANGED, 2, id="start"),
        pytest.param(BOOKED._replace(location="kamer 3"), CHANGED, 2, id="place"),
        pytest.param(BOOKED._replace(location=""), CHANGED, 2, id="place-emptied"),
        pytest.param(BOOKED._replace(practitioner="Jansen"), CHANGED, 1, id="practitioner"),
        pytest.param(BOOKED._replace(type="Intake"), CHANGED, 1, id="type"),
        pytest.param(BOOKED._replace(type=""), CHANGED, 1, id="type-emptied"),
        pytest.param(BOOKED._replace(ends_at=local("2026-11-24 12:00")), CHANGED, 1, id="end"),
        pytest.param(BOOKED._replace(booking=Booking.CANCELLED), CANCELLED, 1, id="cancelled"),
        pytest.param(BOOKED._replace(location=None, practitioner=None, type=None), UNCHANGED, 1, id="columns-missing"),
        pytest.param(BOOKED._replace(place="line 9"), UNCHANGED, 1, id="line"),
    ],
)
def test_only_what_the_patient_must_know_is_a_new_revision(
    bench: Bench, linde: Practice, row: AppointmentRecord, change: Change, revision: int
) -> None:
    appointment_told(bench, linde, BOOKED)
    assert (appointment_told(bench, linde, row), appointment(bench, linde).revision) == (change, revision)


def test_columns_that_are_missing_leave_place_and_practitioner(bench: Bench, linde: Practice) -> None:
    appointment_told(bench, linde, BOOKED)
    appointment_told(
        bench, linde, BOOKED._replace(starts_at=local("2026-11-25 09:00"), location=None, practitioner=None)
    )
    stored = appointment(bench, linde)
    assert (stored.location, stored.practitioner, stored.revision) == ("kamer 2", "Smit", 2)


def test_an_appointment_that_is_cancelled_twice_is_cancelled_once(bench: Bench, linde: Practice) -> None:
    row = BOOKED._replace(booking=Booking.CANCELLED)
    assert [appointment_told(bench, linde, record) for record in (BOOKED, row, row)] == [ADDED, CANCELLED, UNCHANGED]


def test_an_appointment_that_is_booked_again_is_a_new_revision(bench: Bench, linde: Practice) -> None:
    cancelled = BOOKED._replace(booking=Booking.CANCELLED)
    changes = [appointment_told(bench, linde, row) for row in (BOOKED, cancelled, BOOKED, cancelled, BOOKED)]
    assert changes == [ADDED, CANCELLED, CHANGED, CANCELLED, CHANGED]
    assert (appointment(bench, linde).revision, appointment(bench, linde).booking) == (3, Booking.BOOKED)


def test_an_appointment_that_is_first_told_as_cancelled_is_added_so(bench: Bench, linde: Practice) -> None:
    assert appointment_told(bench, linde, BOOKED._replace(booking=Booking.CANCELLED)) is ADDED
    assert appointment(bench, linde).booking is Booking.CANCELLED


def test_an_appointment_may_change_its_patients_number_and_consent(bench: Bench, linde: Practice) -> None:
    appointment_told(bench, linde, BOOKED)
    appointment_told(bench, linde, BOOKED._replace(patient=ROW._replace(phone="06-87654321", consent=True)))
    stored = patient(bench, linde)
    assert (stored.phone, stored.consent, appointment(bench, linde).revision) == ("06-87654321", Consent.GIVEN, 1)


def test_an_appointment_of_another_practice_is_another_appointment(
    bench: Bench, linde: Practice, duin: Practice
) -> None:
    a_patient(bench.db, duin)
    an_appointment(bench.db, duin, "A1", start="2026-11-30 09:00")
    assert appointment_told(bench, linde, BOOKED) is ADDED
    assert appointment(bench, duin).starts_at == local("2026-11-30 09:00")
