"""Infobip's logs: by our references, every page or nothing."""

from collections.abc import Iterator
from datetime import timedelta
from json import dumps
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

import pytest

from smsreminders.domain.round.sending import DeliveryReport, Open
from smsreminders.errors import TryAgainLater
from smsreminders.gateways.base import Gateway
from tests.gateways.benches.infobip import an_infobip
from tests.gateways.contract import an_sms, asked_about
from tests.gateways.fake_infobip import FakeInfobip
from tests.gateways.faults import Fault
from tests.gateways.infobip_spec import check, operation, recorded

REFERENCE = an_sms().reference


@pytest.fixture
def fake() -> Iterator[FakeInfobip]:
    with FakeInfobip() as server:
        yield server


@pytest.fixture
def infobip(fake: FakeInfobip) -> Gateway:
    return an_infobip(fake)


def reports(infobip: Gateway, *asked: Open) -> list[DeliveryReport]:
    return list(infobip.lookup(asked))


def page(*rows: object, **more: object) -> Fault:
    return Fault(200, dumps({"results": rows, **more}).encode())


def a_row(group: object = 1, number: object = 26, name: object = "A_WORD", **more: object) -> dict[str, object]:
    return {"messageId": REFERENCE, "status": {"groupId": group, "id": number, "name": name}} | more


def test_the_logs_are_asked_for_as_the_documents_want_it(fake: FakeInfobip, infobip: Gateway) -> None:
    infobip.send(an_sms(1))
    infobip.send(an_sms(2))
    fake.requests.clear()
    reported = reports(infobip, asked_about(an_sms(2)), asked_about(an_sms(3)), asked_about(an_sms(1)))
    assert [report.reference for report in reported] == [an_sms(2).reference, an_sms(1).reference]
    seen, alone = fake.requests
    check(seen)
    check(alone)
    assert alone.asked[0] == ("messageId", an_sms(3).reference)
    ids = [value for name, value in seen.asked if name == "messageId"]
    assert ids == [an_sms(number).reference for number in (2, 3, 1)]
    request = recorded("logs")
    url = urlsplit(request["url"])
    assert (seen.method, seen.path) == (request["method"], url.path)
    assert seen.headers["authorization"].split()[0] == request["headers"]["Authorization"].split()[0]
    theirs = parse_qsl(url.query)
    assert [name for name, _ in theirs].count("messageId") == 2
    assert dict(seen.asked).keys() - dict(theirs).keys() == {"useCursor"}
    assert seen.query["limit"] == dict(theirs)["limit"]


def test_many_are_asked_for_in_requests_that_are_not_too_long(fake: FakeInfobip, infobip: Gateway) -> None:
    asked = [asked_about(an_sms(number)) for number in range(95)]
    for number in range(95):
        infobip.send(an_sms(number))
    fake.requests.clear()
    assert [report.reference for report in reports(infobip, *asked)] == [sms.reference for sms in asked]
    parts = [[value for name, value in request.asked if name == "messageId"] for request in fake.requests]
    assert [len(part) for part in parts] == [40, 40, 15]
    assert [one for part in parts for one in part] == [notification.reference for notification in asked]
    for part in parts:
        assert len("&".join(f"messageId={one}" for one in part)) < 2048


@pytest.mark.parametrize("heeds", ["first", "last", "none"])
def test_what_a_request_for_several_does_not_show_is_asked_for_once_more_alone(
    heeds: Literal["first", "last", "none"], fake: FakeInfobip, infobip: Gateway
) -> None:
    for number in range(3):
        infobip.send(an_sms(number))
    fake.heeds = heeds
    asked = [asked_about(an_sms(number)) for number in range(5)]
    assert {report.reference for report in reports(infobip, *asked)} == {sms.reference for sms in asked[:3]}
    assert reports(infobip, asked[4]) == []
    fake.fail_next(page())
    fake.fail_next("504")
    with pytest.raises(TryAgainLater):
        reports(infobip, *asked)


def test_the_documents_still_bound_a_request_so() -> None:
    known = {parameter["name"]: parameter for parameter in operation("/sms/3/logs", "get")["parameters"]}
    assert "Maximum length 2048 characters" in known["messageId"]["description"]
    assert known["limit"]["schema"]["maximum"] == 1000
    assert "last 48 hours" in operation("/sms/3/logs", "get")["description"]


def test_they_are_asked_for_as_long_as_they_are_kept(infobip: Gateway) -> None:
    assert infobip.features.kept == timedelta(hours=46)  # at the very limit an absence would prove nothing


def test_the_reports_that_are_given_once_are_left_alone(fake: FakeInfobip, infobip: Gateway) -> None:
    reports(infobip, asked_about(an_sms()))
    infobip.account()
    assert {request.path for request in fake.requests} == {"/sms/3/logs"}


def test_every_page_is_read(fake: FakeInfobip, infobip: Gateway) -> None:
    for number in range(30):
        infobip.send(an_sms(number))
    fake.page_size = 8
    fake.requests.clear()
    reported = reports(infobip, *(asked_about(an_sms(number)) for number in range(30)))
    assert len(reported) == 30
    assert [request.query.get("cursor") for request in fake.requests] == [None, "at-8", "at-16", "at-24"]
    for seen in fake.requests:
        check(seen)


def test_an_empty_page_ends_the_logs(fake: FakeInfobip, infobip: Gateway) -> None:
    fake.fail_next(page(a_row(), cursor={"nextCursor": "b"}))
    fake.fail_next(page(cursor={"nextCursor": "b"}))
    assert len(reports(infobip, asked_about(an_sms()))) == 1
    assert len(fake.requests) == 2


@pytest.mark.parametrize("cursor", [{}, {"cursor": None}, {"cursor": {"limit": 1000}}, {"cursor": {"nextCursor": ""}}])
def test_a_page_without_a_next_is_the_last(cursor: dict[str, object], fake: FakeInfobip, infobip: Gateway) -> None:
    fake.fail_next(page(a_row(), **cursor))
    assert len(reports(infobip, asked_about(an_sms()))) == 1
    assert len(fake.requests) == 1


def test_a_cursor_that_does_not_move_is_no_list(fake: FakeInfobip, infobip: Gateway) -> None:
    fake.fail_next(page(a_row(), cursor={"nextCursor": "b"}), times=2)
    with pytest.raises(TryAgainLater, match="repeats a page"):
        reports(infobip, asked_about(an_sms()))
    assert len(fake.requests) == 2


def test_a_full_page_without_a_next_is_no_list(fake: FakeInfobip, infobip: Gateway) -> None:
    fake.fail_next(page(*[a_row()] * 1000))
    with pytest.raises(TryAgainLater, match="repeats a page"):
        reports(infobip, asked_about(an_sms()))


def test_logs_that_do_not_end_are_none(fake: FakeInfobip, infobip: Gateway) -> None:
    for number in range(100):
        fake.fail_next(page(a_row(), cursor={"nextCursor": str(number)}))
    with pytest.raises(TryAgainLater, match="more than 100 pages"):
        reports(infobip, asked_about(an_sms()))
    assert len(fake.requests) == 100


@pytest.mark.parametrize(
    "answer",
    [
        *[page("text"), page(None), page([]), page({}), page({"messageId": 1}), page(a_row(), {"messageId": None})],
        *[page(cursor=1), page(cursor="b"), page(cursor={"nextCursor": 1}), page(cursor=[])],
        *[Fault(200, b'{"results":{}}'), Fault(200, b"{}"), Fault(200, b"[]"), Fault(200, b"null")],
        *[Fault(202, b"{}"), Fault(400, b"{}"), Fault(404, b"{}")],
    ],
)
def test_logs_that_are_none_prove_nothing(answer: Fault, fake: FakeInfobip, infobip: Gateway) -> None:
    fake.fail_next(answer)
    with pytest.raises(TryAgainLater):
        reports(infobip, asked_about(an_sms()))


def test_what_was_found_before_a_request_failed_is_told(fake: FakeInfobip, infobip: Gateway) -> None:
    infobip.send(an_sms(1))
    fake.fail_next(page(a_row()), method="GET")
    fake.fail_next("504", method="GET")
    reported = infobip.lookup([asked_about(an_sms(number)) for number in range(41)])
    assert next(reported).reference == REFERENCE
    with pytest.raises(TryAgainLater):
        next(reported)


def test_rows_of_others_are_not_reported(fake: FakeInfobip, infobip: Gateway) -> None:
    fake.fail_next(page(a_row(messageId="another"), a_row(messageId="")))
    assert reports(infobip, asked_about(an_sms())) == []
