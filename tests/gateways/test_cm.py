"""CM.com: what goes over the wire is what its documents want, what comes back has one outcome; its settings."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from json import dumps
from pathlib import Path
from typing import Any

import pytest

from smsreminders.domain.round.sending import Accepted, Outcome, Outgoing, Refused, Rejected, Uncertain
from smsreminders.domain.segments import count_segments
from smsreminders.errors import AdministratorNeeded, ConfigError, TryAgainLater
from smsreminders.gateways.base import Gateway, Options
from smsreminders.gateways.by_name import open_gateway
from smsreminders.gateways.cm import ERRORS
from tests.gateways.benches.cm import a_cm
from tests.gateways.cm_spec import (
    check,
    check_answer,
    request_of_the_sdk,
    requests_of_the_vendor,
    specification,
    specification_with_the_portals_samples,
)
from tests.gateways.contract import NOW, an_sms, asked_about
from tests.gateways.fake_cm import FakeCm
from tests.gateways.faults import Fault, Seen

ANOTHER = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def fake() -> Iterator[FakeCm]:
    with FakeCm(now=NOW) as server:
        yield server


@pytest.fixture
def cm(fake: FakeCm) -> Gateway:
    return a_cm(fake)


def message_of(seen: Seen) -> dict[str, Any]:
    assert isinstance(seen.body, dict)
    [message] = seen.body["messages"]["msg"]
    assert isinstance(message, dict)
    return message


def entry(sms: Outgoing, **fields: object) -> dict[str, object]:
    whole = {"to": "00" + sms.phone[1:], "status": "Accepted", "reference": sms.reference, "parts": 1}
    return {**whole, "messageDetails": None, "messageErrorCode": 0, **fields}


def answer(error: object, *entries: object, status: int = 200) -> Fault:
    return Fault(status, dumps({"details": "made up", "errorCode": error, "messages": entries}).encode())


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
def test_a_message_goes_as_the_documents_want_it(sms: Outgoing, fake: FakeCm, cm: Gateway) -> None:
    assert cm.send(sms) == Accepted(segments=count_segments(sms.text).segments)
    [seen] = fake.requests
    check(seen)
    message = message_of(seen)
    assert message.keys() <= specification()["components"]["schemas"]["Msg"]["properties"].keys()
    assert message["reference"] == sms.reference
    assert message["to"] == [{"number": "0031612345678"}]
    assert message["body"] == {"type": "auto", "content": sms.text}
    assert seen.headers["x-cm-producttoken"] == fake.product_token


def test_a_number_as_the_sender_goes_in_the_form_of_the_recipients(fake: FakeCm, cm: Gateway) -> None:
    for sender_id in ("Praktijk", "+31101234567", "3669"):
        cm.send(replace(an_sms(), sender_id=sender_id))
    assert [message_of(seen)["from"] for seen in fake.requests] == ["Praktijk", "0031101234567", "3669"]


def test_a_message_goes_as_the_sdk_sends_it_with_the_token_in_the_header(fake: FakeCm, cm: Gateway) -> None:
    recorded = request_of_the_sdk()
    assert isinstance(cm.send(an_sms()), Accepted)
    [seen] = fake.requests
    assert recorded["method"] == seen.method
    assert recorded["url"] == f"https://gw.messaging.cm.com{seen.path}"
    theirs = recorded["body"]["messages"]["msg"][0]
    added = {"minimumNumberOfMessageParts", "maximumNumberOfMessageParts", "validity"}
    assert theirs.keys() - {"customGrouping3"} == message_of(seen).keys() - added
    assert theirs["to"] == message_of(seen)["to"]
    assert theirs["allowedChannels"] == message_of(seen)["allowedChannels"]


def test_its_parts_are_limited_as_in_the_vendors_collection(fake: FakeCm, cm: Gateway) -> None:
    theirs = requests_of_the_vendor()[0]["messages"]["msg"][0]
    assert isinstance(cm.send(an_sms()), Accepted)
    ours = message_of(fake.requests[0])
    assert theirs.keys() <= ours.keys()
    for key in ("minimumNumberOfMessageParts", "maximumNumberOfMessageParts"):
        assert theirs[key] == ours[key]


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (timedelta(hours=26), timedelta(hours=26)),
        (timedelta(hours=72), timedelta(hours=48)),
        (timedelta(seconds=30), timedelta(minutes=2)),
        (timedelta(hours=-1), timedelta(minutes=2)),
    ],
)
def test_the_validity_is_what_cm_takes(ahead: timedelta, expected: timedelta, fake: FakeCm, cm: Gateway) -> None:
    assert isinstance(cm.send(replace(an_sms(), valid_until=NOW + ahead)), Accepted)
    assert fake.journal[0]["valid_until"] == NOW + expected


@pytest.mark.parametrize("text", ["a" * 8 * 153, "ë" * 160, "☎" * 8 * 66])
def test_the_longest_text_goes_whole(text: str, fake: FakeCm, cm: Gateway) -> None:
    assert isinstance(cm.send(an_sms(text=text)), Accepted)
    assert fake.journal[0]["text"] == text


@pytest.mark.parametrize("text", ["a" * (8 * 153 + 1), "☎" * (8 * 66 + 1), "☎" * (8 * 67 + 1)])
def test_a_text_that_would_be_cut_is_rejected_before_it_goes(text: str, fake: FakeCm, cm: Gateway) -> None:
    outcome = cm.send(an_sms(text=text))
    assert isinstance(outcome, Rejected)
    assert "8 segments" in outcome.reason
    assert fake.requests == []


@pytest.mark.parametrize("specified", [specification, specification_with_the_portals_samples])
def test_the_samples_of_answers_are_read_as_what_they_say(
    specified: Callable[[], dict[str, Any]], fake: FakeCm, cm: Gateway
) -> None:
    answers = specified()["paths"]["/v1.0/message"]["post"]["responses"]
    samples = answers["200"]["content"]["application/json"]["examples"]
    taken = {**samples["ok"]["value"]["messages"][0], "reference": an_sms().reference}
    refused = samples["partial"]["value"]["messages"][1]
    fake.fail_next(answer(samples["ok"]["value"]["errorCode"], taken))
    assert cm.send(an_sms()) == Accepted(segments=1)
    fake.fail_next(answer(samples["partial"]["value"]["errorCode"], refused))
    assert cm.send(an_sms()) == Rejected("cm doesn't take the number (303)")
    fake.fail_next(Fault(400, dumps(answers["400"]["content"]["application/json"]["example"]).encode()))
    assert isinstance(cm.send(an_sms()), Refused)


OUTCOMES: dict[int, type[Outcome]] = {
    **dict.fromkeys((101, 102, 103, 301), Refused),
    **dict.fromkeys((202, 203, 302, 303, 304, 305, 401, 402, 403), Rejected),
    **dict.fromkeys((0, 500, 999), Uncertain),
}


def test_every_error_of_the_documents_has_an_outcome() -> None:
    assert ERRORS.keys() == OUTCOMES.keys()


@pytest.mark.parametrize(("number", "expected"), OUTCOMES.items())
def test_an_error_means_the_same_wherever_it_stands(
    number: int, expected: type[Outcome], fake: FakeCm, cm: Gateway
) -> None:
    rejected = entry(an_sms(), status="Rejected", messageErrorCode=number)
    for fault in (answer(number), answer(201, rejected), answer(number, status=400), answer(201, rejected, status=400)):
        fake.fail_next(fault)
        outcome = cm.send(an_sms())
        assert type(outcome) is expected
        assert str(number) in getattr(outcome, "reason", "")


def test_an_error_that_is_not_documented_is_told_without_what_could_be_a_number(fake: FakeCm, cm: Gateway) -> None:
    fake.fail_next(answer(777, status=400))
    assert cm.send(an_sms()) == Rejected("cm rejects it (777)")
    fake.fail_next(answer(201, entry(an_sms(), status="Rejected", messageErrorCode=31612345678)))
    assert cm.send(an_sms()) == Rejected("cm rejects it ()")
    fake.fail_next(answer(777))
    assert isinstance(cm.send(an_sms()), Uncertain)


@pytest.mark.parametrize("taken", [{}, {"status": "Parked"}, None])
def test_an_error_beside_something_that_was_taken_is_uncertain(
    taken: dict[str, object] | None, fake: FakeCm, cm: Gateway
) -> None:
    shown = None if taken is None else entry(an_sms(), **taken)
    fake.fail_next(answer(201, shown, status=400))
    assert cm.send(an_sms()) == Uncertain("cm answered 400 and took something")


@pytest.mark.parametrize("status", [408, 409, 425])
def test_a_status_that_does_not_say_that_nothing_was_done_is_uncertain(status: int, fake: FakeCm, cm: Gateway) -> None:
    fake.fail_next(answer(303, status=status))
    assert cm.send(an_sms()) == Uncertain(f"cm answered {status}")


@pytest.mark.parametrize("reference", [None, "", "other"])
def test_what_it_took_without_our_reference_is_taken_and_told_apart(
    reference: object, fake: FakeCm, cm: Gateway
) -> None:
    fake.fail_next(answer(0, entry(an_sms(), reference=reference, parts=2)))
    outcome = cm.send(an_sms())
    assert isinstance(outcome, Accepted)
    assert (outcome.gateway_id, outcome.segments) == (None, 2)
    assert "trial account" in outcome.note


def test_its_list_is_given_an_hour_and_must_have_shown_one_of_our_references_before_an_absence_counts(
    cm: Gateway,
) -> None:
    assert cm.features.settles_after == timedelta(hours=1)
    assert cm.features.references_may_be_lost


def test_a_wrong_token_is_refused_and_a_wrong_sender_too(fake: FakeCm, cm: Gateway) -> None:
    sender = cm.send(replace(an_sms(), sender_id="Praktijk de Boer"))
    assert isinstance(sender, Refused)
    assert "sender ID" in sender.reason
    fake.product_token = ANOTHER
    assert cm.send(an_sms()) == ERRORS[101]
    with pytest.raises(AdministratorNeeded):
        cm.account()
    assert fake.journal == []


def test_the_account_is_known_by_a_list_that_is_empty(fake: FakeCm, cm: Gateway) -> None:
    assert cm.account() == "CM.com knows the account"
    [seen] = fake.requests
    check(seen)
    fake.fail_next(Fault(200, b'{"status":0,"message":"made up"}'))
    with pytest.raises(TryAgainLater):
        cm.account()


def test_the_fake_answers_as_the_specification_says(fake: FakeCm, cm: Gateway) -> None:
    cm.send(an_sms())
    cm.send(replace(an_sms(2), phone="+31"))
    list(cm.lookup([asked_about(an_sms())]))
    for seen, status in zip(fake.requests, (200, 200, 200), strict=True):
        answered, body = fake.answer(seen)
        assert answered == status
        check_answer(seen, status, body)


@pytest.mark.parametrize(
    ("own", "error"),
    [
        ({}, r"gateway\.product_token is missing"),
        ({"product_token": "ca0a12eef00d4bad8cab0123456789ab"}, r"gateway\.product_token: .*hyphens"),
        ({"product_token": f"{ANOTHER}\r\nX: y"}, r"gateway\.product_token: "),
        ({"product_tokn": "ca0a12ee"}, r'gateway\.product_tokn: .*did you mean "product_token"'),
    ],
)
def test_a_setting_that_is_wrong_is_named_and_not_shown(own: Mapping[str, str], error: str) -> None:
    with pytest.raises(ConfigError, match=error) as raised:
        open_gateway("cm", Options(Path("smsreminders.db"), own=own))
    assert not [value for value in own.values() if value in str(raised.value)]


def test_the_secret_may_stand_outside_the_configuration(fake: FakeCm) -> None:
    options = Options(Path("smsreminders.db"), fake.url, secret=fake.product_token)
    assert isinstance(open_gateway("cm", options).send(an_sms()), Accepted)


def test_its_two_hosts_are_the_addresses_where_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")  # nobody listens: nothing goes there
    gateway = open_gateway("cm", Options(Path("smsreminders.db"), own={"product_token": ANOTHER}))
    assert "gw.messaging.cm.com" in repr(gateway.send(an_sms()))
    with pytest.raises(TryAgainLater, match=r"api\.cmtelecom\.com"):
        list(gateway.lookup([asked_about(an_sms())]))
