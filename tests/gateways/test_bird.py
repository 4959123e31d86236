"""Bird: what goes over the wire is what its SDK sends, what comes back has one outcome; its settings."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from json import dumps, loads
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from smsreminders.domain.round.sending import Accepted, Outcome, Outgoing, Refused, Rejected, Unavailable, Uncertain
from smsreminders.domain.segments import count_segments
from smsreminders.errors import ConfigError
from smsreminders.gateways.base import Gateway, Options
from smsreminders.gateways.bird import FEATURES
from smsreminders.gateways.by_name import open_gateway
from tests.gateways.benches.bird import a_bird
from tests.gateways.bird_spec import check, models, recorded
from tests.gateways.contract import NOW, an_sms
from tests.gateways.fake_bird import BIRD_FAULTS, FakeBird, error
from tests.gateways.faults import Fault

ANSWER = {"id": "sms_01krdgeqcxet5s7t44vh8rt9mg", "status": "accepted", "segments": {"count": 2}}
CREDIT = "the account has no credit left: top it up (402)"


@pytest.fixture
def fake() -> Iterator[FakeBird]:
    with FakeBird(now=NOW) as server:
        yield server


@pytest.fixture
def bird(fake: FakeBird) -> Gateway:
    return a_bird(fake)


@pytest.mark.parametrize(
    "sms",
    [
        an_sms(),
        an_sms(text="Tandarts: u heeft een afspraak, 😀 én ‘s ochtends [1]"),
        replace(an_sms(), sender_id="+31101234567"),
        replace(an_sms(), valid_until=NOW - timedelta(days=1)),
    ],
)
def test_a_message_goes_as_the_models_want_it(sms: Outgoing, fake: FakeBird, bird: Gateway) -> None:
    assert isinstance(bird.send(sms), Accepted)
    [seen] = fake.requests
    check("SMSMessageSendRequest", seen.body)
    assert seen.body == {
        "to": sms.phone,
        "from": sms.sender_id,
        "text": sms.text,
        "category": "transactional",
        "metadata": {"ref": sms.reference},
    }


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (timedelta(hours=26), 93_600),
        (timedelta(hours=72), 172_800),
        (timedelta(seconds=30), 60),
        (timedelta(hours=-1), 60),
    ],
)
def test_an_account_in_the_preview_may_have_its_sms_end_when_the_appointment_begins(
    ahead: timedelta, expected: int, fake: FakeBird
) -> None:
    sms = replace(an_sms(), valid_until=NOW + ahead)
    assert isinstance(a_bird(fake, own={"validity_period": "yes"}).send(sms), Accepted)
    check("SMSMessageSendRequest", fake.requests[0].body)
    assert fake.journal[0]["validity_period"] == expected


def test_a_repeat_has_the_same_validity_although_the_outbox_keeps_whole_seconds(fake: FakeBird) -> None:
    bird = a_bird(fake, own={"validity_period": "yes"})
    first = bird.send(replace(an_sms(), handed_over_at=NOW + timedelta(seconds=1.75)))
    assert bird.send(replace(an_sms(), handed_over_at=NOW + timedelta(seconds=1))) == first


def test_an_account_outside_the_preview_is_told_to_leave_it_out(fake: FakeBird) -> None:
    fake.in_preview = False
    outcome = a_bird(fake, own={"validity_period": "yes"}).send(an_sms())
    assert isinstance(outcome, Refused)
    assert "gateway.validity_period" in outcome.reason
    with pytest.raises(ConfigError, match=r'gateway\.validity_period: .*"yes"'):
        a_bird(fake, own={"validity_period": "26h"})


def test_the_request_is_the_one_that_the_sdk_sends(fake: FakeBird, bird: Gateway) -> None:
    bird.send(an_sms())
    [seen], theirs = fake.requests, recorded("send")
    assert (seen.method, seen.path) == (theirs["method"], urlsplit(theirs["url"]).path)
    assert isinstance(seen.body, dict)
    assert seen.body.keys() == loads(theirs["body"]).keys()
    assert theirs["headers"].keys() <= seen.headers.keys()
    assert seen.headers["authorization"] == f"Bearer {fake.api_key}"
    assert seen.headers["idempotency-key"] == an_sms().reference
    assert seen.headers["user-agent"]


def test_the_same_message_again_is_the_same_sms(fake: FakeBird, bird: Gateway) -> None:
    first = bird.send(an_sms())
    fake.now = NOW + FEATURES.repeats_for
    again = replace(an_sms(), handed_over_at=fake.now, valid_until=fake.now + timedelta(hours=1))
    assert bird.send(again) == first
    assert len(fake.journal) == 1


def test_a_repeat_is_safe_for_less_than_bird_keeps_a_key(fake: FakeBird, bird: Gateway) -> None:
    bird.send(an_sms())
    fake.now = NOW + timedelta(hours=3)
    bird.send(an_sms())
    assert len(fake.journal) == 2
    assert timedelta() < FEATURES.repeats_for < timedelta(hours=3)


def test_another_text_with_the_same_reference_is_uncertain(fake: FakeBird, bird: Gateway) -> None:
    bird.send(an_sms())
    assert isinstance(bird.send(an_sms(text="Iets anders")), Uncertain)
    assert len(fake.journal) == 1


@pytest.mark.parametrize("fault", ["409-in-progress", "409-reuse"])
def test_a_conflict_over_the_key_is_uncertain(fault: str, fake: FakeBird, bird: Gateway) -> None:
    fake.fail_next(fault)
    assert bird.send(an_sms()) == Uncertain("bird answered 409")


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("422-recipient", Rejected("SMSInvalidRecipient E20001 to")),
        ("422-odd", Rejected("bSMSInvalidRecipientb")),
        ("422", Rejected("bird answered 422")),
        ("402-credit", Refused(CREDIT)),
        ("401-key", Refused("it doesn't accept the credentials: check the secret in [gateway] (401)")),
        ("403-scope", Refused("the account may not do this: ask the gateway why (403)")),
    ],
)
def test_each_error_has_its_outcome(fault: str, expected: Outcome, fake: FakeBird, bird: Gateway) -> None:
    fake.fail_next(fault)
    assert bird.send(an_sms()) == expected


@pytest.mark.parametrize("fault", ["422-sender", "422-category"])
def test_a_sender_that_is_not_taken_stops_the_round(fault: str, fake: FakeBird, bird: Gateway) -> None:
    fake.fail_next(fault)
    outcome = bird.send(an_sms())
    assert isinstance(outcome, Refused)
    assert loads(BIRD_FAULTS[fault].body)["error"]["name"] in outcome.reason


@pytest.mark.parametrize("fault", ["401-key", "402-credit", "403-scope", "422-sender"])
def test_a_refusal_that_is_only_repeated_does_not_stop_the_round(fault: str, fake: FakeBird, bird: Gateway) -> None:
    fake.fail_next(fault, headers={"Idempotency-Replay": "true"})
    outcome = bird.send(an_sms())
    assert isinstance(outcome, Unavailable)
    assert "repeats what it said before" in outcome.reason


@pytest.mark.parametrize(
    ("fault", "expected"), [("422-recipient", Rejected), ("409-in-progress", Uncertain), ("409-reuse", Uncertain)]
)
def test_what_else_is_repeated_means_what_it_meant(
    fault: str, expected: type[Outcome], fake: FakeBird, bird: Gateway
) -> None:
    fake.fail_next(fault, headers={"Idempotency-Replay": "true"})
    assert isinstance(bird.send(an_sms()), expected)


def test_an_acceptance_that_is_repeated_is_one(fake: FakeBird, bird: Gateway) -> None:
    fake.fail_next(Fault(202, dumps(ANSWER).encode(), {"Idempotency-Replay": "true"}))
    assert bird.send(an_sms()) == Accepted("sms_01krdgeqcxet5s7t44vh8rt9mg", 2)


@pytest.mark.parametrize("status", [408, 425])
def test_a_status_that_does_not_say_that_nothing_was_done_is_uncertain(
    status: int, fake: FakeBird, bird: Gateway
) -> None:
    fake.fail_next(Fault(status, b"{}"))
    assert bird.send(an_sms()) == Uncertain(f"bird answered {status}")


def test_a_text_of_more_than_twelve_segments_is_rejected_and_not_cut(bird: Gateway) -> None:
    longest, too_long = "a" * 153 * 12, "a" * (153 * 12 + 1)
    assert count_segments(longest).segments == 12
    assert isinstance(bird.send(an_sms(1, text=longest)), Accepted)
    assert isinstance(bird.send(an_sms(2, text=too_long)), Rejected)


@pytest.mark.parametrize(
    ("cost", "expected"),
    [
        ({"amount": "0.0750", "currency_code": "EUR"}, "0.0750 EUR"),
        ({"amount": "0", "currency_code": "EUR"}, "0 EUR"),
        ({"amount": "\u001b[2J", "currency_code": "EUR"}, None),
        ({"amount": "0.1", "currency_code": "+31612345678"}, None),
        ({"amount": 0.075, "currency_code": "EUR"}, None),  # their model: a text
        ({}, None),
        (None, None),
    ],
)
def test_what_was_taken_is_told_with_its_segments_and_price(
    cost: object, expected: str | None, fake: FakeBird, bird: Gateway
) -> None:
    fake.fail_next(Fault(202, dumps(ANSWER | {"cost": cost}).encode()))
    assert bird.send(an_sms()) == Accepted("sms_01krdgeqcxet5s7t44vh8rt9mg", segments=2, price=expected)


@pytest.mark.parametrize("segments", [None, {}, {"count": None}, {"count": True}, "2"])
def test_segments_that_are_none_are_left_out(segments: object, fake: FakeBird, bird: Gateway) -> None:
    fake.fail_next(Fault(202, dumps(ANSWER | {"segments": segments}).encode()))
    assert bird.send(an_sms()) == Accepted("sms_01krdgeqcxet5s7t44vh8rt9mg")


def test_the_fake_answers_in_the_models_of_bird(fake: FakeBird, bird: Gateway) -> None:
    bird.send(an_sms())
    fake.report(an_sms().reference, "delivered", delivered_at="2026-11-23T08:00:09Z")
    assert fake.answer(fake.requests[0])[0] == 202
    bird.account()
    status, page = fake.answer(fake.requests[-1])
    assert status == 200
    check("SMSMessageList", page)
    assert isinstance(page, dict)
    check("SMSMessage", page["data"][0])
    check("Error", error(422, "validation_error", "SMSInvalidRecipient", "E20001", param="to"))
    assert "transactional" in models()["SMSMessageCategory"]["enum"]


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ({}, r"gateway\.api_key is missing"),
        ({"api_key": "canary"}, r"gateway\.api_key: .*bk_eu1_"),
        ({"api_key": "bk_canary"}, r"gateway\.api_key: "),
        ({"api_key": "bk_e.u_canary"}, r"gateway\.api_key: "),
        ({"api_key": "bk_evil.example/_canary"}, r"gateway\.api_key: "),
        ({"api_key": "bk_eu1_canary\r\nX: y"}, r"gateway\.api_key: "),
        ({"api_key": "bk_eu1_canary😀"}, r"gateway\.api_key: "),
        ({"api_kee": "bk_eu1_canary"}, r'gateway\.api_kee: .*did you mean "api_key"'),
    ],
)
def test_a_setting_that_is_wrong_is_named_and_not_shown(own: Mapping[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message) as raised:
        open_gateway("bird", Options(Path("smsreminders.db"), own=own))
    assert "canary" not in str(raised.value)


def test_the_secret_may_stand_outside_the_configuration(fake: FakeBird) -> None:
    options = Options(Path("smsreminders.db"), fake.url, secret=fake.api_key)
    assert isinstance(open_gateway("bird", options).send(an_sms()), Accepted)


@pytest.mark.parametrize("region", ["eu1", "us1"])
def test_the_region_of_the_key_is_the_address_where_none_is_given(region: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")  # nobody listens: nothing goes there
    options = Options(Path("smsreminders.db"), own={"api_key": f"bk_{region}_canary"})
    outcome = open_gateway("bird", options).send(an_sms())
    assert f"{region}.platform.bird.com" in repr(outcome)
    assert "canary" not in repr(outcome)
