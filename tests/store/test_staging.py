"""The staging tables: what files say is kept apart from the database, is compared with it, and leaves no trace."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.store import changes, repeats, staging
from smsreminders.store.database import Database, rehearsal
from smsreminders.store.patients import Patient, remember_said, unknown_patient
from tests.builders import TOMORROW, a_patient, an_appointment
from tests.store.test_plans import index_of, steps_of

HOUR = timedelta(hours=1)
START = "2026-11-24T09:30:00Z"


@pytest.fixture
def staged(db: Database) -> Database:
    staging.set_up(db)
    return db


def fill(db: Database, *ids: str, patient: str = "P1", location: str | None = None, file: int = 0) -> None:
    """Appointments of one patient, an hour tomorrow, under the line of their place."""
    with staging.filling(db):
        staging.stage_patients(db, file, [(1, 0, patient, "Jan de Boer", None, None, None)])
        staging.stage_visits(db, file, [(1, TOMORROW, None)])
        staging.stage_details(db, file, [(1, "booked", location, None)])
        staging.stage_appointments(db, file, [range(2, 2 + len(ids)), ids, *[[1] * len(ids)] * 3])
        staging.index(db, "appointments")


def ids(rows: Iterator[tuple[object, ...]]) -> list[object]:
    return [row[1] for row in rows]


def test_rows_are_kept_by_file_in_their_order_and_gone_for_the_next_import(staged: Database) -> None:
    fill(staged, *(f"A{number}" for number in range(450, 0, -1)), file=3)
    assert ids(changes.staged_rows(staged, "appointments", 3)) == [f"A{number}" for number in range(450, 0, -1)]
    assert [staging.count_staged(staged, "appointments", file) for file in (3, 4)] == [450, 0]
    staging.set_up(staged)
    assert staging.count_staged(staged, "appointments", 3) == 0


def test_what_rows_of_a_file_share_is_its_own(staged: Database) -> None:
    for file, location in ((0, "kamer 1"), (1, "kamer 2")):
        staging.stage_patients(staged, file, [(1, 0, f"P{file}", None, None, None, None)])
        staging.stage_visits(staged, file, [(1, TOMORROW, None)])
        staging.stage_details(staged, file, [(1, "booked", location, None)])
        staging.stage_appointments(staged, file, [[2], ["A1"], [1], [1], [1]])
    rows = [list(changes.staged_rows(staged, "appointments", file)) for file in (0, 1)]
    assert [(row[2], row[10]) for [row] in rows] == [("P0", "kamer 1"), ("P1", "kamer 2")]


def test_an_index_tells_whether_each_id_stands_once(db: Database) -> None:
    for told, once in ((["A1", "A2"], True), (["A1", "A1"], False)):
        staging.set_up(db)
        staging.stage_appointments(db, 0, [[2, 3], told, *[[1, 1]] * 3])
        staging.stage_appointments(db, 1, [[2], ["A1"], *[[1]] * 3])
        assert staging.index(db, "appointments") is once


def test_a_row_is_kept_as_told(staged: Database) -> None:
    fill(staged, "A1", location="kamer 2")
    assert list(changes.staged_rows(staged, "appointments", 0)) == [
        (2, "A1", "P1", "Jan de Boer", None, None, None, START, None, "booked", "kamer 2", None)
    ]
    staging.stage_consents(
        staged, 0, [(2, "P1", True, TOMORROW, "desk", "els", ""), (3, "P1", False, None, "form", "", "v")]
    )
    assert list(changes.staged_rows(staged, "consents", 0)) == [
        (2, "P1", 1, START, "desk", "els", ""),
        (3, "P1", 0, None, "form", "", "v"),
    ]


def test_filling_locks_nobody_out(db: Database, path: Path) -> None:
    staging.set_up(db)
    with staging.filling(db):
        staging.stage_visits(db, 0, [(1, TOMORROW, None)])
        other = sqlite3.connect(path, timeout=0, isolation_level=None)
        other.execute("begin exclusive")
        other.close()


def test_what_breaks_while_files_are_read_leaves_the_tables_empty(staged: Database) -> None:
    def broken_off() -> Iterator[tuple[int, datetime, None]]:
        yield 1, TOMORROW, None
        raise OSError

    with pytest.raises(OSError), staging.filling(staged):  # noqa: PT011 - no other than this one
        staging.stage_visits(staged, 0, broken_off())
    assert list(staged.execute("select * from staged_visits")) == []


def test_the_patient_of_no_appointment_goes_with_the_last_one(staged: Database) -> None:
    fill(staged, "A1", "A2")
    staging.remove(staged, "appointments", [1])
    assert list(staged.execute("select source_id from staged_patients")) == [("P1",)]
    staging.remove(staged, "appointments", [2])
    assert list(staged.execute("select source_id from staged_patients")) == []


def test_rows_of_one_id_come_back_with_the_bad_ones_and_what_they_say(staged: Database) -> None:
    fill(staged, "A1", "A2", "A1", "A3")
    staging.stage_errors(staged, 0, [(9, "A2"), (8, "A2"), (7, "A7"), (6, "A7")])
    staging.stage_errors(staged, 1, [(5, "A3")])
    content = ("P1", "Jan de Boer", None, None, None, START, None, "booked", None, None)
    nothing = (None,) * len(content)
    assert list(repeats.rows_of_one_id(staged, "appointments", 0)) == [
        (("A1",), 2, 1, "A1", content),
        (("A1",), 4, 3, "A1", content),
        (("A2",), 3, 2, "A2", content),
        (("A2",), 8, None, "A2", nothing),
        (("A2",), 9, None, "A2", nothing),
    ]


def test_a_patient_who_is_told_of_in_one_way_does_not_come_back(staged: Database) -> None:
    fill(staged, "A1", "A2")
    told = ("Jan de Boer", None, None, None)
    staging.stage_patients(
        staged, 0, [(7, 0, "P1", *told), (8, 0, "P2", *told), (9, 0, "P2", "Jan de Boer", None, None, True)]
    )
    staging.stage_appointments(staged, 0, [[4, 5, 6], ["A3", "A4", "A5"], [7, 8, 9], [1, 1, 1], [1, 1, 1]])
    assert list(repeats.rows_of_one_patient(staged, 0)) == [
        (("P2",), 5, 4, "A4", told),
        (("P2",), 6, 5, "A5", ("Jan de Boer", None, None, 1)),
    ]


def changed(db: Database, practice: Practice) -> list[tuple[object, ...]]:
    """The rows that are new or differ: place, and the id of the stored one."""
    changes.know_patients(db, practice.id, 0)
    changes.find_changed_appointments(db, practice.id, 0)
    return list(db.execute("select * from staged_changes order by id"))


def test_only_what_is_new_or_differs_is_taken_in_hand(staged: Database, practice: Practice, patient: Patient) -> None:
    fill(staged, "A1", "A2", "A3")
    an_appointment(staged, practice, patient, "A1", starts_at=TOMORROW)
    moved = an_appointment(staged, practice, patient, "A2", starts_at=TOMORROW + HOUR)
    assert changed(staged, practice) == [(2, moved), (3, None)]
    assert [[row[:3] for row in page] for page in changes.changed_appointments(staged)] == [[(patient.id, 3, "A2")]]
    assert changes.add_new_appointments(staged, practice.id) == 1
    assert [id_ for id_, _ in changed(staged, practice)] == [2]


@pytest.mark.parametrize(("location", "expected"), [(None, []), ("", [1]), ("kamer 2", [])])
def test_what_a_row_does_not_say_is_no_difference(
    staged: Database, practice: Practice, patient: Patient, location: str | None, expected: list[int]
) -> None:
    fill(staged, "A1", location=location)
    an_appointment(staged, practice, patient, "A1", starts_at=TOMORROW, location="kamer 2")
    assert [id_ for id_, _ in changed(staged, practice)] == expected


@pytest.mark.parametrize(
    ("told", "differs"),
    [
        (("Jan de Boer", None, None, None), False),
        ((None, None, None, None), False),
        (("", None, None, True), False),
        (("Piet", None, None, None), True),
        ((None, "", None, None), True),
        ((None, None, "", None), False),
        ((None, None, "nl", None), True),
        ((None, None, None, False), True),
    ],
)
def test_a_patient_is_taken_in_hand_where_the_file_says_another_thing(
    staged: Database, practice: Practice, told: tuple[str | None, str | None, str | None, bool | None], *, differs: bool
) -> None:
    known = a_patient(staged, practice, language=None)
    remember_said(staged, "patients", {known.id: True})
    staging.stage_patients(staged, 0, [(5, 2, "P1", *told)])
    changes.find_changed_patients(staged, practice.id, 0, "patients")
    assert [row[1] for page in changes.changed_patients(staged) for row in page] == ["P1"] * differs


def test_the_appointments_of_nobody_are_found(staged: Database, practice: Practice) -> None:
    fill(staged, "A1", patient="P7")
    changes.know_patients(staged, practice.id, 0)
    assert changes.appointments_of_nobody(staged, 0) == [(1, 2, "A1", "P7")]
    assert "P7" in str(unknown_patient("P7"))


def test_booked_appointments_that_no_file_has_are_found(staged: Database, practice: Practice, patient: Patient) -> None:
    known = {id_: an_appointment(staged, practice, patient, id_, starts_at=TOMORROW) for id_ in ("A1", "A2", "A3")}
    fill(staged, "A1", file=4)
    between = practice.id, TOMORROW, TOMORROW + HOUR
    assert changes.booked_between(staged, *between) == 3
    assert list(changes.untold_between(staged, *between)) == [(known["A2"], "A2"), (known["A3"], "A3")]
    assert changes.booked_between(staged, practice.id, TOMORROW + HOUR, TOMORROW + 2 * HOUR) == 0


def test_stored_rows_are_found_by_their_keys(staged: Database) -> None:
    with rehearsal(staged):
        steps = steps_of(staged, lambda db: changes.find_changed_patients(db, 1, 0, "patients"))
        assert index_of(steps, "p") == [("SEARCH", "sqlite_autoindex_patients_1")]
        assert index_of(steps, "c") == [("SEARCH", "PRIMARY KEY")]
        steps = steps_of(staged, lambda db: changes.know_patients(db, 1, 0))
        assert index_of(steps, "p") == [("SEARCH", "sqlite_autoindex_patients_1")]
        steps = steps_of(staged, lambda db: changes.find_changed_appointments(db, 1, 0))
        assert index_of(steps, "a") == [("SEARCH", "sqlite_autoindex_appointments_1")]
        assert [index_of(steps, part) for part in "wvd"] == [[("SEARCH", "INTEGER PRIMARY KEY")]] * 3
        steps = steps_of(staged, lambda db: list(changes.untold_between(db, 1, TOMORROW, TOMORROW)))
        assert index_of(steps, "a") == [("SEARCH", "appointments_by_start")]
