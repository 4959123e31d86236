"""Bird's list of messages: every page or nothing, by either id, and its words in ours."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from json import dumps
from urllib.parse import parse_qsl, urlsplit

import pytest

from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import DeliveryReport, Open
from smsreminders.errors import TryAgainLater
from smsreminders.gateways.base import Gateway
from smsreminders.gateways.bird import STATUSES
from tests.gateways.benches.bird import a_bird
from tests.gateways.bird_spec import models, recorded
from tests.gateways.contract import NOW, an_sms, asked_about
from tests.gateways.fake_bird import FakeBird
from tests.gateways.faults import Fault, Seen


@pytest.fixture
def fake() -> Iterator[FakeBird]:
    with FakeBird(now=NOW) as server:
        yield server


@pytest.fixture
def bird(fake: FakeBird) -> Gateway:
    return a_bird(fake)


def reports(bird: Gateway, *asked: Open) -> list[DeliveryReport]:
    return list(bird.lookup(asked))


def page(*messages: object, cursor: object = None) -> Fault:
    return Fault(200, dumps({"data": messages, "next_cursor": cursor}).encode())


def a_message(number: int = 1, **more: object) -> dict[str, object]:
    return {"id": f"sms_{number}", "status": "sent", "metadata": {"ref": an_sms(number).reference}} | more


def take_many(fake: FakeBird, count: int) -> None:
    """Let it take many, without the way there."""
    body = {"to": "+31687654321", "from": "Praktijk", "text": "Tot morgen.", "category": "transactional"}
    headers = {"authorization": f"Bearer {fake.api_key}", "user-agent": "tests"}
    for _ in range(count):
        assert fake.answer(Seen("POST", "/v1/sms/messages", {}, headers, body))[0] == 202


def asked_of(fake: FakeBird) -> list[Mapping[str, str]]:
    return [request.query for request in fake.requests if request.method == "GET"]


def test_the_list_is_asked_for_as_the_sdk_does(fake: FakeBird, bird: Gateway) -> None:
    early, late = asked_about(an_sms(1), "id"), replace(asked_about(an_sms(2)), sent_at=NOW + timedelta(hours=3))
    assert reports(bird, late, early) == []
    by_date, by_number = asked_of(fake)
    assert by_date == {"created_after": "2026-11-22T08:00:00Z", "direction": "outbound", "limit": "100"}
    assert by_number == {**by_date, "to": late.phone}
    theirs = urlsplit(recorded("list")["url"])
    assert by_date.keys() <= dict(parse_qsl(theirs.query)).keys()
    assert {request.path for request in fake.requests} == {theirs.path}
    assert recorded("list")["headers"].keys() <= fake.requests[0].headers.keys()


@pytest.mark.parametrize("behind", [timedelta(minutes=10), timedelta(hours=12)])
def test_a_gateway_whose_clock_is_behind_finds_what_it_took(behind: timedelta, fake: FakeBird, bird: Gateway) -> None:
    fake.now = NOW - behind
    bird.send(an_sms())
    assert [report.reference for report in reports(bird, asked_about(an_sms()))] == [an_sms().reference]


def test_all_pages_are_read(fake: FakeBird, bird: Gateway) -> None:
    bird.send(an_sms(1))
    take_many(fake, 250)
    bird.send(an_sms(2))
    reported = reports(bird, asked_about(an_sms(1)), asked_about(an_sms(2)))
    assert [report.reference for report in reported] == [an_sms(2).reference, an_sms(1).reference]
    cursors = [request.get("starting_after") for request in asked_of(fake)]
    assert cursors[0] is None
    assert len(set(cursors)) == len(cursors) == 3


def test_what_comes_between_two_pages_hides_nothing(fake: FakeBird, bird: Gateway) -> None:
    bird.send(an_sms(1))
    take_many(fake, 100)
    bird.send(an_sms(2))
    reported = bird.lookup([asked_about(an_sms(1)), asked_about(an_sms(2))])
    assert next(reported).reference == an_sms(2).reference
    take_many(fake, 50)
    assert [report.reference for report in reported] == [an_sms(1).reference]


def test_a_page_without_messages_that_names_a_next_is_not_the_last(fake: FakeBird, bird: Gateway) -> None:
    fake.fail_next(page(cursor="a"))
    fake.fail_next(page(a_message()))
    assert [report.gateway_id for report in reports(bird, asked_about(an_sms()))] == ["sms_1"]


@pytest.mark.parametrize("cursors", [["a", "a"], ["a", "b", "a"]])
def test_a_cursor_that_comes_back_is_no_list(cursors: list[str], fake: FakeBird, bird: Gateway) -> None:
    for cursor in cursors:
        fake.fail_next(page(cursor=cursor))
    with pytest.raises(TryAgainLater, match="repeats a page"):
        reports(bird, asked_about(an_sms()))


def test_a_list_without_an_end_is_none(fake: FakeBird, bird: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smsreminders.gateways.bird_lists._MOST_PAGES", 3)
    for number in range(3):
        fake.fail_next(page(cursor=f"c{number}"))
    with pytest.raises(TryAgainLater, match="more than 3 pages"):
        reports(bird, asked_about(an_sms()))
    assert len(fake.requests) == 3


@pytest.mark.parametrize(
    "answer",
    [
        *[page(cursor=""), page(cursor=1), page("text"), page(None), page(cursor=["a"])],
        *[Fault(200, b'{"data":[]}'), Fault(200, b'{"data":{},"next_cursor":null}'), Fault(200, b"{}")],
        *[Fault(200, b"[]"), Fault(200, b"null"), Fault(202, b"{}"), Fault(404, b"{}"), Fault(422, b"{}")],
    ],
)
def test_a_list_that_is_none_proves_nothing(answer: Fault, fake: FakeBird, bird: Gateway) -> None:
    fake.fail_next(answer)
    with pytest.raises(TryAgainLater):
        reports(bird, asked_about(an_sms()))


def test_what_was_found_before_a_page_failed_is_told(fake: FakeBird, bird: Gateway) -> None:
    fake.fail_next(page(a_message(), cursor="a"))
    fake.fail_next("504")
    reported = bird.lookup([asked_about(an_sms())])
    assert next(reported).gateway_id == "sms_1"
    with pytest.raises(TryAgainLater):
        next(reported)


def test_one_without_an_id_that_the_dates_do_not_show_is_asked_for_by_its_number(fake: FakeBird, bird: Gateway) -> None:
    bird.send(an_sms(1))
    bird.send(an_sms(2))
    fake.fail_next(page(), method="GET")
    [report] = reports(bird, asked_about(an_sms(1)))
    assert (report.reference, report.gateway_id) == (an_sms(1).reference, fake.journal[0]["message_id"])


def test_a_reference_that_comes_with_two_ids_is_told_twice(fake: FakeBird, bird: Gateway) -> None:
    bird.send(an_sms())
    fake.now += timedelta(hours=3)
    bird.send(an_sms())
    first, second = (str(sms["message_id"]) for sms in fake.journal)
    reported = reports(bird, asked_about(an_sms(), first))
    assert [(report.reference, report.gateway_id) for report in reported] == [
        (an_sms().reference, message_id) for message_id in (second, first)
    ]


def test_a_message_that_two_pages_show_is_told_once(fake: FakeBird, bird: Gateway) -> None:
    fake.fail_next(page(a_message(), cursor="a"))
    fake.fail_next(page(a_message()))
    assert len(reports(bird, asked_about(an_sms()))) == 1


@pytest.mark.parametrize("metadata", [None, {}, {"ref": None}, {"ref": 1}, "ref", []])
def test_messages_that_are_not_ours_are_passed_over(metadata: object, fake: FakeBird, bird: Gateway) -> None:
    fake.fail_next(page(a_message(metadata=metadata)), times=2)
    assert reports(bird, asked_about(an_sms())) == []


def test_what_is_shown_is_kept_as_far_as_it_can_be(fake: FakeBird, bird: Gateway) -> None:
    failure = {"code": "unreachable", "description": "+31612345678", "occurred_at": "2026-11-23T08:00:05Z"}
    money = {"amount": "0.0750", "currency_code": "EUR"}
    whole = a_message(1, status="undelivered", last_error=failure, segments={"count": 2}, cost=money)
    odd = a_message(2, status=1, last_error={"code": "\x1b[2J"}, segments={"count": True}, delivered_at=5, cost=7)
    fake.fail_next(page(whole, odd))
    first, second = reports(bird, asked_about(an_sms(1), "sms_1"), asked_about(an_sms(2), "sms_2"))
    assert first == DeliveryReport(
        an_sms(1).reference,
        Status.FAILED,
        "undelivered/unreachable",
        gateway_id="sms_1",
        reported_at="2026-11-23T08:00:05Z",
        segments=2,
        price="0.0750 EUR",
    )
    assert second == DeliveryReport(an_sms(2).reference, None, "", gateway_id="sms_2")


def test_a_number_in_a_word_is_masked(fake: FakeBird, bird: Gateway) -> None:
    fake.fail_next(page(a_message(status="failed", last_error={"code": "to 31612345678"})))
    assert [report.raw for report in reports(bird, asked_about(an_sms(), "sms_1"))] == ["failed/to •••"]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("scheduled", Status.SENT),
        ("accepted", Status.SENT),
        ("sent", Status.SENT),
        ("delivered", Status.DELIVERED),
        ("undelivered", Status.FAILED),
        ("failed", Status.FAILED),
        ("rejected", Status.FAILED),
        ("canceled", Status.FAILED),
        ("expired", Status.EXPIRED),
        ("received", None),
        ("Delivered", None),
        ("teleported", None),
    ],
)
def test_each_word_has_its_status(status: str, expected: Status | None, fake: FakeBird, bird: Gateway) -> None:
    fake.fail_next(page(a_message(status=status)))
    [report] = reports(bird, asked_about(an_sms(), "sms_1"))
    assert (report.status, report.raw) == (expected, status)


def test_every_status_of_the_models_for_what_was_sent_is_known() -> None:
    assert set(models()["SMSMessageStatus"]["enum"]) - {"received"} == set(STATUSES)  # that one came in
