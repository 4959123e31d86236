"""Some weeks of a practice: at noon each covered appointment was delivered or is on the call list."""

from tests.long.noon import BROKEN, a_year


def test_at_noon_each_covered_appointment_was_delivered_or_is_on_the_list() -> None:
    tally = a_year(seed=5, days=50)
    assert {name: tally[name] for name in BROKEN} == dict.fromkeys(BROKEN, 0)
    assert tally["covered"] > 50
    assert tally["delivered"] > 10
