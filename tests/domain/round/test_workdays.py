"""Working days: the practice's own word, then the public holidays of the Netherlands, then the weekday."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.round.workdays import WEEKDAYS, Region, Workdays, check_holiday_name, public_holidays
from smsreminders.errors import ConfigError, UsageError

NL = public_holidays(Region("NL"))
DUTCH = Workdays(holidays=NL)
MONDAY, TUESDAY, SATURDAY = date(2026, 10, 12), date(2026, 10, 13), date(2026, 10, 17)
KINGS_MONDAY = date(2026, 4, 27)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2024-03-29", "Goede vrijdag"),
        ("2026-04-03", "Goede vrijdag"),
        ("2026-04-06", "Tweede paasdag"),
        ("2025-04-26", "Koningsdag"),  # a day early: the 27th is a Sunday
        ("2025-04-27", None),
        ("2026-04-27", "Koningsdag"),
        ("2024-05-05", None),
        ("2025-05-05", "Bevrijdingsdag"),
        ("2026-05-05", None),
        ("2029-05-05", None),
        ("2030-05-05", "Bevrijdingsdag"),
        ("2026-05-14", "Hemelvaartsdag"),
        ("2026-05-25", "Tweede pinksterdag"),
        ("2026-12-05", None),
        ("2026-12-24", None),
        ("2026-12-26", "Tweede kerstdag"),
        ("2026-12-31", None),
        ("2027-01-01", "Nieuwjaarsdag"),
    ],
)
def test_the_public_holidays_are_those_of_the_dutch_calendar(day: str, expected: str | None) -> None:
    assert NL.get(date.fromisoformat(day)) == expected


@pytest.mark.parametrize(
    ("country", "language", "expected"),
    [("NL", "nl", "Goede vrijdag"), ("NL", "en", "Good Friday"), ("GB", "nl", "Good Friday")],
    ids=["dutch", "english", "a-language-that-the-country-lacks"],
)
def test_a_holiday_has_its_name_in_the_language_if_there_is_one(country: str, language: str, expected: str) -> None:
    assert expected in public_holidays(Region(country, language), [2026])[date(2026, 4, 3)]


@pytest.mark.parametrize("country", ["XX", "nl", "NLD", "Netherlands", ""])
def test_an_unknown_country_is_refused(country: str) -> None:
    with pytest.raises(ConfigError, match=f'country = "{country}": no such country'):
        public_holidays(Region(country))


@pytest.mark.parametrize(
    ("workdays", "day", "expected"),
    [
        pytest.param(DUTCH, MONDAY, True, id="monday"),
        pytest.param(DUTCH, SATURDAY, False, id="saturday"),
        pytest.param(DUTCH, SATURDAY + timedelta(days=1), False, id="sunday"),
        pytest.param(DUTCH, KINGS_MONDAY, False, id="kings-day"),
        pytest.param(Workdays(), KINGS_MONDAY, True, id="no-calendar"),
        pytest.param(Workdays(weekdays=frozenset({0, 5})), SATURDAY, True, id="own-weekdays-with-saturday"),
        pytest.param(Workdays(weekdays=frozenset({0, 5})), TUESDAY, False, id="own-weekdays-without-tuesday"),
        pytest.param(Workdays(closed_on=frozenset({MONDAY})), MONDAY, False, id="closed"),
        pytest.param(Workdays(open_on=frozenset({SATURDAY})), SATURDAY, True, id="open-on-saturday"),
        pytest.param(
            Workdays(holidays=NL, open_on=frozenset({KINGS_MONDAY})), KINGS_MONDAY, True, id="open-on-kings-day"
        ),
        pytest.param(
            Workdays(open_on=frozenset({MONDAY}), closed_on=frozenset({MONDAY})), MONDAY, False, id="closed-before-open"
        ),
        pytest.param(
            Workdays(holidays=NL, open_on_holidays=frozenset({"Koningsdag"})),
            KINGS_MONDAY,
            True,
            id="works-on-it-yearly",
        ),
        pytest.param(
            Workdays(holidays=NL, open_on_holidays=frozenset({"Koningsdag"})),
            date(2025, 4, 26),
            False,
            id="a-holiday-it-works-on-that-falls-on-a-saturday",
        ),
        pytest.param(
            Workdays(holidays=NL, open_on_holidays=frozenset({"Goede vrijdag"})),
            KINGS_MONDAY,
            False,
            id="another-holiday",
        ),
        pytest.param(
            Workdays(holidays=NL, open_on_holidays=frozenset({"Koningsdag"}), closed_on=frozenset({KINGS_MONDAY})),
            KINGS_MONDAY,
            False,
            id="closed-this-once-on-a-holiday-it-works-on",
        ),
    ],
)
def test_the_practices_own_word_goes_before_holidays_and_weekdays(
    workdays: Workdays, day: date, expected: bool
) -> None:
    assert workdays.includes(day) is expected


def test_the_words_for_weekdays_begin_on_monday() -> None:
    assert list(WEEKDAYS) == ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@pytest.mark.parametrize(("open_on", "expected"), [({"A"}, False), ({"B"}, False), ({"A", "B"}, True)])
def test_where_two_holidays_meet_the_practice_must_work_on_both(open_on: set[str], expected: bool) -> None:
    workdays = Workdays(holidays={MONDAY: "A; B"}, open_on_holidays=frozenset(open_on))
    assert workdays.includes(MONDAY) is expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param("2026-10-12", "2026-10-13", id="monday"),
        pytest.param("2026-10-16", "2026-10-19", id="friday"),
        pytest.param("2026-10-17", "2026-10-19", id="saturday"),
        pytest.param("2026-10-18", "2026-10-19", id="sunday"),
        pytest.param("2026-12-24", "2026-12-28", id="over-christmas-and-a-weekend"),
        pytest.param("2025-12-24", "2025-12-29", id="over-christmas-with-the-friday-between"),
        pytest.param("2024-12-24", "2024-12-27", id="over-christmas-in-the-week"),
        pytest.param("2026-12-31", "2027-01-04", id="into-the-next-year"),
        pytest.param("2026-04-02", "2026-04-07", id="over-easter"),
    ],
)
def test_the_next_working_day_is_the_first_after_the_day(day: str, expected: str) -> None:
    closed = Workdays(holidays=NL, closed_on=frozenset({date(2025, 12, 26)}))
    assert closed.next_after(date.fromisoformat(day)) == date.fromisoformat(expected)


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_the_next_working_day_is_a_working_day_and_none_lies_between(day: date) -> None:
    following = DUTCH.next_after(day)
    between = [day + timedelta(days=n) for n in range(1, (following - day).days)]
    assert [DUTCH.includes(d) for d in (*between, following)] == [*[False] * len(between), True]


def test_a_working_day_just_within_a_year_is_found() -> None:
    reopens = MONDAY + timedelta(days=366)
    assert Workdays(weekdays=frozenset(), open_on=frozenset({reopens})).next_after(MONDAY) == reopens


def test_a_practice_that_is_closed_for_over_a_year_has_a_mistake_in_its_days() -> None:
    closed = Workdays(weekdays=frozenset(), open_on=frozenset({MONDAY, MONDAY + timedelta(days=367)}))
    with pytest.raises(ConfigError, match="no working day within a year after 2026-10-12: look at the closed days"):
        closed.next_after(MONDAY)


@pytest.mark.parametrize("name", ["Goede vrijdag", "goede vrijdag", "GOEDE VRIJDAG"])
def test_a_holidays_name_is_kept_as_the_calendar_writes_it(name: str) -> None:
    assert check_holiday_name(name, Region("NL", "nl"), 2026) == "Goede vrijdag"


@pytest.mark.parametrize("year", range(2024, 2031))
def test_a_holiday_that_is_free_every_fifth_year_is_known_in_every_year(year: int) -> None:
    assert check_holiday_name("Bevrijdingsdag", Region("NL", "nl"), year) == "Bevrijdingsdag"


def test_a_holiday_is_known_though_it_meets_another_one() -> None:
    assert NL[date(2005, 5, 5)] == "Bevrijdingsdag; Hemelvaartsdag"
    assert check_holiday_name("bevrijdingsdag", Region("NL", "nl"), 2004) == "Bevrijdingsdag"


@pytest.mark.parametrize(
    ("name", "message"),
    [("Goede vrijdg", 'did you mean "Goede vrijdag"'), ("Sinterklaas", "known are: Bevrijdingsdag, Eerste kerstdag")],
)
def test_an_unknown_holiday_is_refused_with_the_nearest_one(name: str, message: str) -> None:
    with pytest.raises(UsageError, match=f'no public holiday is called "{name}"; {message}'):
        check_holiday_name(name, Region("NL", "nl"), 2026)


def test_a_region_is_dutch_unless_told_otherwise() -> None:
    assert (Region().country, Region().language) == ("NL", "nl")
