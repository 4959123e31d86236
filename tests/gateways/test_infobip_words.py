"""Infobip's words in ours: group and id together, and what else its logs tell of an SMS."""

from collections.abc import Iterator
from json import dumps

import pytest

from smsreminders.domain.round.notifications import Status
from smsreminders.domain.round.sending import DeliveryReport, Open
from smsreminders.gateways.base import Gateway
from smsreminders.gateways.infobip import ANY, STATUSES
from tests.gateways.benches.infobip import an_infobip
from tests.gateways.contract import NOW, an_sms, asked_about
from tests.gateways.fake_infobip import DELIVERED, UNDELIVERABLE, FakeInfobip
from tests.gateways.faults import Fault
from tests.gateways.infobip_spec import samples, specification
from tests.gateways.test_infobip_lookup import REFERENCE, a_row, page, reports


@pytest.fixture
def fake() -> Iterator[FakeInfobip]:
    with FakeInfobip() as server:
        yield server


@pytest.fixture
def infobip(fake: FakeInfobip) -> Gateway:
    return an_infobip(fake)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([a_row(5, 12), a_row(1, 26)], Status.SENT),
        ([a_row(5, 12), a_row(9, 9)], None),
        ([a_row(1, 26), a_row(5, 23), a_row(3, 5)], Status.DELIVERED),
        ([a_row(9, 9), a_row(1, 26)], None),
        ([a_row(4, 15), a_row(5, 12)], Status.EXPIRED),
        ([a_row(5, 12), a_row(2, 9)], Status.FAILED),
    ],
)
def test_of_several_rows_with_one_id_the_one_that_leaves_most_open_is_told(
    rows: list[object], expected: Status | None, fake: FakeInfobip, infobip: Gateway
) -> None:
    fake.fail_next(page(*rows))
    assert [report.status for report in reports(infobip, asked_about(an_sms()))] == [expected]


@pytest.mark.parametrize(
    ("group", "number", "expected"),
    [
        (0, 1, Status.SENT),
        (1, 3, Status.SENT),
        (1, 7, Status.SENT),
        (1, 26, Status.SENT),
        (2, 4, Status.FAILED),
        (2, 9, Status.FAILED),
        (2, 31, Status.FAILED),
        (3, 2, Status.SENT),
        (3, 5, Status.DELIVERED),
        (3, 6, None),
        (4, 15, Status.EXPIRED),
        (4, 29, Status.EXPIRED),
        (4, 87, Status.FAILED),
        (5, 6, Status.FAILED),
        (5, 12, Status.FAILED),
        (6, 5, None),
        ("3", 5, None),
        (3, "5", None),
        (None, None, None),
    ],
)
def test_group_and_id_together_are_our_status(
    group: object, number: object, expected: Status | None, fake: FakeInfobip, infobip: Gateway
) -> None:
    fake.fail_next(page(a_row(group, number)))
    [report] = reports(infobip, asked_about(an_sms()))
    assert (report.status, report.raw) == (expected, "A_WORD")


def test_every_group_of_the_documents_has_a_status() -> None:
    [groups] = [
        schema["enum"]
        for schema in specification()["components"]["schemas"].values()
        if schema["title"] == "MessageGeneralStatus"
    ]
    assert groups == ["ACCEPTED", "PENDING", "UNDELIVERABLE", "DELIVERED", "EXPIRED", "REJECTED"]
    assert {group for group, _ in STATUSES} == set(range(len(groups)))
    assert (groups.index("DELIVERED"), ANY) not in STATUSES


def test_what_is_told_is_kept_as_far_as_it_can_be(fake: FakeInfobip, infobip: Gateway) -> None:
    error = {"groupId": 1, "id": 27, "name": "EC_ABSENT_SUBSCRIBER", "permanent": False}
    told = {
        "doneAt": "2026",
        "messageCount": 2,
        "error": error,
        "price": {"pricePerMessage": 0.0750, "currency": "EUR"},
    }
    fake.fail_next(page(a_row(2, 9, "UNDELIVERABLE", **told)))
    assert reports(infobip, asked_about(an_sms())) == [
        DeliveryReport(
            REFERENCE,
            Status.FAILED,
            "UNDELIVERABLE/EC_ABSENT_SUBSCRIBER",
            reported_at="2026",
            segments=2,
            price="0.075 EUR",
        )
    ]


@pytest.mark.parametrize(
    "odd",
    [
        {"status": None, "error": None, "price": None},
        {"status": "x", "error": [], "price": []},
        {"status": {"name": "\x1b[2J"}, "error": {"id": 1, "name": 1}, "messageCount": True, "doneAt": 1},
    ],
)
def test_what_is_told_oddly_is_left_out(odd: dict[str, object], fake: FakeInfobip, infobip: Gateway) -> None:
    fake.fail_next(page(a_row() | odd))
    assert reports(infobip, asked_about(an_sms())) == [DeliveryReport(REFERENCE, None, "")]


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        (b'{"pricePerMessage":0.0750,"currency":"EUR"}', "0.0750 EUR"),
        (b'{"pricePerMessage":0,"currency":"EUR"}', "0 EUR"),
        (b'{"pricePerMessage":1e400000,"currency":"EUR"}', None),
        (b'{"pricePerMessage":-1,"currency":"EUR"}', None),
        (b'{"pricePerMessage":true,"currency":"EUR"}', None),
        (b'{"pricePerMessage":"0.075","currency":"EUR"}', "0.075 EUR"),
        (b'{"pricePerMessage":0.075,"currency":"euro"}', None),
        (b'{"pricePerMessage":0.075}', None),
    ],
)
def test_a_price_is_kept_as_it_is_written(
    price: bytes, expected: str | None, fake: FakeInfobip, infobip: Gateway
) -> None:
    row = b'{"messageId":"%s","price":%s}' % (REFERENCE.encode(), price)
    fake.fail_next(Fault(200, b'{"results":[%s]}' % row))
    [report] = reports(infobip, asked_about(an_sms()))
    assert report.price == expected


def test_every_sample_is_read_as_what_it_says(fake: FakeInfobip, infobip: Gateway) -> None:
    [logs] = samples("/sms/3/logs", "get", "200").values()
    [once] = samples("/sms/3/reports", "get", "200").values()
    for sample in (logs, once):
        fake.fail_next(Fault(200, dumps(sample).encode()))
        asked = [Open(result["messageId"], None, "+41793026727", NOW, "Tot morgen.") for result in sample["results"]]
        reported = reports(infobip, *asked)
        assert [report.reference for report in reported] == [sms.reference for sms in asked]
        for report in reported:
            assert (report.status, report.raw) == (Status.DELIVERED, "DELIVERED_TO_HANDSET")
            assert (report.segments, report.price) == (1, "0.01 EUR")


def test_what_became_of_many_is_told_each_by_its_own_word(fake: FakeInfobip, infobip: Gateway) -> None:
    for number in (1, 2):
        infobip.send(an_sms(number))
    fake.report(an_sms(1).reference, DELIVERED)
    fake.report(an_sms(2).reference, UNDELIVERABLE)
    reported = reports(infobip, asked_about(an_sms(1)), asked_about(an_sms(2)))
    assert [report.status for report in reported] == [Status.DELIVERED, Status.FAILED]
    assert {report.gateway_id for report in reported} == {None}
