"""What a run that died left behind: called uncertain, asked for, and sent again only where it is certainly not sent."""

from datetime import timedelta
from pathlib import Path

import pytest

from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import Uncertain
from smsreminders.errors import AdministratorNeeded, SmsremindersError, TryAgainLater
from tests.features import FINDS_NONE
from tests.guarding import NOW, SETTLE, TOMORROW, House, KeepingGateway, a_house

DIED = "the run died before its result was known"
PROVED = "the gateway was asked twice and doesn't know it: certainly not sent"
PHONE = "+31612345601"
DOWN = TryAgainLater("the gateway is down")


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = a_house(tmp_path)
    made.told()
    return made


def test_what_the_gateway_took_of_a_dead_run_is_sent_and_never_again(house: House) -> None:
    house.dies()
    assert house.status() == Status.SENDING
    house.clock.go_on(minutes=1)
    house.round()
    assert (house.status(), house.details()) == (Status.SENT, [None, None, DIED, "sent"])
    house.clock.go_on(hours=1)
    house.round()
    assert house.gateway.phones == [PHONE]


@pytest.mark.parametrize("fate", [Status.DELIVERED, Status.FAILED])
def test_what_became_of_it_meanwhile_is_taken_over_at_once(house: House, fate: Status) -> None:
    house.dies()
    house.gateway.fates[PHONE] = fate
    house.round()
    assert (house.status(), house.gateway.phones) == (fate, [PHONE])


def test_an_absence_before_the_list_can_have_settled_proves_nothing(house: House) -> None:
    house.gateway.takes = False
    house.dies()
    for minutes in (0, 4, 5):  # 0, 4 and 9 minutes after the attempt
        house.clock.go_on(minutes=minutes)
        house.round()
    house.clock.go_on(minutes=2)  # the first absence that counts
    house.round()
    assert (house.status(), house.gateway.taken) == (Status.UNCERTAIN, [])


def test_one_absence_proves_nothing_however_often_it_is_asked_for_within_the_settle_time(house: House) -> None:
    house.gateway.takes = False
    house.dies()
    house.clock.go_on(seconds=SETTLE.total_seconds())
    for _ in range(3):
        house.round()
        house.clock.go_on(minutes=3)
    assert (house.status(), house.gateway.taken) == (Status.UNCERTAIN, [])


def test_what_is_absent_twice_is_sent_by_the_same_round_and_only_once(house: House) -> None:
    house.gateway.takes = False
    house.dies()
    house.gateway.takes = True
    for _ in range(2):
        house.clock.go_on(seconds=SETTLE.total_seconds())
        house.round()
    assert (house.status(), house.gateway.phones) == (Status.SENT, [PHONE])
    assert house.details() == [None, None, DIED, PROVED, None, None]
    house.clock.go_on(seconds=SETTLE.total_seconds())
    house.round()
    assert house.gateway.phones == [PHONE]


def test_what_is_proved_absent_has_the_same_reference_when_it_is_sent(house: House) -> None:
    house.gateway.takes = False
    house.dies()
    before = house.notifications()[0].reference
    house.gateway.takes = True
    for _ in range(2):
        house.clock.go_on(seconds=SETTLE.total_seconds())
        house.round()
    assert [sms.reference for sms in house.gateway.taken] == [before]


def test_what_is_proved_absent_is_not_sent_where_it_makes_no_sense_any_more(house: House) -> None:
    house.gateway.takes = False
    house.dies()
    house.gateway.takes = True
    house.told(consent=False)
    for _ in range(2):
        house.clock.go_on(seconds=SETTLE.total_seconds())
        house.round()
    assert (house.status(), house.gateway.taken) == (Status.CANCELLED, [])


def test_an_absence_is_forgotten_where_the_gateway_knows_it_after_all(house: House) -> None:
    house.gateway.takes = False
    house.dies()
    house.clock.go_on(seconds=SETTLE.total_seconds())
    house.round()
    reference = house.notifications()[0].reference
    house.told("A2", "P2", starts_at=TOMORROW + timedelta(hours=1))
    house.gateway.takes = True
    house.round()  # A2 goes out
    lagging = house.gateway.taken[0]
    house.gateway.taken.append(type(lagging)(reference, PHONE, "Linde", "late", "GSM-7", NOW, TOMORROW))
    house.clock.go_on(seconds=SETTLE.total_seconds())
    house.round()
    assert (house.status(), house.gateway.phones) == (Status.SENT, ["+31612345602", PHONE])


def test_poll_proves_an_absence_too_and_leaves_the_sending_to_the_round(house: House) -> None:
    house.gateway.takes = False
    house.dies()
    house.gateway.takes = True
    for _ in range(2):
        house.clock.go_on(seconds=SETTLE.total_seconds())
        house.poll()
    assert (house.status(), house.gateway.taken) == (Status.QUEUED, [])
    house.round()
    assert (house.status(), house.gateway.phones) == (Status.SENT, [PHONE])


@pytest.mark.parametrize("error", [DOWN, AdministratorNeeded("the gateway refuses the account")])
def test_a_gateway_that_can_not_be_asked_leaves_it_uncertain_and_the_round_goes_on(
    house: House, error: SmsremindersError
) -> None:
    house.gateway.takes = False
    house.dies()
    house.gateway.takes = True
    house.told("A2", "P2")
    for _ in range(3):
        house.gateway.lookups.append((0, error))
        house.clock.go_on(seconds=SETTLE.total_seconds())
        house.round()
    assert (house.status("A1"), house.status("A2")) == (Status.UNCERTAIN, Status.SENT)
    assert house.gateway.phones == ["+31612345602"]


def test_a_gateway_that_breaks_off_proves_no_absence(house: House) -> None:
    house.gateway.takes = False
    house.dies()
    house.gateway.takes = True
    for failed in (True, False, True):
        house.clock.go_on(seconds=SETTLE.total_seconds())
        if failed:
            house.gateway.lookups.append((0, DOWN))
        house.round()
    assert (house.status(), house.gateway.taken) == (Status.UNCERTAIN, [])
    house.round()  # the second whole answer
    assert (house.status(), house.gateway.phones) == (Status.SENT, [PHONE])


def test_a_gateway_that_does_not_find_by_reference_leaves_it_to_a_person(tmp_path: Path) -> None:
    house = a_house(tmp_path)
    house.gateway = KeepingGateway(FINDS_NONE)
    house.told()
    house.dies()
    for _ in range(5):
        house.clock.go_on(seconds=SETTLE.total_seconds())
        assert house.round().uncertain == 1
    assert (house.status(), house.gateway.phones) == (Status.UNCERTAIN, [PHONE])


def test_a_gateway_that_is_another_one_now_is_not_asked_for_what_the_first_one_may_have_sent(house: House) -> None:
    house.dies()
    house.name, house.gateway = "another", KeepingGateway()
    for _ in range(3):
        house.clock.go_on(seconds=SETTLE.total_seconds())
        house.round()
    assert (house.status(), house.gateway.taken) == (Status.UNCERTAIN, [])


def test_an_answer_that_was_lost_is_found_in_the_same_way(house: House) -> None:
    house.gateway.answers.append(Uncertain("it broke the connection"))
    assert house.round().uncertain == 1
    house.clock.go_on(minutes=1)
    assert house.round().uncertain == 0
    assert (house.status(), house.gateway.phones) == (Status.SENT, [PHONE])
