"""A practice at the desk: added, edited, its own days set; a word that can't be changes nothing."""

import re
from dataclasses import replace
from datetime import date

import pytest

from smsreminders.domain.changes import PracticeChange
from smsreminders.domain.practices import Practice
from smsreminders.domain.round.notifications import reference_of
from smsreminders.errors import UsageError
from smsreminders.jobs.desk.practice import DaysChange, add_practice, edit_practice, rename_practice, set_days
from smsreminders.store.installation import installation_name
from smsreminders.store.practices import OwnDays, all_practices, own_days, practice_by_code
from smsreminders.store.round.notifications import notifications
from tests.jobs.bench import Bench
from tests.jobs.builders import a_patient, an_appointment

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
    ("code", "change", "message"),
    [
        ("lind", PracticeChange(), 'did you mean "linde"?'),
        ("linde", PracticeChange(name="Eik", language="1"), "no lan"),
    ],
)
def test_what_can_not_be_changes_nothing(
    bench: Bench, linde: Practice, code: str, change: PracticeChange, message: str
) -> None:
    with pytest.raises(UsageError, match=message.replace("?", r"\?")):
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


def test_a_renamed_practice_is_the_same_one_under_another_code(bench: Bench, linde: Practice) -> None:
    renamed = rename_practice(bench.db, "linde", "boom")
    assert renamed == replace(linde, code="boom", first_code="linde")
    assert rename_practice(bench.db, "boom", "eik") == replace(linde, code="eik", first_code="linde")
    assert rename_practice(bench.db, "eik", "linde") == replace(linde, first_code="linde")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("linde", "duin", 'there is a practice "duin" already'),
        ("linde", "De Linde", '"De Linde" is no code for a practice'),
        ("linde", "linde", 'the code of this practice is "linde" already'),
        ("lind", "boom", 'there is no practice "lind"; did you mean "linde"?'),
    ],
)
def test_a_code_that_can_not_be_is_refused(
    bench: Bench, linde: Practice, duin: Practice, old: str, new: str, message: str
) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        rename_practice(bench.db, old, new)
    assert all_practices(bench.db) == [duin, linde]


@pytest.mark.usefixtures("linde", "duin")
def test_the_first_code_of_a_practice_is_never_anothers(bench: Bench) -> None:
    rename_practice(bench.db, "linde", "boom")
    message = '"linde" was the code of practice boom, which keeps it in its references'
    with pytest.raises(UsageError, match=message):
        add_practice(bench.db, "linde", PracticeChange(name="De Andere"))
    with pytest.raises(UsageError, match=message):
        rename_practice(bench.db, "duin", "linde")
    with pytest.raises(UsageError, match='there is no practice "linde"; it is "boom" now'):
        practice_by_code(bench.db, "linde")


def test_a_reference_stays_the_same_when_the_practice_is_renamed(bench: Bench, linde: Practice) -> None:
    for number in (1, 2):
        a_patient(bench.db, linde, f"P{number}")
        an_appointment(bench.db, linde, f"A{number}", patient=f"P{number}")
    bench.round()
    before = {notification.appointment: notification.reference for notification in notifications(bench.db)}
    rename_practice(bench.db, "linde", "boom")
    name = installation_name(bench.db)
    assert {notification.appointment: notification.reference for notification in notifications(bench.db)} == before
    assert before == {source_id: reference_of(name, "linde", source_id, 1) for source_id in ("A1", "A2")}
    a_patient(bench.db, linde, "P3")
    an_appointment(bench.db, linde, "A3", patient="P3")
    bench.round()
    [newest] = [notification for notification in notifications(bench.db) if notification.appointment == "A3"]
    assert newest.reference == reference_of(name, "linde", "A3", 1)
