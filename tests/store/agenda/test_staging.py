"""The staging tables: what files say is kept apart from the database, is compared with it, and leaves no trace."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from smsreminders.domain.agenda.believed import SaidAppointment, Status
from smsreminders.domain.agenda.missing import Absent
from smsreminders.domain.consent import ConsentEvent, How
from smsreminders.domain.practices import Practice
from smsreminders.store.agenda import changes, repeats, staged_records, staging
from smsreminders.store.agenda.said import (
    SaidPatient,
    SourceRow,
    keep_appointments,
    keep_missing,
    keep_patients,
    patients_said,
    source_of,
)
from smsreminders.store.appointments import miss_appointments
from smsreminders.store.database import Database, rehearsal
from smsreminders.store.patients import Patient, all_patients, consent_histories
from tests.builders import NOW, TOMORROW, a_patient, an_appointment
from tests.store.test_plans import index_of, steps_of

SOURCE = SourceRow(1, 1, "export", "appointments", {})
HOUR = timedelta(hours=1)
START = "2026-11-24T09:30:00Z"


@pytest.fixture
def staged(db: Database) -> Database:
    staging.set_up(db)
    return db


def fill(db: Database, *ids: str, patient: str = "P1", location: str | None = None, file: int = 0) -> None:
    """Appointments of one patient, an hour tomorrow, numbered from 1 on."""
    said = patient, "Jan de Boer", None, None, None, None, START, None, "booked", location, *[None] * 6
    with staging.filling(db):
        staging.stage(db, "appointments", ((n, file, f"line {n + 1}", id_, *said) for n, id_ in enumerate(ids, 1)))
        staging.index(db, "appointments")
        staging.gather_people(db, "appointments", file)


def ids_of(db: Database, file: int = 0) -> list[str]:
    return [row[3] for row in staged_records.staged_rows(db, "appointments", file)]


def test_records_are_kept_by_file_in_their_order_and_gone_for_the_next_import(staged: Database) -> None:
    fill(staged, *(f"A{number}" for number in range(450, 0, -1)), file=3)
    assert ids_of(staged, 3) == [f"A{number}" for number in range(450, 0, -1)]
    assert [staged_records.count_staged(staged, "appointments", file) for file in (3, 4)] == [450, 0]
    staging.set_up(staged)
    assert staged_records.count_staged(staged, "appointments", 3) == 0


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        ("patients", (1, 0, "line 2", "P1", "Jan de Boer", None, "", True, None)),
        (
            "appointments",
            (
                1,
                0,
                "row 2",
                "A1",
                "P1",
                None,
                "",
                "nl",
                False,
                "ab",
                START,
                None,
                "booked",
                "kamer 2",
                None,
                "controle",
                "no-show",
                "{}",
                None,
                START,
            ),
        ),
        ("consents", (1, 0, "line 2", "P1", True, None, "form", "", "v", "{}")),
        ("errors", (1, 0, "line 2", "P1", None)),
    ],
)
def test_a_record_is_kept_as_it_was_staged(staged: Database, kind: str, row: tuple[object, ...]) -> None:
    staging.stage(staged, kind, [row])
    assert list(staged_records.staged_rows(staged, kind, 0)) == [row]


def test_filling_locks_nobody_out(staged: Database, path: Path) -> None:
    with staging.filling(staged):
        staging.stage(staged, "errors", [(1, 0, "line 2", "A1", None)])
        other = sqlite3.connect(path, timeout=0, isolation_level=None)
        other.execute("begin exclusive")
        other.close()


def test_what_breaks_while_files_are_read_leaves_the_tables_empty(staged: Database) -> None:
    def broken_off() -> Iterator[tuple[int, int, str, str, None]]:
        yield 1, 0, "line 2", "A1", None
        raise OSError

    with pytest.raises(OSError), staging.filling(staged):  # noqa: PT011 - no other than this one
        staging.stage(staged, "errors", broken_off())
    assert staged_records.count_staged(staged, "errors", 0) == 0


def test_what_is_rejected_is_a_bad_row_that_holds_its_appointment_and_what_repeats_is_gone(staged: Database) -> None:
    fill(staged, "A1", "A2", "A3")
    staging.remove(staged, "appointments", [1])
    staging.reject(staged, "appointments", [2])
    assert ids_of(staged) == ["A2", "A3"]
    assert [(row[3], row[-2]) for row in staged_records.staged_rows(staged, "appointments", 0)] == [
        ("A2", 1),
        ("A3", None),
    ]
    assert staged_records.count_staged(staged, "appointments", 0) == 1
    assert list(staged_records.staged_rows(staged, "errors", 0)) == [(2, 0, "line 3", "A2", START)]


def test_records_of_one_id_come_back_with_the_bad_ones_and_what_they_say(staged: Database) -> None:
    fill(staged, "A1", "A2", "A1", "A3")
    bad = [(9, 0, "A2"), (8, 0, "A2"), (7, 0, "A7"), (6, 0, "A7"), (5, 1, "A3")]
    staging.stage(staged, "errors", ((n, file, f"line {n}", id_, None) for n, file, id_ in bad))
    content = ("P1", "Jan de Boer", None, None, None, None, START, None, "booked", *[None] * 5)
    assert list(repeats.rows_of_one_id(staged, "appointments", 0)) == [
        (("A1",), 1, "line 2", "A1", content),
        (("A1",), 3, "line 4", "A1", content),
        (("A2",), 2, "line 3", "A2", content),
        (("A2",), 8, "line 8", "A2", None),
        (("A2",), 9, "line 9", "A2", None),
    ]


def test_appointments_that_contradict_the_first_one_of_their_patient_come_back(staged: Database) -> None:
    appointment = START, None, "booked", *[None] * 7
    jan, known = ("Jan de Boer", None, None, True, None), ("Jan de Boer", "06", None, None, None)
    told = [("P1", jan), ("P2", jan), ("P1", jan), ("P2", known), ("P2", jan)]
    rows = ((n, 0, f"line {n}", f"A{n}", patient, *said, *appointment) for n, (patient, said) in enumerate(told, 1))
    staging.stage(staged, "appointments", rows)
    staging.gather_people(staged, "appointments", 0)
    first, this = ("Jan de Boer", ""), ("Jan de Boer", "06")
    assert list(repeats.otherwise_of_patients(staged, 0)) == [(4, "line 4", "A4", "line 2", *this, *first)]


def source(db: Database, practice: Practice, kind: str = "appointments") -> SourceRow:
    return source_of(db, practice.id, "export", kind)


def changed(db: Database, practice: Practice) -> list[tuple[object, ...]]:
    """The appointments that are new or differ: number, and the id of the stored one."""
    changes.find_changed_appointments(db, source(db, practice), 0)
    return list(db.execute("select number, stored_id from staged_changes order by number"))


def test_only_what_is_new_or_differs_is_taken_in_hand(staged: Database, practice: Practice, patient: Patient) -> None:
    fill(staged, "A1", "A2", "A3")
    an_appointment(staged, practice, patient, "A1", starts_at=TOMORROW + HOUR)
    moved = an_appointment(staged, practice, patient, "A2", starts_at=TOMORROW)
    said = SaidAppointment("P1", TOMORROW, status=Status.BOOKED)
    keep_appointments(staged, source(staged, practice), {"A1": said, "A2": replace(said, starts_at=TOMORROW + HOUR)})
    assert changed(staged, practice) == [(2, moved), (3, None)]
    assert [[(row[0], row[-1]) for row in page] for page in changes.changed_appointments(staged)] == [[(2, patient.id)]]
    assert changes.add_new_appointments(staged, source(staged, practice)) == 1
    assert [number for number, _ in changed(staged, practice)] == [2]


@pytest.mark.parametrize(("location", "expected"), [(None, []), ("", [1]), ("kamer 2", [])])
def test_what_a_record_does_not_say_is_no_difference(
    staged: Database, practice: Practice, patient: Patient, location: str | None, expected: list[int]
) -> None:
    fill(staged, "A1", location=location)
    an_appointment(staged, practice, patient, "A1", starts_at=TOMORROW)
    said = SaidAppointment("P1", TOMORROW, status=Status.BOOKED, location="kamer 2")
    keep_appointments(staged, source(staged, practice), {"A1": said})
    assert [number for number, _ in changed(staged, practice)] == expected


@pytest.mark.parametrize(
    ("says", "differs"),
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
    staged: Database, practice: Practice, says: tuple[str | None, str | None, str | None, bool | None], *, differs: bool
) -> None:
    a_patient(staged, practice, language=None)
    export = source(staged, practice, "patients")
    keep_patients(staged, export, {"P1": SaidPatient("Jan de Boer", "06-12345678", None, consent=True)})
    staging.stage(staged, "patients", [(5, 0, "line 2", "P1", *says, None)])
    staging.gather_people(staged, "patients", 0)
    changes.find_changed_patients(staged, export, 0)
    assert [row[3] for page in changes.changed_patients(staged) for row in page] == ["P1"] * differs


def test_who_is_new_and_has_a_name_is_stored_as_a_whole_and_the_others_are_given(
    staged: Database, practice: Practice
) -> None:
    export = source(staged, practice, "patients")
    says = {
        "P1": ("Jan de Boer", "06-12345678", "nl", True, None),
        "P2": ("Piet", None, "", None, None),
        "P3": (None, "06-12345679", None, True, None),
        "P4": ("Els", None, None, None, "a mark"),
    }
    staging.stage(staged, "patients", ((n, 0, f"line {n}", id_, *words) for n, (id_, words) in enumerate(says.items())))
    staging.keep_words(staged, "patients", 0)
    staging.gather_people(staged, "patients", 0)
    changes.find_changed_patients(staged, export, 0)
    assert list(changes.new_patients(staged)) == [("P1", "Jan de Boer"), ("P2", "Piet")]
    assert changes.add_new_patients(staged, export, file="export.csv", now=TOMORROW) == 2
    jan, piet = all_patients(staged, practice.id)
    assert (jan.name, jan.phone, jan.language) == ("Jan de Boer", "06-12345678", "nl")
    assert (piet.name, piet.phone, piet.language) == ("Piet", "", None)
    consent = ConsentEvent(True, TOMORROW, How.IMPORT, "export.csv")
    assert consent_histories(staged, [jan.id, piet.id]) == {jan.id: [consent], piet.id: []}
    assert patients_said(staged, export, ["P1", "P2"]) == {
        "P1": SaidPatient("Jan de Boer", "06-12345678", "nl", consent=True),
        "P2": SaidPatient("Piet", None, ""),
    }
    assert [row[3] for page in changes.changed_patients(staged) for row in page] == ["P3", "P4"]


def test_the_records_of_a_patient_are_found(staged: Database) -> None:
    fill(staged, "A1", "A2", patient="P7")
    staging.stage(staged, "patients", [(5, 0, "line 6", "P7", None, None, None, None, None)])
    assert list(changes.of_patients(staged, "appointments", 0, ["P6", "P7"])) == [
        (1, "line 2", "A1", "P7"),
        (2, "line 3", "A2", "P7"),
    ]
    assert list(changes.of_patients(staged, "patients", 0, ["P7"])) == [(5, "line 6", "P7", "P7")]


def test_booked_appointments_that_no_file_has_are_found(staged: Database, practice: Practice, patient: Patient) -> None:
    known = {id_: an_appointment(staged, practice, patient, id_, starts_at=TOMORROW) for id_ in ("A1", "A2", "A3")}
    fill(staged, "A1", file=4)
    between = TOMORROW, TOMORROW + HOUR
    export = source(staged, practice)
    absent = [
        Absent(known[id_], id_, TOMORROW, told=False, said=None, is_missing=False, lacked_by="") for id_ in ("A2", "A3")
    ]
    assert changes.absent_between(staged, export, *between) == absent
    staging.stage(staged, "errors", [(9, 3, "line 9", "A3", None)])
    assert changes.absent_between(staged, export, *between) == absent[:1]
    keep_missing(staged, export, [known["A2"]], "ab", NOW)
    miss_appointments(staged, [known["A2"]], "agenda.csv doesn't have it", cancelled=False)
    assert changes.absent_between(staged, export, *between) == [
        Absent(
            known["A2"], "A2", TOMORROW, told=True, said=Status.MISSING, is_missing=True, lacked_by="ab", lacked_at=NOW
        )
    ]
    miss_appointments(staged, [known["A2"]], "agenda.csv doesn't have it", cancelled=True)
    assert changes.absent_between(staged, export, *between) == []


def test_stored_rows_are_found_by_their_keys(staged: Database) -> None:
    with rehearsal(staged):
        steps = steps_of(staged, lambda db: changes.find_changed_patients(db, SOURCE, 0))
        assert index_of(steps, "p") == [("SEARCH", "sqlite_autoindex_patients_1")]
        assert index_of(steps, "d") == [("SEARCH", "PRIMARY KEY")]
        steps = steps_of(staged, lambda db: changes.find_changed_appointments(db, SOURCE, 0))
        assert index_of(steps, "p") == [("SEARCH", "sqlite_autoindex_patients_1")]
        assert index_of(steps, "a") == [("SEARCH", "sqlite_autoindex_appointments_1")]
        steps = steps_of(staged, lambda db: changes.absent_between(db, SOURCE, TOMORROW, TOMORROW))
        assert index_of(steps, "a") == [("SEARCH", "appointments_by_start")]
        steps = steps_of(staged, lambda db: list(repeats.otherwise_of_patients(db, 0)))
        assert index_of(steps, "w") == [("SEARCH", "sqlite_autoindex_staged_people_1")]
        assert index_of(steps, "f") == [("SEARCH", "INTEGER PRIMARY KEY")]
