"""The rounds to come: each day is newly covered by one of them at each occasion, and by no other."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from smsreminders.domain.round.coming import ComingRound, coming_rounds
from smsreminders.domain.round.workdays import Region, Workdays, public_holidays

DUTCH = Workdays(holidays=public_holidays(Region("NL", "nl"), years=range(2025, 2029)))
DAY = timedelta(days=1)


def test_friday_covers_the_weekend_and_the_day_before_a_holiday_the_first_day_after_it() -> None:
    christmas = [(each.day, each.first, each.last) for each in coming_rounds(date(2026, 12, 23), 6, DUTCH, [1])]
    assert christmas == [
        (date(2026, 12, 23), date(2026, 12, 24), date(2026, 12, 24)),
        (date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 28)),
        (date(2026, 12, 28), date(2026, 12, 29), date(2026, 12, 29)),
    ]


def test_holidays_are_named() -> None:
    eve = next(coming_rounds(date(2026, 12, 24), 1, DUTCH, [1]))
    assert eve.holidays == ((date(2026, 12, 25), "Eerste kerstdag"), (date(2026, 12, 26), "Tweede kerstdag"))


def test_each_occasion_has_its_own_days() -> None:
    thursday = date(2026, 11, 26)
    assert [*coming_rounds(thursday, 1, DUTCH, [3, 1])] == [
        ComingRound(thursday, 1, date(2026, 11, 27), date(2026, 11, 27), ()),
        ComingRound(thursday, 3, date(2026, 12, 1), date(2026, 12, 1), ()),
    ]


@given(
    start=st.dates(date(2026, 1, 1), date(2027, 6, 1)),
    days=st.integers(1, 40),
    remind=st.sampled_from([(1,), (3, 1), (2,)]),
    closed=st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 1)), max_size=20),
)
def test_no_day_is_newly_covered_twice_or_never(
    start: date, days: int, remind: tuple[int, ...], closed: frozenset[date]
) -> None:
    workdays = Workdays(holidays=DUTCH.holidays, closed_on=closed)
    for occasion in remind:
        rounds = [each for each in coming_rounds(start, days, workdays, remind) if each.occasion == occasion]
        covered = [each.first + n * DAY for each in rounds for n in range((each.last - each.first).days + 1)]
        begins = workdays.after(start - DAY, occasion) + DAY
        ends = workdays.after(start + (days - 1) * DAY, occasion)
        assert covered == [begins + n * DAY for n in range((ends - begins).days + 1)]
