"""Files into the store: however the rows are spread over files, they end in the same tables; and many as few."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smsreminders.domain.appointments import Booking
from smsreminders.domain.consent import Consent
from smsreminders.domain.practices import Practice
from smsreminders.importers.records import AppointmentRecord, ConsentRecord, Kind, PatientRecord, Record
from smsreminders.jobs.agenda.import_files import BY_HAND, BadFile
from smsreminders.jobs.agenda.stage import Source, stage
from smsreminders.jobs.agenda.tally import Change
from smsreminders.store.agenda import changes
from smsreminders.store.agenda.said import source_of
from smsreminders.store.appointments import appointments_among, appointments_between
from smsreminders.store.database import rehearsal
from smsreminders.store.patients import all_patients, consent_history, patients_among
from tests.builders import NOW
from tests.importers.tables import line_of
from tests.jobs.bench import Bench
from tests.jobs.builders import a_practice, a_word, local

STARTS = st.sampled_from([local("2026-11-24 10:30"), local("2026-11-25 10:30")])
TEXTS = st.sampled_from([None, "", "kamer 2"])
PATIENTS = st.builds(
    PatientRecord,
    st.just(""),
    st.sampled_from(["P1", "P2", "P3"]),
    st.sampled_from(["J. de Vries", "", None]),
    st.sampled_from(["06-12345601", "", None]),
    st.sampled_from(["nl", "", None]),
    st.sampled_from([True, False, None]),
    st.just(()),
)
APPOINTMENTS = st.builds(
    AppointmentRecord,
    st.just(""),
    st.sampled_from([f"A{number}" for number in range(6)]),
    PATIENTS,
    STARTS,
    st.sampled_from([None, local("2026-11-25 11:00")]),
    st.sampled_from(Booking),
    TEXTS,
    TEXTS,
    st.just(()),
    st.just(False),
    st.none(),
    st.none(),
)
CODES = count()


def a_file(rows: list[AppointmentRecord]) -> list[AppointmentRecord]:
    """Rows of which each id is there once, and each patient is as the first row tells."""
    ids = {row.source_id: row for row in rows}
    people: dict[str, PatientRecord] = {}
    for row in ids.values():
        people.setdefault(row.patient.source_id, row.patient)
    return [
        row._replace(place=f"line {line}", patient=people[row.patient.source_id])
        for line, row in enumerate(ids.values(), 2)
    ]


def tables(bench: Bench, practice: Practice) -> list[object]:
    """All that an import writes, but for the ids of the rows."""
    patients = list(all_patients(bench.db, practice.id))
    consents = {patient.source_id: consent_history(bench.db, patient.id) for patient in patients}
    appointments = sorted(str(appointment) for _, appointment in appointments_between(bench.db, practice.id))
    return [{replace(patient, id=0) for patient in patients}, consents, appointments]


def ends_in(bench: Bench, *files: list[AppointmentRecord], stored: list[AppointmentRecord]) -> list[object]:
    """The tables after these files, which may be bad for want of a name, in a practice that has the stored ones."""
    practice = a_practice(bench.db, f"p{next(CODES)}", service=False)
    counted: Counter[Change] = Counter()
    for rows in (stored, *files):
        good = [row._replace(patient=row.patient._replace(name="X")) for row in rows] if rows is stored else rows
        [report] = bench.imports(practice, Kind.APPOINTMENTS, good, sure=True)
        counted += Counter(report.changes)
    return [*tables(bench, practice), counted]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stored=st.lists(APPOINTMENTS, max_size=5), records=st.lists(APPOINTMENTS, max_size=6), cut=st.integers(0, 6))
def test_one_by_one_or_all_at_once_or_in_two_files_rows_end_in_the_same_tables(
    bench: Bench, stored: list[AppointmentRecord], records: list[AppointmentRecord], cut: int
) -> None:
    before = a_file(stored)
    known = {row.patient.source_id for row in before}
    rows = [row for row in a_file(records) if row.patient.name or row.patient.source_id in known]
    at_once = ends_in(bench, rows, stored=before)
    assert ends_in(bench, *([row] for row in rows), stored=before) == at_once
    assert ends_in(bench, rows[:cut], rows[cut:], stored=before) == at_once


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stored=st.lists(APPOINTMENTS, max_size=5), records=st.lists(APPOINTMENTS, max_size=6))
def test_what_is_not_found_changes_nothing_and_what_was_imported_is_found_no_more(
    bench: Bench, stored: list[AppointmentRecord], records: list[AppointmentRecord]
) -> None:
    practice = a_practice(bench.db, f"p{next(CODES)}", service=False)
    before = [row._replace(patient=row.patient._replace(name="X")) for row in a_file(stored)]
    bench.imports(practice, Kind.APPOINTMENTS, before)
    known = {row.patient.source_id for row in before}
    rows = [row for row in a_file(records) if row.patient.name or row.patient.source_id in known]
    ids = [row.source_id for row in rows]
    people, agenda = found(bench, practice, rows)
    patients_before = patients_among(bench.db, practice.id, known)
    appointments_before = appointments_among(bench.db, practice.id, ids)
    bench.imports(practice, Kind.APPOINTMENTS, rows, sure=True)
    for source_id, patient in patients_among(bench.db, practice.id, known).items():
        assert source_id in people or patient == patients_before[source_id]
    for source_id, appointment in appointments_among(bench.db, practice.id, ids).items():
        assert source_id in agenda or appointment == appointments_before[source_id]
    assert found(bench, practice, rows) == (set(), set())


def found(bench: Bench, practice: Practice, rows: list[AppointmentRecord]) -> tuple[set[str], set[str]]:
    """The patients and appointments of which a file says another thing than the last time, or that are new."""
    [file] = stage(bench.db, Kind.APPOINTMENTS, [Source("agenda.csv", rows)], now=NOW)
    with rehearsal(bench.db):
        source = source_of(bench.db, practice.id, BY_HAND, "appointments")
        changes.find_changed_patients(bench.db, source, file.number)
        people = {row[3] for page in changes.changed_patients(bench.db) for row in page}
        changes.find_changed_appointments(bench.db, source, file.number)
        numbers = "select s.source_id from staged_changes c join staged_appointments s on s.number = c.number"
        return people, {source_id for (source_id,) in bench.db.execute(numbers)}


MANY = range(5_000)  # more than come back together


def many(start: str) -> list[Record]:
    moment = local(start)
    return [
        AppointmentRecord(f"line {line}", f"A{line}", PatientRecord("", f"P{line}", f"N{line}", consent=True), moment)
        for line in MANY
    ]


def test_of_many_rows_each_is_added_and_changed_once(bench: Bench, linde: Practice) -> None:
    counts = []
    for start in ("2026-11-24 10:30", "2026-11-24 10:45", "2026-11-24 10:45"):
        [report] = bench.imports(linde, Kind.APPOINTMENTS, many(start), sure=True)
        counts.append({change: number for change, number in report.changes.items() if number})
    assert counts == [{Change.ADDED: 5_000}, {Change.CHANGED: 5_000}, {Change.UNCHANGED: 5_000}]
    stored = [appointment for _, appointment in appointments_between(bench.db, linde.id)]
    assert {(appointment.starts_at, appointment.revision) for appointment in stored} == {(local("2026-11-24 10:45"), 2)}
    assert len(stored) == sum(patient.consent is Consent.GIVEN for patient in all_patients(bench.db, linde.id)) == 5_000


def test_appointments_are_stored_in_the_order_of_the_file(bench: Bench, linde: Practice) -> None:
    rows = many("2026-11-24 10:30")[::-1]
    bench.imports(linde, Kind.APPOINTMENTS, rows)
    in_order = [appointment.source_id for _, appointment in sorted(appointments_between(bench.db, linde.id), key=id_of)]
    assert in_order == [row.source_id for row in rows]


def id_of(row: tuple[int, object]) -> int:
    return row[0]


def test_all_appointments_of_nobody_known_are_told_by_their_lines(bench: Bench, linde: Practice) -> None:
    rows: list[Record] = [*many("2026-11-24 10:30")]
    nameless = [
        AppointmentRecord(f"line {9_000 + n}", f"X{n}", PatientRecord("", f"Q{n % 3}"), local("2026-11-24 11:00"))
        for n in MANY
    ]
    [report] = bench.imports(linde, Kind.APPOINTMENTS, [*rows, *nameless])
    assert [(line_of(error), error.source_id, error.field) for error in report.errors] == [
        (line_of(row), row.source_id, "patient_id") for row in nameless
    ]
    assert report.errors[4].reason == 'there is no patient "Q1", and the row has no name to add one'
    assert len(list(all_patients(bench.db, linde.id))) == 5_000


def test_patients_without_a_name_are_told_and_the_others_counted(bench: Bench, linde: Practice) -> None:
    rows: list[Record] = [
        PatientRecord("line 2", "P1", "Jan"),
        PatientRecord("line 3", "P2"),
        PatientRecord("line 4", "P3", "Els"),
    ]
    [report] = bench.imports(linde, Kind.PATIENTS, rows)
    assert ([line_of(error) for error in report.errors], report.read, report.changes[Change.ADDED]) == ([3], 3, 2)
    [report] = bench.imports(linde, Kind.PATIENTS, [rows[0], PatientRecord("line 3", "P3", "Eva")])
    assert (report.changes[Change.UNCHANGED], report.changes[Change.CHANGED]) == (1, 1)


def test_a_list_of_consents_is_a_history_in_the_order_of_the_file(bench: Bench, linde: Practice) -> None:
    bench.imports(linde, Kind.PATIENTS, [PatientRecord("line 2", "P1", "Jan")])
    at = local("2026-11-20 12:00")
    rows: list[Record] = [
        ConsentRecord("line 2", "P1", True),
        ConsentRecord("line 3", "P1", True, by="els"),
        ConsentRecord("line 4", "P1", False, at),
    ]
    [report] = bench.imports(linde, Kind.CONSENTS, rows)
    assert (report.changes[Change.ADDED], report.changes[Change.UNCHANGED]) == (2, 1)
    [patient] = all_patients(bench.db, linde.id)
    assert [(event.given, event.by) for event in consent_history(bench.db, patient.id)] == [
        (False, ""),
        (True, "agenda-1.csv"),
    ]


def test_a_word_at_the_desk_stays_when_a_whole_file_says_the_old_thing(bench: Bench, linde: Practice) -> None:
    bench.imports(linde, Kind.APPOINTMENTS, many("2026-11-24 10:30")[:3])
    a_word(bench.db, linde, "P1", given=False, at="2026-11-23 10:00")
    bench.imports(linde, Kind.APPOINTMENTS, many("2026-11-24 10:45")[:3])
    assert [patient.consent for patient in all_patients(bench.db, linde.id)] == [
        Consent.GIVEN,
        Consent.WITHDRAWN,
        Consent.GIVEN,
    ]


def test_a_file_that_breaks_off_leaves_nothing(bench: Bench, linde: Practice) -> None:
    class BrokenOffError(Exception):
        pass

    def rows() -> Iterator[Record]:
        yield from many("2026-11-24 10:30")
        raise BrokenOffError

    with pytest.raises(BrokenOffError):
        bench.imports(linde, Kind.APPOINTMENTS, rows())
    assert list(all_patients(bench.db, linde.id)) == []
    with pytest.raises(BadFile):  # and the connection goes on
        bench.imports(linde, Kind.PATIENTS, [PatientRecord("line 2", "P1")])


@pytest.mark.parametrize(
    ("before", "now"), [("0012", "12"), ("12", "0012"), ("012", "0012"), ("12", "12.0"), ("012", "12.0")]
)
@pytest.mark.parametrize("kind", [Kind.PATIENTS, Kind.APPOINTMENTS])
def test_an_id_that_lost_its_zeros_makes_no_second_patient(
    bench: Bench, linde: Practice, kind: Kind, before: str, now: str
) -> None:
    def row(number: int, patient: str, phone: str = "06-12345601") -> Record:
        record = PatientRecord(f"line {number}", patient, "J. de Vries", phone, consent=True)
        if kind is Kind.PATIENTS:
            return record
        start = local("2026-11-24 10:30")
        return AppointmentRecord(f"line {number}", f"A{number}", record._replace(place=""), start)

    bench.imports(linde, kind, [row(1, before)])
    (result,) = bench.imports(linde, kind, [row(2, now), row(3, "13", "06-12345603"), row(4, "014", "06-12345604")])
    told = f'the patient is "{before}" here: a spreadsheet may have taken zeros of the id, or put'
    assert [(error.place, error.reason[: len(told)]) for error in result.errors] == [("line 2", told)]
    assert [patient.source_id for patient in all_patients(bench.db, linde.id)] == sorted([before, "13", "014"])


def test_another_patient_may_have_an_id_that_differs_but_for_zeros(bench: Bench, linde: Practice) -> None:
    bench.imports(linde, Kind.PATIENTS, [PatientRecord("line 2", "012", "J. de Vries", "06-12345601")])
    (result,) = bench.imports(linde, Kind.PATIENTS, [PatientRecord("line 2", "12", "K. Bos", "06-12345602")])
    assert (result.changes[Change.ADDED], result.errors) == (1, [])
