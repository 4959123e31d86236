"""One that had no report for weeks is asked for by its id: it makes no question read the list of all those weeks."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from smsreminders.domain.round.sending import Accepted, Open
from smsreminders.errors import TryAgainLater
from smsreminders.gateways.base import Gateway, Options
from smsreminders.gateways.by_name import open_gateway
from tests.gateways import seven_spec, spryng_spec, twilio_spec
from tests.gateways.contract import NOW, an_sms, asked_about
from tests.gateways.fake_bird import FakeBird
from tests.gateways.fake_seven import FakeSeven
from tests.gateways.fake_spryng import FakeSpryng
from tests.gateways.fake_twilio import FakeTwilio
from tests.gateways.faults import Fault, FaultyServer, Seen
from tests.jobs.clock import FixedClock

LATER = NOW + timedelta(days=30)


def spryng() -> tuple[FaultyServer, dict[str, str]]:
    fake = FakeSpryng(now=NOW)
    return fake, {"api_key": fake.api_key, "account_reference": fake.account_reference}


def bird() -> tuple[FaultyServer, dict[str, str]]:
    fake = FakeBird(now=NOW)
    return fake, {"api_key": fake.api_key}


def seven() -> tuple[FaultyServer, dict[str, str]]:
    fake = FakeSeven(now=NOW)
    return fake, {"api_key": fake.api_key}


def twilio() -> tuple[FaultyServer, dict[str, str]]:
    fake = FakeTwilio(now=NOW)
    return fake, {"account_sid": fake.account_sid, "auth_token": fake.auth_token}


Made = tuple[Gateway, FaultyServer]


@pytest.fixture(params=[spryng, bird, seven, twilio], ids=lambda make: make.__name__)
def made(request: pytest.FixtureRequest) -> Iterator[Made]:
    make: Callable[[], tuple[FaultyServer, dict[str, str]]] = request.param
    fake, own = make()
    with ExitStack() as stack:
        stack.enter_context(fake)
        options = Options(Path("smsreminders.db"), fake.url, own=own, clock=FixedClock(LATER), per_second=10_000)
        yield open_gateway(request.param.__name__, options), fake


def sent(gateway: Gateway, number: int) -> Open:
    outcome = gateway.send(an_sms(number))
    assert isinstance(outcome, Accepted)
    return asked_about(an_sms(number), outcome.gateway_id)


def test_an_old_one_is_asked_for_by_its_id_and_the_list_begins_at_the_others(made: Made) -> None:
    gateway, fake = made
    old, new = sent(gateway, 1), replace(sent(gateway, 2), sent_at=LATER - timedelta(days=1))
    fake.requests.clear()
    reports = list(gateway.lookup([old, new]))
    assert reports[0].reference == old.reference
    assert reports[0].gateway_id == old.gateway_id
    by_id, *others = fake.requests
    assert str(old.gateway_id) in by_id.path + by_id.query.get("id", "")
    assert not [request for request in others if "2026-11-22" in str(request.query)]
    assert [request for request in others if "2026-12-2" in str(request.query)]


def test_one_old_one_alone_needs_one_request(made: Made) -> None:
    gateway, fake = made
    old = sent(gateway, 1)
    fake.requests.clear()
    assert [report.reference for report in gateway.lookup([old])] == [old.reference]
    assert len(fake.requests) == 1


@pytest.mark.parametrize(
    ("made", "check"),
    [(spryng, spryng_spec.check), (seven, seven_spec.check), (twilio, twilio_spec.check)],
    indirect=["made"],
    ids=["spryng", "seven", "twilio"],
)
def test_it_is_asked_for_as_the_documents_want_it(made: Made, check: Callable[[Seen], None]) -> None:
    gateway, fake = made
    list(gateway.lookup([sent(gateway, 1)]))
    check(fake.requests[-1])


def test_one_that_the_gateway_has_forgotten_is_left_out(made: Made) -> None:
    gateway, _ = made
    known = sent(gateway, 1)
    forgotten = replace(asked_about(an_sms(2)), gateway_id=str(known.gateway_id)[:-1] + "7")
    assert list(gateway.lookup([forgotten])) == []


@pytest.mark.parametrize("answer", [Fault(200, b"{}"), Fault(200, b'"text"'), Fault(500, b"{}")])
def test_an_answer_that_is_none_is_asked_for_again_later(answer: Fault, made: Made) -> None:
    gateway, fake = made
    old = sent(gateway, 1)
    fake.fail_next(answer, times=4)
    with pytest.raises(TryAgainLater):
        list(gateway.lookup([old]))


def test_many_old_ones_are_found_in_the_list(made: Made) -> None:
    gateway, fake = made
    old = [sent(gateway, number) for number in range(51)]
    fake.requests.clear()
    first = next(iter(gateway.lookup(old)))
    assert first.reference in {one.reference for one in old}
    assert not [request for request in fake.requests[:1] if "id" in request.query]
