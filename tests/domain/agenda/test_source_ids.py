"""The id of a patient or an appointment is kept as the record has it, but for the blanks around it."""

import pytest

from smsreminders.domain.agenda.source_ids import check_source_id, is_another_person, is_one_person, is_someone_else
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


@pytest.mark.parametrize(
    ("name", "phone", "known_name", "known_phone", "someone_else"),
    [
        pytest.param("K. Bos", "06-12345679", "J. de Vries", "06-12345678", True, id="all-is-other"),
        pytest.param("J. Bos", "06-12345679", "J. de Vries", "06-12345678", True, id="an-initial-is-no-name"),
        pytest.param("K.B.", "06-12345679", "J.V.", "06-12345678", True, id="nothing-but-initials"),
        pytest.param("J. V.", "06-12345679", "J.V.", "06-12345678", False, id="the-same-initials"),
        pytest.param("Jan Bos", "06-12345679", "JAN de Vries", "06-12345678", False, id="married"),
        pytest.param("Vriés-Bos, K.", "06-12345679", "J. de Vries", "06-12345678", False, id="one-name-stays"),
        pytest.param("J. de Vries", "06-12345679", "J. de Vries", "06-12345678", False, id="a-new-phone"),
        pytest.param("K. Bos", "+31 6 12345678", "J. de Vries", "06-12345678", False, id="the-phone-stays"),
        pytest.param("K. Bos", "020-5550123", "J. de Vries", "06-12345678", True, id="a-landline-is-known-too"),
        pytest.param("K. Bos", "", "J. de Vries", "06-12345678", False, id="no-number-now"),
        pytest.param("K. Bos", "06-12345679", "J. de Vries", "onbekend", False, id="no-number-before"),
        pytest.param("", "06-12345679", "J. de Vries", "06-12345678", False, id="no-name-now"),
        pytest.param("K. Bos", "06-12345679", "", "06-12345678", False, id="no-name-before"),
        pytest.param("J. de Boer", "06-12345679", "P. de Vries", "06-12345678", True, id="de-is-no-name"),
        pytest.param("Mw. A. Berg", "06-12345679", "Mw. B. Bos", "06-12345678", True, id="a-title-is-no-name"),
    ],
)
def test_a_known_id_is_someone_elses_where_name_and_number_are_wholly_others_at_once(
    name: str, phone: str, known_name: str, known_phone: str, *, someone_else: bool
) -> None:
    assert is_someone_else(name, phone, known_name, known_phone, "NL") is someone_else
