"""Infobip gives each SMS that came in once: nothing of a page may get lost, and no page is asked for too early."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from json import dumps

import pytest

from smsreminders.domain.round.inbound import Received
from smsreminders.errors import TryAgainLater
from smsreminders.gateways.base import Gateway, Hears
from smsreminders.gateways.by_name import features_of
from tests.gateways import inbox_spec
from tests.gateways.benches.infobip import an_infobip
from tests.gateways.contract import NOW
from tests.gateways.fake_infobip import FakeInfobip
from tests.gateways.faults import Fault

PHONE, OURS = "+31612345678", "+3197010240000"


@pytest.fixture
def fake() -> Iterator[FakeInfobip]:
    with FakeInfobip() as server:
        yield server


@pytest.fixture
def infobip(fake: FakeInfobip) -> Gateway:
    return an_infobip(fake)


def heard(infobip: Gateway) -> list[Received]:
    assert isinstance(infobip, Hears)
    return [sms for page in infobip.inbox(NOW) for sms in page]


def page(*results: object, **counts: object) -> Fault:
    return Fault(200, dumps({"results": results, **counts}).encode())


def test_it_says_that_it_gives_each_sms_once() -> None:
    assert {name for name in ("infobip", "spryng", "gammu") if features_of(name).hears_once} == {"infobip"}


def test_it_is_asked_and_answers_as_its_sdk_has_it(fake: FakeInfobip, infobip: Gateway) -> None:
    fake.receives(PHONE, "STOP", at=NOW)
    assert [replace(sms, gateway_id="") for sms in heard(infobip)] == [Received("", PHONE, OURS, "STOP", NOW)]
    [seen] = fake.requests
    fake.receives(PHONE, "STOP", at=NOW)
    inbox_spec.check("infobip", seen, fake.answer(seen)[1])


def test_of_a_run_that_dies_within_a_page_the_later_pages_are_still_there(fake: FakeInfobip, infobip: Gateway) -> None:
    for number in range(50):
        fake.receives(PHONE, f"{number}", at=NOW)
    assert isinstance(infobip, Hears)
    first = list(next(infobip.inbox(NOW)))
    assert [sms.text for sms in [*first, *heard(infobip)]] == [f"{number}" for number in range(50)]


def test_an_entry_that_is_not_as_documented_is_told_all_the_same(fake: FakeInfobip, infobip: Gateway) -> None:
    odd = {"from": PHONE, "cleanText": "STOP\ud83d", "receivedAt": "soon"}
    fake.fail_next(
        page(odd, {**odd, "text": "JA"}, "nonsense", {"messageId": "1", "receivedAt": "2026-11-23T09:00:00"})
    )
    first, second, last = heard(infobip)
    assert [(sms.phone, sms.text, sms.received_at) for sms in (first, second)] == [
        (PHONE, "STOP\ufffd", NOW),
        (PHONE, "JA", NOW),
    ]
    assert (last.gateway_id, last.received_at) == ("1", datetime(2026, 11, 23, 9, tzinfo=UTC))
    fake.fail_next(page(odd))
    assert [sms.gateway_id for sms in heard(infobip)] == [first.gateway_id]
    assert len({first.gateway_id, second.gateway_id, last.gateway_id}) == 3


@pytest.mark.parametrize(
    ("answer", "more"),
    [
        pytest.param(page({"messageId": "1"}), False, id="a short page that doesn't say"),
        pytest.param(page(*[{"messageId": f"{n}"} for n in range(20)]), True, id="a full page that doesn't say"),
        pytest.param(page({"messageId": "1"}, pendingMessageCount=0), False, id="nothing left"),
        pytest.param(page({"messageId": "1"}, pendingMessageCount=3), True, id="some left"),
        pytest.param(page(pendingMessageCount=3), False, id="an empty page"),
    ],
)
def test_the_next_page_is_asked_for_while_there_is_one(
    answer: Fault, more: bool, fake: FakeInfobip, infobip: Gateway
) -> None:
    fake.fail_next(answer)
    heard(infobip)
    assert len(fake.requests) == 1 + more


@pytest.mark.parametrize("answer", [Fault(200, b'{"results":null}'), Fault(200, b'{"results":{}}'), Fault(200, b"[]")])
def test_an_inbox_that_cannot_be_understood_is_told(answer: Fault, fake: FakeInfobip, infobip: Gateway) -> None:
    fake.fail_next(answer)
    with pytest.raises(TryAgainLater):
        heard(infobip)
