"""The figures of an import: shares and dates in words, and when a number or a name is another one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.agenda.import_figures import (
    Compared,
    Dates,
    Gone,
    LastFile,
    Share,
    is_other_name,
    is_other_number,
)

NUMBERS = st.from_regex(r"06-?[1-9][0-9]{7}", fullmatch=True)


@pytest.mark.parametrize(
    ("before", "now", "other"),
    [
        ("06-12345678", "0612345678", False),
        ("06 12 34 56 78", "+31 6 12345678", False),
        ("0612345678", "612345678", False),
        ("0612345678", "0612345679", True),
        ("0612345678", "0622345678", True),
        ("0612345678", "0712345678", False),  # eight digits tell
        ("0612345678", "", True),
        ("0612345678", "geheim", True),
    ],
)
def test_a_number_that_is_written_otherwise_is_no_other_number(before: str, now: str, *, other: bool) -> None:
    assert is_other_number(before, now) is other


@pytest.mark.parametrize(
    ("before", "now", "other"),
    [
        ("J. de Vries", "de Vries, J.", False),
        ("J. de Vries", "J. DE VRIES", False),
        ("J. de Vries", "J. Bakker", True),
        ("J. de Vries", "", True),
    ],
)
def test_the_same_words_of_a_name_in_another_order_are_no_other_name(before: str, now: str, *, other: bool) -> None:
    assert is_other_name(before, now) is other


@given(NUMBERS)
def test_no_number_is_another_than_itself_with_its_country(number: str) -> None:
    assert not is_other_number(number, f"+31{number[1:]}")


def test_shares_and_dates_are_told_in_words() -> None:
    assert (str(Share(3, 12)), str(Dates(date(2026, 11, 24), date(2026, 12, 7)))) == (
        "3 of 12",
        "2026-11-24 to 2026-12-07",
    )


@pytest.mark.parametrize(("first", "last", "expected"), [(1, 4, False), (1, 5, True), (9, 9, True), (10, 12, False)])
def test_dates_overlap_where_they_have_one_in_common(first: int, last: int, *, expected: bool) -> None:
    one, other = Dates(date(2026, 12, 5), date(2026, 12, 9)), Dates(date(2026, 12, first), date(2026, 12, last))
    assert (one.overlaps(other), other.overlaps(one)) == (expected, expected)


def test_what_nobody_told_is_none() -> None:
    last = LastFile(0, 0, None, None, then_empty=False, ever_empty=False)
    nothing, fortnight = Share(0, 0), Dates(date(2026, 11, 24), date(2026, 12, 7))
    assert (LastFile(), Share(), Gone(fortnight)) == (last, nothing, Gone(fortnight, nothing, nothing, {}, {}))
    assert Compared(last) == Compared(
        last,
        rows=0,
        changes_only=False,
        known=0,
        renamed=0,
        moved={},
        to_come=0,
        owners=nothing,
        phones=nothing,
        names=nothing,
        newcomers=nothing,
        gone=None,
        dates=None,
        written=None,
        same_as=None,
        overtaken=0,
    )
