"""What staged files say beside what their source said before: counts of appointments and patients."""

from datetime import timedelta

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.store.agenda import comparing, staging
from smsreminders.store.agenda.comparing import Known, Otherwise, People
from smsreminders.store.agenda.said import SourceRow, keep_missing, source_of
from smsreminders.store.database import Database
from smsreminders.store.patients import Patient
from smsreminders.store.times import to_text
from tests.builders import NOW, an_appointment

START = NOW + timedelta(days=1)


@pytest.fixture
def source(db: Database, practice: Practice, patient: Patient) -> SourceRow:
    """A source that told of A1 to A3, an hour apart, all of one patient."""
    found = source_of(db, practice.id, "agenda", "appointments")
    for number in range(1, 4):
        an_appointment(db, practice, patient, f"A{number}", starts_at=START + timedelta(hours=number))
    db.execute(
        "insert into said_appointments (from_source_id, source_id, patient, starts_at)"
        " select ?, source_id, ?, starts_at from appointments",
        [found.id, patient.source_id],
    )
    db.execute(
        "insert into said_patients (from_source_id, source_id, name, phone) values (?, ?, ?, ?)",
        [found.id, patient.source_id, "J. de Vries", "06-12345678"],
    )
    staging.set_up(db)
    return found


def stage(db: Database, *rows: tuple[str, str, float], status: str | None = None) -> None:
    """Stage appointments: id, patient, hours after START."""
    db.conn.executemany(
        "insert into staged_appointments (file, place, source_id, patient, starts_at, status)"
        " values (0, '', ?, ?, ?, ?)",
        [(id_, patient, to_text(START + timedelta(hours=hours)), status) for id_, patient, hours in rows],
    )


def test_rows_are_counted_but_those_to_be_ignored_and_known_by_their_ids(db: Database, source: SourceRow) -> None:
    assert comparing.dates_of(db) is None
    stage(db, ("A1", "P1", 1), ("X1", "P1", 26))
    stage(db, ("A2", "P1", 90), status="ignored")
    assert (comparing.count_rows(db, source.kind), comparing.count_known(db, source, NOW).ids) == (2, 1)
    assert [str(comparing.dates_of(db))] == [f"{START:%Y-%m-%d} to {START + timedelta(days=1):%Y-%m-%d}"]


def test_known_appointments_are_counted_by_how_they_moved_and_whose_they_are(
    db: Database, source: SourceRow, patient: Patient
) -> None:
    stage(db, ("A1", patient.source_id, 2), ("A2", "P9", 1.5), ("A3", "", 3), ("X1", "P9", 9))
    until = to_text(START + timedelta(hours=3))
    assert comparing.count_known(db, source, NOW) == Known(3, {60: 1, -30: 1}, 1, 2, until)
    assert comparing.count_known(db, source, NOW + timedelta(days=2)) == Known(3, {}, 1, 2, None)
    assert comparing.count_to_come(db, source, NOW, until) == 3


def test_a_new_id_at_the_patient_and_start_of_one_that_is_gone_is_counted(
    db: Database, source: SourceRow, patient: Patient
) -> None:
    mine = patient.source_id
    stage(db, ("A1", mine, 1), ("X1", mine, 1), ("X2", mine, 2), ("X3", "P9", 3), ("X4", mine, 4))
    assert comparing.count_renamed(db, source) == 1


def test_patients_are_counted_by_what_is_told_of_them(db: Database, source: SourceRow, patient: Patient) -> None:
    db.conn.executemany(
        "insert into staged_people (file, source_id, name, phone) values (0, ?, ?, ?)",
        [(patient.source_id, None, "06-87654321"), ("P9", "P. Bakker", "06-87654329")],
    )
    assert comparing.count_people(db, source) == People(2, 1, 1, 0, 0, 0)
    assert list(comparing.told_otherwise(db, source)) == [Otherwise("06-12345678", "06-87654321", "J. de Vries", None)]


def test_what_is_booked_is_given_with_whether_it_is_gone_but_not_what_was_missing(
    db: Database, source: SourceRow, practice: Practice, patient: Patient
) -> None:
    stage(db, ("A1", patient.source_id, 1))
    an_appointment(db, practice, patient, "D1", starts_at=START + timedelta(hours=8))  # the desk's
    ids = dict(db.execute("select source_id, id from appointments").fetchall())
    keep_missing(db, source, [ids["A3"]], "content", NOW)

    def hours(*, told_only: bool) -> list[tuple[int, bool]]:
        rows = comparing.booked_of(db, source, NOW, NOW + timedelta(days=3), told_only=told_only)
        return sorted((round((row.starts_at - START) / timedelta(hours=1)), row.gone) for row in rows)

    assert hours(told_only=True) == [(1, False), (2, True)]
    assert hours(told_only=False) == [(1, False), (2, True), (8, True)]
    until = START + timedelta(hours=9)
    assert comparing.count_to_come(db, source, NOW, to_text(until)) == 3
    comparing.keep_lacked(db, source, NOW, until.date() - timedelta(days=1))
    assert hours(told_only=True) == [(1, False), (2, True)]
    comparing.keep_lacked(db, source, NOW, until.date())
    assert hours(told_only=True) == [(1, False)]
    assert comparing.count_to_come(db, source, NOW, to_text(until)) == 1
