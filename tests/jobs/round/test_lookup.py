"""What a gateway had answered is kept when it stops answering; what it didn't come to say proves nothing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from smsreminders.domain.round.notifications import Status
from smsreminders.errors import AdministratorNeeded, SmsremindersError, TryAgainLater
from smsreminders.store.lock import run_lock
from tests.gateways.fake_cm import FakeCm
from tests.guarding import SETTLE, TOMORROW, House, a_house
from tests.jobs.at_cm import CmHouse

DOWN = TryAgainLater("the gateway is down")
REFUSED = AdministratorNeeded("the gateway refuses the account")


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Five that are sent, and that will be delivered."""
    made = a_house(tmp_path)
    for number in range(1, 6):
        made.told(f"A{number}", f"P{number}", starts_at=TOMORROW + timedelta(minutes=10 * number))
    made.round()
    made.gateway.fates = dict.fromkeys(made.gateway.phones, Status.DELIVERED)
    return made


@pytest.mark.parametrize("error", [DOWN, REFUSED])
@pytest.mark.parametrize("told", [0, 1, 3, 5])
def test_reports_that_break_off_are_kept_and_the_rest_comes_with_the_next_poll(
    house: House, told: int, error: SmsremindersError
) -> None:
    house.gateway.lookups.append((told, error))
    assert list(house.poll().troubles.values()) == [error]
    assert list(house.statuses().values()) == [Status.DELIVERED] * told + [Status.SENT] * (5 - told)
    result = house.poll()
    assert (result.asked, dict(result.changed)) == (5 - told, {Status.DELIVERED: 5 - told} if told < 5 else {})
    assert set(house.statuses().values()) == {Status.DELIVERED}


def test_reports_that_break_off_give_up_on_nothing(house: House) -> None:
    house.clock.go_on(hours=73)
    house.gateway.lookups.append((2, DOWN))
    assert list(house.poll().troubles.values()) == [DOWN]
    assert list(house.statuses().values()) == [Status.DELIVERED] * 2 + [Status.SENT] * 3


def test_reports_that_break_off_prove_no_absence(house: House) -> None:
    house.gateway.takes = False
    house.told("A6", "P6")
    house.dies()
    house.gateway.takes = True
    for _ in range(3):
        house.clock.go_on(seconds=SETTLE.total_seconds())
        house.gateway.lookups.append((3, DOWN))
        assert list(house.poll().troubles.values()) == [DOWN]
    assert house.status("A6") == Status.UNCERTAIN
    house.poll()  # the first whole answer
    assert house.status("A6") == Status.UNCERTAIN


@pytest.mark.parametrize("told", [499, 500, 501])
def test_reports_that_break_off_are_kept_wherever_a_transaction_ends(tmp_path: Path, told: int) -> None:
    house = a_house(tmp_path)
    house.crowd(503)
    with run_lock(house.path) as lock, house.open() as db:
        db.execute("pragma synchronous = off")  # a commit for each; no power is cut here
        house.round_with(db, lock)
    house.gateway.fates = dict.fromkeys(house.gateway.phones, Status.DELIVERED)
    house.gateway.lookups.append((told, DOWN))
    assert list(house.poll().troubles.values()) == [DOWN]
    assert Counter(house.statuses().values()) == {Status.DELIVERED: told, Status.SENT: 503 - told}


@pytest.fixture
def at_cm(tmp_path: Path) -> Iterator[CmHouse]:
    with FakeCm() as cm:
        house = CmHouse(a_house(tmp_path).path)
        house.cm = cm
        yield house


def test_what_a_gateway_took_without_keeping_our_reference_is_never_sent_again(at_cm: CmHouse) -> None:
    at_cm.cm.keeps_references = False
    for number in range(1, 4):
        at_cm.told(f"A{number}", f"P{number}")
    for _ in range(5):
        at_cm.round()
        at_cm.clock.go_on(minutes=90)
    assert len(at_cm.cm.journal) == 3
    assert set(at_cm.statuses().values()) == {Status.SENT}
    assert "trial account" in (at_cm.details()[-1] or "")
    at_cm.clock.go_on(hours=72)
    at_cm.poll()
    assert set(at_cm.statuses().values()) == {Status.EXPIRED}


def test_a_gateway_is_given_the_time_that_its_list_needs_before_an_absence_counts(house: House) -> None:
    house.gateway.features = replace(house.gateway.features, settles_after=timedelta(hours=1))
    house.gateway.takes = False
    house.told("A6", "P6")
    house.dies()
    house.clock.go_on(seconds=SETTLE.total_seconds())
    for _ in range(8):  # every ten minutes, from the eleventh on
        house.poll()
        house.clock.go_on(seconds=SETTLE.total_seconds())
    assert house.status("A6") == Status.UNCERTAIN
    house.clock.go_on(hours=1)
    house.poll()
    assert house.status("A6") == Status.QUEUED


def test_where_references_may_be_lost_an_absence_counts_only_once_one_was_shown(at_cm: CmHouse) -> None:
    at_cm.cm.keeps_references = False
    at_cm.told()
    at_cm.cm.fail_next("drop-after", method="POST")
    for _ in range(5):
        at_cm.round()
        at_cm.clock.go_on(minutes=90)
    assert (len(at_cm.cm.journal), at_cm.status()) == (1, Status.UNCERTAIN)


def test_once_one_was_shown_an_absence_is_proved(at_cm: CmHouse) -> None:
    at_cm.told()
    at_cm.round()
    at_cm.cm.report(at_cm.notifications()[0].reference, 20, "Delivered")
    at_cm.poll()
    at_cm.told("A2", "P2")
    at_cm.cm.fail_next("drop-before", method="POST")
    at_cm.round()
    assert (at_cm.status("A1"), at_cm.status("A2")) == (Status.DELIVERED, Status.UNCERTAIN)
    for _ in range(2):
        at_cm.clock.go_on(minutes=61)
        at_cm.round()
    assert (len(at_cm.cm.journal), at_cm.status("A2")) == (2, Status.SENT)
