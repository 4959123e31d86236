"""Practices by their code, and the days that they set themselves."""

from dataclasses import replace
from datetime import date

import pytest

from smsreminders.domain.legal import LegalDetails
from smsreminders.domain.practices import Practice
from smsreminders.errors import UsageError
from smsreminders.store.database import Database
from smsreminders.store.practices import (
    OwnDays,
    add_practice,
    all_practices,
    change_practice,
    forget_days,
    open_on_holidays,
    own_days,
    practice_by_code,
    set_days,
)
from tests.builders import a_practice

GOOD_FRIDAY = "Goede Vrijdag"
CHRISTMAS_EVE, NEW_YEARS_EVE = date(2026, 12, 24), date(2026, 12, 31)
NO_DAYS = OwnDays(frozenset(), frozenset(), frozenset())


def test_a_practice_is_kept_as_it_was_added(db: Database) -> None:
    legal = LegalDetails("Zuid B.V.", "Laan 1", "1234 AB", "Zeist", "12345678", "NL123456789B01", "PO-7")
    added = Practice(0, "zuid", "Praktijk Zuid", "Zuid", "020-5550123", "en", legal)
    add_practice(db, added)
    assert practice_by_code(db, "zuid") == replace(added, id=1)


def test_a_practice_needs_neither_phone_nor_language(db: Database) -> None:
    add_practice(db, Practice(0, "zuid", "Praktijk Zuid", "Zuid"))
    assert practice_by_code(db, "zuid") == Practice(1, "zuid", "Praktijk Zuid", "Zuid", "", None)


def test_practices_are_in_the_order_of_their_codes(db: Database) -> None:
    for code in ("zuid", "noord", "oost"):
        a_practice(db, code)
    assert [practice.code for practice in all_practices(db)] == ["noord", "oost", "zuid"]


def test_a_code_is_taken_once(db: Database) -> None:
    a_practice(db, "zuid", name="Praktijk Zuid")
    with pytest.raises(UsageError) as raised:
        a_practice(db, "zuid", name="Een andere")
    assert str(raised.value) == 'there is a practice "zuid" already; change it with `practice edit`'
    assert [practice.name for practice in all_practices(db)] == ["Praktijk Zuid"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("zuit", 'there is no practice "zuit"; did you mean "zuid"?'),
        ("Q", 'there is no practice "Q"; known are: noord, zuid'),
    ],
)
def test_an_unknown_code_is_told_with_the_nearest(db: Database, code: str, expected: str) -> None:
    for known in ("zuid", "noord"):
        a_practice(db, known)
    with pytest.raises(UsageError) as raised:
        practice_by_code(db, code)
    assert str(raised.value) == expected


def test_a_practice_is_changed_but_for_its_code(db: Database) -> None:
    practice, other = a_practice(db, "zuid"), a_practice(db, "noord")
    changed = replace(
        practice, name="Zuid & Co", sender_id="ZuidCo", phone="", language="fy", legal=LegalDetails(town="Zeist")
    )
    change_practice(db, replace(changed, code="ander"))
    assert all_practices(db) == [other, changed]


def test_a_new_practice_has_no_days_of_its_own(db: Database) -> None:
    assert own_days(db, a_practice(db).id) == NO_DAYS


def test_days_are_opened_and_closed(db: Database) -> None:
    practice = a_practice(db)
    set_days(db, practice.id, [CHRISTMAS_EVE], is_open=False)
    set_days(db, practice.id, [NEW_YEARS_EVE], is_open=True)
    assert own_days(db, practice.id) == OwnDays(frozenset({NEW_YEARS_EVE}), frozenset({CHRISTMAS_EVE}), frozenset())


@pytest.mark.parametrize("is_open", [True, False])
def test_the_last_word_on_a_day_counts(db: Database, is_open: bool) -> None:
    practice = a_practice(db)
    for said in (not is_open, is_open):
        set_days(db, practice.id, [CHRISTMAS_EVE], is_open=said)
    days = own_days(db, practice.id)
    assert (CHRISTMAS_EVE in days.open_on, CHRISTMAS_EVE in days.closed_on) == (is_open, not is_open)


def test_a_holiday_is_worked_on_however_often_it_is_said(db: Database) -> None:
    practice = a_practice(db)
    for _ in range(2):
        open_on_holidays(db, practice.id, [GOOD_FRIDAY])
    assert own_days(db, practice.id).open_on_holidays == {GOOD_FRIDAY}


def test_what_was_said_of_days_and_holidays_is_taken_back(db: Database) -> None:
    practice = a_practice(db)
    set_days(db, practice.id, [CHRISTMAS_EVE, NEW_YEARS_EVE], is_open=False)
    open_on_holidays(db, practice.id, [GOOD_FRIDAY, "Bevrijdingsdag"])
    forget_days(db, practice.id, [CHRISTMAS_EVE], [GOOD_FRIDAY, "never said"])
    assert own_days(db, practice.id) == OwnDays(frozenset(), frozenset({NEW_YEARS_EVE}), frozenset({"Bevrijdingsdag"}))


def test_days_are_of_one_practice(db: Database) -> None:
    practice, other = a_practice(db, "zuid"), a_practice(db, "noord")
    set_days(db, practice.id, [CHRISTMAS_EVE], is_open=False)
    open_on_holidays(db, practice.id, [GOOD_FRIDAY])
    forget_days(db, other.id, [CHRISTMAS_EVE], [GOOD_FRIDAY])
    assert own_days(db, other.id) == NO_DAYS
    assert own_days(db, practice.id) == OwnDays(frozenset(), frozenset({CHRISTMAS_EVE}), frozenset({GOOD_FRIDAY}))
