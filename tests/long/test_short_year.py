"""Six weeks over Easter, King's Day and the change to summer time, and two over the change back, against the model."""

from datetime import date

import pytest

from tests.long.model import easter, free_days, last_sunday
from tests.long.year import run


@pytest.mark.parametrize(
    ("first", "days", "seed"), [(date(2027, 3, 15), 45, 1), (date(2027, 10, 22), 14, 2), (date(2027, 12, 20), 14, 3)]
)
def test_some_weeks_send_what_the_model_says_and_bill_it_to_the_cent(first: date, days: int, seed: int) -> None:
    figures = run(seed=seed, first=first, days=days, patients_each=20)
    assert (figures.wrong, figures.missing, figures.extra, figures.cents, figures.leaks, figures.examples) == (
        0,
        0,
        0,
        0,
        0,
        [],
    )
    assert figures.kept


def test_the_models_own_calendar_is_the_almanacs() -> None:
    almanac = {2024: (3, 31), 2025: (4, 20), 2026: (4, 5), 2027: (3, 28), 2028: (4, 16), 2038: (4, 25)}
    assert {year: (easter(year).month, easter(year).day) for year in almanac} == almanac
    assert (last_sunday(2027, 3), last_sunday(2027, 10)) == (date(2027, 3, 28), date(2027, 10, 31))
    assert (date(2025, 4, 26) in free_days(2025), date(2025, 5, 5) in free_days(2025)) == (True, True)  # a Sunday
