"""The id of a patient or an appointment is kept as the record has it, but for the blanks around it."""

import pytest

from smsreminders.domain.source_ids import check_source_id
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
