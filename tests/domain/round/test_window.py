"""Which appointments a round covers, and when a text may leave: the table of days, and that no instant is missed."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsreminders.domain.round.grouping import Combine
from smsreminders.domain.round.guards import AgendaAges
from smsreminders.domain.round.window import (
    Schedule,
    Window,
    check_sending_hours,
    covered,
    rounds_until,
    within_sending_hours,
)
from smsreminders.domain.round.workdays import Region, Workdays, public_holidays
from smsreminders.errors import TryAgainLater

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DUTCH = Workdays(holidays=public_holidays(Region("NL"), years=range(2023, 2036)))
TWO_HOURS = timedelta(hours=2)
ONE_DAY = timedelta(days=1)
WEDNESDAY, SATURDAY = date(2026, 10, 14), date(2026, 10, 17)


def at(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=AMSTERDAM).astimezone(UTC)


def starts(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM).astimezone(UTC)


def round_at(local: str, workdays: Workdays = DUTCH, notice: timedelta = TWO_HOURS) -> Window:
    return covered(at(local), workdays, zone=AMSTERDAM, minimum_notice=notice)


def rounds(first: date, days: int, workdays: Workdays, notice: timedelta = TWO_HOURS) -> dict[date, Window]:
    every_day = [first + timedelta(days=n) for n in range(days)]
    return {day: round_at(f"{day}T09:00", workdays, notice) for day in every_day}


@cache
def eleven_years() -> dict[date, Window]:
    return rounds(date(2023, 12, 15), 366 * 11 + 40, DUTCH)


@pytest.mark.parametrize(
    ("day", "last"),
    [
        pytest.param("2026-10-12", "2026-10-13", id="monday-covers-tuesday"),
        pytest.param("2026-10-15", "2026-10-16", id="thursday-covers-friday"),
        pytest.param("2026-10-16", "2026-10-19", id="friday-covers-the-weekend-and-monday"),
        pytest.param("2026-10-17", "2026-10-19", id="saturday-covers-up-to-monday"),
        pytest.param("2026-10-18", "2026-10-19", id="sunday-covers-monday"),
        pytest.param("2026-04-02", "2026-04-07", id="before-good-friday-and-easter"),
        pytest.param("2026-04-03", "2026-04-07", id="on-good-friday"),
        pytest.param("2026-04-24", "2026-04-28", id="friday-before-kings-monday"),
        pytest.param("2025-04-25", "2025-04-28", id="friday-before-kings-saturday"),
        pytest.param("2025-05-02", "2025-05-06", id="friday-before-5-may-2025-free"),
        pytest.param("2026-05-04", "2026-05-05", id="before-5-may-2026-not-free"),
        pytest.param("2026-05-13", "2026-05-15", id="before-ascension-day"),
        pytest.param("2026-05-22", "2026-05-26", id="friday-before-whitsun"),
        pytest.param("2026-12-24", "2026-12-28", id="before-christmas-and-a-weekend"),
        pytest.param("2026-12-31", "2027-01-04", id="before-new-year-and-a-weekend"),
    ],
)
def test_a_round_reaches_to_the_end_of_the_next_working_day(day: str, last: str) -> None:
    expected_last = date.fromisoformat(last)
    ends = ((1, starts(expected_last + ONE_DAY)),)
    expected = Window(at(f"{day}T11:00"), ends, date.fromisoformat(day), expected_last, at(f"{day}T09:00"))
    assert round_at(f"{day}T09:00") == expected


@pytest.mark.parametrize(
    ("workdays", "day", "last"),
    [
        pytest.param(
            Workdays(closed_on=frozenset({WEDNESDAY})), "2026-10-13", "2026-10-15", id="before-its-closed-day"
        ),
        pytest.param(Workdays(closed_on=frozenset({WEDNESDAY})), "2026-10-14", "2026-10-15", id="on-its-closed-day"),
        pytest.param(
            Workdays(open_on=frozenset({SATURDAY})), "2026-10-16", "2026-10-17", id="before-its-open-saturday"
        ),
        pytest.param(Workdays(weekdays=frozenset({0, 1, 3})), "2026-10-13", "2026-10-15", id="never-on-wednesday"),
        pytest.param(
            Workdays(holidays=DUTCH.holidays, open_on_holidays=frozenset({"Goede vrijdag"})),
            "2026-04-02",
            "2026-04-03",
            id="works-on-good-friday",
        ),
    ],
)
def test_a_practices_own_days_move_the_end_of_the_round(workdays: Workdays, day: str, last: str) -> None:
    assert round_at(f"{day}T09:00", workdays).last == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("now", "starts_at", "expected"),
    [
        pytest.param("2026-10-12T09:00", "2026-10-12T08:00", False, id="over-already"),
        pytest.param("2026-10-12T09:00", "2026-10-12T10:59", False, id="within-the-minimum-notice"),
        pytest.param("2026-10-12T09:00", "2026-10-12T11:00", False, id="exactly-at-the-minimum-notice"),
        pytest.param("2026-10-12T09:00", "2026-10-12T11:00:01", True, id="last-minute-change-for-today"),
        pytest.param("2026-10-13T09:00", "2026-10-13T15:00", True, id="today-after-yesterdays-round-was-missed"),
        pytest.param("2026-10-12T13:00", "2026-10-13T09:00", True, id="second-round-in-the-afternoon"),
        pytest.param("2026-10-12T09:00", "2026-10-13T23:59:59", True, id="last-second-of-tomorrow"),
        pytest.param("2026-10-12T09:00", "2026-10-14T00:00", False, id="first-instant-after-tomorrow"),
        pytest.param("2026-10-12T09:00", "2026-10-14T09:00", False, id="the-day-after-tomorrow"),
        pytest.param("2026-10-16T09:00", "2026-10-17T10:00", True, id="friday-for-a-saturday-clinic"),
        pytest.param("2026-10-17T09:00", "2026-10-19T08:00", True, id="saturday-for-what-came-in-after-friday"),
        pytest.param("2026-10-12T23:30", "2026-10-13T01:00", False, id="notice-over-midnight"),
        pytest.param("2026-10-23T09:00", "2026-10-26T23:59", True, id="end-of-the-monday-after-the-clock-went-back"),
        pytest.param("2026-10-23T09:00", "2026-10-27T00:00", False, id="not-beyond-that-monday"),
        pytest.param("2026-03-27T09:00", "2026-03-30T23:59", True, id="end-of-the-monday-after-the-clock-went-forward"),
        pytest.param("2026-03-27T09:00", "2026-03-31T00:00", False, id="not-beyond-that-monday-either"),
    ],
)
def test_an_appointment_is_covered_between_the_notice_and_the_end(now: str, starts_at: str, expected: bool) -> None:
    assert round_at(now).covers(at(starts_at)) is expected


@pytest.mark.parametrize(
    ("now", "opens"),
    [("2026-03-29T01:00", "2026-03-29T04:00"), ("2026-10-25T01:00", "2026-10-25T02:00+01:00")],
    ids=["clock-goes-forward", "clock-goes-back"],
)
def test_the_minimum_notice_is_two_real_hours_across_a_clock_change(now: str, opens: str) -> None:
    expected = datetime.fromisoformat(opens) if "+" in opens else at(opens)
    assert round_at(now).opens == expected


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        pytest.param("2026-10-12T09:00", "2026-10-12T11:00", id="at-its-beginning"),
        pytest.param("2026-10-12T09:20", "2026-10-12T11:20", id="twenty-minutes-later"),
        pytest.param("2026-10-12T08:59", "2026-10-12T11:00", id="never-earlier"),
    ],
)
def test_later_in_a_round_the_same_days_are_covered_from_the_notice_after_now(now: str, opens: str) -> None:
    window = round_at("2026-10-12T09:00")
    expected = replace(window, opens=at(opens), at=at(now))
    assert window.later(at(now), TWO_HOURS) == expected


def test_a_round_just_after_local_midnight_is_of_the_new_local_date() -> None:
    assert round_at("2026-10-13T00:30").today == date(2026, 10, 13)


def test_every_instant_of_ten_years_is_covered_by_a_round_of_an_earlier_date() -> None:
    windows = eleven_years()
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(366 * 11 - 10)]
    missed = [day for day in days if not _covers_all_of(windows[day - ONE_DAY], day)]
    assert missed == []


def test_in_steady_state_a_date_is_first_covered_on_the_last_working_day_before_it() -> None:
    windows, late = eleven_years(), []
    for day in (date(2024, 1, 1) + timedelta(days=n) for n in range(366 * 11 - 10)):
        before = day - ONE_DAY
        while before.weekday() > 4 or before in DUTCH.holidays:
            before -= ONE_DAY
        if not _covers_all_of(windows[before], day) or windows[before - ONE_DAY].closes > starts(day):
            late.append(day)
    assert late == []


def test_the_next_round_of_ten_years_opens_before_the_one_before_it_closes() -> None:
    windows = eleven_years()
    gaps = [day for day in windows if day + ONE_DAY in windows and windows[day + ONE_DAY].opens >= windows[day].closes]
    assert gaps == []


@settings(max_examples=50)
@given(
    st.frozensets(st.dates(date(2026, 3, 1), date(2026, 5, 31)), max_size=40),
    st.frozensets(st.dates(date(2026, 3, 1), date(2026, 5, 31)), max_size=40),
    st.timedeltas(timedelta(0), timedelta(hours=14)),
)
def test_no_own_open_or_closed_days_leave_a_gap(
    open_on: frozenset[date], closed_on: frozenset[date], notice: timedelta
) -> None:
    workdays = Workdays(holidays=DUTCH.holidays, open_on=open_on, closed_on=closed_on)
    windows = rounds(date(2026, 3, 1), 92, workdays, notice)
    wrong = [
        day
        for day, window in windows.items()
        if window.opens != at(f"{day}T09:00") + notice
        or not workdays.includes(window.last)
        or not _covers_all_of(window, day + ONE_DAY)
        or not _covers_all_of(window, window.last)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-10-12T07:59:59", False),
        ("2026-10-12T08:00", True),
        ("2026-10-12T19:59:59", True),
        ("2026-10-12T20:00", False),
        ("2026-10-12T20:00:01", False),
        ("2026-10-12T23:00", False),
        ("2026-03-29T08:00", True),  # 06:00 UTC, in the first morning of summer time
        ("2026-10-25T07:59", False),  # 06:59 UTC, in the first morning of winter time
    ],
)
def test_a_text_leaves_only_in_the_local_sending_hours(now: str, expected: bool) -> None:
    assert within_sending_hours(at(now), (time(8), time(20)), AMSTERDAM) is expected


def test_a_round_begins_within_the_sending_hours_or_is_refused_with_them() -> None:
    check_sending_hours(at("2026-10-12T08:00"), (time(8), time(20)), AMSTERDAM)
    with pytest.raises(TryAgainLater) as raised:
        check_sending_hours(at("2026-10-12T20:00"), (time(8), time(20)), AMSTERDAM)
    assert str(raised.value) == "it is outside the sending hours (08:00 to 20:00): nothing was planned"


def _covers_all_of(window: Window, day: date) -> bool:
    return window.opens < starts(day) and starts(day + ONE_DAY) <= window.closes


TWICE = covered(at("2026-10-12T09:00"), DUTCH, zone=AMSTERDAM, minimum_notice=TWO_HOURS, remind=(3, 1))


def test_two_occasions_cover_up_to_the_end_of_their_working_days() -> None:
    assert TWICE.ends == ((1, starts(date(2026, 10, 14))), (3, starts(date(2026, 10, 16))))
    assert (TWICE.last, TWICE.closes) == (date(2026, 10, 15), starts(date(2026, 10, 16)))


@pytest.mark.parametrize(
    ("day", "occasion"),
    [("2026-10-12T08:00", 1), ("2026-10-13T23:59", 1), ("2026-10-14T00:00", 3), ("2026-10-15T23:59", 3)],
)
def test_the_nearest_occasion_that_covers_a_start_is_its_own(day: str, occasion: int) -> None:
    assert TWICE.occasion(at(day)) == occasion


def test_what_no_occasion_covers_has_none() -> None:
    assert TWICE.occasion(at("2026-10-16T00:00")) is None


def test_a_schedule_reminds_a_working_day_before_and_combines_a_patients_day() -> None:
    schedule = Schedule(
        zone=AMSTERDAM,
        region=Region("NL", "nl"),
        weekdays=frozenset(range(5)),
        minimum_notice=TWO_HOURS,
        sending_hours=(time(8), time(20)),
        daily_limit=500,
        longest_run=TWO_HOURS,
        agenda_ages=AgendaAges(ONE_DAY, ONE_DAY),
    )
    assert (schedule.remind, schedule.combine) == ((1,), Combine.PATIENT)


@pytest.mark.parametrize(
    ("on", "moments"),
    [
        (None, ["2026-10-23T10:30"]),
        (date(2026, 10, 23), ["2026-10-23T10:30"]),
        (date(2026, 10, 26), ["2026-10-23T10:30", "2026-10-24T09:00", "2026-10-25T09:00", "2026-10-26T09:00"]),
    ],
)
def test_until_a_date_there_is_a_round_now_and_at_nine_of_each_later_day(on: date | None, moments: list[str]) -> None:
    assert rounds_until(on, at("2026-10-23T10:30"), AMSTERDAM) == [at(moment) for moment in moments]
