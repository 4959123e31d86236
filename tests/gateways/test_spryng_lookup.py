"""Spryng's list of messages: every page or nothing, by either id, and its words in ours."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from json import dumps
from typing import Any

import pytest

from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import DeliveryReport, Open
from smsreminders.errors import TryAgainLater
from smsreminders.gateways.base import Gateway
from smsreminders.gateways.spryng import STATUSES
from tests.gateways.contract import NOW, an_sms, asked_about
from tests.gateways.fake_spryng import FakeSpryng
from tests.gateways.faults import Fault, Seen
from tests.gateways.spryng_spec import check, specification, specification_with_the_portals_samples

SAMPLES = {"delivered": Status.DELIVERED, "failed": Status.FAILED, "by id": Status.FAILED}


def reports(spryng: Gateway, *asked: Open) -> list[DeliveryReport]:
    return list(spryng.lookup(asked))


def page(*messages: object, number: object = 1, pages: object = 1) -> Fault:
    answer = {"data": {"messages": messages, "totalCount": 1, "currentPage": number, "totalPages": pages}}
    return Fault(200, dumps(answer).encode())


def take_many(fake: FakeSpryng, body: Mapping[str, object], count: int) -> None:
    """Let it take many at once, without the way there."""
    for number in range(count):
        request = Seen("POST", "/v2/messages", {}, {"x-api-key": fake.api_key}, {**body, "name": f"other{number}"})
        assert fake.answer(request)[0] == 202


def test_the_list_is_asked_for_as_the_documents_want_it(fake: FakeSpryng, spryng: Gateway) -> None:
    early, late = asked_about(an_sms(1), "id"), replace(asked_about(an_sms(2)), sent_at=NOW + timedelta(hours=3))
    assert reports(spryng, late, early) == []
    by_date, by_reference = fake.requests
    known = {parameter.get("name") for parameter in specification()["paths"]["/messages"]["get"]["parameters"]}
    for seen in (by_date, by_reference):
        check(seen)
        assert seen.query.keys() <= known
        assert (seen.query["startTime"], seen.query.get("endTime")) == ("2026-11-22T08:00:00Z", None)  # up to now
        assert (seen.query["pageSize"], seen.query["sortOrder"]) == ("500", "Asc")
        assert (seen.query["direction"], seen.query["retrieveMessageBody"]) == ("Outbound", "false")
    assert "requestName" not in by_date.query
    assert by_reference.query["requestName"] == late.reference


@pytest.mark.parametrize("behind", [timedelta(minutes=10), timedelta(hours=12)])
def test_a_gateway_whose_clock_is_behind_finds_what_it_took(
    behind: timedelta, fake: FakeSpryng, spryng: Gateway
) -> None:
    fake.now = NOW - behind
    spryng.send(replace(an_sms(), valid_until=NOW + timedelta(hours=3)))
    assert [report.reference for report in reports(spryng, asked_about(an_sms()))] == [an_sms().reference]


def test_all_pages_are_read(fake: FakeSpryng, spryng: Gateway) -> None:
    spryng.send(an_sms(1))
    body = fake.requests[0].body
    assert isinstance(body, dict)
    take_many(fake, body, 1000)
    spryng.send(an_sms(2))
    reported = reports(spryng, asked_about(an_sms(1)), asked_about(an_sms(2)))
    assert [report.reference for report in reported] == [an_sms(1).reference, an_sms(2).reference]
    assert [request.query["pageNo"] for request in fake.requests if request.method == "GET"] == ["1", "2", "3"]


def test_an_empty_page_before_the_last_proves_nothing(fake: FakeSpryng, spryng: Gateway) -> None:
    fake.fail_next(page(pages=5))
    with pytest.raises(TryAgainLater, match="breaks off at page 1 of 5"):
        reports(spryng, asked_about(an_sms(), "id"))


def test_an_empty_last_page_ends_the_list(fake: FakeSpryng, spryng: Gateway) -> None:
    fake.fail_next(page(pages=1))
    assert reports(spryng, asked_about(an_sms(), "id")) == []
    assert len(fake.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        *[
            page({}, number=2),
            page({}, pages=2001),
            page({}, pages="1"),
            page({}, number=None),
            page("text"),
            page(None),
        ],
        *[Fault(200, b'{"data":{"messages":{},"currentPage":1,"totalPages":1}}'), Fault(200, b"{}"), Fault(200, b"[]")],
        *[Fault(200, b'{"data":[]}'), Fault(200, b"null"), Fault(202, b"{}"), Fault(404, b"{}")],
    ],
)
def test_a_list_that_is_none_proves_nothing(answer: Fault, fake: FakeSpryng, spryng: Gateway) -> None:
    fake.fail_next(answer)
    with pytest.raises(TryAgainLater):
        reports(spryng, asked_about(an_sms()))


def test_pages_that_repeat_are_no_list(fake: FakeSpryng, spryng: Gateway) -> None:
    fake.fail_next(page({"messageId": "a"}, pages=2), times=2)
    with pytest.raises(TryAgainLater, match="page 2"):
        reports(spryng, asked_about(an_sms()))


def test_what_was_found_before_a_page_failed_is_told(fake: FakeSpryng, spryng: Gateway) -> None:
    fake.fail_next(page({"messageId": "a", "requestName": an_sms().reference, "status": "Sent"}, pages=2))
    fake.fail_next("504")
    reported = spryng.lookup([asked_about(an_sms())])
    assert next(reported).gateway_id == "a"
    with pytest.raises(TryAgainLater):
        next(reported)


def test_one_without_an_id_that_the_dates_do_not_show_is_asked_for_by_its_reference(
    fake: FakeSpryng, spryng: Gateway
) -> None:
    spryng.send(an_sms())
    fake.fail_next(page(), method="GET")
    [report] = reports(spryng, asked_about(an_sms()))
    assert report.gateway_id == fake.journal[0]["message_id"]


def test_a_reference_that_comes_with_two_ids_is_told_twice(fake: FakeSpryng, spryng: Gateway) -> None:
    spryng.send(an_sms())
    spryng.send(an_sms())
    first, second = (str(sms["message_id"]) for sms in fake.journal)
    reported = reports(spryng, asked_about(an_sms(), first))
    assert [(report.reference, report.gateway_id) for report in reported] == [
        (an_sms().reference, message_id) for message_id in (first, second)
    ]


def test_a_message_that_two_pages_show_is_told_once(fake: FakeSpryng, spryng: Gateway) -> None:
    shown = {"messageId": "a", "requestName": an_sms().reference, "status": "Sent"}
    fake.fail_next(page(shown, pages=2))
    fake.fail_next(page(shown, number=2, pages=2))
    assert len(reports(spryng, asked_about(an_sms()))) == 1


@pytest.mark.parametrize("name", [None, 7, "another", [], {}])
def test_messages_that_are_not_ours_are_passed_over(name: object, fake: FakeSpryng, spryng: Gateway) -> None:
    fake.fail_next(page({"messageId": "m1", "status": "Sent", "requestName": name}))
    assert reports(spryng, asked_about(an_sms(), "another-id")) == []


def test_what_is_shown_is_kept_as_far_as_it_can_be(fake: FakeSpryng, spryng: Gateway) -> None:
    whole = {"messageId": "a", "status": "Failed", "reason": "NetworkFailed", "messagePartCount": 2}
    odd = {"requestName": an_sms(2).reference, "status": 1, "reason": "\x1b[2J", "messagePartCount": True}
    fake.fail_next(page(whole | {"lastUpdateTimestamp": "2026"}, odd))
    first, second = reports(spryng, asked_about(an_sms(1), "a"), asked_about(an_sms(2), "b"))
    assert first == DeliveryReport(
        an_sms(1).reference, Status.FAILED, "Failed/NetworkFailed", gateway_id="a", reported_at="2026", segments=2
    )
    assert second == DeliveryReport(an_sms(2).reference, None, "")


@pytest.mark.parametrize(
    ("status", "reason", "expected"),
    [
        ("Sent", "Delivered", Status.DELIVERED),
        ("Delivered", "Delivered", Status.DELIVERED),
        ("Delivered", None, Status.DELIVERED),
        ("Delivered", "PartiallyDelivered", Status.SENT),
        ("Delivered", "NetworkFailed", None),
        ("Sent", None, Status.SENT),
        ("Sent", "EdgeSubmitted", Status.SENT),
        ("Sent", "PartiallyDelivered", Status.SENT),
        ("Sent", "NetworkFailed", Status.FAILED),
        ("Sent", "Teleported", None),
        ("In Progress", None, Status.SENT),
        ("In Progress", "WithinQuietHours", Status.SENT),
        ("Failed", None, Status.FAILED),
        ("Failed", "senderIdInvalid", Status.FAILED),
        ("Failed", "Teleported", Status.FAILED),
        ("Received", "Inbound", None),
        ("Received", None, None),
        ("Teleported", None, None),
    ],
)
def test_status_and_reason_together_are_our_status(
    status: str, reason: str | None, expected: Status | None, fake: FakeSpryng, spryng: Gateway
) -> None:
    fake.fail_next(page({"messageId": "a", "status": status, "reason": reason}))
    [report] = reports(spryng, asked_about(an_sms(), "a"))
    assert (report.status, report.raw) == (expected, f"{status}/{reason}" if reason else status)


def test_every_reason_of_the_documents_has_a_status() -> None:
    documented = (
        "Delivered DestinationNotAllowed DisallowedContent EdgeFailed EdgeSubmitted FailedToRoute InternalError "
        "LandlineNotAllowed MessagePartCountExceeded MsisdnInvalid NetworkFailed OptedOut OutsideBusinessHours "
        "PartiallyDelivered senderIdInvalid SendingLimitExceeded Unprocessable WithinQuietHours"
    )
    assert {reason.lower() for reason in documented.split()} == {
        why for word, why in STATUSES if word == "sent" and why
    }


@pytest.mark.parametrize("specified", [specification, specification_with_the_portals_samples])
@pytest.mark.parametrize(("name", "expected"), SAMPLES.items())
def test_every_sample_is_read_as_what_it_says(
    specified: Callable[[], dict[str, Any]], name: str, expected: Status, fake: FakeSpryng, spryng: Gateway
) -> None:
    loaded = specified()
    by_id = loaded["paths"]["/messages/{messageId}"]["get"]["responses"]["200"]["content"]["application/json"]
    pages = loaded["components"]["responses"]["Page"]["content"]["application/json"]["examples"]
    sample = by_id["example"]["data"] if name == "by id" else pages[name]["value"]["data"]["messages"][0]
    fake.fail_next(page(sample))
    [report] = reports(spryng, Open("0" * 32, sample["messageId"], sample["msisdn"], NOW, "Tot morgen."))
    assert report.status is expected
    assert (report.segments, report.reported_at) == (1, sample["lastUpdateTimestamp"])
