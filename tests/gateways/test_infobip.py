"""Infobip: what goes over the wire is what its documents want, what comes back has one outcome; its settings."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from json import dumps, loads
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from smsreminders.domain.round.sending import Accepted, Outcome, Outgoing, Refused, Rejected, Unavailable, Uncertain
from smsreminders.errors import ConfigError, TryAgainLater
from smsreminders.gateways.base import Gateway, Options
from smsreminders.gateways.by_name import open_gateway
from tests.gateways.benches.infobip import an_infobip
from tests.gateways.contract import NOW, an_sms, asked_about
from tests.gateways.fake_infobip import DELIVERED, FakeInfobip
from tests.gateways.faults import Fault
from tests.gateways.infobip_spec import check, check_answer, properties, recorded, samples, specification


@pytest.fixture
def fake() -> Iterator[FakeInfobip]:
    with FakeInfobip() as server:
        yield server


@pytest.fixture
def infobip(fake: FakeInfobip) -> Gateway:
    return an_infobip(fake)


OF_THE_CONTENT = Rejected("E400 messages0.content")


def error(status: int, *violations: object, code: object = "E400") -> Fault:
    words = {"description": "Not +31612345678.", "action": "Call +31612345678.", "resources": []}
    return Fault(status, dumps({"errorCode": code, "violations": violations, **words}).encode())


def message_of(fake: FakeInfobip) -> Mapping[str, object]:
    [seen] = fake.requests
    assert isinstance(seen.body, dict)
    [message] = seen.body["messages"]
    assert isinstance(message, dict)
    return message


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
def test_a_message_goes_as_the_documents_want_it(sms: Outgoing, fake: FakeInfobip, infobip: Gateway) -> None:
    assert isinstance(infobip.send(sms), Accepted)
    check(fake.requests[0])
    message = message_of(fake)
    assert message["sender"] == sms.sender_id.removeprefix("+")
    assert message["destinations"] == [{"to": sms.phone.removeprefix("+"), "messageId": sms.reference}]
    assert message["content"] == {"text": sms.text}  # no transliteration, no language
    assert message["options"].keys() == {"validityPeriod"}  # type: ignore[attr-defined]
    assert message.keys() <= properties("SmsMessage").keys()
    assert {"validityPeriod"} <= properties("SmsMessageOptions").keys()
    assert {"to", "messageId"} <= properties("Destination").keys()
    assert {"amount", "timeUnit"} == properties("ValidityPeriod").keys()
    assert {"messages", "options"} == properties("SmsRequestEnvelope").keys()
    assert "includeSmsCountInResponse" in properties("SmsMessageRequestOptions")


def test_a_message_goes_as_the_sdk_sends_it(fake: FakeInfobip, infobip: Gateway) -> None:
    infobip.send(an_sms())
    [seen] = fake.requests
    request = recorded("send")
    assert (seen.method, seen.path) == (request["method"], urlsplit(request["url"]).path)
    assert seen.headers["authorization"].split()[0] == request["headers"]["Authorization"].split()[0]
    assert seen.headers["content-type"] == request["headers"]["Content-Type"]
    body = loads(request["body"])
    [theirs] = body["messages"]
    assert isinstance(seen.body, dict)
    assert (seen.body.keys(), seen.body["options"]) == (body.keys(), body["options"])
    ours = message_of(fake)
    assert ours.keys() - theirs.keys() == {"options"}
    assert [destination.keys() for destination in ours["destinations"]] == [  # type: ignore[attr-defined]
        destination.keys() for destination in theirs["destinations"]
    ]


@pytest.mark.parametrize(
    ("ahead", "minutes"),
    [
        (timedelta(hours=26), 1560),
        (timedelta(minutes=7, seconds=59), 7),
        (timedelta(hours=48), 2880),
        (timedelta(hours=72), 2880),
        (timedelta(seconds=30), 1),
        (timedelta(hours=-1), 1),
    ],
)
def test_the_validity_is_what_infobip_takes(
    ahead: timedelta, minutes: int, fake: FakeInfobip, infobip: Gateway
) -> None:
    assert isinstance(infobip.send(replace(an_sms(), valid_until=NOW + ahead)), Accepted)
    assert message_of(fake)["options"] == {"validityPeriod": {"amount": minutes, "timeUnit": "MINUTES"}}


def test_the_documents_still_say_48_hours() -> None:
    [validity] = [
        schema for schema in specification()["components"]["schemas"].values() if schema["title"] == "ValidityPeriod"
    ]
    assert "longer than 48h is not supported" in validity["description"]


def test_the_sample_of_one_message_that_was_taken_is_accepted(fake: FakeInfobip, infobip: Gateway) -> None:
    one, several = samples("/sms/3/messages", "post", "200").values()
    sms = replace(an_sms(), reference=one["messages"][0]["messageId"])
    fake.fail_next(Fault(200, dumps(one).encode()))
    assert infobip.send(sms) == Accepted(segments=1)
    fake.fail_next(Fault(200, dumps(several).encode()))
    assert isinstance(infobip.send(sms), Uncertain)


@pytest.mark.parametrize("details", [{}, {"details": None}, {"details": []}, {"details": {"messageCount": "x"}}])
def test_a_count_that_is_not_told_is_left_out(
    details: Mapping[str, object], fake: FakeInfobip, infobip: Gateway
) -> None:
    status = {"groupId": 1, "id": 26, "name": "PENDING_ACCEPTED"}
    taken = {"messages": [{"messageId": an_sms().reference, "status": status, **details}]}
    fake.fail_next(Fault(200, dumps(taken).encode()))
    assert infobip.send(an_sms()) == Accepted()


@pytest.mark.parametrize("group", [0, 1, 2, 3, 4])
def test_what_is_not_rejected_was_taken(group: int, fake: FakeInfobip, infobip: Gateway) -> None:
    taken = {"messages": [{"messageId": an_sms().reference, "status": {"groupId": group, "id": 77}}]}
    fake.fail_next(Fault(200, dumps(taken).encode()))
    assert infobip.send(an_sms()) == Accepted()


# infobip.com/docs, message status codes: the group REJECTED
@pytest.mark.parametrize(
    ("number", "name", "expected"),
    [
        (6, "REJECTED_NETWORK", Rejected),
        (8, "REJECTED_PREFIX_MISSING", Rejected),
        (10, "REJECTED_DND", Rejected),
        (11, "REJECTED_SOURCE", Refused),
        (12, "REJECTED_NOT_ENOUGH_CREDITS", Refused),
        (13, "REJECTED_SENDER", Refused),
        (14, "REJECTED_DESTINATION_BLOCKLISTED", Rejected),
        (17, "REJECTED_PREPAID_PACKAGE_EXPIRED", Refused),
        (18, "REJECTED_DESTINATION_NOT_REGISTERED", Refused),
        (19, "REJECTED_ROUTE_NOT_AVAILABLE", Refused),
        (20, "REJECTED_FLOODING_FILTER", Rejected),
        (21, "REJECTED_SYSTEM_ERROR", Unavailable),
        (23, "REJECTED_DUPLICATE_MESSAGE_ID", Uncertain),
        (25, "REJECTED_MESSAGE_TOO_LONG", Rejected),
        (51, "MISSING_TO", Rejected),
        (52, "REJECTED_DESTINATION", Rejected),
        (87, "SIGNALS_BLOCKED", Rejected),
        (999, "REJECTED_NEW", Rejected),
    ],
)
def test_what_is_rejected_at_once_has_the_outcome_of_its_cause(
    number: int, name: str, expected: type[Outcome], fake: FakeInfobip, infobip: Gateway
) -> None:
    fake.reject_next(number, name)
    outcome = infobip.send(an_sms())
    assert type(outcome) is expected
    assert f"{name} {number}" in outcome.reason  # type: ignore[union-attr]
    assert fake.journal == []


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (error(400), Rejected("E400")),
        (error(400, {"property": "messages[0].content", "violation": "not +31612345678"}, "odd", {}), OF_THE_CONTENT),
        (error(400, code=400), Rejected("infobip answered 400")),
        (Fault(400, b'{"errorCode":"E400"}'), Rejected("E400")),
        (
            Fault(400, b'{"requestError":{"serviceException":{"messageId":"BAD_REQUEST","text":"+31612345678"}}}'),
            Rejected("BAD_REQUEST"),
        ),
        (Fault(400, b'{"requestError":{}}'), Rejected("infobip answered 400")),
        (Fault(400, b"[]"), Rejected("infobip answered 400")),
        (Fault(400), Rejected("infobip answered 400")),
    ],
)
def test_what_is_wrong_with_a_message_is_told_without_its_number(
    fault: Fault, expected: Outcome, fake: FakeInfobip, infobip: Gateway
) -> None:
    fake.fail_next(fault)
    assert infobip.send(an_sms()) == expected


def test_a_sender_that_is_not_taken_stops_the_round(infobip: Gateway) -> None:
    outcome = infobip.send(replace(an_sms(), sender_id="Praktijk de Boer"))
    assert isinstance(outcome, Refused)
    assert "sender ID" in outcome.reason
    assert "messages0.sender" in outcome.reason


def test_a_number_that_is_not_taken_is_rejected(infobip: Gateway) -> None:
    assert infobip.send(replace(an_sms(), phone="+31")) == Rejected("E400 messages0.destinations0.to")


def test_every_error_of_the_documents_has_its_outcome(fake: FakeInfobip, infobip: Gateway) -> None:
    known = specification()["components"]["responses"]
    expected = {"401": Refused, "403": Refused, "429": Unavailable, "500": Uncertain}
    assert {f"ApiError{status}" for status in expected} == known.keys()
    for status, outcome in expected.items():
        example = known[f"ApiError{status}"]["content"]["application/json"]["example"]
        fake.fail_next(Fault(int(status), dumps(example).encode()))
        assert isinstance(infobip.send(an_sms()), outcome), status
    [bad] = samples("/sms/3/messages", "post", "400").values()
    fake.fail_next(Fault(400, dumps(bad).encode()))
    assert isinstance(infobip.send(an_sms()), Rejected)


@pytest.mark.parametrize("status", [408, 409, 425])
def test_a_status_that_does_not_say_that_nothing_was_done_is_uncertain(
    status: int, fake: FakeInfobip, infobip: Gateway
) -> None:
    fake.fail_next(error(status))
    assert infobip.send(an_sms()) == Uncertain(f"infobip answered {status}")


def test_a_wrong_key_is_refused(fake: FakeInfobip, infobip: Gateway) -> None:
    fake.api_key = fake.api_key[::-1]
    assert isinstance(infobip.send(an_sms()), Refused)


def test_the_account_is_asked_for_one_row(fake: FakeInfobip, infobip: Gateway) -> None:
    assert infobip.account() == "Infobip knows the account"
    [seen] = fake.requests
    check(seen)
    assert (seen.method, seen.path, seen.query) == ("GET", "/sms/3/logs", {"limit": "1"})
    fake.fail_next(Fault(200, b'{"results":{}}'))
    with pytest.raises(TryAgainLater):
        infobip.account()


@pytest.mark.parametrize(
    ("own", "named"),
    [
        ({}, r"gateway\.api_key is missing"),
        ({"api_key": "canary\r\nX: y"}, r"gateway\.api_key: "),
        ({"api_key": "App canary"}, r"gateway\.api_key: "),
        ({"api_kee": "canary"}, r'gateway\.api_kee: .*did you mean "api_key"'),
    ],
)
def test_a_setting_that_is_wrong_is_named_and_not_shown(own: Mapping[str, str], named: str) -> None:
    with pytest.raises(ConfigError, match=named) as raised:
        open_gateway("infobip", Options(Path("smsreminders.db"), "https://xyz.api.infobip.com", own=own))
    assert "canary" not in str(raised.value)


def test_the_address_of_the_account_must_be_given() -> None:
    with pytest.raises(ConfigError, match=r"gateway\.base_url is missing"):
        open_gateway("infobip", Options(Path("smsreminders.db"), own={"api_key": "canary"}))


def test_the_secret_may_stand_outside_the_configuration(fake: FakeInfobip) -> None:
    options = Options(Path("smsreminders.db"), fake.url, secret=fake.api_key)
    assert isinstance(open_gateway("infobip", options).send(an_sms()), Accepted)


def test_the_fake_answers_as_the_specification_says(fake: FakeInfobip, infobip: Gateway) -> None:
    sms = an_sms()
    outcome = infobip.send(sms)
    assert isinstance(outcome, Accepted)
    fake.report(sms.reference, DELIVERED)
    list(infobip.lookup([asked_about(sms)]))
    infobip.send(replace(sms, phone="+31"))
    for seen, expected in zip(fake.requests, (200, 200, 400), strict=True):
        status, answer = fake.answer(seen)
        assert status == expected
        check_answer(seen, status, answer)
