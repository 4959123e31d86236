"""SMS Gate: what goes over the wire is what its documents want, what comes back has one outcome; its settings."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from smsreminders.domain.round.sending import Accepted, Outgoing, Refused, Rejected, Unavailable, Uncertain
from smsreminders.errors import ConfigError
from smsreminders.gateways.base import Gateway, Options
from smsreminders.gateways.by_name import open_gateway
from smsreminders.gateways.smsgate import path_at
from tests.gateways.benches.smsgate import an_smsgate
from tests.gateways.contract import NOW, an_sms, asked_about
from tests.gateways.fake_smsgate import FakeSmsGate
from tests.gateways.smsgate_spec import PREFIX, check, check_answer, fields_of_a_message, requests_of_the_sdk

OWN = {"username": "AB12CD", "password": "canary-f00dfeed"}


@pytest.fixture
def fake() -> Iterator[FakeSmsGate]:
    with FakeSmsGate(now=NOW) as server:
        yield server


@pytest.fixture
def smsgate(fake: FakeSmsGate) -> Gateway:
    return an_smsgate(fake)


def without_device(fake: FakeSmsGate) -> Gateway:
    return open_gateway("smsgate", Options(Path("smsreminders.db"), fake.url, own=OWN))


@pytest.mark.parametrize(
    "sms",
    [
        an_sms(),
        an_sms(text="Tandarts: één afspraak 😀"),
        an_sms(text="a" * 1_600),
        replace(an_sms(), sender_id="Ander"),
    ],
)
def test_a_message_goes_as_the_specification_wants_it(sms: Outgoing, fake: FakeSmsGate, smsgate: Gateway) -> None:
    assert smsgate.send(sms) == Accepted()
    [seen] = fake.requests
    check(seen)
    assert isinstance(seen.body, dict)
    assert seen.body.keys() <= fields_of_a_message()
    assert seen.body == {
        "id": sms.reference,
        "deviceId": fake.devices[0],
        "textMessage": {"text": sms.text},
        "phoneNumbers": [sms.phone],
        "withDeliveryReport": True,
        "validUntil": "2026-11-24T10:00:00Z",
    }


def test_a_message_is_what_the_sdk_sends_but_for_what_it_leaves_to_the_phone(
    fake: FakeSmsGate, smsgate: Gateway
) -> None:
    theirs = requests_of_the_sdk()[0]
    smsgate.send(an_sms())
    [seen] = fake.requests
    assert (seen.method, seen.path) == (theirs["method"], urlsplit(theirs["url"]).path.replace("/3rdparty/v1", PREFIX))
    assert seen.headers["authorization"].split()[0] == theirs["headers"]["authorization"].split()[0] == "Basic"
    assert isinstance(seen.body, dict)
    # a time instead of a span, so that a repeat is the same; a phone; no priority, which their document gets wrong
    assert seen.body.keys() ^ json.loads(theirs["body"]).keys() == {
        *("deviceId", "validUntil"),
        *("ttl", "isEncrypted", "priority"),
    }


@pytest.mark.parametrize("valid_until", [NOW - timedelta(hours=1), NOW + timedelta(days=9)])
def test_it_is_valid_until_the_appointment_begins(valid_until: datetime, fake: FakeSmsGate, smsgate: Gateway) -> None:
    sms = replace(an_sms(), valid_until=valid_until)
    smsgate.send(sms)
    assert fake.journal[0]["validUntil"] == sms.valid_until.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_the_same_message_again_was_accepted_before_and_goes_once(fake: FakeSmsGate, smsgate: Gateway) -> None:
    assert [smsgate.send(an_sms()), smsgate.send(an_sms())] == [Accepted(), Accepted()]
    assert len(fake.journal) == 1
    assert fake.requests[0].body == fake.requests[1].body


def test_a_repeat_is_promised_for_a_chosen_phone_alone(fake: FakeSmsGate, smsgate: Gateway) -> None:
    assert smsgate.features.repeats_for == timedelta(days=20)
    assert without_device(fake).features.repeats_for == timedelta()


def test_without_a_chosen_phone_the_server_takes_one(fake: FakeSmsGate) -> None:
    assert without_device(fake).send(an_sms()) == Accepted()
    assert "deviceId" not in fake.journal[0]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ("400-phone", Rejected),
        ("400-device", Refused),
        ("409", Accepted),
        ("409-html", Uncertain),
        ("503-queue", Unavailable),
        ("503-blog", Unavailable),
        ("503-spec", Unavailable),
        ("503-other", Uncertain),
        ("no-id", Uncertain),
        ("null-id", Uncertain),
        ("other-id", Uncertain),
        ("two", Uncertain),
    ],
)
def test_each_answer_has_its_outcome_without_number_or_password(
    fake: FakeSmsGate, smsgate: Gateway, fault: str, outcome: type[object]
) -> None:
    fake.fail_next(fault)
    got = smsgate.send(an_sms())
    assert type(got) is outcome
    assert "12345678" not in str(got)
    assert fake.password not in str(got)


def test_a_wrong_account_is_refused(fake: FakeSmsGate, smsgate: Gateway) -> None:
    fake.username = "another"
    assert isinstance(smsgate.send(an_sms()), Refused)


@pytest.mark.parametrize(
    ("own", "error"),
    [
        ({"username": "AB12CD"}, r"gateway\.password is missing: the app shows it"),
        ({"password": "canary"}, r"gateway\.username is missing"),
        ({"username": "canary:1", "password": "canary"}, r"gateway\.username: that can't be it"),
        ({"username": "AB12CD", "password": "canary\r\nX: y"}, r"gateway\.password: that can't be it"),
        ({**OWN, "device_id": "canary " * 9}, r"gateway\.device_id: that can't be it"),
        ({**OWN, "devise_id": "canary"}, r'gateway\.devise_id: .*did you mean "device_id"'),
    ],
)
def test_a_setting_that_is_wrong_is_named_and_not_shown(own: Mapping[str, str], error: str) -> None:
    with pytest.raises(ConfigError, match=error) as raised:
        open_gateway("smsgate", Options(Path("smsreminders.db"), own=own))
    assert "canary" not in str(raised.value)


def test_the_password_may_stand_outside_the_configuration(fake: FakeSmsGate) -> None:
    options = Options(Path("smsreminders.db"), fake.url, own={"username": fake.username}, secret=fake.password)
    assert open_gateway("smsgate", options).send(an_sms()) == Accepted()


@pytest.mark.parametrize(
    ("base_url", "path"),
    [
        ("https://api.sms-gate.app", "/3rdparty/v1"),
        ("https://API.sms-gate.app/", "/3rdparty/v1"),
        ("https://sms.praktijk.example", "/api/3rdparty/v1"),
    ],
)
def test_a_server_of_ones_own_has_its_own_path(base_url: str, path: str) -> None:
    assert path_at(base_url) == path


def test_the_fake_answers_as_the_specification_says(fake: FakeSmsGate, smsgate: Gateway) -> None:
    sms, fake.devices = an_sms(), fake.devices[:1]
    smsgate.send(sms)
    fake.report(sms.reference, "Failed", "timeout")
    list(smsgate.lookup([asked_about(sms)]))
    post, get, *_ = fake.requests
    for seen, expected in ((post, 409), (get, 200), (post, 202)):
        status, answer = fake.answer(seen)
        assert status == expected
        check_answer(seen, status, answer)
        if seen is get:
            fake.forget(sms.reference)
