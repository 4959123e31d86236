"""Patients by the ids of their practice's record, and their consent: only ever added to, and the last word counts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smsreminders.domain.consent import Consent, ConsentEvent, How, in_force
from smsreminders.domain.practices import Practice
from smsreminders.errors import UsageError
from smsreminders.store.database import Database, rehearsal
from smsreminders.store.patients import (
    Patient,
    add_consent,
    all_patients,
    consent_history,
    count_patients,
    numbers_country,
    patient_by_id,
    patients_among,
    patients_of_number,
    read_numbers_again,
    save_patients,
)
from smsreminders.store.round.due import due_between, next_due
from tests.builders import NOW, TOMORROW, a_consent, a_patient, a_practice, an_appointment

ODD_IDS = ["1", "01", "P'1", 'P"1', "é", "a,b", "[1]", "null", "😀", "%", "P 1"]
DAYS = st.integers(0, 3).map(lambda days: NOW + timedelta(days=days))


def test_a_patient_is_kept_as_told(db: Database, practice: Practice) -> None:
    told = Patient(0, "P7", "Fatma Öztürk", "06 - 1234 5678 (moeder)", "tr", Consent.GIVEN)
    id_ = save_patients(db, practice.id, [told])["P7"]
    assert patient_by_id(db, practice.id, "P7") == replace(told, id=id_, consent=Consent.NEVER_ASKED)


def test_a_patient_told_again_is_changed_and_keeps_id_and_consent(db: Database, practice: Practice) -> None:
    patient = a_patient(db, practice)
    changed = replace(patient, name="Jan Jansen", phone="", language="en")
    assert save_patients(db, practice.id, [replace(changed, id=99, consent=Consent.NEVER_ASKED)]) == {"P1": patient.id}
    assert list(all_patients(db, practice.id)) == [changed]


def test_a_source_id_is_of_one_practice(db: Database) -> None:
    one, other = a_practice(db, "zuid"), a_practice(db, "noord")
    here, there = a_patient(db, one, name="Jan"), a_patient(db, other, name="Piet", consent=None)
    assert [patient_by_id(db, one.id, "P1"), patient_by_id(db, other.id, "P1")] == [here, there]
    assert here.id != there.id


def test_patients_are_in_the_order_of_their_ids(db: Database, practice: Practice) -> None:
    for source_id in ("P3", "P1", "P2"):
        a_patient(db, practice, source_id)
    assert [patient.source_id for patient in all_patients(db, practice.id)] == ["P1", "P2", "P3"]


def test_patients_without_consent_are_listed_and_counted_by_what_is_in_force(db: Database, practice: Practice) -> None:
    never, given, withdrawn = (a_patient(db, practice, source_id, consent=None) for source_id in ("P1", "P2", "P3"))
    for patient in (given, withdrawn):
        a_consent(db, patient.id)
    a_consent(db, withdrawn.id, given=False)
    listed = [patient.source_id for patient in all_patients(db, practice.id, without_consent=True)]
    assert listed == [never.source_id, withdrawn.source_id]
    assert count_patients(db, practice.id, without_consent=True) == 2
    assert (count_patients(db, practice.id), count_patients(db, practice.id + 1)) == (3, 0)


def test_the_known_ones_are_found_among_many_and_under_their_own_id(db: Database, practice: Practice) -> None:
    known = {source_id: a_patient(db, practice, source_id) for source_id in ODD_IDS}
    assert patients_among(db, practice.id, [*ODD_IDS, "P2", "", *ODD_IDS]) == known
    assert patients_among(db, practice.id, ["0", "p'1"]) == {}


def test_an_unknown_patient_is_told_with_where_to_look(db: Database, practice: Practice, patient: Patient) -> None:
    other = a_practice(db, "noord")
    for practice_id, source_id in ((practice.id, "P2"), (other.id, patient.source_id)):
        with pytest.raises(UsageError) as raised:
            patient_by_id(db, practice_id, source_id)
        assert str(raised.value) == f'there is no patient "{source_id}"; `smsreminders patient list` shows them'


# Consent


@pytest.mark.parametrize("consent", [True, False, None])
def test_consent_is_given_withdrawn_or_was_never_asked(db: Database, practice: Practice, consent: bool | None) -> None:
    assert a_patient(db, practice, consent=consent).consent is Consent.of(consent)


def test_an_event_is_kept_as_told(db: Database, patient: Patient) -> None:
    event = ConsentEvent(given=False, at=NOW, how=How.PORTAL, by="mw. Bakker", wording="v2 van de website")
    add_consent(db, patient.id, event, NOW + timedelta(days=1))
    assert consent_history(db, patient.id)[-1] == event
    assert list(db.execute("select recorded_at from consent_events where given = 0")) == [("2026-11-24T08:00:00Z",)]


def test_the_latest_word_counts_though_it_was_recorded_first(db: Database, practice: Practice) -> None:
    patient = a_patient(db, practice, consent=None)
    withdrawn = a_consent(db, patient.id, given=False, at=NOW)
    given_before = a_consent(db, patient.id, given=True, at=NOW - timedelta(days=1))
    assert consent_history(db, patient.id) == [given_before, withdrawn]
    assert patient_by_id(db, practice.id, "P1").consent is Consent.WITHDRAWN


@pytest.mark.parametrize("last", [True, False])
def test_of_two_words_at_the_same_time_the_one_recorded_last_counts(
    db: Database, practice: Practice, last: bool
) -> None:
    patient = a_patient(db, practice, consent=None)
    words = [a_consent(db, patient.id, given=given, at=NOW) for given in (not last, last)]
    assert consent_history(db, patient.id) == words
    assert patient_by_id(db, practice.id, "P1").consent is Consent.of(last)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # each example is taken back
@given(said=st.lists(st.tuples(st.booleans(), DAYS), max_size=6))
def test_every_query_finds_the_consent_in_force_that_the_domain_finds_in_the_same_events(
    db: Database, practice: Practice, said: list[tuple[bool, datetime]]
) -> None:
    with rehearsal(db):
        patient = a_patient(db, practice, consent=None)
        an_appointment(db, practice, patient)
        events = [a_consent(db, patient.id, given=given, at=at) for given, at in said]
        counts = in_force(events)
        expected = Consent.of(counts.given if counts else None)
        assert patient_by_id(db, practice.id, "P1").consent is expected
        assert [known.consent for known in all_patients(db, practice.id)] == [expected]
        assert [
            due.consent for due in due_between(db, practice.id, NOW, TOMORROW + timedelta(days=1), rehearsed=False)
        ] == [expected]
        assert [due.consent for due in next_due(db, practice.id, NOW)] == [expected]
        assert consent_history(db, patient.id)[-1:] == ([counts] if counts else [])


def test_a_withdrawal_counts_after_a_consent_of_an_absurd_year(db: Database, practice: Practice) -> None:
    patient = a_patient(db, practice, consent=None)
    a_consent(db, patient.id, given=True, at=datetime(26, 1, 1, tzinfo=UTC))
    a_consent(db, patient.id, given=False, at=NOW)
    assert patient_by_id(db, practice.id, "P1").consent is Consent.WITHDRAWN


def test_consent_is_of_one_patient(db: Database, practice: Practice) -> None:
    asked, other = a_patient(db, practice, "P1"), a_patient(db, practice, "P2", consent=None)
    assert [len(consent_history(db, patient.id)) for patient in (asked, other)] == [1, 0]


def test_who_has_a_number_is_found_however_it_is_written(db: Database, practice: Practice) -> None:
    other = a_practice(db, "noord")
    mother = a_patient(db, practice, "P1", phone="06-12345678")
    child = a_patient(db, practice, "P2", phone="+31 6 12345678 (moeder)")
    elsewhere = a_patient(db, other, "P1", phone="0031612345678")
    a_patient(db, practice, "P3", phone="020-5550123")
    a_patient(db, practice, "P4", phone="")
    found = patients_of_number(db, "+31612345678")
    assert found == {practice.id: [mother, child], other.id: [elsewhere]}
    assert [p.source_id for p in patients_of_number(db, "+31205550123")[practice.id]] == ["P3"]


def test_another_number_is_found_and_the_old_one_no_more(db: Database, practice: Practice) -> None:
    a_patient(db, practice, phone="06-12345678")
    a_patient(db, practice, phone="06-12345679")
    assert [bool(patients_of_number(db, number)) for number in ("+31612345678", "+31612345679")] == [False, True]


def test_another_country_of_the_configuration_has_all_numbers_read_again(db: Database, practice: Practice) -> None:
    a_patient(db, practice, "P1", phone="0470 12 34 56")
    a_patient(db, practice, "P2", phone="+31612345678")
    assert patients_of_number(db, "+32470123456") == {}
    with rehearsal(db):
        read_numbers_again(db, "BE")
        assert numbers_country(db) == "BE"
        assert [len(patients_of_number(db, number)) for number in ("+32470123456", "+31612345678")] == [1, 1]
        a_patient(db, practice, "P3", phone="0470 12 34 56")
        assert len(patients_of_number(db, "+32470123456")[practice.id]) == 2
