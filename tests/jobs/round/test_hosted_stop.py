"""A STOP at each hosted gateway that hears: after the poll that hears it nothing more is handed over to that number."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from smsreminders.domain.practices import Practice
from smsreminders.domain.round.sending import AccountName
from smsreminders.gateways.base import Account
from tests.gateways.contract import HearingBench, hearing
from tests.jobs.bench import Bench
from tests.jobs.builders import a_patient, an_appointment, local, phone_of

PHONE, OTHER = phone_of("P1"), phone_of("P2")
TEN = local("2026-11-23 10:00")


class HostedBench(Bench):
    """A bench that sends by an account of a hosted gateway."""

    account: Account

    def in_use(self, **_: object) -> Account:
        return self.account


@pytest.fixture(params=hearing(over_http=True))
def hosted(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[HearingBench]:
    with hearing()[request.param](tmp_path) as hosted:
        yield hosted


@pytest.fixture
def house(bench: Bench, hosted: HearingBench, linde: Practice, request: pytest.FixtureRequest) -> HostedBench:
    """Two patients whose reminders went on Monday at 09:00; each has another appointment on Wednesday."""
    house = HostedBench(bench.path, bench.db, bench.clock)
    name = AccountName(request.node.callspec.params["hosted"])
    house.account = Account(name, hosted.open(), 1, 10_000.0, timedelta(minutes=10))
    for patient in ("P1", "P2"):
        a_patient(house.db, linde, patient)
        for day in (24, 25):
            an_appointment(house.db, linde, f"{patient}-{day}", patient, start=f"2026-11-{day} 10:30")
    house.round()
    house.clock.go_to(TEN + timedelta(minutes=15))
    return house


def handed_over(hosted: HearingBench) -> list[str]:
    """The phones of what was handed over, with their digits only, in order."""
    posts = [request for request in hosted.server.requests if request.method == "POST"]
    return [OTHER if OTHER[1:] in str(post.body) else PHONE for post in posts]


def goes_on_tuesday(house: HostedBench) -> None:
    house.clock.go_to(local("2026-11-24 09:00"))
    house.round()


def test_who_did_not_say_stop_gets_the_next_reminder(house: HostedBench, hosted: HearingBench) -> None:
    hosted.receives(PHONE, "Kan het een uur later?", at=TEN)
    assert house.poll().heard.stopped == 0
    goes_on_tuesday(house)
    assert sorted(handed_over(hosted)) == sorted([PHONE, OTHER, PHONE, OTHER])


def test_after_a_stop_nothing_more_is_handed_over_to_that_number(house: HostedBench, hosted: HearingBench) -> None:
    hosted.receives(PHONE, " Stop. ", at=TEN)
    assert [house.poll().heard.stopped, house.poll().heard.stopped] == [1, 0]
    goes_on_tuesday(house)
    assert sorted(handed_over(hosted)) == sorted([PHONE, OTHER, OTHER])


def test_a_stop_that_comes_late_into_the_list_counts_at_the_next_poll(house: HostedBench, hosted: HearingBench) -> None:
    hosted.receives(OTHER, "Tot morgen!", at=TEN + timedelta(minutes=10))
    assert house.poll().heard.replies == 1
    hosted.receives(PHONE, "STOP", at=TEN)
    assert house.poll().heard.stopped == 1
    goes_on_tuesday(house)
    assert sorted(handed_over(hosted)) == sorted([PHONE, OTHER, OTHER])


@pytest.mark.parametrize("fault", ["403", "503", "drop-before"])
def test_a_list_that_can_not_be_read_is_told_and_heard_later(
    house: HostedBench, hosted: HearingBench, fault: str
) -> None:
    hosted.receives(PHONE, "STOP", at=TEN)
    hosted.server.fail_next(fault, method="GET")
    assert len(house.poll().heard.troubles) == 1
    assert house.poll().heard.stopped == 1
    goes_on_tuesday(house)
    assert sorted(handed_over(hosted)) == sorted([PHONE, OTHER, OTHER])


@pytest.mark.parametrize("hosted", ["bird", "spryng"], indirect=True)
def test_who_opted_out_at_the_gateway_gets_nothing_more(house: HostedBench, hosted: HearingBench) -> None:
    hosted.opts_out(PHONE, at=TEN)
    assert [house.poll().heard.opt_outs, house.poll().heard.opt_outs] == [1, 0]
    goes_on_tuesday(house)
    assert sorted(handed_over(hosted)) == sorted([PHONE, OTHER, OTHER])
