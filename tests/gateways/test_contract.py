"""The contract that every gateway keeps: what `send` and `lookup` promise when all is well."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import Accepted
from smsreminders.errors import ConfigError
from smsreminders.gateways.base import Options
from smsreminders.gateways.by_name import names, open_gateway
from tests.gateways.contract import NOW, Bench, Fate, an_sms, asked_about, bench_of

EXPECTED = {Fate.DELIVERED: Status.DELIVERED, Fate.FAILED: Status.FAILED}


@pytest.fixture(params=names())
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    with bench_of(request.param)(tmp_path) as bench:
        yield bench


def test_a_gateway_that_there_is_not_is_named_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r'gateway\.name = "spring": no such gateway; did you mean "spryng"'):
        open_gateway("spring", Options(tmp_path / "smsreminders.db"))


def test_what_is_sent_is_accepted_once_under_our_reference(bench: Bench) -> None:
    outcome = bench.open().send(an_sms())
    assert isinstance(outcome, Accepted)
    assert bench.taken() == [an_sms().reference]


def test_each_message_has_an_id_of_its_own_or_none_has(bench: Bench) -> None:
    gateway = bench.open()
    outcomes = [gateway.send(an_sms(number)) for number in range(3)]
    assert len({outcome.gateway_id for outcome in outcomes if isinstance(outcome, Accepted)}) == (
        3 if bench.gives_ids else 1
    )


def test_several_threads_send_at_a_time(bench: Bench) -> None:
    gateway = bench.open()
    messages = [an_sms(number) for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(gateway.send, messages))
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert sorted(bench.taken()) == [message.reference for message in messages]


@pytest.mark.parametrize("fate", EXPECTED)
@pytest.mark.parametrize("by", ["gateway_id", "reference"])
def test_what_became_of_a_message_is_found_by_either_id(bench: Bench, fate: Fate, by: str) -> None:
    gateway, sms = bench.open(), an_sms(phone=bench.phone_for(fate))
    outcome = gateway.send(sms)
    assert isinstance(outcome, Accepted)
    bench.settle(sms.reference, fate)
    [report] = gateway.lookup([asked_about(sms, outcome.gateway_id if by == "gateway_id" else None)])
    assert (report.reference, report.status, report.gateway_id) == (sms.reference, EXPECTED[fate], outcome.gateway_id)
    assert report.raw


def test_without_a_report_a_message_stays_sent(bench: Bench) -> None:
    gateway, sms = bench.open(), an_sms(phone=bench.phone_for(Fate.NONE))
    outcome = gateway.send(sms)
    assert isinstance(outcome, Accepted)
    bench.settle(sms.reference, Fate.NONE)
    reports = list(gateway.lookup([asked_about(sms, outcome.gateway_id)]))
    assert all(report.status is Status.SENT for report in reports)


def test_an_uncertain_one_that_was_taken_is_found_as_sent_with_its_id(bench: Bench) -> None:
    gateway, sms = bench.open(), an_sms(phone=bench.phone_for(Fate.NONE))
    outcome = gateway.send(sms)
    assert isinstance(outcome, Accepted)
    [report] = gateway.lookup([asked_about(sms)])
    assert (report.status, report.gateway_id) == (Status.SENT, outcome.gateway_id)


def test_what_was_taken_long_after_the_time_that_is_asked_for_is_found_by_its_reference(bench: Bench) -> None:
    gateway, sms = bench.open(), an_sms()
    assert isinstance(gateway.send(sms), Accepted)
    for earlier in (timedelta(hours=25), gateway.features.kept):  # as after a restore: when it went is not known
        [report] = gateway.lookup([replace(asked_about(sms), sent_at=NOW - earlier)])
        assert report.reference == sms.reference


def test_what_was_never_taken_is_not_found(bench: Bench) -> None:
    gateway = bench.open()
    assert list(gateway.lookup([asked_about(an_sms(1))])) == []
    gateway.send(an_sms(2))
    assert list(gateway.lookup([asked_about(an_sms(1)), asked_about(an_sms(3), "some-id")])) == []


def test_only_what_was_asked_for_is_reported(bench: Bench) -> None:
    gateway = bench.open()
    for number in range(3):
        gateway.send(an_sms(number, phone=bench.phone_for(Fate.DELIVERED)))
        bench.settle(an_sms(number).reference, Fate.DELIVERED)
    assert [report.reference for report in gateway.lookup([asked_about(an_sms(1))])] == [an_sms(1).reference]


def test_an_unknown_word_is_kept_raw_and_is_no_status(bench: Bench) -> None:
    if Fate.UNKNOWN not in bench.fates:
        pytest.skip("it has no words that we don't know")
    gateway, sms = bench.open(), an_sms()
    gateway.send(sms)
    bench.settle(sms.reference, Fate.UNKNOWN)
    [report] = gateway.lookup([asked_about(sms)])
    assert report.status is None
    assert "Teleported" in report.raw


def test_asking_for_nothing_asks_nothing(bench: Bench) -> None:
    assert list(bench.open().lookup([])) == []
    assert not bench.over_http or bench.server.requests == []


def test_its_account_is_told_without_sending(bench: Bench) -> None:
    told = bench.open().account()
    assert told
    assert bench.hidden not in told
    assert not bench.over_http or {request.method for request in bench.server.requests} == {"GET"}


def test_an_unknown_key_is_named_with_the_nearest_known_one(bench: Bench) -> None:
    with pytest.raises(ConfigError, match=r'gateway\.timeoutt: .*did you mean "timeout"'):
        bench.open(own={"timeoutt": "5s"})
