"""seven.io: what goes over the wire is what its documents want, what comes back has one outcome; its settings."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from json import dumps, loads
from pathlib import Path

import pytest

from smsreminders.domain.round.sending import Accepted, Outcome, Outgoing, Refused, Rejected, Uncertain
from smsreminders.errors import AdministratorNeeded, ConfigError, TryAgainLater
from smsreminders.gateways.base import Gateway, Options
from smsreminders.gateways.by_name import open_gateway
from smsreminders.gateways.seven import CODES
from tests.gateways.benches.seven import a_seven
from tests.gateways.contract import NOW, an_sms, asked_about
from tests.gateways.fake_seven import FakeSeven
from tests.gateways.faults import Fault
from tests.gateways.seven_spec import check, check_answer, fields_of_an_sms, requests_of_the_sdk, specification


@pytest.fixture
def fake() -> Iterator[FakeSeven]:
    with FakeSeven(now=NOW) as server:
        yield server


@pytest.fixture
def seven(fake: FakeSeven) -> Gateway:
    return a_seven(fake)


def body_of(fake: FakeSeven) -> dict[str, object]:
    body = fake.requests[-1].body
    assert isinstance(body, dict)
    return body


def answer(success: object, *messages: object, status: int = 200) -> Fault:
    return Fault(status, dumps({"success": success, "messages": messages}).encode())


def message(**fields: object) -> dict[str, object]:
    whole = {"id": "77000000001", "recipient": "31612345678", "parts": 1, "price": 0.075}
    return {**whole, "success": True, "error": None, **fields}


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
def test_a_message_goes_as_the_documents_want_it(sms: Outgoing, fake: FakeSeven, seven: Gateway) -> None:
    assert isinstance(seven.send(sms), Accepted)
    check(fake.requests[0])
    assert body_of(fake).keys() <= fields_of_an_sms(specification()).keys()


def test_a_message_goes_as_the_sdk_sends_it(fake: FakeSeven, seven: Gateway) -> None:
    recorded = requests_of_the_sdk()[0]
    assert isinstance(seven.send(an_sms()), Accepted)
    [seen] = fake.requests
    assert (recorded["method"], recorded["url"]) == (seen.method, f"https://gateway.seven.io{seen.path}")
    theirs = loads(recorded["body"])
    assert theirs.keys() - {"label"} == body_of(fake).keys() - {"ttl"}
    assert theirs["to"] == body_of(fake)["to"]
    for name in ("Accept", "Content-Type"):
        assert recorded["headers"][name] == seen.headers[name.lower()]
    assert "X-Api-Key" in recorded["headers"]
    assert fake.api_key == seen.headers["x-api-key"]


def test_every_field_holds_what_it_should(fake: FakeSeven, seven: Gateway) -> None:
    sms = replace(an_sms(), sender_id="+31101234567")
    assert seven.send(sms) == Accepted("77000000001", segments=1, price="0.075 EUR")
    assert body_of(fake) == {
        "to": sms.phone,
        "from": "31101234567",
        "text": sms.text,
        "foreign_id": sms.reference,
        "ttl": 26 * 60,
    }


@pytest.mark.parametrize(
    ("ahead", "minutes"),
    [
        (timedelta(hours=26), 1560),
        (timedelta(minutes=5, seconds=59), 5),
        (timedelta(hours=72), 2880),
        (timedelta(seconds=30), 1),
        (timedelta(hours=-1), 1),
    ],
)
def test_the_validity_is_what_seven_takes(ahead: timedelta, minutes: int, fake: FakeSeven, seven: Gateway) -> None:
    assert isinstance(seven.send(replace(an_sms(), valid_until=NOW + ahead)), Accepted)
    assert fake.journal[0]["minutes"] == minutes


def test_a_text_that_is_too_long_is_rejected_before_it_goes(fake: FakeSeven, seven: Gateway) -> None:
    assert isinstance(seven.send(an_sms(text="a" * 1520)), Accepted)
    outcome = seven.send(an_sms(text="a" * 1521))
    assert isinstance(outcome, Rejected)
    assert "1520" in outcome.reason
    assert len(fake.requests) == 1


OUTCOMES: dict[int, type[Outcome]] = {
    **dict.fromkeys((300, 306, 500, 900, 901, 902, 903), Refused),
    **dict.fromkeys((201, 202, 301, 304, 305, 307, 400, 401, 403), Rejected),
    **dict.fromkeys((402, 600, 700), Uncertain),
}


def test_every_code_of_the_documents_has_an_outcome() -> None:
    assert CODES.keys() == OUTCOMES.keys()


@pytest.mark.parametrize(("number", "expected"), OUTCOMES.items())
def test_a_code_means_the_same_wherever_it_stands(
    number: int, expected: type[Outcome], fake: FakeSeven, seven: Gateway
) -> None:
    failed = message(id=None, success=False)
    for fault in (
        Fault(200, str(number).encode()),
        Fault(200, f'"{number}"'.encode()),
        Fault(400, str(number).encode()),
        answer(str(number)),
        answer("100", {**failed, "error": str(number)}),
        answer("101", {**failed, "error": number}),
        answer(str(number), failed),
    ):
        fake.fail_next(fault)
        outcome = seven.send(an_sms())
        assert type(outcome) is expected
        assert f"({number})" in getattr(outcome, "reason", "")


def test_a_code_that_is_not_documented_is_told_without_what_could_be_a_number(fake: FakeSeven, seven: Gateway) -> None:
    fake.fail_next(Fault(200, b"777"))
    assert seven.send(an_sms()) == Uncertain("seven answered with its code 777 alone")
    fake.fail_next(Fault(200, b"31612345678"))
    outcome = seven.send(an_sms())
    assert isinstance(outcome, Uncertain)
    assert "612345678" not in outcome.reason


@pytest.mark.parametrize("success", ["100", 100, "101"])
@pytest.mark.parametrize("recipient", ["31612345678", "+31612345678", "0031612345678"])
def test_a_message_that_was_taken_is_accepted_with_its_id(
    success: object, recipient: str, fake: FakeSeven, seven: Gateway
) -> None:
    fake.fail_next(answer(success, message(id=77, recipient=recipient, parts="2", price=None)))
    assert seven.send(an_sms()) == Accepted("77", segments=2)


@pytest.mark.parametrize("status", [408, 409, 425])
def test_a_status_that_does_not_say_that_nothing_was_done_is_uncertain(
    status: int, fake: FakeSeven, seven: Gateway
) -> None:
    fake.fail_next(Fault(status, b"{}"))
    assert seven.send(an_sms()) == Uncertain(f"seven answered {status}")


def test_what_is_wrong_with_a_message_or_its_sender_is_told(fake: FakeSeven, seven: Gateway) -> None:
    assert seven.send(replace(an_sms(), phone="+31")) == CODES[202]
    assert seven.send(replace(an_sms(), sender_id="Praktijk de Boer")) == CODES[306]
    assert fake.journal == []


def test_a_wrong_key_is_refused_wherever_it_is_used(fake: FakeSeven, seven: Gateway) -> None:
    fake.api_key = "another"
    assert seven.send(an_sms()) == CODES[900]
    with pytest.raises(AdministratorNeeded, match="900"):
        seven.account()
    with pytest.raises(AdministratorNeeded, match="900"):
        list(seven.lookup([asked_about(an_sms())]))


def test_the_account_tells_its_credit(fake: FakeSeven, seven: Gateway) -> None:
    assert seven.account() == "seven.io knows the account: 593.994 EUR of credit"
    check(fake.requests[0])
    fake.fail_next(Fault(200, b'{"amount":-0.50,"currency":"EUR"}'))
    assert "-0.50 EUR" in seven.account()


@pytest.mark.parametrize(
    "body", [b"593.994", b"100", b"{}", b'{"amount":"much","currency":"EUR"}', b'{"amount":1,"currency":"euro"}']
)
def test_a_credit_that_cannot_be_read_is_none(body: bytes, fake: FakeSeven, seven: Gateway) -> None:
    fake.fail_next(Fault(200, body))
    with pytest.raises(TryAgainLater):
        seven.account()


def test_the_fake_answers_as_the_specification_says(fake: FakeSeven, seven: Gateway) -> None:
    seven.send(an_sms())
    fake.report(an_sms().reference, "DELIVERED")
    list(seven.lookup([asked_about(an_sms())]))
    seven.account()
    assert len(fake.requests) == 4
    for seen in fake.requests:
        status, body = fake.answer(seen)
        assert status == 200
        check_answer(seen, _without_nulls(body))


def _without_nulls(value: object) -> object:
    """docs.seven.io shows what isn't there as null; the document knows texts alone."""
    if isinstance(value, list):
        return [_without_nulls(one) for one in value]
    if isinstance(value, dict):
        return {key: _without_nulls(one) for key, one in value.items() if one is not None}
    return value


@pytest.mark.parametrize(
    ("own", "error"),
    [
        ({}, r"gateway\.api_key is missing"),
        ({"api_key": "canary\r\nX: y"}, r"gateway\.api_key: "),
        ({"api_key": "canary😀"}, r"gateway\.api_key: "),
        ({"api_kee": "canary"}, r'gateway\.api_kee: .*did you mean "api_key"'),
    ],
)
def test_a_setting_that_is_wrong_is_named_and_not_shown(own: Mapping[str, str], error: str) -> None:
    with pytest.raises(ConfigError, match=error) as raised:
        open_gateway("seven", Options(Path("smsreminders.db"), own=own))
    assert "canary" not in str(raised.value)


def test_the_secret_may_stand_outside_the_configuration(fake: FakeSeven) -> None:
    options = Options(Path("smsreminders.db"), fake.url, secret=fake.api_key)
    assert isinstance(open_gateway("seven", options).send(an_sms()), Accepted)


def test_seven_itself_is_the_address_where_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")  # nobody listens: nothing goes there
    gateway = open_gateway("seven", Options(Path("smsreminders.db"), own={"api_key": "canary"}))
    assert "gateway.seven.io" in repr(gateway.send(an_sms()))
