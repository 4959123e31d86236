"""The id of a patient or an appointment is kept as the record has it, but for the blanks around it."""

import pytest

from smsreminders.domain.agenda.source_ids import check_source_id, is_another_person, is_one_person
from smsreminders.errors import UsageError


@pytest.mark.parametrize(("given", "kept"), [("1001", "1001"), (" A-7 b ", "A-7 b"), ("é" * 255, "é" * 255)])
def test_an_id_is_kept_without_the_blanks_around_it(given: str, kept: str) -> None:
    assert check_source_id(given) == kept


@pytest.mark.parametrize("given", ["", "  ", "\t"])
def test_an_empty_id_is_refused(given: str) -> None:
    with pytest.raises(UsageError) as raised:
        check_source_id(given)
    assert str(raised.value) == "the id is empty"


@pytest.mark.parametrize("length", [256, 1000])
def test_a_long_id_is_refused(length: int) -> None:
    with pytest.raises(UsageError) as raised:
        check_source_id("1" * length)
    assert str(raised.value) == "the id is longer than 255 characters"


@pytest.mark.parametrize(
    ("name", "phone", "known_name", "known_phone", "one"),
    [
        ("J. Vries", "0612345678", "Jan Vries", "+31 6 12345678", True),
        ("J. Vries", "0612345678", "J. Vries", "0612345679", False),
        ("J. Vries", "", "Vries, J.", "0612345678", True),
        ("J. Vries", "0612345678", "J. Vries", "", True),
        ("J. Vries", "", "K. Bos", "", False),
        ("", "", "", "", False),
    ],
)
def test_two_ids_are_one_persons_by_the_number_or_else_by_the_name(
    name: str, phone: str, known_name: str, known_phone: str, *, one: bool
) -> None:
    assert is_one_person(name, phone, known_name, known_phone) is one


@pytest.mark.parametrize(
    ("name", "phone", "first_name", "first_phone", "another"),
    [
        ("J. Vries", "06-12345678", "Vries, J.", "+31612345678", False),
        ("", "", "J. Vries", "0612345678", False),
        ("J. Vries", "0612345678", "", "", False),
        ("K. Bos", "0612345678", "J. Vries", "0612345678", True),
        ("J. Vries", "0612345679", "J. Vries", "0612345678", True),
    ],
)
def test_two_rows_with_one_id_are_of_two_patients_by_what_both_tell(
    name: str, phone: str, first_name: str, first_phone: str, *, another: bool
) -> None:
    assert is_another_person(name, phone, first_name, first_phone) is another
