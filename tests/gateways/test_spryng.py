"""Spryng: what goes over the wire is what its documents want, what comes back has one outcome; its settings."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from json import dumps
from pathlib import Path
from typing import Any

import pytest

from smsreminders.domain.round.sending import Accepted, Outgoing, Refused, Rejected, Uncertain
from smsreminders.errors import ConfigError
from smsreminders.gateways.base import Gateway, Options
from smsreminders.gateways.by_name import open_gateway
from tests.gateways.contract import NOW, an_sms, asked_about
from tests.gateways.fake_spryng import FakeSpryng
from tests.gateways.faults import Fault
from tests.gateways.spryng_spec import check, check_answer, specification, specification_with_the_portals_samples


@pytest.mark.parametrize(
    "sms",
    [
        an_sms(),
        an_sms(text="Tandarts: u heeft een afspraak, 😀 én ‘s ochtends"),
        replace(an_sms(), sender_id="+31101234567"),
        replace(an_sms(), valid_until=NOW - timedelta(days=1)),
        replace(an_sms(), valid_until=NOW + timedelta(days=30)),
    ],
)
def test_a_message_goes_as_the_documents_want_it(sms: Outgoing, fake: FakeSpryng, spryng: Gateway) -> None:
    assert isinstance(spryng.send(sms), Accepted)
    [seen] = fake.requests
    check(seen)
    assert isinstance(seen.body, dict)
    known = specification()["components"]["schemas"]["CreateRequest"]["properties"]
    assert seen.body.keys() <= known.keys()
    assert seen.body["name"] == sms.reference
    assert seen.body["from"] == sms.sender_id
    assert seen.body["body"] == {"text": sms.text}
    assert seen.body["recipients"] == [{"msisdn": sms.phone}]
    assert seen.body["messageType"] == "NotificationsAndReminders"


def test_the_encoding_that_was_counted_is_the_one_that_is_sent(fake: FakeSpryng, spryng: Gateway) -> None:
    spryng.send(an_sms(1, text="Patient"))
    spryng.send(an_sms(2, text="Patiënt"))
    assert [request.body["characterSet"] for request in fake.requests if isinstance(request.body, dict)] == [
        "GSM",
        "Unicode",
    ]


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (timedelta(hours=26), timedelta(hours=26)),
        (timedelta(seconds=30), timedelta(minutes=2)),
        (timedelta(hours=-1), timedelta(minutes=2)),
        (timedelta(hours=72), timedelta(hours=71, minutes=55)),
    ],
)
def test_the_validity_is_what_spryng_takes(
    ahead: timedelta, expected: timedelta, fake: FakeSpryng, spryng: Gateway
) -> None:
    assert isinstance(spryng.send(replace(an_sms(), valid_until=NOW + ahead)), Accepted)
    body = fake.requests[0].body
    assert isinstance(body, dict)
    assert datetime.fromisoformat(body["validity"]) == NOW + expected


@pytest.mark.parametrize("text", ["Kamer [2]", "Kamer [2", "Kamer 2]"])
def test_a_text_with_brackets_is_rejected_before_it_goes(text: str, fake: FakeSpryng, spryng: Gateway) -> None:
    outcome = spryng.send(an_sms(text=text))
    assert isinstance(outcome, Rejected)
    assert "[ or ]" in outcome.reason
    assert fake.requests == []


def test_what_is_wrong_with_a_message_is_told_without_its_number(fake: FakeSpryng, spryng: Gateway) -> None:
    assert spryng.send(replace(an_sms(), phone="+31")) == Rejected("msisdnInvalid")
    fake.fail_next("400-code")
    assert spryng.send(an_sms()) == Rejected("bmsisdnInvalidb")
    fake.fail_next("400")
    assert spryng.send(an_sms()) == Rejected("spryng answered 400")
    fake.fail_next(Fault(422, b'{"errors":"none"}'))
    assert spryng.send(an_sms()) == Rejected("spryng answered 422")


def test_a_sender_that_is_not_taken_stops_the_round(spryng: Gateway) -> None:
    outcome = spryng.send(replace(an_sms(), sender_id="Praktijk de Boer"))
    assert isinstance(outcome, Refused)
    assert "senderIdInvalid" in outcome.reason


@pytest.mark.parametrize("status", [408, 409, 425])
def test_a_status_that_does_not_say_that_nothing_was_done_is_uncertain(
    status: int, fake: FakeSpryng, spryng: Gateway
) -> None:
    fake.fail_next(Fault(status, b"{}"))
    assert spryng.send(an_sms()) == Uncertain(f"spryng answered {status}")


def test_a_wrong_key_is_refused_and_a_foreign_account_too(fake: FakeSpryng, spryng: Gateway) -> None:
    fake.api_key = "another"
    assert isinstance(spryng.send(an_sms()), Refused)
    fake.api_key, fake.account_reference = "canary-key-f00dfeed", "SPNL0000002"
    assert isinstance(spryng.send(an_sms()), Refused)


@pytest.mark.parametrize("specified", [specification, specification_with_the_portals_samples])
def test_the_sample_of_a_message_that_was_taken_gives_its_id(
    specified: Callable[[], dict[str, Any]], fake: FakeSpryng, spryng: Gateway
) -> None:
    answers = specified()["paths"]["/messages"]["post"]["responses"]
    sample = answers["202"]["content"]["application/json"]["example"]
    fake.fail_next(Fault(202, dumps(sample).encode()))
    assert spryng.send(an_sms()) == Accepted(gateway_id=sample["data"]["messageIds"][0])


@pytest.mark.parametrize(
    ("own", "error"),
    [
        ({"account_reference": "SPNL1"}, r"gateway\.api_key is missing"),
        ({"api_key": "canary"}, r"gateway\.account_reference is missing"),
        ({"api_key": "canary", "account_reference": "canary"}, r"gateway\.account_reference: .*SPNL"),
        ({"api_key": "canary", "account_reference": "SPNL\ncanary"}, r"gateway\.account_reference"),
        ({"api_key": "canary\r\nX: y", "account_reference": "SPNL1"}, r"gateway\.api_key: "),
        ({"api_key": "canary😀", "account_reference": "SPNL1"}, r"gateway\.api_key: "),
        ({"api_kee": "canary"}, r'gateway\.api_kee: .*did you mean "api_key"'),
        ({"acount_reference": "canary"}, r'gateway\.acount_reference: .*did you mean "account_reference"'),
        ({"conections": "canary"}, r'gateway\.conections: .*did you mean "connections"'),
    ],
)
def test_a_setting_that_is_wrong_is_named_and_not_shown(own: Mapping[str, str], error: str) -> None:
    with pytest.raises(ConfigError, match=error) as raised:
        open_gateway("spryng", Options(Path("smsreminders.db"), own=own))
    assert "canary" not in str(raised.value)


def test_the_secret_may_stand_outside_the_configuration(fake: FakeSpryng) -> None:
    options = Options(
        Path("smsreminders.db"), fake.url, own={"account_reference": fake.account_reference}, secret=fake.api_key
    )
    assert isinstance(open_gateway("spryng", options).send(an_sms()), Accepted)


def test_spryng_itself_is_the_address_where_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")  # nobody listens: nothing goes there
    own = {"api_key": "canary", "account_reference": "SPNL1"}
    outcome = open_gateway("spryng", Options(Path("smsreminders.db"), own=own)).send(an_sms())
    assert "api.spryng.nl" in repr(outcome)


def test_the_fake_answers_as_the_specification_says(fake: FakeSpryng, spryng: Gateway) -> None:
    sms = an_sms()
    outcome = spryng.send(sms)
    assert isinstance(outcome, Accepted)
    fake.report(sms.reference, "Sent", "Delivered")
    list(spryng.lookup([asked_about(sms, outcome.gateway_id)]))
    spryng.send(replace(sms, sender_id="Praktijk de Boer"))
    for seen, expected in zip(fake.requests, (202, 200, 400), strict=True):
        status, answer = fake.answer(seen)
        assert status == expected
        check_answer(seen, status, answer)
