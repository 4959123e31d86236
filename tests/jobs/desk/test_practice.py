"""A practice at the desk: added, edited, its own days set; a word that can't be changes nothing."""

from datetime import date

import pytest

from smsreminders.domain.changes import PracticeChange
from smsreminders.domain.practices import Practice
from smsreminders.errors import UsageError
from smsreminders.jobs.desk.practice import DaysChange, add_practice, edit_practice, set_days
from smsreminders.store.practices import OwnDays, all_practices, own_days, practice_by_code
from tests.jobs.bench import Bench

FRIDAY, SATURDAY = date(2026, 12, 25), date(2026, 12, 26)


def test_a_practice_is_added_and_returned_as_it_is_stored(bench: Bench) -> None:
    added = add_practice(bench.db, "eik", PracticeChange(name="De Eik"))
    assert (added.code, added.name, added.sender_id) == ("eik", "De Eik", "Eik")
    assert all_practices(bench.db) == [added]


def test_a_code_is_added_once(bench: Bench, linde: Practice) -> None:
    with pytest.raises(UsageError, match='there is a practice "linde" already'):
        add_practice(bench.db, "linde", PracticeChange(name="Linde"))
    assert all_practices(bench.db) == [linde]


def test_an_edit_returns_the_practice_as_it_was_and_as_it_is(bench: Bench, linde: Practice, duin: Practice) -> None:
    before, after = edit_practice(bench.db, "linde", PracticeChange(phone="030-5550123"))
    assert (before, after.phone) == (linde, "030-5550123")
    assert [practice_by_code(bench.db, code) for code in ("linde", "duin")] == [after, duin]


@pytest.mark.parametrize(
    ("code", "change", "told"),
    [
        ("lind", PracticeChange(), 'did you mean "linde"?'),
        ("linde", PracticeChange(name="Eik", language="1"), "no lan"),
    ],
)
def test_what_can_not_be_changes_nothing(
    bench: Bench, linde: Practice, code: str, change: PracticeChange, told: str
) -> None:
    with pytest.raises(UsageError, match=told.replace("?", r"\?")):
        edit_practice(bench.db, code, change)
    assert all_practices(bench.db) == [linde]


def test_days_are_set_and_taken_back_and_all_of_them_are_returned(bench: Bench, linde: Practice) -> None:
    change = DaysChange(closed_on=[SATURDAY], open_on=[FRIDAY], open_on_holidays=["Koningsdag"])
    expected = OwnDays(frozenset([FRIDAY]), frozenset([SATURDAY]), frozenset(["Koningsdag"]))
    assert set_days(bench.db, "linde", change) == (linde, expected)
    assert set_days(bench.db, "linde", DaysChange()) == (linde, expected)
    forgotten = DaysChange(forget_days=[FRIDAY, SATURDAY], forget_holidays=["Koningsdag"])
    assert set_days(bench.db, "linde", forgotten) == (linde, OwnDays(frozenset(), frozenset(), frozenset()))


def test_the_days_of_an_unknown_practice_are_refused(bench: Bench, linde: Practice) -> None:
    with pytest.raises(UsageError, match='there is no practice "eik"'):
        set_days(bench.db, "eik", DaysChange(open_on=[FRIDAY]))
    assert own_days(bench.db, linde.id).open_on == frozenset()
