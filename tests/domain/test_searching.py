"""A patient is found by what somebody at the desk has of them, and by nothing else."""

import pytest

from smsreminders.domain.searching import is_found


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("1001", True),
        ("zoe", True),
        ("ZOË", True),
        ("van der  çelik", True),
        ("Zoë van der Çelik", True),
        ("06 1234 5678", True),
        ("+31 6 12345678", True),
        ("0031612345678", True),
        ("5678", True),
        ("678", False),
        ("100", False),
        ("10010", False),
        ("Çelik Zoë", False),
        ("zoe 5678", False),
        ("", False),
        ("  ", False),
    ],
)
def test_by_id_a_part_of_the_name_or_of_the_number(word: str, found: bool) -> None:
    assert is_found(word, source_id="1001", name="Zoë  van der Çelik", phone="+31612345678") is found


@pytest.mark.parametrize("name", ["Олена Шевченко", "محمد"])
def test_names_in_other_letters_are_found_by_them(name: str) -> None:
    assert is_found(name[:3], source_id="1", name=name, phone="")
    assert not is_found("Ольга", source_id="1", name=name, phone="")
