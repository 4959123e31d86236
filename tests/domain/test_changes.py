"""What a person says of a practice: a new one, or a change that leaves the rest."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.changes import PatientChange, PracticeChange, changed_practice, new_practice
from smsreminders.domain.legal import LEGAL_FIELDS, LegalDetails
from smsreminders.domain.practices import Practice
from smsreminders.errors import UsageError

LEGAL = LegalDetails("De Linde B.V.", "Laan 1", "1234 AB", "Utrecht", "12345678", "NL123456789B01", "PO-7")
STORED = Practice(7, "linde", "De Linde", "Linde", "020-5550123", "nl", LEGAL)
SAID = {
    "name": "De Eik",
    "sender_id": "Eik",
    "phone": "030-5550123",
    "language": "en",
    "legal_name": "De Eik B.V.",
    "street": "Weg 2",
    "postcode": "4321 BA",
    "town": "Zeist",
    "kvk_number": "87654321",
    "vat_number": "NL987654321B01",
    "buyer_reference": "PO-8",
}


@given(st.sets(st.sampled_from(sorted(SAID))))
def test_a_change_changes_what_it_says_and_leaves_the_rest(said: set[str]) -> None:
    own: dict[str, Any] = {name: SAID[name] for name in said if name not in LEGAL_FIELDS}
    legal = {name: SAID[name] for name in said if name in LEGAL_FIELDS}
    expected = replace(STORED, **own, legal=replace(LEGAL, **legal))
    assert changed_practice(STORED, PracticeChange(**{name: SAID[name] for name in said})) == expected


def test_every_field_of_a_change_is_one_of_a_practice() -> None:
    names = [field.name for field in fields(Practice) if field.name not in {"id", "code", "first_code", "legal"}]
    assert [field.name for field in fields(PracticeChange)] == [*names, *LEGAL_FIELDS]


def test_an_empty_word_takes_away_what_may_be_missing_and_leaves_what_may_not() -> None:
    change = PracticeChange(**dict.fromkeys(SAID, ""))
    assert changed_practice(STORED, change) == replace(STORED, phone="", legal=LegalDetails())


def test_the_blanks_around_a_word_do_not_count() -> None:
    assert changed_practice(STORED, PracticeChange(name=" De Eik ", town=" Zeist ")) == replace(
        STORED, name="De Eik", legal=replace(LEGAL, town="Zeist")
    )
    assert changed_practice(STORED, PracticeChange(name=" ")) == STORED


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (PracticeChange(name="De\nEik"), "a name is one line"),
        (PracticeChange(sender_id="De Eik"), '"De Eik" is no sender ID'),
        (PracticeChange(language="Nederlands"), '"Nederlands" is no language'),
        (PracticeChange(kvk_number="123"), '"123" is no KvK number'),
        (PracticeChange(town="Utre\ncht"), "the town is one line"),
    ],
)
def test_what_can_not_be_is_refused(change: PracticeChange, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        changed_practice(STORED, change)


def test_a_new_practice_gets_its_sender_id_from_its_name() -> None:
    assert new_practice("eik", PracticeChange(name=" Café De Eik 24/7, Zuid ")) == Practice(
        0, "eik", "Café De Eik 24/7, Zuid", "CafeEik247"
    )


def test_a_new_practice_is_as_it_is_said() -> None:
    legal = LegalDetails(**{name: SAID[name] for name in LEGAL_FIELDS})
    assert new_practice("eik", PracticeChange(**SAID)) == Practice(
        0, "eik", "De Eik", "Eik", "030-5550123", "en", legal
    )


@pytest.mark.parametrize("name", [None, "", " "])
def test_a_new_practice_has_a_name(name: str | None) -> None:
    with pytest.raises(UsageError, match="a practice has a name: give it with --name"):
        new_practice("eik", PracticeChange(name=name))


def test_a_new_practice_has_a_code_of_small_letters() -> None:
    with pytest.raises(UsageError, match='"Eik" is no code for a practice'):
        new_practice("Eik", PracticeChange(name="Eik"))


def test_a_change_of_a_patient_tells_nothing_of_them_where_it_is_printed() -> None:
    assert "Vries" not in repr(PatientChange("J. de Vries", "06-12345601"))


def test_a_number_as_a_sender_id_is_dutch_unless_told_otherwise() -> None:
    change = PracticeChange(name="De Eik", sender_id="06-12345678")
    assert [new_practice("eik", change).sender_id, changed_practice(STORED, change).sender_id] == ["+31612345678"] * 2
