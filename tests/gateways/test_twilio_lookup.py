"""Twilio's lists of messages: by date, by id and by number; every page or nothing; its words in ours."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from json import dumps
from urllib.parse import parse_qsl, urlsplit

import pytest

from smsreminders.domain.round.inbound import Mark
from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import Accepted, DeliveryReport, Open
from smsreminders.errors import TryAgainLater
from smsreminders.gateways.base import Gateway
from smsreminders.gateways.twilio import STATUSES
from tests.gateways.benches.twilio import a_twilio
from tests.gateways.contract import NOW, TEXT, an_sms, asked_about
from tests.gateways.fake_twilio import FakeTwilio
from tests.gateways.faults import Fault
from tests.gateways.twilio_spec import MESSAGE, MESSAGES, check, operation, recorded, specification

A, B = "SM" + "a" * 32, "SM" + "b" * 32
CREATED = "Mon, 23 Nov 2026 08:00:00 +0000"


@pytest.fixture
def fake() -> Iterator[FakeTwilio]:
    with FakeTwilio(now=NOW) as server:
        yield server


@pytest.fixture
def twilio(fake: FakeTwilio) -> Gateway:
    return a_twilio(fake)


def reports(twilio: Gateway, *asked: Open) -> list[DeliveryReport]:
    return list(twilio.lookup(asked))


def sent(twilio: Gateway, number: int = 1, *, text: str = "") -> str:
    outcome = twilio.send(an_sms(number, text=text))
    assert isinstance(outcome, Accepted)
    assert outcome.gateway_id
    return outcome.gateway_id


def page(*messages: object, following: object = None) -> Fault:
    return Fault(200, dumps({"messages": messages, "next_page_uri": following}).encode())


def a_message(sid: str = A, **more: object) -> dict[str, object]:
    known = {"to": "+31612345678", "body": TEXT, "date_created": CREATED, "direction": "outbound-api"}
    return {"sid": sid, "status": "sent", **known, **more}


def test_the_lists_are_asked_for_as_the_documents_want_it(fake: FakeTwilio, twilio: Gateway) -> None:
    early, late = asked_about(an_sms(1), A), replace(asked_about(an_sms(2), B), sent_at=NOW + timedelta(hours=3))
    assert reports(twilio, late, early, asked_about(an_sms(3))) == []
    by_date, first, second, by_number = fake.requests
    for seen in fake.requests:
        check(seen)
    assert by_date.query == {"DateSent>": "2026-11-22T00:00:00Z", "PageSize": "80"}
    assert [request.path.rpartition("/")[2] for request in (first, second)] == [f"{B}.json", f"{A}.json"]
    assert by_number.query == {"To": "+31612345678", "PageSize": "80"}
    fetch, of_date = recorded("fetch_and_list")
    assert urlsplit(fetch["url"]).path == second.path.replace(fake.account_sid, "AC" + "a" * 32)
    assert urlsplit(of_date["url"]).path == by_date.path.replace(fake.account_sid, "AC" + "a" * 32)
    assert {name for name, _ in parse_qsl(urlsplit(of_date["url"]).query)} == by_date.query.keys()


def test_those_with_an_id_are_found_by_date_without_reading_on(fake: FakeTwilio, twilio: Gateway) -> None:
    sids = [sent(twilio, number) for number in range(200)]
    for sid in sids:
        fake.report(sid, "delivered")
    fake.requests.clear()
    reported = reports(twilio, asked_about(an_sms(199), sids[199]), asked_about(an_sms(30), sids[30]))
    assert [(report.gateway_id, report.status) for report in reported] == [
        (sids[199], Status.DELIVERED),
        (sids[30], Status.DELIVERED),
    ]
    assert [request.query.get("Page", "0") for request in fake.requests] == ["0", "1", "2"]
    for seen in fake.requests:
        check(seen)
    assert len(reports(twilio, asked_about(an_sms(199), sids[199]))) == 1
    assert len(fake.requests) == 4


def test_what_is_queued_and_has_no_date_is_found_by_its_id(fake: FakeTwilio, twilio: Gateway) -> None:
    first, second = sent(twilio, 1), sent(twilio, 2)
    fake.report(first, "sent")
    reported = reports(twilio, asked_about(an_sms(1), first), asked_about(an_sms(2), second))
    assert [(report.gateway_id, report.raw) for report in reported] == [(first, "sent"), (second, "queued")]
    assert fake.requests[-1].path.endswith(f"/{second}.json")


def test_many_that_are_queued_are_found_among_the_newest(fake: FakeTwilio, twilio: Gateway) -> None:
    sids = [sent(twilio, number) for number in range(100)]
    fake.requests.clear()
    reported = reports(twilio, *(asked_about(an_sms(number), sid) for number, sid in enumerate(sids)))
    assert sorted(report.gateway_id or "" for report in reported) == sids
    assert [(request.path, request.query.get("Page")) for request in fake.requests] == [
        (f"{fake.path}.json", page) for page in (None, None, "1")
    ]
    for seen in fake.requests:
        check(seen)


def test_many_that_are_not_among_the_newest_are_found_each_by_its_id(fake: FakeTwilio, twilio: Gateway) -> None:
    sids = [sent(twilio, number) for number in range(12)]
    for _ in range(28):
        sent(twilio, 99)
    fake.requests.clear()
    reported = reports(twilio, *(asked_about(an_sms(number), sid) for number, sid in enumerate(sids)))
    assert sorted(report.gateway_id or "" for report in reported) == sids
    assert [request.path.rpartition("/")[2] for request in fake.requests[2:]] == [f"{sid}.json" for sid in sids]


def test_an_answer_about_another_message_is_none(fake: FakeTwilio, twilio: Gateway) -> None:
    answers: list[object] = [a_message(B), [], {}]
    for answer in answers:
        fake.fail_next(page(), method="GET")
        fake.fail_next(Fault(200, dumps(answer).encode()), method="GET")
        with pytest.raises(TryAgainLater):
            reports(twilio, asked_about(an_sms(), A))


def test_an_id_that_is_none_of_theirs_is_not_asked_for(fake: FakeTwilio, twilio: Gateway) -> None:
    assert reports(twilio, asked_about(an_sms(), "../../Calls")) == []
    assert fake.requests == []


def test_every_page_of_a_number_is_read(fake: FakeTwilio, twilio: Gateway) -> None:
    first = sent(twilio)
    for number in range(2, 170):
        sent(twilio, number)
    fake.requests.clear()
    assert [report.gateway_id for report in reports(twilio, asked_about(an_sms()))] == [first]
    assert [request.query.get("Page", "0") for request in fake.requests] == ["0", "1", "2"]
    assert {request.query["To"] for request in fake.requests} == {"+31612345678"}


def test_the_next_page_is_asked_for_with_our_own_filters(fake: FakeTwilio, twilio: Gateway) -> None:
    uri = f"{fake.path}.json?To=%2B1&PageSize=1000&Page=1&PageToken=PA%26b"
    fake.fail_next(page(a_message(B, body="x"), following=uri))
    fake.fail_next(page())
    reports(twilio, asked_about(an_sms()))
    assert fake.requests[1].path == f"{fake.path}.json"
    assert fake.requests[1].query == {"To": "+31612345678", "PageSize": "80", "Page": "1", "PageToken": "PA&b"}


@pytest.mark.parametrize(
    "following",
    [
        "https://gateway.invalid/2010-04-01/Accounts/{sid}/Messages.json?Page=1",
        "//gateway.invalid/2010-04-01/Accounts/{sid}/Messages.json?Page=1",
        "@gateway.invalid/2010-04-01/Accounts/{sid}/Messages.json?Page=1",
        "/2010-04-01/Accounts/ACbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb/Messages.json?Page=1",
        "/2010-04-01/Accounts/{sid}/../Messages.json?Page=1",
        "/2010-04-01/Accounts/{sid}/Calls.json?Page=1",
        "/2010-04-01/Accounts/{sid}/Messages.json",
        "/2010-04-01/Accounts/{sid}/Messages.json?Page",
        "/2010-04-01/Accounts/{sid}/Messages.json?" + "&".join(["Page=1"] * 21),
        "",
        1,
        {},
    ],
)
def test_a_next_page_that_is_not_of_this_list_is_never_asked_for(
    following: object, fake: FakeTwilio, twilio: Gateway
) -> None:
    if isinstance(following, str):
        following = following.replace("{sid}", fake.account_sid)
    fake.fail_next(page(a_message(), following=following))
    with pytest.raises(TryAgainLater, match="can't be understood"):
        reports(twilio, asked_about(an_sms()))
    assert len(fake.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        *[page("text"), page(None), page([]), page({}), page({"sid": None}), page({"sid": "SM1"}), page({"sid": 1})],
        *[Fault(200, b'{"messages":{},"next_page_uri":null}'), Fault(200, b'{"messages":[]}'), Fault(200, b"{}")],
        *[Fault(200, b"null"), Fault(202, b"{}"), Fault(404, b"{}")],
    ],
)
def test_a_list_that_is_none_proves_nothing(answer: Fault, fake: FakeTwilio, twilio: Gateway) -> None:
    for asked in (asked_about(an_sms()), asked_about(an_sms(), A)):
        fake.fail_next(answer)
        with pytest.raises(TryAgainLater):
            reports(twilio, asked)


@pytest.mark.parametrize("messages", [[], [a_message(B)]])
def test_pages_without_anything_new_are_no_list(messages: list[object], fake: FakeTwilio, twilio: Gateway) -> None:
    following = f"{fake.path}.json?Page=1&PageToken=PA1"
    fake.fail_next(page(a_message(B), following=following))
    fake.fail_next(page(*messages, following=following))
    with pytest.raises(TryAgainLater, match="doesn't go on"):
        reports(twilio, asked_about(an_sms()))


def test_a_page_that_names_one_before_it_is_no_list(fake: FakeTwilio, twilio: Gateway) -> None:
    following = f"{fake.path}.json?Page=1&PageToken=PA1"
    for number in range(2):
        fake.fail_next(page(a_message(f"SM{number:032x}"), following=following))
    with pytest.raises(TryAgainLater, match="repeats a page"):
        reports(twilio, asked_about(an_sms()))


def test_a_list_that_does_not_end_is_none(fake: FakeTwilio, twilio: Gateway) -> None:
    for number in range(1000):
        following = f"{fake.path}.json?Page={number}&PageToken=PA1"
        fake.fail_next(page(a_message(f"SM{number:032x}"), following=following))
    with pytest.raises(TryAgainLater, match="more than 1000 pages"):
        reports(twilio, asked_about(an_sms()))
    assert len(fake.requests) == 1000


@pytest.mark.parametrize(("word", "expected"), STATUSES.items())
def test_a_word_is_our_status(word: str, expected: Status, fake: FakeTwilio, twilio: Gateway) -> None:
    fake.report(sent(twilio), word)
    [report] = reports(twilio, asked_about(an_sms()))
    assert (report.status, report.raw) == (expected, word)


def test_every_word_of_the_documents_has_a_status_but_those_of_what_came_in() -> None:
    documented = set(specification()["components"]["schemas"]["message_enum_status"]["enum"])
    assert documented - STATUSES.keys() == {"receiving", "received"}
    assert STATUSES.keys() <= documented


def test_what_is_told_is_kept_as_far_as_it_can_be(fake: FakeTwilio, twilio: Gateway) -> None:
    told = {"status": "undelivered", "error_code": 30005, "num_segments": "2", "price": "-0.15000", "price_unit": "usd"}
    odd = {"status": "\x1b[2J", "error_code": {}, "num_segments": True, "price": 1, "price_unit": "usd"}
    fake.fail_next(page(a_message(A, **told, date_updated=CREATED), a_message(B, **odd, date_updated=1)))
    first, second = reports(twilio, asked_about(an_sms(1), A), asked_about(an_sms(2), B))
    assert first == DeliveryReport(
        an_sms(1).reference,
        Status.FAILED,
        "undelivered/30005",
        gateway_id=A,
        reported_at=CREATED,
        segments=2,
        price="0.15000 USD",
        mark=Mark.DEAD,
    )
    assert second == DeliveryReport(an_sms(2).reference, None, "", gateway_id=B)


@pytest.mark.parametrize(("amount", "unit"), [("-1e9", "USD"), ("", "USD"), ("-0.1", "US"), ("-0.1", None)])
def test_a_price_that_is_none_is_left_out(amount: object, unit: object, fake: FakeTwilio, twilio: Gateway) -> None:
    fake.fail_next(page(a_message(price=amount, price_unit=unit)))
    [report] = reports(twilio, asked_about(an_sms(), A))
    assert report.price is None


def test_every_sample_is_read_as_what_it_says(fake: FakeTwilio, twilio: Gateway) -> None:
    [fetched] = operation(MESSAGE, "get")["responses"]["200"]["content"]["application/json"]["examples"].values()
    pages = operation(MESSAGES, "get")["responses"]["200"]["content"]["application/json"]["examples"]
    samples = [fetched["value"], *pages["readFullPage1"]["value"]["messages"]]
    for sample in samples:
        fake.fail_next(page(), method="GET")
        fake.fail_next(Fault(200, dumps(sample).encode()), method="GET")
        [report] = reports(twilio, asked_about(an_sms(), sample["sid"]))
        expected = {"sent": Status.SENT, "received": None}[sample["status"]]
        assert (report.status, report.segments, report.price) == (expected, 1, "0.00750 USD")
    for name in pages.keys() - {"readFullPage1"}:
        fake.fail_next(Fault(200, dumps(pages[name]["value"]).encode()))
        assert reports(twilio, asked_about(an_sms())) == [], name
