"""Spryng's inbox and its list of opt-outs: asked for as its documents want it, read as far as they say."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from json import dumps

import pytest

from smsreminders.domain.round.inbound import OptedOut, Received
from smsreminders.errors import TryAgainLater
from smsreminders.gateways.base import Gateway, Hears, KnowsOptOuts
from tests.gateways.contract import NOW
from tests.gateways.fake_spryng import FakeSpryng
from tests.gateways.faults import Fault
from tests.gateways.spryng_spec import check, check_answer, specification

PHONE, OURS = "+31612345678", "+3197010240000"


def heard(spryng: Gateway) -> list[Received]:
    assert isinstance(spryng, Hears)
    return [sms for page in spryng.inbox(NOW) for sms in page]


def opted_out(spryng: Gateway) -> list[OptedOut]:
    assert isinstance(spryng, KnowsOptOuts)
    return [number for page in spryng.opt_outs(NOW) for number in page]


def listed(of: str, *entries: object, number: object = 1, pages: object = 1) -> Fault:
    return Fault(
        200, dumps({"data": {of: entries, "totalCount": 1, "currentPage": number, "totalPages": pages}}).encode()
    )


def sample(path: str) -> object:
    return specification()["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["example"]


@pytest.mark.parametrize(("path", "ask"), [("/inbox", heard), ("/optouts", opted_out)])
def test_a_list_is_asked_for_and_answered_as_the_documents_want_it(
    path: str, ask: Callable[[Gateway], object], fake: FakeSpryng, spryng: Gateway
) -> None:
    fake.lists.receives(PHONE, "STOP", at=NOW)
    fake.lists.opts_out(PHONE, at=NOW)
    ask(spryng)
    [seen] = fake.requests
    check(seen)
    assert seen.query.keys() <= {one.get("name") for one in specification()["paths"][path]["get"]["parameters"]}
    assert "2026-11-23T08:00:00Z" in seen.query.values()
    assert int(seen.query.get("pageSize") or seen.query["PageSize"]) > 1  # their default is 1
    check_answer(seen, *fake.answer(seen))


def test_the_samples_are_read(fake: FakeSpryng, spryng: Gateway) -> None:
    fake.fail_next(Fault(200, dumps(sample("/inbox")).encode()))
    at = datetime(2026, 11, 23, 8, 0, 0, 1, UTC)
    assert heard(spryng) == [Received("00000000-0000-4000-8000-000000000009", "+31600000009", OURS, "", at)]
    fake.fail_next(Fault(200, dumps(sample("/optouts")).encode()))
    assert opted_out(spryng) == [OptedOut("+31600000011", at)]


def test_a_text_that_the_list_does_not_show_is_asked_for_by_its_id(fake: FakeSpryng, spryng: Gateway) -> None:
    fake.lists.shows_texts = False
    fake.lists.receives(PHONE, "STOP", at=NOW)
    fake.lists.receives(PHONE, "toch niet", at=NOW + timedelta(minutes=1))
    assert [sms.text for sms in heard(spryng)] == ["STOP", "toch niet"]
    for seen in fake.requests:
        check(seen)
    assert len(fake.requests) == 3


def test_what_is_not_as_documented_is_told_as_far_as_it_can_be(fake: FakeSpryng, spryng: Gateway) -> None:
    fake.fail_next(
        listed("messages", {"messageId": "1", "content": None}, {"messageId": "2", "content": "STOP", "msisdn": 3})
    )
    assert [(sms.gateway_id, sms.phone, sms.to, sms.text) for sms in heard(spryng)] == [
        ("1", "", "", ""),
        ("2", "", "", "STOP"),
    ]
    fake.fail_next(listed("optOuts", {"value": "jan@example.nl"}, {"value": "31612345678"}, {}))
    assert opted_out(spryng) == [OptedOut(PHONE, None)]


def test_an_sms_without_an_id_is_told_as_the_same_one_each_time(fake: FakeSpryng, spryng: Gateway) -> None:
    sms = {"msisdn": PHONE, "content": "STOP", "submittedAt": "2026-11-23T08:00:00Z"}
    fake.fail_next(listed("messages", {**sms, "isRead": False}, {"msisdn": PHONE}))
    first, textless = heard(spryng)
    fake.fail_next(listed("messages", {**sms, "isRead": True}))
    assert heard(spryng) == [first]
    assert (first.phone, first.text, textless.text) == (PHONE, "STOP", "")
    assert first.gateway_id != textless.gateway_id


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(listed("messages", "STOP"), id="no entry"),
        pytest.param(listed("messages", number=2), id="another page"),
        pytest.param(listed("messages", pages=10_000), id="endless"),
        pytest.param(listed("messages", pages=2), id="breaks off"),
        pytest.param(listed("something"), id="no list"),
        pytest.param(Fault(200, b'{"data":null}'), id="nothing"),
        pytest.param(Fault(404, b'{"errors":[]}'), id="not there"),
    ],
)
def test_a_list_that_cannot_be_understood_is_told(answer: Fault, fake: FakeSpryng, spryng: Gateway) -> None:
    fake.fail_next(answer)
    with pytest.raises(TryAgainLater):
        heard(spryng)
