"""The rules of a practice later in its round: what begins too soon by then, and whether its texts may leave."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from smsreminders.domain.round.exclusions import NOTHING
from tests.due import DUE, NOW, RULES


def test_without_rules_of_its_own_a_practice_sends_at_any_hour_two_hours_before_and_leaves_nothing_out() -> None:
    assert (RULES.notice, RULES.hours, RULES.rehearsal) == (timedelta(hours=2), (time.min, time.max), False)
    assert (RULES.exclusions, DUE.type, DUE.practitioner) == (NOTHING, "", "")


@pytest.mark.parametrize("notice", [timedelta(), timedelta(hours=2), timedelta(hours=5)])
def test_later_in_the_round_the_notice_of_the_practice_counts_from_then(notice: timedelta) -> None:
    later = replace(RULES, notice=notice).later(NOW + timedelta(hours=1))
    assert later.window.opens == max(RULES.window.opens, NOW + timedelta(hours=1) + notice)
    assert replace(later, window=RULES.window) == replace(RULES, notice=notice)


@pytest.mark.parametrize(
    ("hours", "at", "expected"),
    [
        ((time(9), time(12)), "07:59:59", False),  # UTC: Amsterdam is an hour later
        ((time(9), time(12)), "08:00:00", True),
        ((time(9), time(12)), "10:59:59", True),
        ((time(9), time(12)), "11:00:00", False),
        ((time.min, time.max), "22:59:59", True),
    ],
)
def test_texts_leave_in_the_sending_hours_of_the_practice(hours: tuple[time, time], at: str, *, expected: bool) -> None:
    moment = datetime.combine(NOW.date(), time.fromisoformat(at), UTC)
    assert replace(RULES, hours=hours).may_send(moment) is expected
