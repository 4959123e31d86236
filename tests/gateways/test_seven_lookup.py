"""seven.io's logbook: every page or nothing, by either id, and its words in ours."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from json import dumps
from urllib.parse import parse_qsl, urlsplit

import pytest

from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import DeliveryReport, Open
from smsreminders.errors import TryAgainLater
from smsreminders.gateways.base import Gateway
from smsreminders.gateways.seven import STATUSES
from tests.gateways.benches.seven import a_seven
from tests.gateways.contract import NOW, an_sms, asked_about
from tests.gateways.fake_seven import FakeSeven
from tests.gateways.faults import Fault, Seen
from tests.gateways.seven_spec import check, requests_of_the_sdk, specification, words_of_a_status


@pytest.fixture
def fake() -> Iterator[FakeSeven]:
    with FakeSeven(now=NOW) as server:
        yield server


@pytest.fixture
def seven(fake: FakeSeven) -> Gateway:
    return a_seven(fake)


def reports(seven: Gateway, *asked: Open) -> list[DeliveryReport]:
    return list(seven.lookup(asked))


def page(*rows: object) -> Fault:
    return Fault(200, dumps(rows).encode())


def row(**fields: object) -> dict[str, object]:
    whole = {"id": "77000000001", "foreign_id": an_sms().reference, "dlr": "DELIVERED", "dlr_timestamp": None}
    return {**whole, "price": "0.0750", **fields}


def take_many(fake: FakeSeven, count: int) -> None:
    """Let it take many at once, without the way there."""
    headers = {"x-api-key": fake.api_key}
    body = {"to": "+31687654321", "from": "Praktijk", "text": "Tot morgen.", "foreign_id": "other", "ttl": 60}
    for _ in range(count):
        assert isinstance(fake.answer(Seen("POST", "/api/sms", {}, headers, body))[1], dict)


def gets(fake: FakeSeven) -> list[dict[str, str]]:
    return [request.query for request in fake.requests if request.method == "GET"]


def test_the_logbook_is_asked_for_as_the_documents_want_it(fake: FakeSeven, seven: Gateway) -> None:
    early, late = asked_about(an_sms(1), "id"), replace(asked_about(an_sms(2)), sent_at=NOW + timedelta(days=3))
    assert reports(seven, late, early) == []
    [seen] = fake.requests
    check(seen)
    shared = specification()["components"]["parameters"]
    assert seen.query.keys() <= {parameter["name"] for parameter in shared.values()}
    assert seen.query == {"date_from": "2026-11-22", "limit": "100", "offset": "0"}


def test_the_logbook_is_asked_for_as_the_sdk_asks(fake: FakeSeven, seven: Gateway) -> None:
    recorded = requests_of_the_sdk()[1]
    theirs = urlsplit(recorded["url"])
    reports(seven, asked_about(an_sms()))
    [seen] = fake.requests
    assert (recorded["method"], theirs.path) == (seen.method, seen.path)
    assert dict(parse_qsl(theirs.query)).keys() - {"date_to"} == seen.query.keys() - {"offset"}


@pytest.mark.parametrize("behind", [timedelta(minutes=10), timedelta(hours=12)])
def test_a_gateway_whose_clock_is_behind_finds_what_it_took(behind: timedelta, fake: FakeSeven, seven: Gateway) -> None:
    fake.now = NOW - behind
    seven.send(an_sms())
    assert [report.reference for report in reports(seven, asked_about(an_sms()))] == [an_sms().reference]


@pytest.mark.parametrize(
    ("others", "offsets"), [(98, ["0", "100"]), (99, ["0", "100", "101"]), (198, ["0", "100", "200"])]
)
def test_all_pages_are_read_up_to_an_empty_one(
    others: int, offsets: list[str], fake: FakeSeven, seven: Gateway
) -> None:
    seven.send(an_sms(1))
    take_many(fake, others)
    seven.send(an_sms(2))
    reported = reports(seven, asked_about(an_sms(1)), asked_about(an_sms(2)))
    assert [report.reference for report in reported] == [an_sms(2).reference, an_sms(1).reference]
    assert [get["offset"] for get in gets(fake)] == offsets


def test_a_page_that_is_not_full_is_not_taken_for_the_last(fake: FakeSeven, seven: Gateway) -> None:
    fake.fail_next(page(row(id="1", foreign_id=None)))
    fake.fail_next(page(row(id="2")))
    [report] = reports(seven, asked_about(an_sms()))
    assert report.gateway_id == "2"
    assert [get["offset"] for get in gets(fake)] == ["0", "1", "2"]


def test_pages_that_repeat_are_no_logbook(fake: FakeSeven, seven: Gateway) -> None:
    fake.fail_next(page(row(foreign_id=None)), times=2)
    with pytest.raises(TryAgainLater, match=r"repeats a page \(at entry 1\)"):
        reports(seven, asked_about(an_sms()))


def test_a_logbook_without_end_is_none(fake: FakeSeven, seven: Gateway) -> None:
    for number in range(1000):
        fake.fail_next(page(row(id=str(number), foreign_id=None)))
    with pytest.raises(TryAgainLater, match="more than 1000 pages"):
        reports(seven, asked_about(an_sms()))


def test_a_message_that_two_pages_show_is_told_once(fake: FakeSeven, seven: Gateway) -> None:
    fake.fail_next(page(row(id="1", foreign_id=None), row(id="2")))
    fake.fail_next(page(row(id="2"), row(id="3", foreign_id=None)))
    assert len(reports(seven, asked_about(an_sms()))) == 1


def test_what_was_found_before_a_page_failed_is_told(fake: FakeSeven, seven: Gateway) -> None:
    fake.fail_next(page(row()))
    fake.fail_next("504")
    reported = seven.lookup([asked_about(an_sms())])
    assert next(reported).gateway_id == "77000000001"
    with pytest.raises(TryAgainLater):
        next(reported)


def test_a_reference_that_comes_with_two_ids_is_told_twice(seven: Gateway) -> None:
    seven.send(an_sms())
    seven.send(an_sms())
    reported = reports(seven, asked_about(an_sms(), "77000000001"))
    assert [(report.reference, report.gateway_id) for report in reported] == [
        (an_sms().reference, one) for one in ("77000000002", "77000000001")
    ]


@pytest.mark.parametrize(
    "answer",
    [
        *[page("text"), page(None), page({}), page(row(id="")), page(row(id=None)), page(row(id=True)), page(row(), 1)],
        *[Fault(200, b"{}"), Fault(200, b"null"), Fault(200, b"100"), Fault(200, b"600"), Fault(200, b"777")],
        *[Fault(202, b"[]"), Fault(404, b"[]")],
    ],
)
def test_a_logbook_that_is_none_proves_nothing(answer: Fault, fake: FakeSeven, seven: Gateway) -> None:
    fake.fail_next(answer)
    with pytest.raises(TryAgainLater):
        reports(seven, asked_about(an_sms()))


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        *[(word, Status.SENT) for word in (None, "", "ACCEPTED", "BUFFERED", "TRANSMITTED", "UNKNOWN")],
        *[("DELIVERED", Status.DELIVERED), ("Delivered", Status.DELIVERED), ("EXPIRED", Status.EXPIRED)],
        *[(word, Status.FAILED) for word in ("NOTDELIVERED", "REJECTED", "FAILED")],
        *[("Teleported", None), ("\x1b[2J", None), (7, None), ([], None)],
    ],
)
def test_a_word_is_our_status(word: object, expected: Status | None, fake: FakeSeven, seven: Gateway) -> None:
    fake.fail_next(page(row(dlr=word)))
    [report] = reports(seven, asked_about(an_sms()))
    assert report.status is expected
    assert report.raw == (word if isinstance(word, str) and word.isprintable() else "")


def test_every_word_of_the_documents_has_a_status() -> None:
    assert words_of_a_status() == STATUSES.keys() - {""}


def test_what_is_shown_is_kept_as_far_as_it_can_be(fake: FakeSeven, seven: Gateway) -> None:
    whole = row(id=7, dlr_timestamp="2026-11-23 09:00:01.102")
    fake.fail_next(page(whole, row(id="8", dlr="0031612345678", dlr_timestamp=1, price="free")))
    assert reports(seven, asked_about(an_sms(1), "7"), asked_about(an_sms(2), "8")) == [
        DeliveryReport(
            an_sms(1).reference, Status.DELIVERED, "DELIVERED", "7", "2026-11-23 09:00:01.102", price="0.0750 EUR"
        ),
        DeliveryReport(an_sms(2).reference, None, "•••", "8"),
    ]
