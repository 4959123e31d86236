"""A START lifts the STOP that the same practice was told, and no other's, in whatever order the lists tell them."""

from datetime import timedelta

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.inbound import Received
from smsreminders.domain.round.stopped import standing
from smsreminders.store.round.stopped import stop_history
from tests.jobs.bench import Bench
from tests.jobs.hearing import PHONE, HearingGateway, received
from tests.jobs.round.test_inbox import with_number

OF_LINDE, OF_DUIN = "+3197010001111", "+3197010002222"
STOPS, STARTS = "stops", "starts"


def said(what: str, to: str) -> Received:
    """STOP on Monday at ten, or START five minutes later."""
    return received("stop", to=to) if what == STOPS else received("start", "r2", to=to, later=timedelta(minutes=5))


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize(("started", "goes_on"), [(OF_LINDE, True), (OF_DUIN, False)])
def test_a_start_to_another_practice_lifts_nothing(
    bench: Bench, linde: Practice, duin: Practice, started: str, *, goes_on: bool, newest_first: bool
) -> None:
    with_number(bench, linde, OF_LINDE)
    with_number(bench, duin, OF_DUIN)
    gateway = bench.gateway = HearingGateway()
    pages = [[said(STOPS, OF_LINDE)], [said(STARTS, started)]]
    gateway.pages = [*(reversed(pages) if newest_first else pages)]
    bench.clock.go_to(bench.clock.now() + timedelta(hours=2))
    bench.poll()
    assert (standing(stop_history(bench.db, linde.id, PHONE)) is None) is goes_on
