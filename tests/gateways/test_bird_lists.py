"""Bird's inbox and its suppressions: asked for as its SDK does, read as far as its models say."""

from collections.abc import Iterator
from datetime import timedelta
from json import dumps

import pytest

from smsreminders.domain.round.inbound import OptedOut, Received
from smsreminders.errors import TryAgainLater
from smsreminders.gateways.base import Gateway, Hears, KnowsOptOuts
from tests.gateways import inbox_spec
from tests.gateways.benches.bird import a_bird
from tests.gateways.bird_lists import OURS
from tests.gateways.bird_spec import check
from tests.gateways.contract import NOW
from tests.gateways.fake_bird import FakeBird
from tests.gateways.faults import Fault

PHONE = "+31612345678"


@pytest.fixture
def fake() -> Iterator[FakeBird]:
    with FakeBird(now=NOW) as server:
        yield server


@pytest.fixture
def bird(fake: FakeBird) -> Gateway:
    return a_bird(fake)


def heard(bird: Gateway) -> list[Received]:
    assert isinstance(bird, Hears)
    return [sms for page in bird.inbox(NOW) for sms in page]


def opted_out(bird: Gateway) -> list[OptedOut]:
    assert isinstance(bird, KnowsOptOuts)
    return [number for page in bird.opt_outs(NOW) for number in page]


def page(*entries: object, cursor: object = None) -> Fault:
    return Fault(200, dumps({"data": entries, "next_cursor": cursor}).encode())


def test_what_came_in_is_asked_for_and_answered_as_the_models_want_it(fake: FakeBird, bird: Gateway) -> None:
    fake.lists.receives(PHONE, "STOP", at=NOW)
    assert [(sms.phone, sms.to, sms.text) for sms in heard(bird)] == [(PHONE, OURS, "STOP")]
    [seen] = fake.requests
    assert seen.query == {"created_after": "2026-11-23T08:00:00Z", "direction": "inbound", "limit": "50"}
    _, answer = fake.answer(seen)
    assert isinstance(answer, dict)
    check("SMSMessageList", answer)
    check("SMSMessage", answer["data"][0])


def test_suppressions_are_asked_for_and_answered_as_the_models_want_it(fake: FakeBird, bird: Gateway) -> None:
    fake.lists.opts_out(PHONE, at=NOW)
    assert opted_out(bird) == [OptedOut(PHONE, NOW, OURS)]
    [seen] = fake.requests
    inbox_spec.check("bird", seen, fake.answer(seen)[1])


def test_an_opt_out_that_bird_is_told_of_late_is_told(fake: FakeBird, bird: Gateway) -> None:
    late = (NOW + timedelta(minutes=1)).isoformat()
    for number in range(120):
        fake.lists.opts_out(f"+31687654{number:03}", at=NOW - timedelta(days=2))
    fake.lists.opts_out(PHONE, at=NOW - timedelta(days=6), created_at=late)
    fake.lists.opts_out("+31612345679", at=NOW - timedelta(days=30), last_asserted_at=late)
    assert [number.phone for number in opted_out(bird)] == [PHONE, "+31612345679"]


def test_what_is_long_past_is_not_read_to_its_end(fake: FakeBird, bird: Gateway) -> None:
    for number in range(300):
        fake.lists.opts_out(f"+31687654{number:03}", at=NOW - timedelta(days=30))
    assert opted_out(bird) == []
    assert len(fake.requests) == 1


def test_what_is_not_as_documented_is_told_as_far_as_it_can_be(fake: FakeBird, bird: Gateway) -> None:
    fake.fail_next(page({"id": "sms_1", "text": None}, {"id": "sms_2", "direction": "outbound", "text": "ours"}))
    assert [(sms.gateway_id, sms.phone, sms.text, sms.received_at) for sms in heard(bird)] == [("sms_1", "", "", NOW)]
    fake.fail_next(page({"destination": "31612345678"}, {"destination": "jan@example.nl"}, {}))
    assert opted_out(bird) == [OptedOut(PHONE)]


def test_an_sms_without_an_id_is_told_as_the_same_one_each_time(fake: FakeBird, bird: Gateway) -> None:
    fake.fail_next(page({"from": PHONE, "text": "STOP", "status": "received"}, {"from": PHONE, "text": "JA"}))
    first, second = heard(bird)
    fake.fail_next(page({"from": PHONE, "text": "STOP"}))
    assert heard(bird) == [first]
    assert (first.text, second.text) == ("STOP", "JA")
    assert first.gateway_id != second.gateway_id


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(page("STOP"), id="no entry"),
        pytest.param(page(cursor=""), id="an empty cursor"),
        pytest.param(page(cursor=1), id="a number as cursor"),
        pytest.param(Fault(200, b'{"data":null,"next_cursor":null}'), id="no list"),
    ],
)
def test_a_list_that_cannot_be_understood_is_told(answer: Fault, fake: FakeBird, bird: Gateway) -> None:
    fake.fail_next(answer)
    with pytest.raises(TryAgainLater):
        heard(bird)
