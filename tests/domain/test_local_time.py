"""Local times into UTC: what the clock change leaves no or two readings of is told, and a date begins at its start."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.local_time import LocalTimeError, day_bounds, day_start, is_without_time, to_utc

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ZONES = st.sampled_from(  # Sao Paulo, Cairo and Beirut have had days that began at 01:00; Lord Howe moves half an hour
    [
        *map(ZoneInfo, ["Europe/Amsterdam", "America/Curacao", "America/New_York", "Australia/Lord_Howe"]),
        *map(ZoneInfo, ["America/Sao_Paulo", "Africa/Cairo", "Asia/Beirut", "America/Havana"]),
    ]
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("2026-01-15T10:30", "2026-01-15T09:30+00:00", id="winter"),
        pytest.param("2026-07-15T10:30", "2026-07-15T08:30+00:00", id="summer"),
        pytest.param("2026-03-29T01:59", "2026-03-29T00:59+00:00", id="just-before-the-clock-goes-forward"),
        pytest.param("2026-03-29T03:00", "2026-03-29T01:00+00:00", id="just-after-the-clock-went-forward"),
        pytest.param("2026-10-25T01:59", "2026-10-24T23:59+00:00", id="before-the-hour-that-comes-twice"),
        pytest.param("2026-10-25T03:00", "2026-10-25T02:00+00:00", id="after-the-hour-that-came-twice"),
        pytest.param("2026-07-15T10:30Z", "2026-07-15T10:30+00:00", id="utc-is-taken-as-it-is"),
        pytest.param("2026-07-15T10:30-04:00", "2026-07-15T14:30+00:00", id="an-offset-is-taken-as-it-is"),
        pytest.param("2026-10-25T02:30+02:00", "2026-10-25T00:30+00:00", id="an-offset-tells-the-first-of-two"),
        pytest.param("2026-10-25T02:30+01:00", "2026-10-25T01:30+00:00", id="an-offset-tells-the-second-of-two"),
    ],
)
def test_a_time_has_its_instant_in_utc(written: str, expected: str) -> None:
    instant = to_utc(datetime.fromisoformat(written), AMSTERDAM)
    assert (instant, instant.tzinfo) == (datetime.fromisoformat(expected), UTC)


@pytest.mark.parametrize("written", ["2026-03-29T02:00", "2026-03-29T02:30", "2026-03-29T02:59:59"])
def test_a_time_that_the_clock_skips_is_refused(written: str) -> None:
    with pytest.raises(LocalTimeError, match=r"^2026-03-29 02:\d\d does not exist: the clock goes forward then$"):
        to_utc(datetime.fromisoformat(written), AMSTERDAM)


@pytest.mark.parametrize("written", ["2026-10-25T02:00", "2026-10-25T02:30", "2026-10-25T02:59:59"])
@pytest.mark.parametrize("fold", [0, 1])
def test_a_time_that_comes_twice_is_refused_and_never_guessed(written: str, fold: int) -> None:
    with pytest.raises(LocalTimeError, match=r"^2026-10-25 02:\d\d exists twice: the clock goes back then"):
        to_utc(datetime.fromisoformat(written).replace(fold=fold), AMSTERDAM)


def test_the_refusal_shows_how_to_write_the_offset() -> None:
    with pytest.raises(LocalTimeError, match=r"add the offset, as in 2026-10-25T02:30\+02:00$"):
        to_utc(datetime.fromisoformat("2026-10-25T02:30"), AMSTERDAM)


@given(st.datetimes(datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2037-01-01")), ZONES)
def test_a_local_time_that_is_read_is_that_time_on_the_clock(local: datetime, zone: ZoneInfo) -> None:
    try:
        instant = to_utc(local, zone)
    except LocalTimeError:
        return
    assert instant.astimezone(zone).replace(tzinfo=None) == local.replace(fold=0)


@given(st.datetimes(datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2037-01-01")), ZONES)
def test_every_instant_is_told_by_its_local_time_with_its_offset(instant: datetime, zone: ZoneInfo) -> None:
    utc = instant.replace(tzinfo=UTC)
    assert to_utc(utc.astimezone(zone), AMSTERDAM) == utc


@pytest.mark.parametrize(
    ("day", "zone", "expected"),
    [
        pytest.param("2026-01-15", "Europe/Amsterdam", "2026-01-14T23:00+00:00", id="winter"),
        pytest.param("2026-07-15", "Europe/Amsterdam", "2026-07-14T22:00+00:00", id="summer"),
        pytest.param("2026-03-29", "Europe/Amsterdam", "2026-03-28T23:00+00:00", id="day-of-23-hours"),
        pytest.param("2026-03-30", "Europe/Amsterdam", "2026-03-29T22:00+00:00", id="after-the-day-of-23-hours"),
        pytest.param("2026-10-25", "Europe/Amsterdam", "2026-10-24T22:00+00:00", id="day-of-25-hours"),
        pytest.param("2026-10-26", "Europe/Amsterdam", "2026-10-25T23:00+00:00", id="after-the-day-of-25-hours"),
        pytest.param("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00+00:00", id="a-day-without-midnight"),
    ],
)
def test_a_date_begins_at_its_first_instant(day: str, zone: str, expected: str) -> None:
    instant = day_start(date.fromisoformat(day), ZoneInfo(zone))
    assert (instant, instant.tzinfo) == (datetime.fromisoformat(expected), UTC)


@given(st.dates(date(1990, 1, 1), date(2036, 12, 31)), ZONES)
def test_just_before_the_start_of_a_date_it_is_another_date(day: date, zone: ZoneInfo) -> None:
    start = day_start(day, zone)
    dates = [instant.astimezone(zone).date() for instant in (start - timedelta(microseconds=1), start)]
    assert dates == [day - timedelta(days=1), day]


@given(st.dates(date(1990, 1, 1), date(2036, 12, 31)))
def test_a_dutch_date_begins_at_midnight(day: date) -> None:
    assert day_start(day, AMSTERDAM).astimezone(AMSTERDAM).time() == time(0)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        pytest.param(date(2026, 10, 25), date(2026, 10, 25), ("2026-10-24T22:00Z", "2026-10-25T23:00Z"), id="25-hours"),
        pytest.param(date(2026, 11, 24), date(2026, 11, 30), ("2026-11-23T23:00Z", "2026-11-30T23:00Z"), id="a-week"),
        pytest.param(date(2026, 11, 24), None, ("2026-11-23T23:00Z", None), id="from-a-day-on"),
        pytest.param(None, date(2026, 11, 24), (None, "2026-11-24T23:00Z"), id="up-to-a-day"),
        pytest.param(None, None, (None, None), id="always"),
    ],
)
def test_local_dates_lie_between_two_instants(
    first: date | None, last: date | None, expected: tuple[str | None, str | None]
) -> None:
    assert day_bounds(first, last, AMSTERDAM) == tuple(text and datetime.fromisoformat(text) for text in expected)


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-11-23T23:00Z", True),
        ("2026-06-23T22:00Z", True),
        ("2026-11-24T00:00+01:00", True),
        ("2026-11-24T00:00Z", False),
        ("2026-11-23T23:01Z", False),
        ("2026-11-24T09:30Z", False),
    ],
)
def test_midnight_on_the_local_clock_is_a_start_without_a_time(instant: str, expected: bool) -> None:
    assert is_without_time(datetime.fromisoformat(instant), AMSTERDAM) is expected
