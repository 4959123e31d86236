"""The figures of an import: shares and dates in words, and when a number or a name is another one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.import_figures import Dates, Share, count_other_names, count_other_numbers

NUMBERS = st.from_regex(r"06-?[1-9][0-9]{7}", fullmatch=True)


@pytest.mark.parametrize(
    ("before", "now", "other"),
    [
        ("06-12345678", "0612345678", 0),
        ("06 12 34 56 78", "+31 6 12345678", 0),
        ("0612345678", "612345678", 0),
        ("0612345678", "0612345679", 1),
        ("0612345678", "", 1),
        ("0612345678", "geheim", 1),
    ],
)
def test_a_number_that_is_written_otherwise_is_no_other_number(before: str, now: str, other: int) -> None:
    assert count_other_numbers([(before, now)]) == other


@pytest.mark.parametrize(
    ("before", "now", "other"),
    [
        ("J. de Vries", "de Vries, J.", 0),
        ("J. de Vries", "J. DE VRIES", 0),
        ("J. de Vries", "J. Bakker", 1),
        ("J. de Vries", "", 1),
    ],
)
def test_the_same_words_of_a_name_in_another_order_are_no_other_name(before: str, now: str, other: int) -> None:
    assert count_other_names([(before, now)]) == other


@given(st.lists(NUMBERS))
def test_no_number_is_another_than_itself(numbers: list[str]) -> None:
    assert count_other_numbers((number, f"+31{number[1:]}") for number in numbers) == 0


def test_shares_and_dates_are_told_in_words() -> None:
    assert (str(Share(3, 12)), str(Dates(date(2026, 11, 24), date(2026, 12, 7)))) == (
        "3 of 12",
        "2026-11-24 to 2026-12-07",
    )


@pytest.mark.parametrize(("first", "last", "expected"), [(1, 4, False), (1, 5, True), (9, 9, True), (10, 12, False)])
def test_dates_overlap_where_they_have_one_in_common(first: int, last: int, *, expected: bool) -> None:
    one, other = Dates(date(2026, 12, 5), date(2026, 12, 9)), Dates(date(2026, 12, first), date(2026, 12, last))
    assert (one.overlaps(other), other.overlaps(one)) == (expected, expected)
