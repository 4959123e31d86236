"""seven.io's logbook of what came in: asked for by date, on a German clock, and never with a key of its sandbox."""

from collections.abc import Iterator
from datetime import UTC, datetime
from json import dumps

import pytest

from smsreminders.domain.round.inbound import Received
from smsreminders.errors import AdministratorNeeded, TryAgainLater
from smsreminders.gateways.base import Gateway, Hears
from tests.gateways import inbox_spec
from tests.gateways.benches.seven import a_seven
from tests.gateways.contract import NOW
from tests.gateways.fake_seven import FakeSeven
from tests.gateways.faults import Fault

PHONE, OURS = "+31612345678", "+3197010240000"


@pytest.fixture
def fake() -> Iterator[FakeSeven]:
    with FakeSeven(now=NOW) as server:
        yield server


@pytest.fixture
def seven(fake: FakeSeven) -> Gateway:
    return a_seven(fake)


def heard(seven: Gateway) -> list[Received]:
    assert isinstance(seven, Hears)
    return [sms for page in seven.inbox(NOW) for sms in page]


def page(*entries: object) -> Fault:
    return Fault(200, dumps(entries).encode())


def test_it_is_asked_and_answers_as_documented_up_to_an_empty_page(fake: FakeSeven, seven: Gateway) -> None:
    fake.receives(PHONE, "STOP", at=NOW)
    assert heard(seven) == [Received("88000000000", PHONE, OURS, "STOP", NOW)]
    first, second = fake.requests
    assert first.query == {"date_from": "2026-11-22", "limit": "100", "offset": "0"}
    assert second.query["offset"] == "1"
    inbox_spec.check("seven", first, fake.answer(first)[1])


@pytest.mark.parametrize(
    ("timestamp", "expected"),
    [
        ("2026-11-23 09:00:00", NOW),
        ("2026-07-01 10:00:00.123", datetime(2026, 7, 1, 8, 0, 0, 123_000, tzinfo=UTC)),
        ("2026-11-23T08:00:00Z", NOW),
        ("0000-00-00 00:00:00", NOW),  # as of the question
        (None, NOW),
    ],
)
def test_a_time_without_a_zone_is_german(
    timestamp: object, expected: datetime, fake: FakeSeven, seven: Gateway
) -> None:
    fake.fail_next(page({"id": 7, "timestamp": timestamp}))
    assert [(sms.gateway_id, sms.received_at) for sms in heard(seven)] == [("7", expected)]


def test_what_comes_meanwhile_and_moves_the_pages_is_no_second_sms(fake: FakeSeven, seven: Gateway) -> None:
    fake.fail_next(page(*[{"id": str(number)} for number in range(100)]))
    fake.fail_next(page({"id": "99"}, {"id": "100"}))
    assert [sms.gateway_id for sms in heard(seven)] == [str(number) for number in range(101)]


def test_a_sandbox_key_is_not_let_read_the_real_inbox(fake: FakeSeven) -> None:
    seven = a_seven(fake, own={"sandbox": "yes"})
    assert not seven.features.hears
    with pytest.raises(AdministratorNeeded, match="sandbox"):
        heard(seven)
    assert fake.requests == []


@pytest.mark.parametrize("number", ["900", "902", "903"])
def test_a_refusal_by_number_names_the_list(number: str, fake: FakeSeven, seven: Gateway) -> None:
    fake.fail_next(Fault(200, number.encode()))
    with pytest.raises(AdministratorNeeded, match=r"refuses its list of the SMS that came in: .* \(90"):
        heard(seven)


def test_an_sms_without_an_id_is_told_as_the_same_one_each_time(fake: FakeSeven, seven: Gateway) -> None:
    fake.fail_next(page({"from": PHONE, "text": "STOP", "price": 0}, {"from": PHONE, "text": "JA"}))
    first, second = heard(seven)
    fake.fail_next(page({"from": PHONE, "text": "STOP"}))
    assert heard(seven) == [first]
    assert (first.text, second.text) == ("STOP", "JA")


@pytest.mark.parametrize("answer", [page("STOP"), Fault(200, b"600"), Fault(200, b"{}")])
def test_a_logbook_that_cannot_be_understood_is_told(answer: Fault, fake: FakeSeven, seven: Gateway) -> None:
    fake.fail_next(answer)
    with pytest.raises(TryAgainLater):
        heard(seven)
