"""Twilio: what goes over the wire is what its documents want, what comes back has one outcome; its settings."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from json import dumps
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from smsreminders.domain.round.inbound import Mark
from smsreminders.domain.round.sending import Accepted, Outgoing, Refused, Rejected, Unavailable, Uncertain
from smsreminders.errors import ConfigError, TryAgainLater
from smsreminders.gateways.base import Gateway, Options
from smsreminders.gateways.by_name import open_gateway
from tests.gateways.benches.twilio import a_twilio
from tests.gateways.contract import NOW, an_sms, asked_about
from tests.gateways.fake_twilio import FakeTwilio
from tests.gateways.faults import Fault
from tests.gateways.twilio_spec import MESSAGES, check, check_answer, operation, recorded

SID = "SM" + "a" * 32


@pytest.fixture
def fake() -> Iterator[FakeTwilio]:
    with FakeTwilio(now=NOW) as server:
        yield server


@pytest.fixture
def twilio(fake: FakeTwilio) -> Gateway:
    return a_twilio(fake)


def error(status: int, code: object, message: str = "Refused: +31612345678") -> Fault:
    more = "https://www.twilio.com/docs/errors"
    return Fault(status, dumps({"code": code, "message": message, "more_info": more, "status": status}).encode())


@pytest.mark.parametrize(
    "sms",
    [
        an_sms(),
        an_sms(text="Tandarts: u heeft een afspraak, 😀 én ‘s ochtends\n& a=b+c%"),
        replace(an_sms(), sender_id="+31101234567"),
        replace(an_sms(), valid_until=NOW - timedelta(days=1)),
        replace(an_sms(), valid_until=NOW + timedelta(days=30)),
    ],
)
def test_a_message_goes_as_the_documents_want_it(sms: Outgoing, fake: FakeTwilio, twilio: Gateway) -> None:
    assert isinstance(twilio.send(sms), Accepted)
    [seen] = fake.requests
    check(seen)
    assert isinstance(seen.body, dict)
    assert (seen.body["To"], seen.body["From"], seen.body["Body"]) == (sms.phone, sms.sender_id, sms.text)
    assert seen.body["SmartEncoded"] == "false"
    assert not [name for name in seen.body if "Schedule" in name or name == "SendAt"]


def test_a_message_goes_as_the_sdk_sends_it(fake: FakeTwilio, twilio: Gateway) -> None:
    twilio.send(an_sms())
    [seen] = fake.requests
    [request] = recorded("create")
    assert (seen.method, seen.path.replace(fake.account_sid, "AC" + "a" * 32)) == (
        request["method"],
        urlsplit(request["url"]).path,
    )
    assert seen.headers["authorization"].split()[0] == request["headers"]["Authorization"].split()[0]
    assert seen.headers["content-type"] == request["headers"]["Content-Type"]
    assert isinstance(seen.body, dict)
    assert seen.body.keys() - {name for name, _ in parse_qsl(request["body"])} == {"ValidityPeriod", "SmartEncoded"}


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (timedelta(hours=4), "14400"),
        (timedelta(seconds=90.9), "90"),
        (timedelta(hours=10), "36000"),
        (timedelta(hours=26), "36000"),
        (timedelta(0), "1"),
        (timedelta(hours=-1), "1"),
    ],
)
def test_the_validity_is_what_twilio_takes(ahead: timedelta, expected: str, fake: FakeTwilio, twilio: Gateway) -> None:
    assert isinstance(twilio.send(replace(an_sms(), valid_until=NOW + ahead)), Accepted)
    body = fake.requests[0].body
    assert isinstance(body, dict)
    assert body["ValidityPeriod"] == expected


def test_a_text_that_is_too_long_is_rejected_before_it_goes(fake: FakeTwilio, twilio: Gateway) -> None:
    assert isinstance(twilio.send(an_sms(text="a" * 1600)), Accepted)
    assert twilio.send(an_sms(text="a" * 1601)) == Rejected(
        "the text has more than 1600 characters, the most that Twilio takes"
    )
    assert len(fake.requests) == 1


def test_every_sample_of_a_message_that_was_taken_gives_its_id(fake: FakeTwilio, twilio: Gateway) -> None:
    samples = operation(MESSAGES, "post")["responses"]["201"]["content"]["application/json"]["examples"]
    assert len(samples) == 7
    for sample in (value["value"] for value in samples.values()):
        fake.fail_next(Fault(201, dumps(sample).encode()))
        segments = None if sample["num_segments"] == "0" else 1
        assert twilio.send(an_sms()) == Accepted(sample["sid"], segments)


def test_segments_and_price_are_kept_where_they_are_told(fake: FakeTwilio, twilio: Gateway) -> None:
    answer = {"sid": SID, "num_segments": "2", "price": "-0.15000", "price_unit": "eur"}
    fake.fail_next(Fault(201, dumps(answer).encode()))
    assert twilio.send(an_sms()) == Accepted(SID, 2, "0.15000 EUR")


COUNTRY = "the account may not send to this country: allow it in Twilio's Console, Messaging, Geo permissions (21408)"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (21211, Rejected("error 21211")),
        (21408, Rejected(COUNTRY)),
        (21610, Rejected("error 21610", Mark.OPTED_OUT)),
        (21612, Rejected("error 21612")),
        (21614, Rejected("error 21614", Mark.DEAD)),
        (21617, Rejected("error 21617")),
        (30007, Rejected("error 30007")),
        (31612345678, Rejected("error")),
        ("21211", Rejected("twilio answered 400")),
        (None, Rejected("twilio answered 400")),
        (20429, Unavailable("twilio asks to wait (20429)", 1.0)),
        (21611, Unavailable("twilio asks to wait (21611)", 1.0)),
    ],
)
def test_what_is_wrong_with_a_message_is_told_by_its_code(
    code: object, expected: object, fake: FakeTwilio, twilio: Gateway
) -> None:
    fake.fail_next(error(400, code))
    assert twilio.send(an_sms()) == expected


@pytest.mark.parametrize("code", [21212, 21267, 21603, 21606, 21659, 21660, 21661])
def test_a_sender_that_is_not_taken_stops_the_round(code: int, fake: FakeTwilio, twilio: Gateway) -> None:
    fake.fail_next(error(400, code))
    outcome = twilio.send(an_sms())
    assert isinstance(outcome, Refused)
    assert "sender ID" in outcome.reason
    assert str(code) in outcome.reason


@pytest.mark.parametrize(
    ("status", "code", "word"),
    [
        (401, 20003, "secret"),
        (403, 20003, "secret"),
        (400, 10001, "top it up"),
        (403, 20005, "top it up"),
        (400, 21608, "verified"),
    ],
)
def test_an_account_that_is_not_taken_is_refused_with_what_to_do(
    status: int, code: int, word: str, fake: FakeTwilio, twilio: Gateway
) -> None:
    fake.fail_next(error(status, code))
    outcome = twilio.send(an_sms())
    assert isinstance(outcome, Refused)
    assert word in outcome.reason


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"null", b"", b'{"code":{}}'])
def test_an_error_without_a_code_is_told_by_its_status(body: bytes, fake: FakeTwilio, twilio: Gateway) -> None:
    fake.fail_next(Fault(400, body))
    assert twilio.send(an_sms()) == Rejected("twilio answered 400")


@pytest.mark.parametrize("status", [408, 409, 425])
def test_a_status_that_does_not_say_that_nothing_was_done_is_uncertain(
    status: int, fake: FakeTwilio, twilio: Gateway
) -> None:
    fake.fail_next(error(status, 20001))
    assert twilio.send(an_sms()) == Uncertain(f"twilio answered {status}")


def test_what_the_fake_refuses_is_told_as_twilio_tells_it(fake: FakeTwilio, twilio: Gateway) -> None:
    assert twilio.send(replace(an_sms(), phone="+31")) == Rejected("error 21211")
    assert isinstance(twilio.send(replace(an_sms(), sender_id="Praktijk de Boer")), Refused)
    fake.auth_token = fake.auth_token[::-1]
    assert isinstance(twilio.send(an_sms()), Refused)


def test_the_account_is_asked_for_one_message(fake: FakeTwilio, twilio: Gateway) -> None:
    assert twilio.account() == "Twilio knows the account"
    [seen] = fake.requests
    check(seen)
    assert (seen.method, seen.query) == ("GET", {"PageSize": "1"})
    fake.fail_next(Fault(200, b'{"messages":{}}'))
    with pytest.raises(TryAgainLater):
        twilio.account()


@pytest.mark.parametrize(
    ("own", "named"),
    [
        ({"account_sid": "AC" + "a" * 32}, r"gateway\.auth_token is missing"),
        ({"auth_token": "canary"}, r"gateway\.account_sid is missing"),
        ({"auth_token": "canary", "account_sid": "canary"}, r"gateway\.account_sid: .*Account SID"),
        ({"auth_token": "canary", "account_sid": "SK" + "a" * 32}, r"gateway\.account_sid"),
        ({"auth_token": "canary", "account_sid": "AC" + "a" * 31 + "/"}, r"gateway\.account_sid"),
        ({"auth_token": "canary\r\nX: y", "account_sid": "AC" + "a" * 32}, r"gateway\.auth_token: "),
        ({"auth_tokn": "canary"}, r'gateway\.auth_tokn: .*did you mean "auth_token"'),
    ],
)
def test_a_setting_that_is_wrong_is_named_and_not_shown(own: Mapping[str, str], named: str) -> None:
    with pytest.raises(ConfigError, match=named) as raised:
        open_gateway("twilio", Options(Path("smsreminders.db"), own=own))
    assert "canary" not in str(raised.value)


def test_the_secret_may_stand_outside_the_configuration(fake: FakeTwilio) -> None:
    own = {"account_sid": fake.account_sid}
    options = Options(Path("smsreminders.db"), fake.url, own=own, secret=fake.auth_token)
    assert isinstance(open_gateway("twilio", options).send(an_sms()), Accepted)


def test_twilio_itself_is_the_address_where_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")  # nobody listens: nothing goes there
    own = {"auth_token": "canary", "account_sid": "AC" + "a" * 32}
    gateway = open_gateway("twilio", Options(Path("smsreminders.db"), own=own))
    assert "api.twilio.com" in repr(gateway.send(an_sms()))
    with pytest.raises(TryAgainLater, match=r"api\.twilio\.com"):
        list(gateway.lookup([asked_about(an_sms(), SID)]))


def test_the_fake_answers_as_the_specification_says(fake: FakeTwilio, twilio: Gateway) -> None:
    sms = an_sms()
    outcome = twilio.send(sms)
    assert isinstance(outcome, Accepted)
    fake.report(sms.text, "delivered")
    list(twilio.lookup([asked_about(sms, outcome.gateway_id)]))
    list(twilio.lookup([asked_about(sms)]))
    for seen, expected in zip(fake.requests, (201, 200, 200), strict=True):
        status, answer = fake.answer(seen)
        assert status == expected
        check_answer(seen, status, answer)
