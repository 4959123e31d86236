"""The short form of faulty_gateway: nothing twice, lost or guessed; and that it would be seen if it were."""

from datetime import timedelta

import pytest

from tests.long.bench import Listener
from tests.long.faulty_gateway import BROKEN, run


def broken(**conditions: float) -> set[str]:
    figures = run(80, 7, **conditions)
    return {name for name in BROKEN if figures[name]}


def test_a_gateway_that_answers_wrongly_half_of_the_time_makes_no_double_and_loses_nothing() -> None:
    assert broken() == set()


def test_a_gateway_whose_clock_is_behind_ours_makes_no_double() -> None:
    assert broken(behind=timedelta(hours=3).total_seconds()) == set()


def test_a_list_that_lags_longer_than_its_settle_time_is_seen_to_make_doubles() -> None:
    assert "doubles" in broken(longest_lag=7200)


@pytest.mark.parametrize("leak", ["Pim Kanarievogel00001", "+31612300001", "06-12300001", "kanarietekst: maandag"])
def test_a_leak_is_seen(leak: str) -> None:
    talk = Listener()
    talk.heard(f"the gateway says {leak}")
    assert talk.leaks == 1
