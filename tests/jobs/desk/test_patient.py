"""A patient at the desk: added once, and edited without losing what isn't said."""

from dataclasses import replace

import pytest

from smsreminders.domain.changes import PatientChange
from smsreminders.domain.consent import Consent
from smsreminders.domain.practices import Practice
from smsreminders.errors import UsageError
from smsreminders.jobs.desk.patient import add_patient, edit_patient
from smsreminders.store.patients import Patient, all_patients
from tests.builders import RECEPTION
from tests.jobs.bench import Bench
from tests.jobs.builders import a_patient

P1 = Patient(1, "P1", "J. de Vries", "06-12345601", None, Consent.GIVEN)


def stored(bench: Bench, practice: Practice) -> list[Patient]:
    return list(all_patients(bench.db, practice.id))


def test_a_patient_is_added_and_returned_as_they_are_stored(bench: Bench, linde: Practice, duin: Practice) -> None:
    added = add_patient(bench.db, linde, " P1 ", PatientChange("J. de Vries", "06-12345601", "en"), access=RECEPTION)
    assert added == replace(P1, language="en", consent=Consent.NEVER_ASKED)
    assert (stored(bench, linde), stored(bench, duin)) == ([added], [])


def test_two_practices_may_have_a_patient_of_the_same_id(bench: Bench, linde: Practice, duin: Practice) -> None:
    for practice in (linde, duin):
        add_patient(bench.db, practice, "P1", PatientChange(practice.name), access=RECEPTION)
    assert [patient.name for practice in (linde, duin) for patient in stored(bench, practice)] == [
        "De Linde",
        "De Duin",
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (PatientChange(), P1),
        (PatientChange(name="K. de Vries"), replace(P1, name="K. de Vries")),
        (PatientChange(phone=""), replace(P1, phone="")),
        (PatientChange(language="en"), replace(P1, language="en")),
        (PatientChange(name="", language=""), P1),
    ],
)
def test_an_edit_changes_what_it_says_and_leaves_the_rest(
    bench: Bench, linde: Practice, change: PatientChange, expected: Patient
) -> None:
    a_patient(bench.db, linde)
    assert edit_patient(bench.db, linde, "P1", change, access=RECEPTION) == (P1, expected)
    assert stored(bench, linde) == [expected]


@pytest.mark.parametrize(
    ("source_id", "change", "message"),
    [
        ("P1", PatientChange("K. de Vries"), 'there is a patient "P1" already; change it with `patient edit`'),
        ("P2", PatientChange(" "), "a patient has a name: give it with --name"),
        ("P2", PatientChange("K. de Vries", language="Engels"), '"Engels" is no language'),
        (" ", PatientChange("K. de Vries"), "the id is empty"),
    ],
)
def test_who_can_not_be_added_is_refused_and_nothing_is_changed(
    bench: Bench, linde: Practice, source_id: str, change: PatientChange, message: str
) -> None:
    a_patient(bench.db, linde)
    with pytest.raises(UsageError, match=message):
        add_patient(bench.db, linde, source_id, change, access=RECEPTION)
    assert stored(bench, linde) == [P1]


def test_an_unknown_patient_can_not_be_edited(bench: Bench, linde: Practice, duin: Practice) -> None:
    a_patient(bench.db, linde)
    with pytest.raises(UsageError, match='there is no patient "P1"'):
        edit_patient(bench.db, duin, "P1", PatientChange("K. de Vries"), access=RECEPTION)
    assert stored(bench, linde) == [P1]
