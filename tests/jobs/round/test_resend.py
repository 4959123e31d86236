"""An uncertain one is sent again under the same reference where the gateway promises that it stays one SMS."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from smsreminders.domain.appointments import Booking
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import Accepted, AccountName, Outcome, Refused, Rejected, Unavailable, Uncertain
from smsreminders.gateways.base import Account
from smsreminders.jobs.round.resend import AGAIN
from smsreminders.store.round.notifications import events_of
from tests.features import FINDS_ALL, FINDS_NONE
from tests.guarding import SETTLE, TOMORROW, House, KeepingGateway, a_house

LOST = Uncertain("read time-out")
PHONE = "+31612345601"
REPEATS = timedelta(hours=3)


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = a_house(tmp_path)
    made.gateway = KeepingGateway(replace(FINDS_NONE, repeats_for=REPEATS))
    made.told()
    return made


def test_a_time_out_is_settled_by_the_run_itself(house: House) -> None:
    house.gateway.answers.append(LOST)
    result = house.round()
    assert (house.status(), house.gateway.phones) == (Status.SENT, [PHONE])
    assert house.details() == [None, None, "read time-out", AGAIN, None]
    assert (result.sent.by_status[Status.SENT], result.sent.by_status[Status.UNCERTAIN], result.uncertain) == (1, 0, 0)
    assert result.segments.total() == 1


def test_it_goes_out_now_if_it_never_arrived(house: House) -> None:
    house.gateway.takes = False
    house.gateway.answers.extend([LOST, LOST])
    house.round()
    assert (house.status(), house.gateway.phones) == (Status.UNCERTAIN, [])
    house.gateway.takes = True
    house.clock.go_on(minutes=5)
    result = house.round()
    assert (house.status(), house.gateway.phones) == (Status.SENT, [PHONE])
    assert (result.sent.by_status[Status.SENT], result.sent.by_status[Status.UNCERTAIN]) == (1, 0)


class SlowHouse(House):
    """Two requests a second."""

    def in_use(self) -> Account:
        return Account(AccountName(self.name), self.gateway, 1, 2.0, SETTLE)


def test_it_goes_out_again_at_the_gateways_pace(house: House) -> None:
    slow = SlowHouse(house.path, gateway=house.gateway)
    for number in range(2, 5):
        slow.told(f"A{number}", f"P{number}")
    slow.gateway.answers.extend([LOST] * 4)
    slow.round()
    assert (slow.clock.elapsed(), set(slow.statuses().values())) == (1.5 + 4 * 0.5, {Status.SENT})


def test_a_run_that_died_is_settled_by_the_next(house: House) -> None:
    house.dies()
    house.round()
    assert (house.status(), house.gateway.phones) == (Status.SENT, [PHONE])


@pytest.mark.parametrize("answer", [LOST, Unavailable("down"), Refused("no credit"), Rejected("wrong number")])
def test_any_other_answer_leaves_it_uncertain_and_ends_the_attempt(house: House, answer: Outcome) -> None:
    house.told("A2", "P2")
    house.gateway.answers.extend([LOST, LOST, answer])
    house.round()
    assert (house.status("A1"), house.status("A2")) == (Status.UNCERTAIN, Status.UNCERTAIN)
    assert len(house.gateway.taken) == 2
    assert not house.gateway.answers  # the third request was the last


def test_an_id_that_another_one_has_leaves_it_uncertain(house: House) -> None:
    house.told("A2", "P2")
    house.gateway.answers.extend([Accepted("g1"), LOST, Accepted("g1")])
    house.round()
    assert (house.status("A1"), house.status("A2")) == (Status.SENT, Status.UNCERTAIN)


def test_after_the_time_that_a_gateway_promises_it_is_not_repeated(house: House) -> None:
    house.gateway.answers.extend([LOST, LOST])
    house.round()
    house.clock.go_on(seconds=REPEATS.total_seconds())
    house.round()
    assert (house.status(), AGAIN in house.details()[4:]) == (Status.UNCERTAIN, False)


def test_a_gateway_that_promises_nothing_gets_it_once(house: House) -> None:
    house.gateway.features = FINDS_ALL
    house.gateway.answers.append(LOST)
    house.round()
    assert (house.status(), house.gateway.phones) == (Status.UNCERTAIN, [PHONE])


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"consent": False}, id="consent-withdrawn"),
        pytest.param({"booking": Booking.CANCELLED}, id="cancelled"),
        pytest.param({"starts_at": TOMORROW + timedelta(hours=1)}, id="moved"),
        pytest.param({"patient": "P2"}, id="another-patient"),
    ],
)
def test_what_changed_since_is_never_repeated(house: House, change: dict[str, object]) -> None:
    house.gateway.answers.extend([LOST, LOST])
    house.round()
    house.told(**change)  # type: ignore[arg-type]  # one of its own parameters each
    house.round()
    first = house.notifications()[0]
    assert (first.revision, first.status) == (1, Status.UNCERTAIN)
    with house.open() as db:
        details = [event.detail for event in events_of(db, first.id)]
    assert details == [None, None, "read time-out", AGAIN]  # by its own run, and not by the second
